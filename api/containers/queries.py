"""Texts of the queries of containers."""

from api.containers.answers import BoxAnnouncement
from api.database.queries import queries

SQL = {name: text.format(announced=BoxAnnouncement.columns.selected) for name, text in queries(__file__).items()}
