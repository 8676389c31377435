"""How far time has gone at a terminal: by samples, by the clock while it is live, and not while samples may wait."""

from processing.alarms.progress import TerminalTimes

S = 1_000_000
NOW = 1_800_000_000 * S


def heard(*pairs: tuple[int, int]) -> TerminalTimes:
    """Times of a terminal after samples, each with its time and when it arrived. [s after NOW]."""
    times = TerminalTimes()
    for newest_s, at_s in pairs:
        times.heard("t", NOW + newest_s * S, NOW + at_s * S)
    return times


def reached_s(times: TerminalTimes) -> float:
    """In seconds after NOW."""
    return (times.of("t") - NOW) / S


def test_a_live_terminal_goes_on_with_the_clock_at_the_distance_of_its_samples() -> None:
    times = heard((0, 3))
    assert reached_s(times) == 0
    times.passed(NOW + 603 * S)
    assert reached_s(times) == 600


def test_what_is_replayed_goes_as_far_as_its_newest_sample() -> None:
    times = heard((-3600, 0), (-3000, 1))
    times.passed(NOW + 600 * S)
    assert reached_s(times) == -3000


def test_a_late_sample_does_not_take_time_back_nor_end_being_live() -> None:
    times = heard((0, 1), (-3600, 2))
    assert reached_s(times) == 0
    times.passed(NOW + 11 * S)
    assert reached_s(times) == 10


def test_a_clock_that_is_ahead_counts_as_the_time_of_arrival() -> None:
    assert reached_s(heard((50, 1))) == 1


def test_after_an_interruption_time_waits_for_newer_samples() -> None:
    times = heard((0, 1))
    times.interrupted()
    times.passed(NOW + 900 * S)
    assert reached_s(times) == 0
    times.heard("t", NOW + 100 * S, NOW + 901 * S)  # of the queue: not live yet
    times.passed(NOW + 902 * S)
    assert reached_s(times) == 100
    times.heard("t", NOW + 902 * S, NOW + 903 * S)
    times.passed(NOW + 904 * S)
    assert reached_s(times) == 903


def test_what_was_known_before_a_restart_stays() -> None:
    times = TerminalTimes()
    times.restore("t", NOW)
    times.heard("t", NOW - 60 * S, NOW)
    assert reached_s(times) == 0
    assert times.of("another") == 0
