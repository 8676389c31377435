"""Scripted crane cycles: the moves that must be found are known by construction, without the detector.

Each cycle is a table of phases; a phase is a set of signals and a number of samples. A box is lifted for longer than
a second and the unlock stands for 400 ms, so that a cycle's move begins at the first sample of its phase `lock` and so
on, whatever a detector finds. Event time advances by a step a sample, from a start in the past.
"""

from dataclasses import dataclass
from typing import Any, Literal

Signals = dict[str, Any]
Phase = Literal["idle", "landed", "between", "lock", "lift", "carry", "bounce", "put", "open", "unlock"]

EMPTY: Signals = {"twistlock_locked": False, "twistlock_unlocked": True, "landed": False, "load_t": 0.0}
LANDED = EMPTY | {"landed": True}
BETWEEN: Signals = {"twistlock_locked": False, "twistlock_unlocked": False, "landed": True, "load_t": 0.0}
LOCKED = BETWEEN | {"twistlock_locked": True}
LIFTED = LOCKED | {"landed": False}
UNLOCKED_IN_THE_AIR = LIFTED | {"twistlock_locked": False, "twistlock_unlocked": True}

LAYOUT: tuple[tuple[Phase, int, Signals], ...] = (
    ("idle", 3, EMPTY | {"hoist_height_m": 20.0}),
    ("landed", 2, LANDED | {"hoist_height_m": 12.0}),
    ("between", 1, BETWEEN | {"hoist_height_m": 12.0}),
    ("lock", 3, LOCKED | {"hoist_height_m": 12.0}),
    ("lift", 8, LIFTED | {"hoist_height_m": 16.0}),
    ("carry", 4, LIFTED | {"hoist_height_m": 25.0}),
    ("bounce", 1, LIFTED | {"hoist_height_m": 25.0}),
    ("carry", 3, LIFTED | {"hoist_height_m": 24.5}),
    ("put", 3, LOCKED | {"hoist_height_m": 2.0}),
    ("open", 1, BETWEEN | {"hoist_height_m": 2.0}),
    ("unlock", 3, LANDED | {"hoist_height_m": 2.0}),
)
"""Phases of a lift, how many samples each lasts, and the signals in it."""
SAMPLES = sum(count for _, count, _ in LAYOUT)
"""Samples of a cycle."""
PHASES: tuple[Phase, ...] = tuple(phase for phase, count, _ in LAYOUT for _ in range(count))
FIRST = {phase: PHASES.index(phase) for phase in PHASES}
"""Place of a phase's first sample in its cycle."""
SETTLED = SAMPLES - 1
"""Place of the sample at which the unlock has stood for two steps."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One way to move boxes, or none.

    Attributes:
        kind: of the move, None where nothing is lifted.
        from_m, to_m: trolley at lock and unlock. [m]
        size_ft: spreader. [ft]
        twin: two boxes of 20 ft.
        boxes, teu: of the move.
        bounce: in one sample in the air the twistlocks read "unlocked", which is no unlock.
        sparse: samples hold only signals that changed.
    """

    kind: str | None
    from_m: float
    to_m: float
    size_ft: int = 40
    twin: bool = False
    boxes: int = 1
    teu: float = 2.0
    bounce: bool = False
    sparse: bool = False


CYCLES = (
    Cycle("discharge", 35.0, -8.0),
    Cycle("load", -8.0, 28.0, size_ft=20, twin=True, boxes=2, teu=2.0),
    Cycle(None, 30.0, -8.0),
    Cycle("discharge", 41.5, -6.0, size_ft=20, teu=1.0, bounce=True),
    Cycle("shift", 33.0, 12.0, size_ft=45, sparse=True),
    Cycle("rehandle", -8.0, -25.0),
)


def _row(cycle: Cycle, place: int) -> Signals:
    """Signals at a place of a cycle, without those that count on from cycle to cycle."""
    row = dict(next(signals for at, signals in _placed() if at == place))
    phase = PHASES[place]
    if phase == "bounce" and cycle.bounce:
        row |= UNLOCKED_IN_THE_AIR
    if cycle.kind is None and phase in ("lift", "carry", "bounce", "put"):
        row |= LOCKED | {"hoist_height_m": 12.0}  # it stays where it is
    before = place < FIRST["carry"]
    row |= {"trolley_position_m": cycle.from_m if before else cycle.to_m}
    return row | {"spreader_size_ft": cycle.size_ft, "twin": cycle.twin}


def _placed() -> list[tuple[int, Signals]]:
    return list(enumerate(signals for _, count, signals in LAYOUT for _ in range(count)))


_ROWS = [[_row(cycle, place) for place in range(SAMPLES)] for cycle in CYCLES]


def cycle_of(device: int, number: int) -> int:
    """Which of `CYCLES` a device runs as its cycle of this number; cranes are at different ones."""
    return (number + device) % len(CYCLES)


def signals(device: int, seq: int) -> Signals:
    """Signals of a device's sample `seq`, which counts from 1."""
    number, place = divmod(seq - 1, SAMPLES)
    values = _full(device, number, place)
    if CYCLES[cycle_of(device, number)].sparse and place:
        before = _full(device, number, place - 1)
        values = {name: value for name, value in values.items() if value != before[name]}
    return values


def _full(device: int, number: int, place: int) -> Signals:
    row = dict(_ROWS[cycle_of(device, number)][place])
    if row["twistlock_locked"] and not row["landed"]:
        row["load_t"] = 10 + (number % 40) * 0.5 + place * 0.0625
    return row | {"move_count": number, "energy_kwh": (number * SAMPLES + place) * 0.25}


@dataclass(frozen=True, slots=True)
class Clock:
    """Event time of samples.

    Attributes:
        start_ms: of every device's sample 0. [ms since 1970 UTC]
        step_ms: from one sample of a device to its next. [ms]
    """

    start_ms: int
    step_ms: int

    def time_ms(self, device: int, seq: int) -> int:
        """When a sample was taken. [ms since 1970 UTC]."""
        return self.start_ms + 7 * (device % 25) + seq * self.step_ms


@dataclass(frozen=True, slots=True)
class Move:
    """A row of `v_crane_move` as it must be. Times in ms since 1970 UTC."""

    locked_ms: int
    lifted_ms: int
    landed_ms: int
    unlocked_ms: int
    kind: str
    boxes: int
    teu: float
    inferred: bool = False


def move(device: int, number: int, clock: Clock) -> Move | None:
    """The move of a device's cycle of this number, None where it lifts nothing."""
    cycle = CYCLES[cycle_of(device, number)]
    if cycle.kind is None:
        return None

    def when(phase: Phase) -> int:
        return clock.time_ms(device, seq_at(number, FIRST[phase]))

    return Move(when("lock"), when("lift"), when("put"), when("unlock"), cycle.kind, cycle.boxes, cycle.teu)


def seq_at(number: int, place: int) -> int:
    """`seq` of a place in a cycle."""
    return number * SAMPLES + place + 1
