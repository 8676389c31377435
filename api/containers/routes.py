"""Routes of containers."""

from api.containers.announcements import AnnouncementBody, delete, put
from api.containers.answers import (
    BoxAnnouncement,
    Conflict,
    Conflicts,
    ContainerDetail,
    ContainerEvents,
    Containers,
    Withdrawn,
)
from api.containers.conflicts import (
    ConflictPath,
    ConflictsQuery,
    Resolution,
    conflicts,
    conflicts_of,
    resolve,
)
from api.containers.containers import ContainersQuery, container, containers
from api.containers.events import TimelineQuery, events
from api.containers.parameters import AnnouncedPath, ContainerPath
from api.http.route import API, Route
from infra.access.roles import Role

ONE = f"{API}/containers/{{container_id}}"
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
    Route(f"{ONE}/events", events, TimelineQuery, ContainerEvents, "Timeline of a container: its events, oldest first"),
    Route(f"{ONE}/conflicts", conflicts_of, ContainerPath, Conflicts, "Contradictions among a container's events"),
    Route(f"{API}/conflicts", conflicts, ConflictsQuery, Conflicts, "Containers whose events contradict each other"),
    Route(
        f"{ONE}/conflicts/{{kind}}/{{time}}",
        resolve,
        ConflictPath,
        Conflict,
        "Resolve a conflict: who, when and what was found is kept",
        (404,),
        method="PUT",
        role=Role.OPERATOR,
        body=Resolution,
    ),
    Route(
        ANNOUNCEMENT,
        put,
        AnnouncedPath,
        BoxAnnouncement,
        "Announce an expected box: published, and stored by the worker",
        (202, 503),
        method="PUT",
        role=Role.OPERATOR,
        body=AnnouncementBody,
    ),
    Route(
        ANNOUNCEMENT,
        delete,
        AnnouncedPath,
        Withdrawn,
        "Withdraw the announcement of a box",
        (202, 503),
        method="DELETE",
        role=Role.OPERATOR,
    ),
)
