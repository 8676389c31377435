"""Crane samples written by hand: a lift as a list of phases, and what the detectors find in it.

Times of rows are seconds after START_US.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from processing.cranes import ParameterHistory
from processing.cranes.facts import CraneDelay, CraneMove
from processing.cranes.signals import CRANE
from processing.engine import Engine
from processing.model.device import Device
from processing.model.facts import Fact
from processing.model.samples import Samples
from processing.model.times import SECOND_US
from processing.site.configuration import Sites
from tests.unit.written_samples import Row, columns

Phase = tuple[float, float, dict[str, float]]
"""Begin and end in seconds since the start, and the signals meanwhile."""

EMPTY = {"twistlock_locked": 0.0, "twistlock_unlocked": 1.0, "landed": 0.0, "load_t": 0.0}
LANDED_EMPTY = EMPTY | {"landed": 1.0}
BETWEEN = {"twistlock_locked": 0.0, "twistlock_unlocked": 0.0, "landed": 1.0, "load_t": 0.0}
LOCKED = {"twistlock_locked": 1.0, "twistlock_unlocked": 0.0, "landed": 1.0, "load_t": 0.0}
LIFTED = LOCKED | {"landed": 0.0, "load_t": 20.0}
SET_DOWN = LOCKED | {"landed": 1.0, "load_t": 0.0}

START_US = 1_700_000_000_000_000
FAR_FUTURE_US = 2**62


def samples(rows: Iterable[Row], device_id: int = 1, ids: Mapping[float, tuple[str, ...]] | None = None) -> Samples:
    """Samples of one crane; seq counts from 1. `ids`: what its OCR reads, by seconds since the start."""
    made = columns(CRANE, rows, START_US, SECOND_US, device_id)
    read = {START_US + round(second * SECOND_US): one for second, one in (ids or {}).items()}
    made.texts["container_ids"] = [read.get(time_us) for time_us in made.time_us.tolist()]
    return made


def every(step_s: float, phases: Iterable[Phase]) -> list[Row]:
    """Periodic samples of phases (begin, end, signals); ends excluded."""
    rows = []
    for begin_s, end_s, signals in phases:
        count = round((end_s - begin_s) / step_s)
        rows += [(begin_s + step_s * i, signals) for i in range(count)]
    return rows


def discharge(start_s: float = 0.0, *, from_m: float = 35.0, to_m: float = -8.0, load_t: float = 20.0) -> list[Phase]:
    """One box from ship to quay: locked at +3.2 s, lifted at +5, landed at +40, unlocked at +42.2."""
    s = start_s
    ship, quay = {"trolley_position_m": from_m, "spreader_size_ft": 40.0, "twin": 0.0}, {"trolley_position_m": to_m}
    lifted = LIFTED | {"load_t": load_t}
    return [
        (s, s + 2, EMPTY | ship | {"hoist_height_m": 15.0}),
        (s + 2, s + 3, LANDED_EMPTY | ship | {"hoist_height_m": 12.0}),
        (s + 3, s + 3.2, BETWEEN | ship | {"hoist_height_m": 12.0}),
        (s + 3.2, s + 5, LOCKED | ship | {"hoist_height_m": 12.0}),
        (s + 5, s + 10, lifted | ship | {"hoist_height_m": 20.0}),
        (s + 10, s + 40, lifted | quay | {"hoist_height_m": 25.0}),
        (s + 40, s + 42, SET_DOWN | quay | {"hoist_height_m": 2.0}),
        (s + 42, s + 42.2, BETWEEN | quay | {"hoist_height_m": 2.0}),
        (s + 42.2, s + 44, LANDED_EMPTY | quay | {"hoist_height_m": 2.0}),
        (s + 44, s + 50, EMPTY | quay | {"hoist_height_m": 20.0}),
    ]


def changed(phases: Iterable[Phase], **signals: float) -> list[Phase]:
    """The same phases with some signals at other values all the time."""
    return [(begin_s, end_s, present | signals) for begin_s, end_s, present in phases]


def feed(
    rows: list[Row],
    cuts: list[int] | None = None,
    kind: str = "STS",
    parameters: ParameterHistory = (),
    ids: Mapping[float, tuple[str, ...]] | None = None,
) -> list[Fact]:
    """Facts of one crane's rows, fed in batches that begin at `cuts`."""
    engine = Engine(Sites())
    engine.register(Device(1, "demo", "crane", "sts1", kind, FAR_FUTURE_US, parameters))
    bounds = [0, *sorted(cuts or []), len(rows)]
    whole = samples(rows, ids=ids)
    facts: list[Fact] = []
    for begin, end in pairwise(bounds):
        facts += engine.feed(whole.between(begin, end), FAR_FUTURE_US)
    return facts


def moves(
    phases: Iterable[Phase],
    kind: str = "STS",
    parameters: ParameterHistory = (),
    ids: Mapping[float, tuple[str, ...]] | None = None,
) -> list[CraneMove]:
    """Moves in phases sampled ten times a second."""
    return [fact for fact in feed(every(0.1, phases), None, kind, parameters, ids) if isinstance(fact, CraneMove)]


def delays(
    rows: list[Row], cuts: list[int] | None = None, kind: str = "STS", parameters: ParameterHistory = ()
) -> list[CraneDelay]:
    """Delays in rows as they are reported last, in order."""
    found = {fact.began_us: fact for fact in feed(rows, cuts, kind, parameters) if isinstance(fact, CraneDelay)}
    return [found[began_us] for began_us in sorted(found)]


def seconds(move: Fact) -> tuple[float, ...]:
    """Lock, lift, land and unlock of a move in seconds since the start."""
    assert isinstance(move, CraneMove)
    return tuple((t - START_US) / 1e6 for t in (move.locked_us, move.lifted_us, move.landed_us, move.unlocked_us))
