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
from api.http.errors import NotFoundError
from api.http.parameters import TerminalId
from api.http.rows import build, structs
from processing.containers import iso6346, size_type

SERIAL = re.compile(r"[0-9]{3}")
"""A part that holds so many digits is found anywhere: few boxes have it. Many begin with the letters of one owner."""
BEHIND = "\U0010ffff"
"""Sorts behind every other sign: what cameras read may have any."""
SPECIAL = re.compile(r"[\\%]")
"""What would not stand for itself in a pattern; `_` is part of no stored number."""


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
    part = iso6346.normalise(query.q)
    anywhere = SERIAL.search(part) is not None
    pattern = SPECIAL.sub(r"\\\g<0>", part)
    name, found_by = ("anywhere", [f"%{pattern}%"]) if anywhere else ("beginning", [part, part + BEHIND])
    page = query.terminal, query.state, query.cursor, query.limit + 1
    rows = await context.database.fetch(SQL[name], *page, *found_by)
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
