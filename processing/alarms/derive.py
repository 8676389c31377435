"""Alarms of one condition from the spans in which it holds: a function of these spans and of the time.

Life of an alarm in event time: the condition begins, lasts for the delay, and the alarm is raised; it ends, stays away
for the hold time, and the alarm is cleared. What a storm takes in raises nothing of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from processing.alarms.condition import Condition, Storm
from processing.alarms.facts import Alarm
from processing.alarms.spans import ConditionSpan, held
from processing.alarms.storms import complete_us, storms


@dataclass(slots=True)
class Derived:
    """What holds at a time.

    Attributes:
        alarms: raised by then.
        due_us: by subject, when the next alarm is raised or cleared if no other facts come. [µs since 1970 UTC]
    """

    alarms: list[Alarm] = field(default_factory=list)
    due_us: dict[str, int] = field(default_factory=dict)

    def wait(self, subjects: Iterable[str], due_us: int) -> None:
        """Note that something of these subjects is to come."""
        for subject in subjects:
            self.due_us[subject] = min(due_us, self.due_us.get(subject, due_us))


def derive(
    terminal: str,
    condition: Condition,
    spans: Iterable[ConditionSpan],
    suppressing: Iterable[ConditionSpan],
    group_of: Callable[[str], str],
    now_us: int,
) -> Derived:
    """Alarms of a condition.

    Args:
        terminal: where.
        condition: the row.
        spans: in which it holds, of all subjects.
        suppressing: in which it is not raised, of the same subjects.
        group_of: the neighbours that a subject belongs to.
        now_us: what comes later is not yet. [µs since 1970 UTC]
    """
    found = Derived()
    lines = {subject: held(some, condition.hold_us) for subject, some in _by_subject(spans).items()}
    if condition.storm is not None and condition.storm.enabled:
        _take_storms(terminal, condition, condition.storm, lines, group_of, now_us, found)
    suppressed = {subject: held(some, 0) for subject, some in _by_subject(suppressing).items()}
    for subject, line in lines.items():
        for span in line:
            raised_us = _not_suppressed_us(span.began_us + condition.delay_us, suppressed.get(subject, ()))
            if raised_us is not None:
                members = (subject,) if condition.of_devices else ()
                alarm = Alarm(
                    terminal, condition.id, subject, condition.severity, span.began_us, raised_us, None, members
                )
                _note(found, alarm, (subject,), span.ended_us, condition.hold_us, now_us)
    return found


def _take_storms(
    terminal: str,
    condition: Condition,
    storm: Storm,
    lines: dict[str, list[ConditionSpan]],
    group_of: Callable[[str], str],
    now_us: int,
    found: Derived,
) -> None:
    """Make alarms of storms, and take their spans away."""
    groups: dict[str, list[ConditionSpan]] = defaultdict(list)
    for subject, line in lines.items():
        groups[group_of(subject)] += line
    for group, spans in groups.items():
        for one in storms(spans, storm.least, storm.within_us):
            members = tuple(sorted({span.subject for span in one}))
            raised_us = complete_us(one, storm.least) + storm.delay_us
            ends_us = [span.ended_us for span in one if span.ended_us is not None]
            ended_us = max(ends_us) if len(ends_us) == len(one) else None
            alarm = Alarm(terminal, storm.id, group, storm.severity, one[0].began_us, raised_us, None, members)
            _note(found, alarm, members, ended_us, condition.hold_us, now_us)
            taken = set(one)
            for member in members:
                lines[member] = [span for span in lines[member] if span not in taken]


def _note(
    found: Derived, alarm: Alarm, subjects: Iterable[str], ended_us: int | None, hold_us: int, now_us: int
) -> None:
    """Enter an alarm as far as it goes by now: not yet raised, active, or cleared."""
    event = ended_us == alarm.began_us == alarm.raised_us  # over at once
    if ended_us is not None and ended_us <= alarm.raised_us and not event:
        return
    if alarm.raised_us > now_us:
        found.wait(subjects, alarm.raised_us)
        return
    cleared_us = None if ended_us is None else ended_us + hold_us
    if cleared_us is not None and cleared_us > now_us:
        found.wait(subjects, cleared_us)
        cleared_us = None
    found.alarms.append(alarm if cleared_us is None else replace(alarm, cleared_us=cleared_us))


def _not_suppressed_us(raised_us: int, suppressed: Sequence[ConditionSpan]) -> int | None:
    """The first time from one on at which nothing suppresses the alarm; None: there is none yet."""
    for span in suppressed:
        if span.began_us <= raised_us and (span.ended_us is None or raised_us < span.ended_us):
            if span.ended_us is None:
                return None
            raised_us = span.ended_us
    return raised_us


def _by_subject(spans: Iterable[ConditionSpan]) -> dict[str, list[ConditionSpan]]:
    found: dict[str, list[ConditionSpan]] = defaultdict(list)
    for span in spans:
        found[span.subject].append(span)
    return found
