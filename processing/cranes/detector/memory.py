"""What the detectors of a crane remember from one batch to the next, packed: at most 2 KiB a crane.

As Python objects the same numbers take five times the room; a terminal has hundreds of cranes, and most send nothing in
most batches. Only those of the last batch are kept as objects: most of them are in the next one too.
"""

import msgspec
from msgspec import Struct

from processing.cranes.detector.lift import Lift, Place
from processing.cranes.detector.suspended_load import SuspendedLoad
from processing.cranes.detector.tare import Tare
from processing.cranes.detector.twistlocks import Twistlocks
from processing.cranes.facts import CraneMove, DelayCause, MoveKind


class Delivery(Struct, array_like=True, gc=False):
    """The end of a move: what was lifted, where it was put down, and where the delivery before was.

    Attributes:
        lift: that ended.
        to: where and when.
        since: the delivery before: there the cycle began; None where that is not known.
        away: whether the spreader has been further from `to` than anyone goes who lifts the box a second time.
    """

    lift: Lift
    to: Place
    since: Place | None
    away: bool = False


class MoveMemory(Struct, array_like=True, gc=False):
    """Of the move detector. Times in µs since 1970 UTC.

    Attributes:
        twistlocks: their state.
        suspended: what hangs since the spreader left the ground.
        tare: what the load cell reads of the empty spreader.
        landed: 1, 0, or 2 where never known.
        lift: since the last lock.
        landing: where the spreader landed last.
        take_off_us: when it left the ground last, None where that was not seen.
        unlock, unlock_late: where the twistlocks opened last, and whether that was reported late.
        still_us: how long hoist and trolley stood still in the air since the first sample.
        delivery, deliveries: the last one, and how many there were, up to enough, that go on with none before and whose
            tare was known.
        kind, kind_age: last one of which both sides were known, and how many moves have come since.
        last_us: the last sample.
        ids: what the OCR read last, and when.
        early_move: a move reported before its unlock had stood for the debounce time.
    """

    twistlocks: Twistlocks = msgspec.field(default_factory=Twistlocks)
    suspended: SuspendedLoad = msgspec.field(default_factory=SuspendedLoad)
    tare: Tare = msgspec.field(default_factory=Tare)
    landed: int = 2
    lift: Lift | None = None
    landing: Place | None = None
    take_off_us: int | None = None
    unlock: Place | None = None
    unlock_late: bool = False
    still_us: int = 0
    delivery: Delivery | None = None
    deliveries: int = 0
    kind: MoveKind | None = None
    kind_age: int = 0
    last_us: int | None = None
    ids: list[tuple[int, tuple[str, ...]]] = []
    early_move: CraneMove | None = None


class DelayMemory(Struct, array_like=True, gc=False):
    """Of the delay detector. Times in µs since 1970 UTC.

    Attributes:
        moved_us: when hoist or trolley moved last, None where never.
        gantry_m: where the crane stood then. [m]
        held_us: how long each context has held since. [µs]
        counted_us: up to when that is.
        context: now.
        last_us: the last sample.
        cause: the last one that a condition has shown since then.
        reported: cause of a delay that lasts and was reported.
    """

    moved_us: int | None = None
    gantry_m: float = float("nan")
    held_us: dict[int, int] = {}
    counted_us: int = 0
    context: int = 0
    last_us: int = 0
    cause: DelayCause | None = None
    reported: DelayCause | None = None


class PartialLockMemory(Struct, array_like=True, gc=False):
    """Of the detector of partial locks. Times in µs since 1970 UTC.

    Attributes:
        run_us: since when the twistlocks read "between", silences and bounces left aside; None: they do not.
        began_us: since when they have without a silence; None: they do not, or their contacts do not work.
        seen_us: the last sample that showed it.
        other_us: since when they read something else, which may be a bounce.
        load_t: the largest load since `began_us`, None where never known. [t]
        airborne: whether the spreader has hung in the air since then.
        proven: whether it is a partial lock; `reported`: and was reported as it is now.
        known: whether anything that holds now began with a sample that was seen.
    """

    run_us: int | None = None
    began_us: int | None = None
    seen_us: int = 0
    other_us: int | None = None
    load_t: float | None = None
    airborne: bool = False
    proven: bool = False
    reported: bool = False
    known: bool = False


class Memory(Struct, array_like=True, gc=False):
    """Of all of them."""

    moves: MoveMemory
    delays: DelayMemory
    partial_locks: PartialLockMemory


pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(Memory).decode
EMPTY = pack(Memory(MoveMemory(), DelayMemory(), PartialLockMemory()))
"""Nothing seen yet."""
