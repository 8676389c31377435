"""Every way in which the signals of a lift go wrong, one by one; what is found of it was worked out by hand.

The table of failure cases stands in docs/detectors.md. Times: see `discharge`.
"""

from dataclasses import replace

import numpy as np
import pytest

from processing.cranes import STS
from processing.cranes.facts import CraneMove
from tests.unit.crane_signals import (
    BETWEEN,
    EMPTY,
    LANDED_EMPTY,
    LIFTED,
    LOCKED,
    SET_DOWN,
    START_US,
    Phase,
    changed,
    discharge,
    every,
    feed,
    moves,
    samples,
    seconds,
)
from tests.unit.written_samples import Row

SEEN = (3.2, 5.0, 40.0, 42.2)
BOX = {10.0: ("CSQU3054383",)}
PAIR = {10.0: ("CSQU3054383", "ABCU0000001")}


def without(phases: list[Phase], *names: str) -> list[Phase]:
    """Phases in which some signals are never sent."""
    return [(a, b, {name: value for name, value in s.items() if name not in names}) for a, b, s in phases]


def at(phases: list[Phase], begin_s: float, end_s: float, **signals: float) -> list[Phase]:
    """Phases in which some signals lie from one boundary of phases to another."""
    return [(a, b, s | (signals if begin_s <= a and b <= end_s else {})) for a, b, s in phases]


def noisy(phases: list[Phase]) -> list[Row]:
    """Samples of phases whose load differs by 0.1 t from one to the next: a cell that is alive."""
    return [(t, s | {"load_t": s["load_t"] + 0.1 * (n % 2)}) for n, (t, s) in enumerate(every(0.1, phases))]


# Lock without load.


def test_a_lock_that_flies_empty_is_no_move() -> None:
    """Twistlocks closed for a test: the spreader rises, but nothing hangs below it."""
    assert feed(noisy(discharge(load_t=0.0))) == []


def test_a_lock_for_a_spreader_change_is_no_move() -> None:
    """Locked and unlocked on the stand, another size, and then a lift with it."""
    stand = {"hoist_height_m": 2.0, "trolley_position_m": -8.0}
    phases = [(0.0, 2.0, LANDED_EMPTY | stand), (2.0, 5.0, LOCKED | stand), (5.0, 8.0, LANDED_EMPTY | stand)]
    twenty = changed(discharge(10), spreader_size_ft=20.0)
    (move,) = moves([*phases, *twenty])
    assert (seconds(move), move.size_ft, move.teu) == ((13.2, 15.0, 50.0, 52.2), 20, 1.0)


# Hatch covers and gear.


@pytest.mark.parametrize(
    ("load_t", "size_ft", "to_m", "read", "kind", "boxes"),
    [
        (30.0, 40.0, -27.0, {}, "hatch_cover", 0),
        (30.0, 45.0, -27.0, {}, "hatch_cover", 0),
        (30.0, 40.0, -27.0, BOX, "discharge", 1),  # the OCR has read a box
        (9.0, 40.0, -27.0, {}, "discharge", 1),  # too light
        (30.0, 20.0, -27.0, {}, "discharge", 1),  # too short
        (30.0, 40.0, -8.0, {}, "discharge", 1),  # into a lane
    ],
)
def test_a_hatch_cover(
    load_t: float, size_ft: float, to_m: float, read: dict[float, tuple[str, ...]], kind: str, boxes: int
) -> None:
    """Weight, length, backreach and no container number: counted apart, no box."""
    (move,) = moves(changed(discharge(to_m=to_m, load_t=load_t), spreader_size_ft=size_ft), ids=read)
    assert (move.kind, move.boxes) == (kind, boxes)


def gear(load_t: float) -> list[Phase]:
    """From a lane to the ship, where it rests for 10 s with the locks closed, and back into the lane."""
    phases = discharge(from_m=-8.0, to_m=-8.0, load_t=load_t)
    over = {"trolley_position_m": 30.0, "hoist_height_m": 15.0, "spreader_size_ft": 40.0}
    lifted = LIFTED | {"load_t": load_t}
    phases[5:6] = [(10, 15, lifted | over), (15, 25, SET_DOWN | over), (25, 30, lifted | over), (30, 40, phases[5][2])]
    return phases


def test_gear_is_no_box() -> None:
    """A cage with lashers, or a box of twistlocks: light, to the ship and back, locked all the time."""
    (move,) = moves(gear(4.0))
    assert (move.kind, move.boxes, move.teu, seconds(move)) == ("gear", 0, 0.0, SEEN)


def test_a_box_that_did_not_fit_is_no_gear() -> None:
    """The same way with 20 t: a box that came back."""
    (move,) = moves(gear(20.0))
    assert (move.kind, move.boxes) == ("rehandle", 1)


# Twin.


@pytest.mark.parametrize(
    ("flag", "size_ft", "load_t", "read", "boxes", "confidence"),
    [
        (1.0, 20.0, 30.0, {}, 2, 1.0),
        (0.0, 20.0, 30.0, {}, 1, 1.0),
        (0.0, 20.0, 45.0, {}, 2, 0.8),  # no single 20 ft box weighs that
        (0.0, 20.0, 30.0, PAIR, 2, 0.8),  # two were read
        (1.0, 20.0, 20.0, BOX, 1, 0.8),  # one was read
        (1.0, 40.0, 30.0, {}, 1, 0.8),  # a 40 ft box is one
        (0.0, 20.0, 90.0, {}, 1, 1.0),  # no crane lifts that: the cell lies
    ],
)
def test_twin(
    flag: float, size_ft: float, load_t: float, read: dict[float, tuple[str, ...]], boxes: int, confidence: float
) -> None:
    """The flag at the lock, or else what was read, or else what no single box weighs."""
    (move,) = moves(changed(discharge(load_t=load_t), twin=flag, spreader_size_ft=size_ft), ids=read)
    assert (move.boxes, move.twin, move.confidence) == (boxes, boxes == 2, confidence)


def test_the_twin_flag_counts_as_it_is_at_the_lock() -> None:
    """Switched on for the next lift while this one hangs."""
    phases = changed(discharge(), spreader_size_ft=20.0, twin=0.0)
    phases[5:] = changed(phases[5:], twin=1.0)
    assert [move.boxes for move in moves(phases)] == [1]


def test_a_yard_crane_lifts_one_box() -> None:
    """Its spreader can not carry two: a flag for it is wrong."""
    assert [move.boxes for move in moves(changed(discharge(), twin=1.0, spreader_size_ft=20.0), kind="RTG")] == [1]


# Twistlocks that bounce, hang between, or are silent.


def test_a_lock_that_bounces_counts_from_when_it_stays() -> None:
    """Locked at 3.2 s, open at 3.3 s, locked at 3.4 s."""
    phases = discharge()
    ship = phases[3][2]
    unlocked = ship | LANDED_EMPTY
    phases[3:4] = [(3.2, 3.3, ship), (3.3, 3.4, unlocked), (3.4, 5.0, ship)]
    assert [seconds(move) for move in moves(phases)] == [(3.4, 5.0, 40.0, 42.2)]


def test_an_unlock_that_bounces_counts_from_when_it_stays() -> None:
    """Open at 42.2 s, locked at 42.3 s, open at 42.4 s."""
    phases = discharge()
    quay = phases[8][2]
    phases[8:9] = [(42.2, 42.3, quay), (42.3, 42.4, quay | LOCKED), (42.4, 44.0, quay)]
    assert [seconds(move) for move in moves(phases)] == [(3.2, 5.0, 40.0, 42.4)]


def test_a_partial_lock_of_six_seconds_in_the_air_is_the_same_move() -> None:
    """Neither locked nor open is a transition, however long."""
    phases = discharge()
    flying = phases[5][2]
    phases[5:6] = [(10, 20, flying), (20, 26, flying | BETWEEN | {"landed": 0.0, "load_t": 20.0}), (26, 40, flying)]
    (move,) = moves(phases)
    assert (seconds(move), move.confidence) == (SEEN, 1.0)


def test_a_crane_without_an_unlocked_contact() -> None:
    """Unlocked is what is not locked: 0.2 s earlier than the contact would show."""
    assert [seconds(move) for move in moves(without(discharge(), "twistlock_unlocked"))] == [(3.2, 5.0, 40.0, 42.0)]


def test_a_lost_unlock_is_dated_by_the_landing() -> None:
    """Locked from 3.2 s on; an empty spreader takes off at 44 s: it was opened, usually 2 s after the landing."""
    lost = at(discharge(), 42, 50, twistlock_locked=1.0, twistlock_unlocked=0.0)
    first, second = moves([*lost, *discharge(50)])
    assert (seconds(first), first.inferred, first.confidence) == ((3.2, 5.0, 40.0, 42.0), True, 0.7)
    assert (seconds(second), second.inferred) == ((53.2, 55.0, 90.0, 92.2), False)


def test_a_lost_unlock_before_a_break_does_not_last_until_its_end() -> None:
    """The spreader stays on the box for ten minutes before it takes off."""
    phases = at(discharge(), 42, 50, twistlock_locked=1.0, twistlock_unlocked=0.0)
    resting = phases[8][2]
    longer = [*phases[:8], (42.2, 642.0, resting), (642.0, 650.0, phases[9][2])]
    assert [seconds(move) for move in moves(longer)] == [(3.2, 5.0, 40.0, 42.0)]


def test_a_lost_lock_is_dated_by_the_landing_on_the_box() -> None:
    """Open all the time, and yet a box leaves the ground with the spreader that had landed at 2 s."""
    lost = at(discharge(), 3, 42, twistlock_locked=0.0, twistlock_unlocked=1.0)
    (move,) = moves(lost)
    assert (seconds(move), move.kind, move.inferred, move.confidence) == (
        (2.0, 5.0, 40.0, 42.2),
        "discharge",
        True,
        0.7,
    )


def test_a_lock_without_its_unlock_is_closed_by_the_next_lock() -> None:
    """Unlock and take-off are lost: the next lock is elsewhere, so the box was left where it had landed."""
    phases = at(discharge(), 42, 44, twistlock_locked=1.0, twistlock_unlocked=0.0)
    away = discharge(50)
    hidden = [(a, b, s | {"landed": 1.0, "twistlock_locked": 1.0, "twistlock_unlocked": 0.0}) for a, b, s in away[:2]]
    first, second = moves([*phases[:9], *hidden, *away[2:]])
    assert (seconds(first), first.to_trolley_m, first.inferred) == ((3.2, 5.0, 40.0, 42.0), -8.0, True)
    assert seconds(second) == (53.2, 55.0, 90.0, 92.2)


def test_an_inverted_unlocked_contact() -> None:
    """Both contacts agree always, so neither shows anything; landing and load show all of it."""
    both = [*discharge(), *discharge(50)]
    (move,) = moves([(a, b, s | {"twistlock_unlocked": 1 - s["twistlock_unlocked"]}) for a, b, s in both])[:1]
    assert (move.kind, move.inferred) == ("discharge", True)
    assert (seconds(move)[1:3], seconds(move)[0] <= 3.2, seconds(move)[3]) == ((5.0, 40.0), True, 42.0)


def polarity_wrong(phases: list[Phase]) -> list[Phase]:
    """`twistlock_locked` of the wrong polarity."""
    return [(a, b, s | {"twistlock_locked": 1 - s["twistlock_locked"]}) for a, b, s in phases]


def test_an_inverted_locked_contact_is_known_by_both_at_once() -> None:
    """From the first unlock on, `twistlock_unlocked` alone shows it: as exact as ever, and without the load cell."""
    blind = changed(discharge(50), load_t=0.0)
    first, second = moves(polarity_wrong([*discharge(), *blind]))
    assert (first.kind, seconds(first)[1:]) == ("discharge", (5.0, 40.0, 42.2))
    assert (seconds(second)[0], seconds(second)[3], second.inferred) == (53.2, 92.2, False)


def test_polarity_that_goes_wrong_between_lifts_and_is_set_right() -> None:
    """Out of an "unlocked" that stood come both at once; a plain "unlocked" ends it."""
    phases = [*discharge(), *polarity_wrong(discharge(50)), *discharge(100)]
    assert [(seconds(m)[0], seconds(m)[3], m.inferred) for m in moves(phases)] == [
        (3.2, 42.2, False),
        (53.2, 92.2, False),
        (103.2, 142.2, False),
    ]


def test_both_at_once_for_a_moment_is_no_polarity() -> None:
    """Contacts that overlap for 200 ms as they switch."""
    phases = discharge()
    phases[2] = (3, 3.2, phases[2][2] | {"twistlock_locked": 1.0, "twistlock_unlocked": 1.0})
    assert [seconds(move) for move in moves(phases)] == [(3.2, 5.0, 40.0, 42.2)]


def test_twistlocks_that_stick_open_until_the_box_is_in_the_air() -> None:
    """They do not close in the air: the load was right, and the lift goes on."""
    late = at(discharge(), 3, 10, twistlock_locked=0.0, twistlock_unlocked=1.0)
    (move,) = moves(late)
    assert (seconds(move), move.inferred) == ((2.0, 5.0, 40.0, 42.2), True)


def test_a_load_cell_that_sticks_until_the_box_is_down() -> None:
    """It reads the same all the way, and lives again on the ground: the rise proves the lift."""
    stuck = at(changed(discharge(), load_t=-0.1), 42, 50, load_t=-0.2)
    assert [seconds(move)[::3] for move in moves(stuck)] == [(3.2, 42.2)]


def test_a_flight_whose_readings_leap_shows_no_tare() -> None:
    """A cell in another unit, of which the odd reading is in range, hangs no load below an open spreader."""
    phases = discharge()
    odd = [(a, a + 0.5, phases[0][2] | {"load_t": load_t}) for a, load_t in ((0.0, -10.0), (0.5, 0.0), (1.0, 20.0))]
    flight = [*odd, (1.5, 2.0, phases[0][2] | {"load_t": -10.0}), (2.0, 3.0, phases[1][2] | {"load_t": 0.0})]
    lifting = (3.0, 8.0, EMPTY | {"hoist_height_m": 20.0, "load_t": 40.0, "trolley_position_m": 35.0})
    landing = (8.0, 10.0, LANDED_EMPTY | {"hoist_height_m": 2.0, "load_t": 0.0, "trolley_position_m": -8.0})
    assert moves([*flight, lifting, landing, *discharge(10)[2:]])[:-1] == []


# Landing pins.


def test_pins_that_stick_in_the_air() -> None:
    """Never landed: the lift is shown by the load; the landing is not known, and counts with the unlock."""
    assert [seconds(move) for move in moves(changed(discharge(), landed=0.0))] == [(3.2, 5.0, 42.2, 42.2)]


def test_pins_that_stick_on_the_ground() -> None:
    """Always landed: the lift is shown by its rise of 1 m."""
    assert [seconds(move) for move in moves(changed(discharge(), landed=1.0))] == [(3.2, 5.0, 42.2, 42.2)]


def test_inverted_pins() -> None:
    """Landed in the air: lock, rise and unlock show the move."""
    inverted = [(a, b, s | {"landed": 1 - s["landed"]}) for a, b, s in discharge()]
    assert [seconds(move) for move in moves(inverted)] == [(3.2, 5.0, 42.2, 42.2)]


def test_pins_that_turn_over_in_the_air() -> None:
    """Landed by the pins, and the load still hangs there: only the unlock ends it."""
    turned = [(a, b, s | {"landed": 1 - s["landed"]} if a >= 10 else s) for a, b, s in discharge()]
    assert [seconds(move)[::3] for move in feed(noisy(turned))] == [(3.2, 42.2)]


# Set down on the way.


def stepping(to_m: float, wait_s: float, load_t: float = 20.0) -> list[Phase]:
    """A discharge to -8 m, lifted a second time after a while and put down elsewhere 20 s later."""
    quay = {"trolley_position_m": -8.0, "spreader_size_ft": 40.0}
    there = quay | {"trolley_position_m": to_m}
    s = 42.2 + wait_s
    return [
        *discharge()[:8],
        (42.2, s, LANDED_EMPTY | quay | {"hoist_height_m": 2.0}),
        (s, s + 2, LOCKED | quay | {"hoist_height_m": 2.0}),
        (s + 2, s + 20, LIFTED | there | {"hoist_height_m": 3.5, "load_t": load_t}),
        (s + 20, s + 22, SET_DOWN | there | {"hoist_height_m": 2.0}),
        (s + 22, s + 30, LANDED_EMPTY | there | {"hoist_height_m": 2.0}),
    ]


def test_a_box_that_is_set_down_for_its_pins_is_one_move() -> None:
    """Taken up again after 20 s and put down 1.5 m further: from the first lock to the last unlock."""
    found = moves(stepping(-9.5, 20))
    assert [seconds(move) for move in found] == [SEEN, (3.2, 5.0, 82.2, 84.2)]
    assert (found[1].key, found[1].kind, found[1].to_trolley_m) == (found[0].key, "discharge", -9.5)


def test_a_load_cell_that_jumps_meanwhile_does_not_part_it() -> None:
    """Who has not been away can only take up what was put down."""
    assert [seconds(move) for move in moves(stepping(-9.5, 20, load_t=24.0))][1] == (3.2, 5.0, 82.2, 84.2)


@pytest.mark.parametrize(("to_m", "wait_s"), [(-9.5, 70), (-14.0, 20)])
def test_later_or_further_it_is_another_move(to_m: float, wait_s: float) -> None:
    """More than 60 s later, or more than 3 m away."""
    s = 42.2 + wait_s
    found = moves(stepping(to_m, wait_s))
    assert [(seconds(move), move.kind) for move in found] == [
        (SEEN, "discharge"),
        ((s, s + 2, s + 20, s + 22), "rehandle"),
    ]


def test_in_a_yard_every_step_is_a_move() -> None:
    """The neighbouring row is nearer than a step."""
    assert len({move.key for move in moves(stepping(-9.5, 20), kind="ARMG")}) == 2


# Messages and clocks.


def test_duplicates_and_disorder_change_nothing() -> None:
    """Every sample twice, all shuffled, put in order again as the database does."""
    whole = samples(every(0.1, [*discharge(), *discharge(50)]))
    order = np.random.default_rng(5).permutation(np.repeat(np.arange(len(whole)), 2))
    ordered = whole.take(order).in_order()
    assert ordered.seq.tolist() == whole.seq.tolist()
    np.testing.assert_array_equal(ordered.numbers, whole.numbers)


def test_a_silence_while_it_unlocks() -> None:
    """Nothing from 41 s to 52.5 s: landed in a lane before, on the next box after. It was left in the lane."""
    rows = [(t, s) for t, s in every(0.1, [*discharge(), *discharge(50)]) if not 41 <= t < 52.45]
    first, second = [move for move in feed(rows) if isinstance(move, CraneMove)]
    assert (seconds(first), first.kind, first.inferred) == ((3.2, 5.0, 40.0, 42.0), "discharge", True)
    assert (seconds(second), second.inferred) == ((53.2, 55.0, 90.0, 92.2), False)


def test_a_silence_while_it_locks() -> None:
    """Nothing from 1 s to 20 s: when it comes back, it hangs above the lane. Where it was locked, nobody knows."""
    rows = [(t, s) for t, s in every(0.1, discharge()) if not 1 <= t < 20]
    (move,) = feed(rows)
    assert isinstance(move, CraneMove)
    assert (move.kind, move.from_trolley_m, move.to_trolley_m) == ("discharge", None, -8.0)
    assert (seconds(move)[0], seconds(move)[2:], move.inferred) == (20.0, (40.0, 42.2), True)


def test_a_reboot_that_resets_the_energy_counter() -> None:
    """4 kWh in a cycle of 50 s; where the counter starts from 0, it is not known."""
    rows = every(0.1, [*discharge(), *discharge(50), *discharge(100)])
    rows = [(t, s | {"energy_kwh": (500.0 if t < 80 else 0.0) + 0.08 * t}) for t, s in rows]
    first, second, third = (move for move in feed(rows) if isinstance(move, CraneMove))
    assert first.energy_kwh == pytest.approx(0.08 * 39, abs=0.001)  # from its lock: what came before is not known
    assert second.energy_kwh is None
    assert third.energy_kwh == pytest.approx(4.0, abs=0.001)


# Load cells.


def test_an_empty_spreader_that_weighs_three_tonnes() -> None:
    """A drift or an offset: the flight before the lock shows the tare."""
    drifted = [(t, s | {"load_t": s["load_t"] + 3.0}) for t, s in every(0.1, discharge())]
    (move,) = feed(drifted)
    assert isinstance(move, CraneMove)
    assert (seconds(move), move.peak_load_t) == (SEEN, 20.0)


def test_a_lock_without_a_lift_on_a_cell_that_is_off_is_no_move() -> None:
    """3 t are no evidence where the empty spreader weighs as much."""
    assert feed(noisy(changed(discharge(), load_t=3.0))) == []


def test_a_fixed_tare_of_the_crane() -> None:
    """A crane whose net weight is known to be 3 t too high."""
    parameters = ((0, replace(STS, tare_t=3.0)),)
    assert [move.peak_load_t for move in moves(discharge(), parameters=parameters)] == [17.0]


def test_a_cell_that_sticks_is_not_asked() -> None:
    """Always the same: the rise shows it."""
    assert [seconds(move) for move in moves(changed(discharge(), load_t=0.0))] == [SEEN]


def test_a_load_in_kilogrammes() -> None:
    """What is left of it in range is noise of tens of tonnes: no twin, and the move is found."""
    rows = every(0.1, changed(discharge(), spreader_size_ft=20.0))
    noise = (40.0, 10.0, 90.0, 60.0)
    rows = [(t, s | {"load_t": noise[n % 4]}) for n, (t, s) in enumerate(rows)]
    (move,) = feed(rows)
    assert isinstance(move, CraneMove)
    assert (seconds(move)[0], seconds(move)[3], move.boxes) == (3.2, 42.2, 1)


# Trolley.


def test_a_trolley_position_that_sticks() -> None:
    """Lock and unlock at the same centimetre but 10 m apart in height: the kind is that of the move before."""
    second = changed(discharge(50), trolley_position_m=20.0)
    first, stuck = moves([*discharge(), *second])
    assert (first.kind, stuck.kind, stuck.inferred, stuck.confidence) == ("discharge", "discharge", True, 0.7)


# The two trolleys of one crane.


def test_cycles_of_two_trolleys_overlap() -> None:
    """The landward trolley is a device of its own: it re-handles while the seaward one discharges."""
    seaward = moves(discharge(to_m=-9.0))
    landward = moves(discharge(20, from_m=-9.0, to_m=-16.0), kind="PORTAL")
    assert [(seconds(move), move.kind) for move in (*seaward, *landward)] == [
        (SEEN, "discharge"),
        ((23.2, 25.0, 60.0, 62.2), "rehandle"),
    ]
    assert seaward[0].unlocked_us - START_US == 42_200_000 > landward[0].locked_us - START_US


def test_an_empty_crane_has_no_moves() -> None:
    """Nothing is invented where nothing happens."""
    assert moves([(0, 600, EMPTY | {"hoist_height_m": 20.0, "trolley_position_m": 0.0})]) == []
