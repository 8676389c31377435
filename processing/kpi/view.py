"""What a KPI is made from: one subject of a terminal, in one window that ends at one time."""

from functools import cached_property

from processing.calls.call import VesselCall
from processing.facts.store import FactStore, SubjectKind
from processing.kpi.activity import Activity, CraneActivity, share
from processing.kpi.windows import CALL, DAY, SHIFT, Window
from processing.model.times import QUARTER_US


class View:
    """A subject in a window. Times in µs since 1970 UTC.

    Args:
        book: the terminal's facts.
        subject: a terminal, crane, berth or call.
        kind: which of them.
        window: which window.
        begin_us: where it begins.
        end_us: where it ends.
        calls: those that the subject is about.
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
    ) -> None:
        self.store = store
        self.subject = subject
        self.kind = kind
        self.window = window
        self.begin_us = begin_us
        self.end_us = end_us
        self._calls = calls
        self.terms: dict[str, float | None] = {}  # worked out so far, by name; see `terms.table.term`

    @cached_property
    def calls(self) -> list[VesselCall]:
        """Calls that the subject is about; of a terminal, those in the window."""
        if self._calls is not None:
            return self._calls
        return self.store.calls_between(self.begin_us, self.end_us) if self.kind == "terminal" else []

    @cached_property
    def work(self) -> Activity:
        """What the cranes of the subject did: of a terminal, those that work ships."""
        if self.kind in ("call", "berth"):
            return self.call_work
        if self.kind == "crane":
            call_id = self.calls[0].call_id if self.window is CALL else None
            return self._of([(self.subject, call_id)])
        return self._of([(name, None) for name, crane in self.store.cranes.items() if not crane.yard])

    @cached_property
    def call_work(self) -> Activity:
        """What cranes did for the calls."""
        return Activity(part for call in self.calls for part in self.shares_of(call))

    def shares_of(self, call: VesselCall) -> list[CraneActivity]:
        """What each crane did for a call."""
        names = dict.fromkeys(one.crane for one in call.assignments if one.crane in self.store.cranes)
        return self._of([(name, call.call_id) for name in names]).shares

    def _of(self, parts: list[tuple[str, str | None]]) -> Activity:
        made = (share(self.store, name, self.begin_us, self.end_us, call_id) for name, call_id in parts)
        return Activity(part for part in made if part is not None)

    @property
    def busy(self) -> bool:
        """Whether anything happened: where nothing did, there is little to be told."""
        if self.calls:
            return True
        if self.kind == "crane" and self.store.cranes[self.subject].still(self.begin_us):
            return False
        return any(one.moves or one.stops for one in self.work.shares)


def look(store: FactStore, subject: str, window: Window, time_us: int) -> View | None:
    """A subject in the window that ends at a time, or holds it; None where there is none.

    At the very end of a shift or of a day that one is meant, not the next. A crane's call is the one it works then.
    """
    kind = store.kind_of(subject)
    if kind is None:
        return None
    if window.length_us is not None:
        return View(store, subject, kind, window, time_us - window.length_us, time_us)
    if window is CALL:
        return _of_call(store, subject, kind, time_us)
    period = store.site.shift(time_us - 1) if window is SHIFT else store.site.day(time_us - 1)
    calls = None
    if kind == "berth" and window is DAY:
        calls = store.calls_between(period.begin_us, time_us, subject)
    return View(store, subject, kind, window, period.begin_us, time_us, calls)


def _of_call(store: FactStore, subject: str, kind: SubjectKind, time_us: int) -> View | None:
    found: list[VesselCall] = []
    after_us = QUARTER_US  # one sample of the whole
    if kind == "call":
        found = [store.calls[subject]]
    elif kind == "crane":
        call_id = store.attribution.call_at(subject, time_us)
        found = [] if call_id is None else [store.calls[call_id]]
    elif kind == "berth":
        found = store.calls_between(time_us - QUARTER_US, time_us, subject)[-1:]
    else:  # all that are there, and none that has left
        found, after_us = store.calls_between(time_us - 1, time_us + 1), 0
    spans = [(span, call) for call in found if (span := call.span_us) is not None]
    there = [(begin_us, call) for (begin_us, end_us), call in spans if begin_us <= time_us < end_us + after_us]
    if not there:
        return None
    return View(
        store, subject, kind, CALL, min(begin_us for begin_us, _ in there), time_us, [call for _, call in there]
    )
