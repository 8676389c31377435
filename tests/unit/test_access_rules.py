"""Each route has a rule about who may ask for it."""

import pytest
from msgspec import Struct

from api.http import rates
from api.http.access import check_terminal
from api.http.context import LOCAL, Context, Principal
from api.http.errors import ForbiddenError, TooManyRequestsError
from api.http.parameters import NoQuery
from api.http.rates import Rates
from api.http.route import Route
from api.resources import ROUTES
from infra.access.api_keys import parted
from infra.access.roles import Role


async def _nothing(_context: Context[NoQuery, None]) -> Struct:
    return NoQuery()


def test_a_route_that_changes_something_names_its_role() -> None:
    with pytest.raises(ValueError, match="PUT /x changes something: name the role that may"):
        Route("/x", _nothing, NoQuery, NoQuery, "Something", method="PUT")
    assert Route("/x", _nothing, NoQuery, NoQuery, "Something").least is Role.VIEWER


def test_what_is_open_to_everybody() -> None:
    """Health, logging in, and the first link; nothing else, whoever adds a route."""
    assert {(route.method, route.path) for route in ROUTES if route.least is None} == {
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("POST", "/api/v1/session"),
        ("POST", "/api/v1/session/first"),
    }


def test_what_a_viewer_may_change() -> None:
    """The own session and the own password only."""
    changing = {(route.method, route.path) for route in ROUTES if route.method != "GET" and route.least == Role.VIEWER}
    assert changing == {("DELETE", "/api/v1/session"), ("PUT", "/api/v1/session/password")}


class _OfTerminal(Struct):
    terminal: str | None = None


def test_a_key_of_one_terminal_is_for_that_one_only() -> None:
    own = Principal(Role.VIEWER, "name", "demo", "id")
    check_terminal(own, _OfTerminal("demo"))
    check_terminal(own, NoQuery())
    check_terminal(LOCAL, _OfTerminal())
    for terminal in (None, "other", ""):
        with pytest.raises(ForbiddenError, match="for terminal demo only"):
            check_terminal(own, _OfTerminal(terminal))


@pytest.mark.parametrize("text", ["", "qs", "qs_", "qs_a", "qs_a_", "qs__b", "xs_a_b", "a_b", "qs_ä_b"])
def test_what_is_no_key(text: str) -> None:
    assert parted(text) is None


def test_the_parts_of_a_key() -> None:
    assert parted("qs_3f9a2c01_0a1b") == ("3f9a2c01", "0a1b")


def test_each_principal_may_ask_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least 200 times in each second, for ever; another principal does not notice."""
    now = [0.0]
    monkeypatch.setattr(rates, "monotonic", lambda: now[0])
    counted = Rates()
    for _second in range(20):
        for _request in range(200):
            counted.check("one")
        now[0] += 1.0
    while counted.left("one") >= 1.0:
        counted.check("one")
    with pytest.raises(TooManyRequestsError):
        counted.check("one")
    counted.check("other")
    now[0] += 1.0
    counted.check("one")


def test_a_request_that_is_given_back_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "monotonic", lambda: 0.0)
    counted = Rates(1.0, 2.0, "wait")
    for _right in range(10):
        counted.check("one")
        counted.give_back("one")
    assert counted.left("one") == 2.0
    counted.check("one")
    counted.check("one")
    with pytest.raises(TooManyRequestsError, match="wait"):
        counted.check("one")


def test_names_that_somebody_invents_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many are kept as may be; whoever has few requests left is not forgotten for them."""
    monkeypatch.setattr(rates, "monotonic", lambda: 0.0)
    monkeypatch.setattr(rates, "MOST_BUCKETS", 10)
    counted = Rates(1.0, 5.0, "wait")
    for _wrong in range(5):
        counted.check("victim")
    for number in range(100):
        counted.check(f"invented {number}")
    assert len(counted._buckets) == 10
    with pytest.raises(TooManyRequestsError):
        counted.check("victim")
