"""Texts of the queries of calls."""

from api.database.queries import queries

SQL = queries(__file__)
