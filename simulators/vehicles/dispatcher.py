"""Sends vehicles to cranes, knowing of a crane's work only what has begun; whoever nobody needs charges or parks."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import inf

from simulators.cranes.jobs import CraneJob, Role
from simulators.vehicles.driver import Driver
from simulators.vehicles.errands import Errands
from simulators.vehicles.layout import Layout, Point
from simulators.vehicles.line import Line, Task
from simulators.vehicles.pieces import Load
from simulators.yard import KNOWN_AFTER_MS, Box, Yard, numbers

Brings = Callable[[CraneJob, tuple[Box, ...]], None]
"""Notes which boxes a crane takes off a vehicle."""

DEPTH = 4
"""Vehicles that a crane has on their way to it, in its queue and below it, at most. Assumed."""
LEAVES_S = (1.5, 4.0)
"""From the twistlocks' opening to the vehicle's start. [s] Assumed."""
AFTER_LATE_S = (1.0, 4.0)
"""A crane that waits for transport is reached so long after the end of its wait. [s] Assumed."""
MIDDLE_LANE_M = 10.0
ALIGNED_M = 0.5


class Dispatcher:
    """All vehicles of a terminal, and the cranes that they serve.

    Args:
        driver: of vehicles that are parked at first.
        lines: of the cranes, by name.
        layout: of the terminal.
        yard: where boxes come from, and go to.
        brings: notes which boxes come to cranes.

    Attributes:
        served, missed: lifts for which a vehicle was there, and was not.
    """

    def __init__(self, driver: Driver, lines: dict[str, Line], layout: Layout, yard: Yard, brings: Brings) -> None:
        self.served = self.missed = 0
        self._driver, self._lines, self._layout, self._yard, self._brings = driver, lines, layout, yard, brings
        self._errands = Errands(driver, layout, yard)
        self._tasks: dict[int, Task] = {}
        self._free: list[int] = []
        self._depth = max(1, min(DEPTH, len(driver.vehicles) // max(1, len(lines))))
        self._jobs = 0

    # Cranes.

    def begins(self, job: CraneJob, _crane: int, now_ms: int) -> None:
        """A crane begins something."""
        line = self._lines[job.crane]
        self.missed += line.job is not None and line.job.role is not None
        line.begins(job)
        while (v := line.spare()) is not None:
            line.leave_queue(v)
            self._release(v, now_ms)
        self._serve(line, now_ms)
        for v in list(self._free):
            if self._errands.low(v, now_ms) and self._errands.charge(v, now_ms, self.free):
                self._free.remove(v)
        while (need := line.missing(self._depth)) is not None:
            ready = [v for v in self._free if not self._errands.low(v, now_ms)]
            if not ready:
                break
            nearest = min(ready, key=lambda v: (abs(self._driver.vehicles[v].place[1]), v))
            self._free.remove(nearest)
            self._send(nearest, line, need[1], now_ms)

    def _serve(self, line: Line, now_ms: int) -> None:
        """Bring together what the crane does and a vehicle, as far as both are there."""
        job, v = line.job, line.below
        if job is None or (v is not None and (not self._tasks[v].there or self._tasks[v].job is not None)):
            return
        late = job.late_ms is not None and now_ms < job.late_ms
        if v is not None:
            if line.active and not late and job.role in (None, self._tasks[v].role):
                if job.role is not None:
                    self._assign(v, job, now_ms)
                return
            self._back(v, now_ms)
        if line.active and (job.role is not None or (line.coming and not late)):
            self._call(line, job, now_ms)

    def _call(self, line: Line, job: CraneJob, now_ms: int) -> None:
        """Call the next vehicle of the queue below the crane, if it can be there in time."""
        v = next((v for v in line.queued if line.members[v] == line.next_role), None)
        if v is None:
            return
        goal = line.x_m, MIDDLE_LANE_M if job.role is None else job.y_m
        takes_ms, depart_ms = self._driver.way_ms(v, goal), now_ms + self._driver.draw_ms(self._driver.p.start_s)
        if job.late_ms is not None:
            depart_ms = max(depart_ms, job.late_ms + self._driver.draw_ms(AFTER_LATE_S) - takes_ms)
        if job.role is None or depart_ms + takes_ms <= job.touch_ms:
            line.below = v
            line.leave_queue(v)
            self._order(v, job, now_ms)
            self._driver.later(v, depart_ms, partial(self._approach, goal))

    def _order(self, v: int, job: CraneJob, now_ms: int) -> None:
        """What the vehicle fetched are boxes as long as those that the crane waits for, where the yard had such.

        So boxes follow the order of lifts: which one a vehicle has been given matters to nobody before.
        """
        load = self._driver.vehicles[v].load
        if job.role != "gives" or load.boxes or not job.boxes:
            return
        known_ms = min(load.since_ms, now_ms - KNOWN_AFTER_MS)
        found = self._yard.exports.take(known_ms, len(job.boxes), job.boxes[0].length_ft)
        if found:
            self._driver.vehicles[v].know(now_ms, replace(load, boxes=found, ids=numbers(found)))

    def _approach(self, goal: Point, v: int, now_ms: int) -> None:
        self._driver.drive(v, now_ms, goal, self._below)

    def _below(self, v: int, now_ms: int) -> None:
        self._tasks[v].there = True
        self._serve(self._tasks[v].line, now_ms)

    def _assign(self, v: int, job: CraneJob, now_ms: int) -> None:
        """A vehicle below the crane takes part in what it does, moved a little where it is not quite in place."""
        task, vehicle, goal = self._tasks[v], self._driver.vehicles[v], (job.x_m, job.y_m)
        if now_ms > job.touch_ms:
            return
        task.job, task.line.job = job, None
        task.line.members.pop(v)
        self.served += 1
        self._order(v, job, now_ms)
        if job.role == "gives" and vehicle.load.boxes:
            self._brings(job, vehicle.load.boxes)
        off_m = max(abs(vehicle.place[0] - goal[0]), abs(vehicle.place[1] - goal[1]))
        if off_m > ALIGNED_M and now_ms + self._driver.way_ms(v, goal) < job.touch_ms:
            self._driver.drive(v, now_ms, goal, self._aligned)
        else:
            self._aligned(v, now_ms)

    def _aligned(self, v: int, now_ms: int) -> None:
        job = self._tasks[v].job
        if job is not None:
            self._driver.later(v, max(now_ms, job.done_ms), partial(self._handed_over, job))

    def _handed_over(self, job: CraneJob, v: int, now_ms: int) -> None:
        task, vehicle = self._tasks.pop(v), self._driver.vehicles[v]
        task.line.below = None
        receives = job.role == "receives"
        given = Load(laden=True, ids=job.ids, boxes=job.boxes, since_ms=now_ms) if receives else Load()
        vehicle.stand(now_ms, "working", replace(given, job=vehicle.load.job))
        self._driver.later(v, now_ms + self._driver.draw_ms(LEAVES_S), self._bring if receives else self.free)

    def _back(self, v: int, now_ms: int) -> None:
        """A vehicle leaves its place below the crane for the queue."""
        self._tasks[v].there, self._tasks[v].line.below = False, None
        self._to_queue(v, now_ms)

    # Between cranes and the yard.

    def _send(self, v: int, line: Line, role: Role, now_ms: int) -> None:
        """Send a free vehicle to a crane."""
        self._jobs += 1
        self._tasks[v] = Task(line, role)
        line.members[v] = role
        job = f"J{self._jobs}"
        if role == "gives":
            self._errands.fetch(v, now_ms, job, self._to_queue)
        else:
            self._driver.vehicles[v].stand(now_ms, "working", Load(job=job))
            self._driver.later(v, now_ms + self._driver.draw_ms(self._driver.p.start_s), self._to_queue)

    def _to_queue(self, v: int, now_ms: int) -> None:
        line = self._tasks[v].line
        next_m = min((other.x_m for other in self._lines.values() if other.x_m > line.x_m), default=inf)
        self._driver.drive(v, now_ms, self._layout.queue(line.x_m, next_m, line.slot(v)), self._queued)

    def _queued(self, v: int, now_ms: int) -> None:
        line = self._tasks[v].line
        self._driver.vehicles[v].stand(now_ms, "idle")
        line.queued.append(v)
        if (spare := line.spare()) is not None:
            line.leave_queue(spare)
            self._release(spare, now_ms)
        self._serve(line, now_ms)

    def _release(self, v: int, now_ms: int) -> None:
        """A crane does not need a vehicle."""
        self._tasks.pop(v).line.members.pop(v)
        laden = self._driver.vehicles[v].load.laden
        self._driver.later(
            v, now_ms + self._driver.draw_ms(self._driver.p.start_s), self._bring if laden else self.free
        )

    def _bring(self, v: int, now_ms: int) -> None:
        self._errands.bring(v, now_ms, self.free)

    def free(self, v: int, now_ms: int) -> None:
        """A vehicle has nothing to do: it charges where it has to, else goes where it is needed soonest, or parks."""
        low = self._errands.low(v, now_ms)
        if low and self._errands.charge(v, now_ms, self.free):
            return
        x_m = self._driver.vehicles[v].place[0]
        needs = [
            (need[0], abs(line.x_m - x_m), line.crane, need[1])
            for line in self._lines.values()
            if (need := line.missing(self._depth)) is not None
        ]
        if needs and not low:
            _, _, crane, role = min(needs)
            self._send(v, self._lines[crane], role, now_ms)
        elif self._errands.park(v, now_ms, self.free):
            self._free.append(v)
