import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.devices.routes import DevicePath, DevicesQuery
from api.http.errors import BadRequestError
from api.http.parameters import FactsQuery, NoQuery
from api.http.parsing import parse
from api.http.spans import Span, instant
from api.kpis.history import check_points
from api.kpis.parameters import HistoryQuery
from api.live.routes import LiveQuery


def test_defaults() -> None:
    """What is not given takes its default."""
    assert parse(FactsQuery, {}, []) == FactsQuery(None, None, None, None, 100)


def test_values_of_path_and_query_come_together() -> None:
    """A Struct is filled from the path and the query string, under the names of the URL."""
    got = parse(HistoryQuery, {"kpi": "boxes"}, [("terminal", "demo"), ("from", "0"), ("to", "60000"), ("step", "10")])
    assert got == HistoryQuery(kpi="boxes", terminal="demo", subject=None, begin="0", end="60000", step=10)


@pytest.mark.parametrize(
    ("kind", "query", "message"),
    [
        (FactsQuery, [("limit", "0")], r"parameter limit: expected `int` >= 1 \(most rows in the answer, 1 to 10000\)"),
        (FactsQuery, [("limit", "10001")], "expected `int` <= 10000"),
        (FactsQuery, [("limit", "many")], "parameter limit: expected `int"),
        (FactsQuery, [("limit", "1"), ("limit", "2")], "limit is given twice"),
        (FactsQuery, [("terminal", "De mo")], "parameter terminal: .*terminal id, for example demo"),
        (FactsQuery, [("color", "red")], "'color' is not known here; known are terminal, device, from, to, limit"),
        (FactsQuery, [("begin", "0")], "'begin' is not known here"),
        (DevicesQuery, [("stream", "ship")], "parameter stream: .*crane, gate, reefer.* or "),
        (DevicesQuery, [("stream", "null")], "parameter stream: null is no value"),
        (FactsQuery, [("device", "AB\0C")], "parameter device holds a NUL character; leave it out"),
        (LiveQuery, [], "query parameter missing: terminal"),
        (NoQuery, [("terminal", "demo")], "this route takes none"),
    ],
)
def test_refused(kind: type, query: list[tuple[str, str]], message: str) -> None:
    """A wrong parameter is refused with its name and what it must be."""
    with pytest.raises(BadRequestError, match=message):
        parse(kind, {}, query)


def test_a_path_parameter_is_not_taken_from_the_query() -> None:
    """A name that stands in the path cannot be given again in the query string."""
    path = {"terminal": "demo", "stream": "crane", "device": "sts1"}
    with pytest.raises(BadRequestError, match="not known here"):
        parse(DevicePath, path, [("device", "sts2")])


@given(st.lists(st.tuples(st.sampled_from(["terminal", "device", "from", "to", "limit", "x"]), st.text())))
def test_any_query_is_taken_or_refused(query: list[tuple[str, str]]) -> None:
    """Whatever is sent, the answer is a Struct or a BadRequestError."""
    try:
        got = parse(FactsQuery, {}, query)
    except BadRequestError:
        return
    assert 1 <= got.limit <= 10_000


@given(st.text())
def test_any_text_is_a_time_or_refused(text: str) -> None:
    """Whatever stands for a time, the answer is a time or a BadRequestError."""
    try:
        got = instant("from", text)
    except BadRequestError:
        return
    assert got.utcoffset() is not None


def test_too_many_points() -> None:
    """Six hours in steps of one second are refused, naming the step that fits."""
    wanted = Span(instant("from", "0"), instant("to", "21600000"))
    check_points(wanted, 5)
    with pytest.raises(BadRequestError, match="use step=5 or more"):
        check_points(wanted, 1)
