"""Routes of containers."""

from api.containers.announcements import AnnouncementBody, delete, put
from api.containers.answers import BoxAnnouncement, ContainerDetail, Containers, Withdrawn
from api.containers.containers import ContainersQuery, container, containers
from api.containers.parameters import ContainerPath
from api.http.route import API, Route

ANNOUNCEMENT = f"{API}/containers/{{container_id}}/announcement"

ROUTES = (
    Route(f"{API}/containers", containers, ContainersQuery, Containers, "Containers by a part of their number"),
    Route(
        f"{API}/containers/{{container_id}}",
        container,
        ContainerPath,
        ContainerDetail,
        "What is known of one container",
        (404, 503),
    ),
    Route(
        ANNOUNCEMENT,
        put,
        ContainerPath,
        BoxAnnouncement,
        "Announce an expected box: published, and stored by the worker",
        (202, 503),
        method="PUT",
        body=AnnouncementBody,
    ),
    Route(
        ANNOUNCEMENT,
        delete,
        ContainerPath,
        Withdrawn,
        "Withdraw the announcement of a box",
        (202, 503),
        method="DELETE",
    ),
)
