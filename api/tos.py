"""Move lists of the terminal operating system: import, and comparison with detected moves."""

import asyncio
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.answers import Time, rfc3339
from api.errors import BadRequestError, NotFoundError
from api.requests import Id, TerminalId
from api.services import Call, Sent
from infra.clock import from_us, utc_now
from infra.tos import files, lists
from processing.reconcile.detected_boxes import DetectedBox
from processing.reconcile.matching import Pair
from processing.reconcile.move_list import TosError, TosMove
from processing.reconcile.reconciliation import Reconciliation as Compared
from processing.reconcile.reconciliation import reconcile

TAKES = ("text/csv", "text/plain", "application/edifact", "application/octet-stream")

CallId = Annotated[Id, Meta(description="id of the vessel call")]
Limit = Annotated[int, Meta(ge=0, le=50_000, description="most entries of each list in the answer, 0 to 50000")]


class CompareQuery(Struct, frozen=True):
    """Which call."""

    terminal: TerminalId
    call_id: CallId
    limit: Limit = 100


class ListQuery(Struct, frozen=True):
    """Which call, and how its list is to be read."""

    terminal: TerminalId
    call_id: CallId
    format: (
        Annotated[Literal["csv", "coarri"], Meta(description="csv or coarri; as the body begins when left out")] | None
    ) = None
    time_zone: Annotated[str, Meta(max_length=64, description="IANA name, of times without offset")] = ""
    mode: Annotated[
        Literal["refuse", "flag"],
        Meta(description="refuse: box numbers that fail ISO 6346 are errors; flag: they are kept, marked"),
    ] = "refuse"
    cranes: Annotated[str, Meta(max_length=4_000, description="names in the list: THEIRS=OURS, commas between")] = ""
    by: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[^\\x00]+$", description="who imports it")] = "api"
    limit: Limit = 100


class Line(Struct, frozen=True):
    """A line of the list."""

    line: Annotated[int, Meta(description="of the file; in EDIFACT the number of the segment, UNB = 1")]
    crane: str | None
    at: Time | None
    container_id: str | None
    kind: str
    size_type: str | None
    stowage: str | None
    check_ok: Annotated[bool, Meta(description="whether the number passes ISO 6346")]


class FoundBox(Struct, frozen=True):
    """A box of a detected move; of a twin lift there are two."""

    device: str
    locked_at: Time
    unlocked_at: Time
    kind: str
    box: Annotated[int, Meta(description="which of the move's boxes, from 1 on")]
    boxes: int
    container_id: Annotated[str | None, Meta(description="as the crane's camera read it")]
    inferred: bool
    confidence: float


class Pairing(Struct, frozen=True):
    """A line and the box it tells of."""

    found: FoundBox
    line: Line
    matched_by: Annotated[str, Meta(description="the evidence, strongest first: number … crane and kind")]
    late_s: Annotated[float | None, Meta(description="the list's time less the detected one [s]")]
    differs: Annotated[list[str], Meta(description="crane, kind, number or time, where the two do not agree")]


class CraneCount(Struct, frozen=True):
    """Boxes of a crane and kind; the crane is null for lines that name none, for all if no line names one."""

    crane: str | None
    kind: str
    detected_boxes: int
    tos_boxes: int
    difference: int


class Reconciliation(Struct, frozen=True):
    """A call's list beside its detected moves; lists hold at most `limit` entries, counts count all."""

    terminal: str
    call_id: str
    imported_at: Time
    imported_by: str
    source: str
    format: str
    detected_boxes: int
    tos_boxes: int
    difference: Annotated[int, Meta(description="boxes detected less boxes in the list")]
    difference_pct: Annotated[float | None, Meta(description="of the boxes in the list [%]")]
    equal: Annotated[bool, Meta(description="whether both say the same of every box")]
    matched: int
    only_found_count: int
    only_tos_count: int
    differing_count: int
    by_crane: list[CraneCount]
    pairs: list[Pairing]
    only_found: list[FoundBox]
    only_tos: list[Line]
    differing: list[Pairing]
    notes: list[str]


async def get(call: Call[CompareQuery]) -> Struct:
    """A call's list beside its detected moves."""
    query = call.query
    async with call.services.database.reading() as connection:
        try:
            known = await lists.berthing(connection, query.terminal, query.call_id)
            told, lines = await lists.stored(connection, query.terminal, query.call_id)
        except lists.UnknownCallError as error:
            raise NotFoundError(str(error)) from None
        moves = await lists.moves(connection, known)
    compared = await asyncio.to_thread(reconcile, moves, lines)
    return _answer(known, told, compared, query.limit, [])


async def put(call: Sent[ListQuery, bytes]) -> Struct:
    """Import a list in place of the one before."""
    query = call.query
    async with call.services.database.reading() as connection:
        known = await _berthing(connection, query)
    try:
        names = files.names_of(one for one in query.cranes.split(",") if one.strip())
        how = files.Reading(query.format or files.format_of(call.body), query.time_zone, query.mode == "flag", names)
        found = await asyncio.to_thread(files.read, call.body, how, known.named)
    except (TosError, files.ReadingError) as error:
        raise BadRequestError(str(error)) from None
    told = lists.Import("api", how.format, utc_now(), query.by, len(found.moves), found.vessel, found.voyage)
    async with call.services.database.changing() as change:
        await lists.store(change.connection, known, found, told)
        told, lines = await lists.stored(change.connection, query.terminal, query.call_id)
        moves = await lists.moves(change.connection, known)
    compared = await asyncio.to_thread(reconcile, moves, lines)
    return _answer(known, told, compared, query.limit, found.notes)


async def _berthing(connection: object, query: ListQuery) -> lists.Berthing:
    try:
        return await lists.berthing(connection, query.terminal, query.call_id)
    except lists.UnknownCallError as error:
        raise NotFoundError(str(error)) from None


def _answer(known: lists.Berthing, told: lists.Import, found: Compared, limit: int, notes: list[str]) -> Reconciliation:
    matched = found.matched
    return Reconciliation(
        terminal=known.call.terminal,
        call_id=known.call.call_id,
        imported_at=rfc3339(told.imported_at),
        imported_by=told.imported_by,
        source=told.source,
        format=told.format,
        detected_boxes=found.detected,
        tos_boxes=found.tos,
        difference=found.difference,
        difference_pct=found.difference_pct,
        equal=found.equal,
        matched=len(matched.pairs),
        only_found_count=len(matched.only_found),
        only_tos_count=len(matched.only_tos),
        differing_count=len(found.differing),
        by_crane=[CraneCount(c.crane, c.kind, c.detected, c.tos, c.difference) for c in found.counts],
        pairs=[_pairing(pair) for pair in matched.pairs[:limit]],
        only_found=[_box(box) for box in matched.only_found[:limit]],
        only_tos=[_line(line) for line in matched.only_tos[:limit]],
        differing=[_pairing(pair) for pair in found.differing[:limit]],
        notes=notes,
    )


def _pairing(pair: Pair) -> Pairing:
    late_s = None if pair.late_us is None else pair.late_us / 1e6
    return Pairing(_box(pair.box), _line(pair.line), pair.how, late_s, list(pair.differs))


def _box(box: DetectedBox) -> FoundBox:
    move = box.move
    return FoundBox(
        box.crane,
        rfc3339(from_us(move.locked_us)),
        rfc3339(from_us(move.unlocked_us)),
        move.kind,
        box.place + 1,
        move.boxes,
        box.container_id,
        move.inferred,
        move.confidence,
    )


def _line(line: TosMove) -> Line:
    at = None if line.at_us is None else rfc3339(from_us(line.at_us))
    return Line(line.line, line.crane, at, line.container_id, line.kind, line.size_type, line.stowage, line.check_ok)
