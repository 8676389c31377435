"""Routes of cold treatments."""

from api.containers.parameters import AnnouncedPath, ContainerPath
from api.http.parameters import NoQuery
from api.http.route import API, Route
from api.treatments.announcements import TreatmentBody, WithdrawalPath, delete, put
from api.treatments.answers import AnnouncedTreatment, Treatments, TreatmentSchedules, WithdrawnTreatment
from api.treatments.certificate import PDF, CertificatePath, certificate, certificate_pdf
from api.treatments.certificate_answers import Certificate
from api.treatments.listing import TreatmentsQuery, treatments
from api.treatments.readings import CurveQuery, TreatmentCurve, readings
from api.treatments.schedules import schedules
from infra.access.roles import Role

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
        f"{ONE}/readings",
        readings,
        CurveQuery,
        TreatmentCurve,
        "What the probes of a container under treatment read, as a curve",
        (404, 503),
    ),
    Route(
        f"{ONE}/certificate",
        certificate,
        CertificatePath,
        Certificate,
        "Certificate of a cold treatment, with every entry of its log",
        (404, 503),
    ),
    Route(
        f"{ONE}/certificate.pdf",
        certificate_pdf,
        ContainerPath,
        bytes,
        "The same as PDF, with the curve of its readings",
        (404, 503),
        media=PDF,
    ),
    Route(
        ONE,
        put,
        AnnouncedPath,
        AnnouncedTreatment,
        "Announce the cold treatment of a container: published, and stored by the worker",
        (202, 503),
        method="PUT",
        role=Role.OPERATOR,
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
        role=Role.OPERATOR,
    ),
)
