from api.excursions.answers import EXCURSIONS, Excursion
from api.kpis.answers import KpiValue
from api.live.snapshot import Coalescer, TerminalSnapshot
from api.moves.answers import MOVES, Move


def _value(kpi: str, subject: str, value: float) -> KpiValue:
    return KpiValue("demo", kpi, subject, "2026-11-23T06:15:00.000Z", value, "boxes", "PT1H")


def _move(device: str, minute: int, kind: str = "load") -> Move:
    at = f"2026-11-23T06:{minute:02}:00.000Z"
    return Move(
        terminal="demo",
        device=device,
        began_at=None,
        locked_at=at,
        lifted_at=at,
        landed_at=at,
        unlocked_at=at,
        kind=kind,
        boxes=1,
        teu=2.0,
        inferred=False,
        confidence=1.0,
        from_trolley_m=None,
        to_trolley_m=None,
        gantry_m=None,
        peak_load_t=None,
        size_ft=40,
        twin=False,
        container_ids=[],
        energy_kwh=None,
        waited_empty_s=None,
        waited_laden_s=None,
    )


def _excursion(ended_at: str | None) -> Excursion:
    return Excursion("demo", "r001", None, "supply", "2026-11-23T06:00:00.000Z", ended_at, -18.0, 3.5)


def test_of_each_kpi_and_subject_only_the_newest_waits() -> None:
    """Values that came in one interval make one frame, each subject once."""
    coalescer = Coalescer()
    for value in (_value("boxes", "sts1", 1), _value("boxes", "sts2", 5), _value("boxes", "sts1", 2)):
        coalescer.put(value)
    assert coalescer.take() == [_value("boxes", "sts1", 2), _value("boxes", "sts2", 5)]
    assert coalescer.take() == []


def test_only_news_are_sent() -> None:
    """The same rows again are no news; a new and a changed one are."""
    snapshot = TerminalSnapshot()
    assert snapshot.facts(MOVES).replace([_move("sts1", 2), _move("sts1", 1)]) == [_move("sts1", 2), _move("sts1", 1)]
    assert snapshot.facts(MOVES).replace([_move("sts1", 2), _move("sts1", 1)]) == []
    changed = _move("sts1", 1, kind="shift")
    assert snapshot.facts(MOVES).replace([_move("sts2", 3), _move("sts1", 2), changed]) == [_move("sts2", 3), changed]
    assert snapshot.facts(MOVES).all() == [_move("sts2", 3), _move("sts1", 2), changed]


def test_the_end_of_an_excursion_is_news() -> None:
    """An excursion is sent when it begins and once more when it ends."""
    snapshot = TerminalSnapshot()
    ended = _excursion("2026-11-23T07:00:00.000Z")
    assert snapshot.facts(EXCURSIONS).replace([_excursion(None)]) == [_excursion(None)]
    assert snapshot.facts(EXCURSIONS).replace([ended]) == [ended]


def test_a_window_forgets_what_left_it() -> None:
    """Memory holds the newest facts only."""
    snapshot = TerminalSnapshot()
    snapshot.facts(MOVES).replace([_move("sts1", 1)])
    snapshot.facts(MOVES).replace([_move("sts1", 2)])
    assert snapshot.facts(MOVES).all() == [_move("sts1", 2)]


def test_the_snapshot_has_ten_moves() -> None:
    """The newest ten, newest first."""
    snapshot = TerminalSnapshot()
    snapshot.facts(MOVES).replace([_move("sts1", minute) for minute in range(30, 10, -1)])
    assert snapshot.last_moves() == [_move("sts1", minute) for minute in range(30, 20, -1)]
