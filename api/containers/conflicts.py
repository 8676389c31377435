"""Contradictions among the events of a container, and what people have found out about them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from api.containers.answers import Conflict, Conflicts
from api.containers.parameters import ContainerPath
from api.containers.queries import SQL
from api.http.bodies import Body
from api.http.context import Context
from api.http.errors import NotFoundError
from api.http.parameters import Limit, Moment, TerminalId
from api.http.rows import rfc3339
from api.http.spans import MS, instant
from infra.connection import Record
from processing.containers.timeline import ConflictKind
from processing.model.times import EPOCH


class ConflictsQuery(Struct, frozen=True):
    """Conflicts of a terminal."""

    terminal: TerminalId
    resolved: Annotated[bool, Meta(description="those that somebody has resolved, not the open ones")] = False
    limit: Limit = 100


class ConflictPath(ContainerPath, frozen=True):
    """One conflict."""

    kind: ConflictKind
    time: Annotated[Moment, Meta(description="its time, to the millisecond, as the list of conflicts has it")]


class Resolution(Body, frozen=True):
    """What somebody has found out."""

    by: (
        Annotated[
            str,
            Meta(pattern=r"\S", max_length=80, description="who, unless logged in: at most 80 characters"),
        ]
        | None
    ) = None
    remark: Annotated[str, Meta(max_length=1_000, description="what was found, at most 1000 signs")] = ""


async def conflicts(context: Context[ConflictsQuery, None]) -> Struct:
    """Conflicts of a terminal, newest first."""
    query = context.query
    rows = await context.database.fetch(SQL["conflicts"], query.terminal, None, query.resolved, query.limit)
    return Conflicts([_of_row(row) for row in rows])


async def conflicts_of(context: Context[ContainerPath, None]) -> Struct:
    """All conflicts of one container, newest first."""
    query = context.query
    rows = await context.database.fetch(SQL["conflicts"], query.terminal, query.number, None, 1_000)
    return Conflicts([_of_row(row) for row in rows])


async def resolve(context: Context[ConflictPath, Resolution]) -> Struct:
    """State what was found out about a conflict; the newest statement counts, all are kept."""
    query, stated = context.query, context.body
    key = query.terminal, query.number, query.kind, _millisecond(query.time)
    async with context.changing(stated.by) as change:
        rows = await change.fetch(SQL["resolve"], *key, stated.remark.strip(), context.author(stated.by))
        if not rows:
            raise NotFoundError(
                f"container {query.number} at terminal {query.terminal} has no conflict {query.kind} at "
                f"{rfc3339(key[3])}; /api/v1/containers/{query.number}/conflicts?terminal={query.terminal} lists them"
            )
        rows = await change.fetch(SQL["conflict"], *key)
    return _of_row(rows[0])


def _of_row(row: Record) -> Conflict:
    *columns, remark, by, at = row.values()
    return Conflict.from_row(columns, remark=remark, resolved_by=by, resolved_at=None if at is None else rfc3339(at))


def _millisecond(text: str) -> datetime:
    return EPOCH + (instant("parameter time", text) - EPOCH) // MS * MS
