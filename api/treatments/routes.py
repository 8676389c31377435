"""Routes of cold treatments."""

from api.containers.parameters import ContainerPath
from api.http.parameters import NoQuery
from api.http.route import API, Route
from api.treatments.announcements import TreatmentBody, WithdrawalPath, delete, put
from api.treatments.answers import AnnouncedTreatment, Treatments, TreatmentSchedules, WithdrawnTreatment
from api.treatments.listing import TreatmentsQuery, treatments
from api.treatments.schedules import schedules

ONE = f"{API}/treatments/{{terminal}}/{{container_id}}"

ROUTES = (
    Route(f"{API}/treatments", treatments, TreatmentsQuery, Treatments, "Cold treatments with their runs"),
    Route(
        f"{API}/treatments/schedules",
        schedules,
        NoQuery,
        TreatmentSchedules,
        "Schedules of cold treatments: built-in ones and those of the site file",
        (),
    ),
    Route(
        ONE,
        put,
        ContainerPath,
        AnnouncedTreatment,
        "Announce the cold treatment of a container: published, and stored by the worker",
        (202, 503),
        method="PUT",
        body=TreatmentBody,
    ),
    Route(
        ONE,
        delete,
        WithdrawalPath,
        WithdrawnTreatment,
        "Withdraw the cold treatment of a container",
        (202, 503),
        method="DELETE",
    ),
)
