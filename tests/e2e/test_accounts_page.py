"""Accounts of devices on the page: made, tried out, rotated and revoked there."""

from pathlib import Path

from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from tests.e2e.conftest import Up
from tests.e2e.test_page import PHONE, WITHIN_S, Page, pytestmark

__all__ = ["pytestmark"]

ACCESS, DEVICE = "#/access/demo", "demo/crane/page1"
ROW, MADE = f"//tr[th='{DEVICE}']", "//div[@class='credential']"
PRESS = """
const found = document.evaluate(arguments[0], document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
found?.click();
return found !== null;
"""


def test_an_account_on_the_page_from_its_making_to_its_revocation(
    browser: WebDriver, terminal: Up, tmp_path: Path
) -> None:
    """The password is shown once, in a command that connects as the device; what is rotated or revoked is refused."""
    page = Page(browser, terminal.address, part=ACCESS)
    for name, problem in {
        "sts9": "Write the device as TERMINAL/STREAM/DEVICE",
        "demo/ship/page1": "Parameter stream: invalid enum value 'ship'",
    }.items():
        make(page, name)
        page.shows("form .problem", problem)
    make(page, DEVICE)
    page.shows(".credential", "it is not shown again")
    page.shows(".accounts tbody th", DEVICE)
    first = command(page)
    assert first.count(page.texts(".credential code")[1]) == 1
    press(browser, f"{MADE}//button[.='Copy']")
    assert selected(browser) == first
    assert page.fits()
    assert browser.save_screenshot(str(tmp_path / "account.png"))
    assert tried(terminal, first) == ""
    make(page, DEVICE)
    page.shows("form .problem", f"{DEVICE.capitalize()} has an account; rotate it for a new password.")
    press(browser, f"{ROW}//button[.='Rotate']")
    press(browser, f"{ROW}//button[.='Cancel']")
    assert tried(terminal, first) == ""
    press(browser, f"{ROW}//button[.='Rotate']")
    browser.execute_script("document.querySelector('.accounts select').value = '0'")
    press(browser, f"{ROW}//button[.='Really rotate']")
    page.shows(".credential code", "demo.crane.page1.2")
    second = command(page)
    assert "Not authorized" in tried(terminal, first)
    assert tried(terminal, second) == ""
    press(browser, f"{MADE}//button[.='I have copied it']")
    page.shows(".audit tbody", "device_credential.added")
    assert page.texts(".credential") == []
    press(browser, f"{ROW}//button[.='Revoke']")
    press(browser, f"{ROW}//button[.='Really revoke']")
    page.shows(".accounts tr[data-state=revoked]", DEVICE)
    assert "Not authorized" in tried(terminal, second)
    small = Page(browser, terminal.address, PHONE, ACCESS)
    small.shows(".accounts tr[data-state=revoked]", DEVICE)
    assert small.fits()


def make(page: Page, name: str) -> None:
    """Fill the form in, and send it."""
    page.shows("[name=device]", "")
    page.number(
        "(document.querySelector('[name=device]').value = '', document.querySelector('[name=device]').focus(), 1)"
    )
    page.write(name)


def press(browser: WebDriver, button: str) -> None:
    """Click a button, as soon as it is there; the page draws all the time."""
    WebDriverWait(browser, WITHIN_S).until(lambda _: browser.execute_script(PRESS, button))


def command(page: Page) -> str:
    """The one that tries the new credential out."""
    (found,) = page.texts(".credential pre")
    return found


def selected(browser: WebDriver) -> str:
    found: str = browser.execute_script("return getSelection().toString().trim()")
    return found


def tried(terminal: Up, shown: str) -> str:
    """Run a command that the page has shown; what the client complains of."""
    return terminal.joined(f"{shown} || true").stderr
