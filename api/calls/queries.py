"""Texts of the queries of calls."""

from api.database.queries import queries
from infra.history import CALL_PARTS

SQL = {name: text.format_map(CALL_PARTS) for name, text in queries(__file__).items()}
