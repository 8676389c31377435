"""The cranes of a terminal with what they share: the weather, and the vessels at their berths."""

from dataclasses import replace

import numpy as np
from numpy.random import Generator, SeedSequence

from simulators.cranes import Crane
from simulators.parameters import ARMG, PORTAL, RTG, STS, STS_DOUBLE, STS_TANDEM, Preset
from simulators.vessels import Berth, TrueCall
from simulators.weather import Weather

BERTH_M = 320.0
SLOWNESS = (1.0, 1.3, 1.05, 0.95, 1.12, 1.02)
"""The second quay crane is the slow one."""


class Fleet:
    """All cranes of a preset.

    Args:
        preset: what to simulate.
        seed: the same seed and start give the same cranes.
        start_ms: when they begin. [ms since 1970 UTC]

    Attributes:
        cranes: quay cranes, portals of double-trolley cranes, yard cranes.
        berths: their calls are those of the terminal.
    """

    def __init__(self, preset: Preset, seed: SeedSequence, start_ms: int) -> None:
        self._preset = preset
        self._start_ms = start_ms
        yard = preset.armg + preset.rtg
        seeds = seed.spawn(2 * preset.sts + yard + preset.berths + 1)
        rngs = [np.random.default_rng(one) for one in seeds]
        self._weather = Weather(rngs.pop(), start_ms)
        names = [f"sts{n + 1}" for n in range(preset.sts)]
        per_berth = -(-preset.sts // preset.berths)
        self.berths = [
            Berth(f"b{n + 1}", tuple(names[n * per_berth : (n + 1) * per_berth]), rngs.pop(), start_ms)
            for n in range(preset.berths)
        ]
        self.cranes = [self._quay(n, rngs.pop(), self.berths[n // per_berth]) for n in range(preset.sts)]
        if preset.double_trolley:
            self.cranes += [self._portal(n, rngs.pop()) for n in range(preset.sts)]
        self.cranes += [self._yard(n, rngs.pop()) for n in range(yard)]
        self._announced: set[tuple[str, bool]] = set()

    def _quay(self, n: int, rng: Generator, berth: Berth) -> Crane:
        spacing = BERTH_M / max(self._preset.sts, 2)
        return Crane(
            f"sts{n + 1}",
            STS_DOUBLE if self._preset.double_trolley else STS_TANDEM if self._preset.tandem else STS,
            rng,
            self._start_ms + 37 * n,
            slowness=SLOWNESS[n % len(SLOWNESS)],
            gantry_m=60 + spacing * n,
            weather=self._weather,
            berth=berth,
        )

    def _portal(self, n: int, rng: Generator) -> Crane:
        spacing = BERTH_M / max(self._preset.sts, 2)
        begin_ms = self._start_ms + 37 * n + 11
        return Crane(
            f"sts{n + 1}-portal", PORTAL, rng, begin_ms, slowness=1.0, gantry_m=60 + spacing * n, weather=self._weather
        )

    def _yard(self, n: int, rng: Generator) -> Crane:
        p = self._preset
        place = n if n < p.armg else n - p.armg
        name = f"armg{place + 1:0{p.armg_digits}d}" if n < p.armg else f"rtg{place + 1}"
        return Crane(
            name,
            ARMG if n < p.armg else RTG,
            rng,
            self._start_ms + 37 * (p.sts + n),
            slowness=float(rng.uniform(0.9, 1.15)),
            gantry_m=float(150 + 10 * (place % 2)),
            weather=self._weather,
        )

    def calls_to_announce(self, until_ms: int) -> list[TrueCall]:
        """Calls that began or ended before a time, each once; the last line is known once it is let go."""
        announced = []
        for berth in self.berths:
            berth.until(until_ms)
            for call in berth.calls:
                for ended, at_ms in ((False, call.first_line_ms), (True, call.last_line_ms)):
                    key = (call.call_id, ended)
                    if at_ms is not None and at_ms < until_ms and key not in self._announced:
                        self._announced.add(key)
                        announced.append(call if ended else replace(call, last_line_ms=None))
        return announced
