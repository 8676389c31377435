"""The vehicles that a crane has: who is on its way, who queues, who stands below it, and whom it needs next."""

from collections import Counter
from dataclasses import dataclass, field

from simulators.cranes.jobs import CraneJob, Role
from simulators.vehicles.layout import QUEUE_LANES_M

ALWAYS: dict[bool, tuple[Role, ...]] = {False: ("receives",), True: ("receives", "gives")}
"""What comes after what is planned: a bay begins with boxes that are discharged; a portal works by turns."""
SPARE_DEPTH = 8
"""A vehicle that none of so many next lifts needs is sent elsewhere. Assumed."""


@dataclass(slots=True)
class Line:
    """The vehicles of one crane, by number.

    Attributes:
        crane: its device id.
        portal: whether its work is not planned.
        x_m: where it stands along the quay; known once it has begun something.
        active: whether it works a vessel.
        coming: roles of its next vehicles, as far as they are planned.
        job: what it does; None once a vehicle is assigned to it, or cannot be any more.
        members: role of each vehicle on its way or here that is not assigned to a job.
        queued: those that stand in the queue, in order.
        below: who stands below the crane or was called there; None: nobody.
        slots: places in the queue that are taken, by vehicle.
    """

    crane: str
    portal: bool
    x_m: float = 0.0
    active: bool = False
    coming: tuple[Role, ...] = ()
    job: CraneJob | None = None
    members: dict[int, Role] = field(default_factory=dict)
    queued: list[int] = field(default_factory=list)
    below: int | None = None
    slots: dict[int, int] = field(default_factory=dict)

    def begins(self, job: CraneJob) -> None:
        """The crane begins something."""
        self.x_m, self.active, self.coming, self.job = job.x_m, job.active, job.coming, job

    @property
    def next_role(self) -> Role | None:
        """What the next vehicle is there for; None: nobody knows."""
        known = self._roles(0)
        return known[0] if known else None

    def missing(self, depth: int) -> tuple[int, Role] | None:
        """The first of so many next roles for which there is no vehicle, and how soon it comes; None: there is none."""
        if not self.active:
            return None
        have = Counter(self.members.values())
        for at, role in enumerate(self._roles(depth)[:depth]):
            if not have[role]:
                return at, role
            have[role] -= 1
        return None

    def spare(self) -> int | None:
        """The last vehicle of the queue that nothing comes for; None: there is none."""
        need = Counter(self._roles(SPARE_DEPTH) if self.active else ())
        have = Counter(self.members.values())
        return next((v for v in reversed(self.queued) if have[self.members[v]] > need[self.members[v]]), None)

    def _roles(self, least: int) -> tuple[Role, ...]:
        """Of the next vehicles, as far as planned, and at least so many."""
        now: tuple[Role, ...] = (self.job.role,) if self.job is not None and self.job.role is not None else ()
        known = now + self.coming
        return known + (ALWAYS[self.portal] * least)[: max(0, least - len(known))]

    def slot(self, vehicle: int) -> int:
        """A place in the queue for a vehicle."""
        taken = set(self.slots.values())
        self.slots[vehicle] = next((n for n in range(len(QUEUE_LANES_M)) if n not in taken), len(QUEUE_LANES_M) - 1)
        return self.slots[vehicle]

    def leave_queue(self, vehicle: int) -> None:
        """A vehicle drives off from its place in the queue."""
        self.slots.pop(vehicle, None)
        if vehicle in self.queued:
            self.queued.remove(vehicle)


@dataclass(slots=True)
class Task:
    """What a vehicle does for a crane.

    Attributes:
        line: of the crane.
        role: what it is there for.
        there: whether it stands below the crane.
        job: to which it is assigned.
    """

    line: Line
    role: Role
    there: bool = False
    job: CraneJob | None = None
