"""What the detectors of a crane remember from one batch to the next, packed: at most 2 KiB a crane.

As Python objects the same numbers take five times the room; a terminal has hundreds of cranes, and most say nothing in
most batches.
"""

import msgspec
from msgspec import Struct

from processing.cranes.facts import CraneMove, DelayCause, MoveKind
from processing.cranes.lift import Lift, Place
from processing.cranes.segments import NO_LOAD_MT, UNKNOWN
from processing.cranes.suspended_load import SuspendedLoad


class Delivered(Struct, array_like=True, gc=False):
    """The last move: what was lifted, where it was put down, and where the spreader was at the end of the one before.

    `away`: whether the spreader has been further from it than anyone goes who takes it up again.
    """

    lift: Lift
    to: Place
    since: Place | None
    away: bool = False


class MoveMemory(Struct, array_like=True, gc=False):
    """Of the move detector. Times in µs since 1970 UTC.

    Attributes:
        told_code: what the twistlocks tell now.
        code, code_us: what that means, perhaps bouncing, and since when.
        code_first: whether none came before: it may have stood for longer than is known.
        stable: last code that stood for the debounce time.
        inverted: whether `twistlock_locked` has the wrong polarity, None where not known; `suspect`: perhaps it has.
        polarity_age: how many moves have come since that was told.
        landed: 1, 0, or 2 where never known.
        lift: since the last lock.
        touch: where it landed last.
        off_us: when it left the ground last, None where that was not seen.
        unlock, unlock_late: where the twistlocks opened last, and whether that was told late.
        hanging: what hangs since it left the ground.
        flight_mt, flight_rows: loads in the air since the last take-off or unlock, and how many. [1e-3 t]
        flight_low_mt, flight_high_mt: least and largest of them. [1e-3 t]
        tare_t: what they told. [t]
        trusted: whether that could be a tare.
        weighed: whether they told one since the last move.
        still_us: how long it stood still in the air since the first sample.
        delivered, delivered_count: the last move, and how many there were, up to enough.
        kind, kind_age: last one of which both sides were known, and how many have come since.
        last_us: the last sample.
        ids: what the OCR told last, and when.
        told: a move told early.
    """

    told_code: int = UNKNOWN
    code: int = UNKNOWN
    code_us: int = 0
    code_first: bool = True
    stable: int = UNKNOWN
    inverted: bool | None = None
    suspect: bool = False
    polarity_age: int = 0
    landed: int = 2
    lift: Lift | None = None
    touch: Place | None = None
    off_us: int | None = None
    unlock: Place | None = None
    unlock_late: bool = False
    hanging: SuspendedLoad = msgspec.field(default_factory=SuspendedLoad)
    flight_mt: int = 0
    flight_rows: int = 0
    flight_low_mt: int = NO_LOAD_MT
    flight_high_mt: int = -NO_LOAD_MT
    tare_t: float = 0.0
    trusted: bool = True
    weighed: bool = False
    still_us: int = 0
    delivered: Delivered | None = None
    delivered_count: int = 0
    kind: MoveKind | None = None
    kind_age: int = 0
    last_us: int | None = None
    ids: list[tuple[int, tuple[str, ...]]] = []
    told: CraneMove | None = None


class DelayMemory(Struct, array_like=True, gc=False):
    """Of the stop detector. Times in µs since 1970 UTC.

    Attributes:
        moved_us: when hoist or trolley moved last, None where never.
        gantry_m: where the crane stood then. [m]
        held_us: how long each context has held since. [µs]
        counted_us: up to when that is.
        context: now.
        cause: of which a condition told last since then.
        last_us: the last sample.
        told: cause of a stop that lasts and was told.
    """

    moved_us: int | None = None
    gantry_m: float = float("nan")
    held_us: dict[int, int] = {}
    counted_us: int = 0
    context: int = 0
    last_us: int = 0
    cause: DelayCause | None = None
    told: DelayCause | None = None


class Memory(Struct, array_like=True, gc=False):
    """Of both."""

    moves: MoveMemory
    stops: DelayMemory


pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(Memory).decode
EMPTY = pack(Memory(MoveMemory(), DelayMemory()))
"""Nothing seen yet."""
