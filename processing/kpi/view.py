"""What a KPI is made from: one subject of a terminal, in one window that ends at one time."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from processing.calls.call import VesselCall
from processing.facts.store import FactStore
from processing.kpi.activity import Activity
from processing.kpi.crane_activity import crane_activity
from processing.kpi.running import RunningWindows
from processing.kpi.subjects import CraneWork, SubjectKind, cranes_of_call, kind_of
from processing.kpi.totals import Totals
from processing.kpi.windows import CALL, SHIFT, Window
from processing.model.facts import DeviceFact
from processing.model.kept import Kept

F = TypeVar("F", bound=DeviceFact)
T = TypeVar("T")


class View:
    """A subject in a window. Times in µs since 1970 UTC.

    Args:
        store: the terminal's facts.
        subject: its name.
        kind: what kind of subject it is.
        window: which window.
        begin_us: where it begins.
        end_us: where it ends.
        calls: those that the subject is about; None: those that its kind has in the window.
        running: totals that are kept up to date, of looks in the order of time.
    """

    def __init__(
        self,
        store: FactStore,
        subject: str,
        kind: SubjectKind,
        window: Window,
        begin_us: int,
        end_us: int,
        calls: list[VesselCall] | None = None,
        running: RunningWindows | None = None,
    ) -> None:
        self.store = store
        self.subject = subject
        self.kind = kind
        self.window = window
        self.begin_us = begin_us
        self.end_us = end_us
        self._calls = calls
        self._running = running
        self._made: dict[Callable[[View], Any], Any] = {}
        self.terms: dict[str, float | None] = {}  # worked out so far, by name; see `terms.table.term`

    def once(self, make: "Callable[[View], T]") -> T:
        """What is made of this view, made once: several terms share it."""
        if make not in self._made:
            self._made[make] = make(self)
        found: T = self._made[make]
        return found

    @property
    def device_id(self) -> int | None:
        """The device that the subject is, of a kind that `subjects.devices_of` makes; None: it is none."""
        stream = self.kind.stream
        return None if stream is None else self.store.devices[stream.name][self.subject]

    @property
    def metered_id(self) -> int | None:
        """The device that the subject is, cranes among them; None: it is none."""
        crane = self.store.cranes.get(self.subject)
        return self.device_id if crane is None else crane.device_id

    @property
    def rack(self) -> str | None:
        """The subject, where it is a group of plugs."""
        return None if self.plugs is None else self.subject

    @Kept
    def plugs(self) -> Collection[int] | None:
        """The plugs of which the subject consists; None: it is no group of plugs."""
        return self.kind.plugs(self.store, self.subject)

    def touching(self, record: type[F]) -> Iterator[F]:
        """Facts that touch the window, those that still last among them: of the subject's devices, or of all."""
        return self.lasting(record, self.begin_us, self.end_us)

    def lasting(self, record: type[F], after_us: int, until_us: int) -> Iterator[F]:
        """Facts of the subject's devices, or of all, that begin by `until` and do not end by `after`."""
        spans = self.store.spans(record)
        if self.plugs is None:
            return spans.between(after_us, until_us, self.device_id)
        return (fact for plug in self.plugs for fact in spans.between(after_us, until_us, plug))

    def ended(self, record: type[F]) -> Iterator[F]:
        """Facts that last and ended in the window: of the device, or of all devices."""
        spans, device_id = self.store.spans(record), self.device_id
        if device_id is None:
            for part in spans.ended(self.begin_us, self.end_us):
                yield from part.facts.values()
            return
        for fact in spans.between(self.begin_us, self.end_us, device_id):
            end_us = spans.bounds_us(fact)[1]
            if end_us is not None and end_us <= self.end_us:
                yield fact

    @Kept
    def calls(self) -> list[VesselCall]:
        """Calls that the subject is about."""
        if self._calls is not None:
            return self._calls
        return self.kind.calls_in(self.store, self.subject, self.begin_us, self.end_us)

    @Kept
    def totals(self) -> Totals:
        """Totals of what the cranes of the subject did; they hold until the next look."""
        belongs = self.kind.all_cranes
        if self._running is not None and belongs is not None:
            sliding = self.window.length_us is not None
            totals = self._running.at(
                self.subject, self.window.id, self.begin_us, self.end_us, belongs, sliding=sliding
            )
            if totals is not None:
                return totals
        return self.activity

    @Kept
    def activity(self) -> Activity:
        """What the cranes of the subject did, each."""
        return self._activity(self.kind.cranes(self.store, self.subject, self.calls))

    @Kept
    def call_activity(self) -> Activity:
        """What cranes did for the calls."""
        return self._activity([part for call in self.calls for part in cranes_of_call(self.store, call)])

    def activity_for(self, call: VesselCall) -> Activity:
        """What cranes did for one call."""
        return self._activity(cranes_of_call(self.store, call))

    def _activity(self, cranes: list[CraneWork]) -> Activity:
        found = (crane_activity(self.store, name, self.begin_us, self.end_us, call_id) for name, call_id in cranes)
        return Activity(one for one in found if one is not None)

    @Kept
    def busy(self) -> bool:
        """Whether cranes did anything, or there was a call: where not, most values about them need not be stored."""
        if self.calls:
            return True
        if self.kind.inactive_since(self.store, self.subject, self.begin_us):
            return False
        return self.totals.busy


def look(
    store: FactStore, subject: str, window: Window, time_us: int, running: RunningWindows | None = None
) -> View | None:
    """A subject in the window that ends at a time, or holds it; None where there is none.

    At the very end of a shift or of a day that one is meant, not the next. A crane's call is the one it works then.
    Of running totals the newest times can be looked at; where there are none, all is summed from the facts.
    """
    kind = kind_of(store, subject)
    if kind is None:
        return None
    if window.length_us is not None:
        return View(store, subject, kind, window, time_us - window.length_us, time_us, running=running)
    if window is CALL:
        return _of_call(store, subject, kind, time_us)
    period = store.site.shift(time_us - 1) if window is SHIFT else store.site.day(time_us - 1)
    return View(store, subject, kind, window, period.begin_us, time_us, running=running)


def _of_call(store: FactStore, subject: str, kind: SubjectKind, time_us: int) -> View | None:
    found = kind.calls_at(store, subject, time_us)
    spans = [(span, call) for call in found if (span := call.span_us) is not None]
    there = [
        (begin_us, call) for (begin_us, end_us), call in spans if begin_us <= time_us < end_us + kind.after_call_us
    ]
    if not there:
        return None
    begin_us = min(begin_us for begin_us, _ in there)
    return View(store, subject, kind, CALL, begin_us, time_us, [call for _, call in there])
