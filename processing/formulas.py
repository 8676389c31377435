"""How each KPI's value is made from the facts of a terminal; a value is None where nothing tells it.

Every function takes the terminal's facts, the subject, the end of the window and its length, both in µs.
"""

from itertools import pairwise

from processing.factbook import CraneBook, Factbook
from processing.facts import CraneMove

HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
MIN_HOURS = 1 / 60
"""A rate over less than a minute says nothing."""
LONGEST_CYCLE_US = 30 * MINUTE_US
"""Longer than this between two deliveries is a pause, not a cycle. Assumed."""
LONGEST_VISIT_US = 24 * HOUR_US
"""A truck inside for longer has left unseen: tailgated or reversed out. Assumed."""


def _cranes(book: Factbook, subject: str, end_us: int) -> list[CraneBook]:
    """The crane, or all that work ships; those that had been heard of by then."""
    if subject != book.terminal:
        crane = book.cranes.get(subject)
        return [crane] if crane is not None and crane.first_seen_us <= end_us else []
    return [crane for crane in book.cranes.values() if not crane.yard and crane.first_seen_us <= end_us]


def boxes(book: Factbook, subject: str, end_us: int, window_us: int) -> float | None:
    """Boxes moved; a terminal's are those of its quay cranes."""
    cranes = _cranes(book, subject, end_us)
    if not cranes:
        return None
    return float(sum(m.boxes for crane in cranes for m in crane.counted(end_us - window_us, end_us)))


def allocated_hours(book: Factbook, subject: str, end_us: int, window_us: int) -> float:
    """Hours a crane was logged on; where it had not said by then, hours since it was first seen. [h]."""
    total = 0.0
    for crane in _cranes(book, subject, end_us):
        logged = book.levels["logged_on"].get(crane.device_id)
        start_us = max(end_us - window_us, crane.first_seen_us)
        told = logged is not None and logged.at(end_us) is not None  # what it says later changes no earlier window
        total += logged.held_us(start_us, end_us) if logged is not None and told else max(0, end_us - start_us)
    return total / HOUR_US


def gross_crane_rate(book: Factbook, subject: str, end_us: int, window_us: int) -> float | None:
    """Boxes per allocated crane hour, delays not subtracted."""
    moved = boxes(book, subject, end_us, window_us)
    if moved is None:
        return None
    hours = allocated_hours(book, subject, end_us, window_us)
    return moved / hours if hours >= MIN_HOURS else None


def cycle_times_us(moves: list[CraneMove]) -> list[int]:
    """From one delivery to the next, pauses left out. Source: TIC4.0 cycle."""
    spans = [b.unlocked_us - a.unlocked_us for a, b in pairwise(moves)]
    return [span for span in spans if span <= LONGEST_CYCLE_US]


def median_cycle_time(book: Factbook, subject: str, end_us: int, window_us: int) -> float | None:
    """Median seconds from delivery to delivery of each crane. [s]."""
    begin_us, cranes = end_us - window_us, _cranes(book, subject, end_us)
    spans = sorted(span for crane in cranes for span in cycle_times_us(crane.between(begin_us, end_us)))
    return None if not spans else quantile(spans, 0.5) / 1e6


def quantile(ordered: list[int], share: float) -> float:
    """Quantile of sorted values, linear between neighbours."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def turn_time_median(book: Factbook, _subject: str, end_us: int, window_us: int) -> float | None:
    """Median minutes from gate-in to gate-out. [min]."""
    turns = book.turn_times_us(end_us - window_us, end_us)
    return quantile(turns, 0.5) / MINUTE_US if turns else None


def turn_time_p90(book: Factbook, _subject: str, end_us: int, window_us: int) -> float | None:
    """90th percentile of minutes from gate-in to gate-out. [min]."""
    turns = book.turn_times_us(end_us - window_us, end_us)
    return quantile(turns, 0.9) / MINUTE_US if turns else None


def trucks_in_terminal(book: Factbook, _subject: str, end_us: int, _window_us: int) -> float | None:
    """Trucks that came in and have not left."""
    if book.gates_since_us is None or book.gates_since_us > end_us:
        return None
    return float(
        sum(
            1
            for visit in book.visits.values()
            if visit.entered_us is not None
            and end_us - LONGEST_VISIT_US < visit.entered_us <= end_us
            and (visit.left_us is None or visit.left_us > end_us)
        )
    )


def queue_length(book: Factbook, _subject: str, end_us: int, _window_us: int) -> float | None:
    """Trucks waiting before the lanes."""
    return book.level_sum("queue_length", end_us)


def plugged(book: Factbook, _subject: str, end_us: int, _window_us: int) -> float | None:
    """Plugs with a container."""
    return book.level_sum("plugged", end_us)


def unpowered(book: Factbook, _subject: str, end_us: int, _window_us: int) -> float | None:
    """Plugs with a container and no power."""
    return book.level_sum("unpowered", end_us)


def out_of_range(book: Factbook, _subject: str, end_us: int, _window_us: int) -> float | None:
    """Reefers in an excursion."""
    if book.level_sum("plugged", end_us) is None:
        return None
    return float(
        sum(e.began_us <= end_us and (e.ended_us is None or e.ended_us > end_us) for e in book.excursions.values())
    )
