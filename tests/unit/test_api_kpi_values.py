import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kpis import values as kpi_values
from api.kpis.answers import KpiValue
from api.kpis.values import KpiValueCache

PAYLOAD = b'{"ts":"2026-11-23T06:15:00.000Z","value":28.5,"unit":"boxes/h","window":"PT1H"}'
VALUE = KpiValue("demo", "gross_crane_rate", "sts1", "2026-11-23T06:15:00.000Z", 28.5, "boxes/h", "PT1H")


def test_a_value_is_kept_and_passed_on() -> None:
    """A KPI message becomes a value, and whoever listens hears it."""
    values, heard = KpiValueCache(), list[KpiValue]()
    values.on_value = heard.append
    values.take("kpi/demo/gross_crane_rate/sts1", PAYLOAD)
    assert values.values("demo") == [VALUE]
    assert heard == [VALUE]


def test_values_of_one_terminal_in_order() -> None:
    """Values are listed by KPI and subject, of the terminal asked for."""
    values = KpiValueCache()
    for topic in ("kpi/demo/boxes/sts2", "kpi/other/boxes/x", "kpi/demo/boxes/sts1", "kpi/demo/a/demo"):
        values.take(topic, PAYLOAD)
    assert [(v.kpi, v.subject) for v in values.values("demo")] == [("a", "demo"), ("boxes", "sts1"), ("boxes", "sts2")]
    assert len(values.values(None)) == 4


def test_null_is_a_value_and_an_empty_message_removes_it() -> None:
    """Null says that nothing is known; clearing the retained message takes the value away."""
    values = KpiValueCache()
    values.take("kpi/demo/boxes/sts1", b'{"ts":"2026-11-23T06:15:00.000Z","value":null}')
    assert [v.value for v in values.values("demo")] == [None]
    values.take("kpi/demo/boxes/sts1", b"")
    assert values.values("demo") == []


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("kpi/demo/boxes", PAYLOAD),
        ("kpi/demo/boxes/sts1/PT1H/more", PAYLOAD),
        ("kpi/demo/boxes/sts1/shift", PAYLOAD),
        ("kpi/demo/boxes/ST S1", PAYLOAD),
        ("kpi/demo/boxes/sts1", b"28.5"),
        ("kpi/demo/boxes/sts1", b"{"),
        ("kpi/demo/boxes/sts1", b'{"ts":"x","value":"many"}'),
        ("kpi/demo/boxes/sts1", b'{"value":1}'),
    ],
)
def test_what_is_no_kpi_is_counted(topic: str, payload: bytes) -> None:
    """A message that is no KPI value changes nothing and is counted."""
    values = KpiValueCache()
    values.take(topic, payload)
    assert (values.values(None), values.refused) == ([], 1)


@given(st.text(), st.binary())
def test_any_message_is_survived(topic: str, payload: bytes) -> None:
    """Whatever the broker sends, nothing is raised into the network code."""
    KpiValueCache().take(f"kpi/demo/{topic}", payload)


def test_terminals_that_are_silent_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values that stay at the broker of a terminal that is no more keep no other's out."""
    monkeypatch.setattr(kpi_values, "MOST_VALUES", 3)
    values = KpiValueCache()
    for topic in ("former/boxes/a", "former/boxes/b", "demo/boxes/a", "demo/boxes/b"):
        values.take(f"kpi/{topic}", PAYLOAD)
    assert [(v.terminal, v.subject) for v in values.values(None)] == [("demo", "a"), ("demo", "b")]
    values.take("kpi/demo/boxes/c", PAYLOAD)
    values.take("kpi/demo/boxes/d", PAYLOAD)
    assert (len(values), values.refused) == (3, 1)


def test_a_value_that_is_too_long_is_refused() -> None:
    values = KpiValueCache()
    values.take("kpi/demo/state/sts1", b'{"ts":"x","value":1,"state":"' + b"x" * 1024 + b'"}')
    assert (values.values(None), values.refused) == ([], 1)
