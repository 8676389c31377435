"""What is answered about a move list beside detected moves."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time, rfc3339
from infra.clock import from_us
from infra.tos import lists
from processing.reconcile.detected_boxes import DetectedBox
from processing.reconcile.matching import Pair
from processing.reconcile.move_list import TosMove
from processing.reconcile.reconciliation import Reconciliation as Compared


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
    """A line and the box that it is about."""

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
    equal: Annotated[bool, Meta(description="whether both agree on every box")]
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


def reconciliation(
    known: lists.Berthing, imported: lists.Import, found: Compared, limit: int, notes: list[str]
) -> Reconciliation:
    """A comparison as it is answered.

    Args:
        known: the call.
        imported: when, by whom and from what its list was imported.
        found: the comparison.
        limit: most entries of each list.
        notes: of the import.
    """
    matched = found.matched
    return Reconciliation(
        terminal=known.call.terminal,
        call_id=known.call.call_id,
        imported_at=rfc3339(imported.imported_at),
        imported_by=imported.imported_by,
        source=imported.source,
        format=imported.format,
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
