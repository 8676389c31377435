"""Users as people use them: the first one added on the page, logins, a new password, an account that ends."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e.conftest import Up
from tests.e2e.test_page import DESK, PHONE, Page, pytestmark

Start = Callable[..., Up]
__all__ = ["pytestmark"]

ADD = '[aria-label="Add a user"]'
OWN = '[aria-label="Change your password"]'
PASSWORD, OTHER = "correct horse 1", "battery staple 2"


def fill(browser: WebDriver, form: str, **values: str) -> None:
    """Write into fields of a form, and send it."""
    for name, value in values.items():
        field = browser.find_element(By.CSS_SELECTOR, f"{form} [name={name}]")
        if field.tag_name == "input":
            field.clear()
        field.send_keys(value)
    browser.find_element(By.CSS_SELECTOR, f"{form} button[type=submit]").send_keys(Keys.ENTER)


def log_in(page: Page, browser: WebDriver, name: str, password: str) -> None:
    page.shows(".login", "Password")
    fill(browser, ".login", name=name, password=password)


def switch_twice(page: Page, browser: WebDriver) -> None:
    """To a key and back, by the mouse: nothing lies over the form."""
    for expected in ("Your key", "Password"):
        browser.find_element(By.CSS_SELECTOR, ".login .way").click()
        page.shows(".login label", expected)


def picture(browser: WebDriver, name: str) -> None:
    """Keep a picture for whoever wants to look."""
    if folder := os.environ.get("QUAYSTREAM_TEST_PICTURES"):
        browser.save_screenshot(str(Path(folder) / f"{name}.png"))


def test_users_on_the_page(browser: WebDriver, start: Start) -> None:
    """Added, logged in, given another password, disabled; a generated password is shown, and no hash."""
    up = start()
    up.shows("ready: open", within_s=180)
    page = Page(browser, up.address)
    page.click(".principal[href]")
    page.shows(".access-view", "No users")
    fill(browser, ADD, name="Boss", role="admin", password="short")
    page.shows(f"{ADD} .problem", "10")
    fill(browser, ADD, name="Boss", password=PASSWORD)
    page.shows(".principal a", "Boss")  # the page has logged in with it
    page.shows(".users tbody", "in force")
    fill(browser, ADD, name="Ana", role="operator")
    page.shows(".made", "Password of Ana")
    (generated,) = page.texts(".made code")
    page.shows(".users tbody th", "Ana")
    page.shows(".audit tbody", "api_user.added")
    assert page.fits()
    picture(browser, "users")
    page.click(".users button.renew")
    page.shows(".users button.renew", "Really: new password")
    page.click(".users button.renew")
    page.shows(".audit tbody", "api_user.changed")
    (renewed,) = page.texts(".made code")
    assert renewed != generated
    assert "argon2" not in "".join(page.texts(".access-view"))
    page.click(".principal button")
    log_in(page, browser, "Ana", generated)
    page.shows(".login .problem", "Name or password is wrong")
    picture(browser, "login")
    switch_twice(page, browser)
    log_in(page, browser, "Ana", renewed)
    own_password(up, browser, page, renewed)
    log_in(page, browser, "Boss", PASSWORD)
    page.shows(".principal a", "Boss")
    page.click(".principal a")
    page.click(".users button.disable")
    page.click(".users button.disable")
    page.shows('.users tr[data-state="disabled"]', "Ana")
    page.shows(".audit tbody", "login.failed")
    page.click(".principal button")
    log_in(page, browser, "Ana", OTHER)
    page.shows(".login .problem", "Name or password is wrong")


FIRST = '[aria-label="Be the first user"]'


def test_the_first_link(browser: WebDriver, start: Start) -> None:
    """`up` prints it where there is nobody yet; whoever opens it becomes admin, once; the next `up` prints none."""
    up = start()
    up.shows("ready: open", "be the first user", within_s=180)
    (link,) = re.findall(r"http://\S+/#/first\?token=\S+", up.output)
    page = Page(browser, up.address)
    page.shows(".principal", "Access")  # nobody need log in
    browser.get(link)
    page.shows(FIRST, "You become the first user")
    picture(browser, "first")
    fill(browser, FIRST, name="Boss", password=PASSWORD, repeated=OTHER)
    page.shows(f"{FIRST} .problem", "not the same twice")
    fill(browser, FIRST, name="Boss", password=PASSWORD, repeated=PASSWORD)
    page.click(".principal button")
    assert "token" not in browser.current_url
    log_in(page, browser, "Boss", PASSWORD)
    page.shows(".principal", "Boss")
    browser.get(link)
    fill(browser, FIRST, name="Other", password=PASSWORD, repeated=PASSWORD)
    page.shows(f"{FIRST} .problem", "was used")
    state = Path(up.environment["QUAYSTREAM_STATE_DIR"])
    assert not (state / "first-link.json").exists()
    up.stop()
    again = start()
    again.shows("ready: open", within_s=180)
    assert "first user" not in again.output


def own_password(up: Up, browser: WebDriver, page: Page, password: str) -> None:
    """An operator comes to the own password, and to nothing else of the page; on a phone too."""
    page.shows(".principal a", "Ana")
    page.connection("Connected")
    page.click(".principal a")
    page.shows(".access-view", "Your password")
    assert page.texts(".users, .keys, .audit") == []
    fill(browser, OWN, old=password, new=OTHER, repeated=OTHER + "x")
    page.shows(f"{OWN} .problem", "not the same twice")
    fill(browser, OWN, old="wrong password", new=OTHER, repeated=OTHER)
    page.shows(f"{OWN} .problem", "The old password is wrong")
    fill(browser, OWN, old=password, new=OTHER, repeated=OTHER)
    page.shows(f"{OWN} .made", "is changed")
    page = Page(browser, up.address, PHONE, "#/access/demo")
    page.shows(".access-view", "Your password")
    assert page.fits()
    picture(browser, "phone")
    page = Page(browser, up.address, DESK)
    page.click(".principal button")
