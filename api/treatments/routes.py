"""Routes of cold treatments."""

from api.http.parameters import NoQuery
from api.http.route import API, Route
from api.treatments.announcements import Announcement, TreatmentPath, TreatmentsQuery, announce, treatments
from api.treatments.answers import AnnouncedTreatment, Treatments, TreatmentSchedules
from api.treatments.schedules import schedules

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
        f"{API}/treatments/{{terminal}}/{{container_id}}",
        announce,
        TreatmentPath,
        AnnouncedTreatment,
        "Announce the cold treatment of a container",
        method="PUT",
        body=Announcement,
    ),
)
