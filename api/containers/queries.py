"""Texts of the queries of containers."""

from api.containers.answers import BoxAnnouncement, Conflict, ContainerEvent
from api.database.queries import queries

SQL = {
    name: text.format(
        announced=BoxAnnouncement.columns.selected,
        events=ContainerEvent.columns.selected,
        conflicts=Conflict.columns.selected,
    )
    for name, text in queries(__file__).items()
}
