"""Keys as people use them: made by command, asked for by the page, revoked."""

import json
from collections.abc import Callable

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from tests.e2e.conftest import Up
from tests.e2e.test_page import PHONE, Page, pytestmark

Start = Callable[..., Up]
__all__ = ["pytestmark"]


def test_the_page_asks_for_a_key(browser: WebDriver, start: Start) -> None:
    """Once there is one, also a page that was open before; again after a logout, or when the key is revoked."""
    up = start()
    up.shows("ready: open")
    page = Page(browser, up.address)
    page.shows(".terminal", "demo")
    made = up.joined('quaystream key add "Control room" --role operator --json')
    assert (made.returncode, made.stderr) == (0, "")
    key = json.loads(made.stdout)
    assert set(key) == {"id", "key"}
    page.shows(".login", "Password")
    page.click(".login .way")
    page.shows(".login", "Your key")
    page.write("qs_00000000_00")
    page.shows(".login .problem", "This key is not known here")
    page.write(key["key"])
    page.shows(".principal", "Control room")
    page.connection("Connected")
    assert page.texts(".principal a[href]") == []  # no admin
    page.click(".principal button")
    page.shows(".login", "Your key")
    page = Page(browser, up.address, PHONE)
    page.shows(".login", "Your key")
    assert page.fits()
    page.write(key["key"])
    page.shows(".principal", "Control room")
    assert page.fits()
    assert up.joined(f"quaystream key revoke {key['id']}").stdout == f"key {key['id']} of Control room is revoked\n"
    other = up.joined("quaystream key add other --role viewer")
    assert "not shown again" in other.stdout
    page.shows(".login", "Your key")
    listed = up.joined("quaystream key list").stdout.splitlines()
    assert listed[0].startswith("ID")
    assert "revoked" in listed[1]
    assert key["key"].rpartition("_")[2] not in "".join(listed)


def test_keys_and_the_audit_log_on_the_page(browser: WebDriver, start: Start) -> None:
    """A key is made and revoked there; each change appears with who made it, what, before and after."""
    up = start("--simulate", "demo")
    up.shows("ready: open")
    page = Page(browser, up.address)
    page.click(".principal[href]")
    page.shows(".access-view", "Everybody on this machine is admin")
    page.shows(".access-view", "Nothing yet")
    page.number("(document.querySelector('[aria-label=\"Make a key\"] [name=name]').focus(), 1)")
    page.write("Boss")
    page.shows(".made code", "qs_")  # and the page has logged in with it
    page.shows(".principal a", "Boss")
    page.shows(".keys tbody", "in force")
    page.shows(".audit tbody", "api_key.added")
    page.shows(".audit tbody", "role: admin")
    assert page.fits()
    assert up.joined("quaystream device add demo/crane/sts7 --owner ACME --json").returncode == 0
    page.shows(".audit tbody", "device_account.added", within_s=30)
    page.shows(".audit tbody", "crane/sts7")
    assert "hash" not in "".join(page.texts(".audit"))
    page.click(".keys button")
    page.shows(".keys button", "Really revoke")
    page.click(".keys button")
    page.shows(".terminal", "demo")


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        ('" " --role viewer', 1, "a name must have 1 to 80 signs"),
        ("name --role viewer --terminal DEMO", 1, "terminal 'DEMO' must be 1 to 64"),
        ("name --role root", 2, "invalid choice: 'root'"),
        ("name --role viewer --expires soon", 2, "'soon' is no time"),
    ],
)
def test_a_wrong_key_is_refused_with_what_to_change(terminal: Up, arguments: str, code: int, expected: str) -> None:
    refused = terminal.joined(f"quaystream key add {arguments}")
    assert (refused.returncode, refused.stdout) == (code, "")
    assert expected in refused.stderr
