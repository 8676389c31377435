"""What a crane does for some time: motions of its axes and the times at which its signals switch."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulators.motion import FloatArray, duration_s, travelled

Value = float
AXES = ("hoist", "trolley", "gantry")


@dataclass(frozen=True, slots=True)
class Leg:
    """One motion of one axis. Times in s since the start of the script, ways in m."""

    start_s: float
    way_m: float
    speed_mps: float
    acceleration_mps2: float

    @property
    def end_s(self) -> float:
        """When it comes to rest. [s]."""
        return self.start_s + duration_s(self.way_m, self.speed_mps, self.acceleration_mps2)


@dataclass(slots=True)
class State:
    """How a crane stands between two scripts.

    Attributes:
        at_m: by axis: height of the spreader, way of trolley and gantry. [m]
        switched: by name, the value of every signal that switches.
    """

    at_m: dict[str, float]
    switched: dict[str, Value]


@dataclass(slots=True)
class Script:
    """Each call adds what comes next, at `clock_s`.

    Attributes:
        before: how the crane stands at its beginning.
        clock_s: end of what was added so far. [s]
        legs: by axis.
        switches: by signal, when it takes which value.
        ids: when the crane's OCR reads which containers.
    """

    before: State
    clock_s: float = 0.0
    legs: dict[str, list[Leg]] = field(default_factory=lambda: {axis: [] for axis in AXES})
    switches: dict[str, list[tuple[float, Value]]] = field(default_factory=dict)
    ids: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    _at_m: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._at_m = dict(self.before.at_m)

    def at_m(self, axis: str) -> float:
        """Where an axis stands after what was added so far. [m]."""
        return self._at_m[axis]

    def wait(self, length_s: float) -> None:
        """Nothing happens."""
        self.clock_s += length_s

    def switch(self, name: str, value: Value, at_s: float | None = None) -> None:
        """A signal takes a value, now or at a time of the script."""
        self.switches.setdefault(name, []).append((self.clock_s if at_s is None else at_s, value))

    def move(
        self, axis: str, goal_m: float, speed_mps: float, acceleration_mps2: float, start_s: float | None = None
    ) -> float:
        """An axis goes somewhere, from rest to rest, beginning now or at a time; when it ends. The clock stays. [s]."""
        start = self.clock_s if start_s is None else start_s
        leg = Leg(start, goal_m - self._at_m[axis], speed_mps, acceleration_mps2)
        self.legs[axis].append(leg)
        self._at_m[axis] = goal_m
        return leg.end_s

    def after(self) -> State:
        """How the crane stands at its end."""
        switched = dict(self.before.switched)
        for name, changes in self.switches.items():
            switched[name] = max(changes, key=lambda one: one[0])[1]
        return State(dict(self._at_m), switched)

    def position(self, axis: str, t_s: FloatArray) -> FloatArray:
        """Where an axis is at times of the script, shape of `t_s`. [m]."""
        way = np.full_like(t_s, self.before.at_m[axis])
        for leg in self.legs[axis]:
            begin, end = np.searchsorted(t_s, (leg.start_s, leg.end_s))
            way[begin:end] += travelled(t_s[begin:end] - leg.start_s, leg.way_m, leg.speed_mps, leg.acceleration_mps2)
            way[end:] += leg.way_m
        return way

    def value(self, name: str, t_s: FloatArray) -> NDArray[np.float64]:
        """A switching signal at times of the script, shape of `t_s`; at its very time it has switched."""
        values = np.full(len(t_s), self.before.switched[name], dtype=np.float64)
        for at_s, value in sorted(self.switches.get(name, []), key=lambda one: one[0]):
            values[np.searchsorted(t_s, at_s) :] = value
        return values
