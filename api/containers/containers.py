"""Containers found by their number, and what is known of one."""

import re
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api.containers.announcements import stored
from api.containers.answers import Container, ContainerDetail, Containers, SizeAndType, State
from api.containers.parameters import ContainerPath, Number
from api.containers.queries import SQL
from api.http.context import Context
from api.http.errors import BadRequestError, NotFoundError
from api.http.parameters import TerminalId
from api.http.rows import build, structs
from processing.containers import iso6346, size_type

PART = re.compile(r"[A-Z0-9]{0,17}")
SERIAL = re.compile(r"[0-9]{3}")
"""A part that holds so many digits is found anywhere: few boxes have it. Many begin with the letters of one owner."""
BEHIND = "~"
"""Sorts behind letters and digits."""


class ContainersQuery(Struct, frozen=True):
    """Which containers of a terminal."""

    terminal: TerminalId
    q: Annotated[
        Number, Meta(description="part of the number: with 3 digits in a row anywhere, else its beginning")
    ] = ""
    state: Annotated[State, Meta(description="announced, inside, on_vessel or left")] | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000, description="most rows in the answer, 1 to 1000")] = 100
    cursor: Annotated[Number, Meta(description="`cursor` of the page before")] = ""


async def containers(context: Context[ContainersQuery, None]) -> Struct:
    """Containers in order of their numbers, page by page."""
    query = context.query
    part, after = _part("q", query.q), _part("cursor", query.cursor)
    name, sought = ("anywhere", [f"%{part}%"]) if SERIAL.search(part) else ("beginning", [part, part + BEHIND])
    page = query.terminal, query.state, after, query.limit + 1
    rows = await context.database.fetch(SQL[name], *page, *sought)
    found = await structs(Container, rows[: query.limit])
    return Containers(found, found[-1].container_id if len(rows) > query.limit else None)


async def container(context: Context[ContainerPath, None]) -> Struct:
    """One container."""
    terminal, number = context.query.terminal, context.query.number
    rows = await context.database.fetch(SQL["container"], terminal, number)
    if not rows:
        raise NotFoundError(
            f"terminal {terminal} knows no container {number}; /api/v1/containers?terminal={terminal}&q= searches them"
        )
    found = build(Container, rows[0])
    return ContainerDetail(
        **msgspec.structs.asdict(found),
        check_ok=iso6346.is_right(number),
        size_type=None if found.iso_code is None else _size_and_type(found.iso_code),
        announcement=await stored(context.database, terminal, number),
    )


def _size_and_type(code: str) -> SizeAndType:
    known = size_type.read(code)
    return SizeAndType(known.length_ft, known.height_ft, known.wide, known.group, known.reefer, known.teu)


def _part(name: str, text: str) -> str:
    """A part of a number as it is stored.

    Raises:
        BadRequestError: it has other signs than letters and digits, or too many.
    """
    found = iso6346.normalise(text)
    if not PART.fullmatch(found):
        raise BadRequestError(f"query parameter {name}: write at most 17 letters and digits, such as MSKU907")
    return found
