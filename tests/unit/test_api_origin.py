import pytest

from api.http.errors import ForbiddenError
from api.http.origin import check_host, check_origin, check_write, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.10"])
def test_this_machine(host: str) -> None:
    """Loopback addresses and localhost are this machine."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.4", "quay.example", ""])  # noqa: S104 - to be refused
def test_other_machines(host: str) -> None:
    """Everything else is open to the network."""
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:9000", "[::1]:8080", "localhost"])
def test_host_is_answered(host: str) -> None:
    """Names of this machine are answered, under any port: a tunnel may change it."""
    check_host(host, "127.0.0.1")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "",
        "[::1",
        "localhost.evil.example",
        "127.0.0.1:8080.evil.example",
        "localhost:80@evil.example",
        "127.0.0.1/evil.example",
        "127.0.0.1:8080 evil.example",
        "[::1].evil.example",
    ],
)
def test_foreign_host_is_refused(host: str) -> None:
    """A foreign name that was pointed at this machine is refused."""
    with pytest.raises(ForbiddenError):
        check_host(host, "127.0.0.1")


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:8080", "HTTP://127.0.0.1:8080"])
def test_origin_of_the_same_host(origin: str | None) -> None:
    """Pages of this host, and programs, may open the WebSocket."""
    check_origin(origin, "127.0.0.1:8080")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://127.0.0.1:9999",
        "null",
        "",
        "http://[",
        "http://127.0.0.1",
        "https://127.0.0.1:8080",
        "http://127.0.0.1:8080.evil.example",
        "http://127.0.0.1:8080/",
    ],
)
def test_foreign_origin_is_refused(origin: str) -> None:
    """A page of another site, or of another port, may not."""
    with pytest.raises(ForbiddenError):
        check_origin(origin, "127.0.0.1:8080")


def test_a_page_over_tls_is_another_one() -> None:
    check_origin("https://quay.example", "quay.example", "https")
    with pytest.raises(ForbiddenError):
        check_origin("http://quay.example", "quay.example", "https")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://127.0.0.1:8080"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_changes_by_programs_and_own_pages(headers: dict[str, str]) -> None:
    """What no browser sends, and what a page of this host sends, may change something."""
    check_write(headers, "127.0.0.1:8080")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://127.0.0.1:8080", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_changes_by_foreign_pages_are_refused(headers: dict[str, str]) -> None:
    """Either header is enough."""
    with pytest.raises(ForbiddenError, match="changes are for pages of the same host"):
        check_write(headers, "127.0.0.1:8080")
