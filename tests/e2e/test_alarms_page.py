"""The page Alarms in a real browser: an alarm appears, people do something about it, and it stands in the past."""

import json
import time

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.e2e.conftest import Up
from tests.e2e.test_page import DESK, PHONE, WITHIN_S, Page, pytestmark

__all__ = ["pytestmark"]
PLUGS = [f"r07-{number:02d}" for number in range(1, 7)]
MINUTE_MS = 60_000
SHELVE = ".alarm .buttons button:nth-of-type({})"
"""A button of the form by its place: comment, shelve, cancel once an alarm is acknowledged."""


def send(terminal: Up, name: str, at_ms: int, *, powered: bool) -> None:
    """All plugs of the rack report, over MQTT, whether they have power."""
    payload = json.dumps({"ts": at_ms, "plugged": True, "powered": powered})
    lines = [
        f"mosquitto_pub -V 5 -q 1 -L \"$QUAYSTREAM_MQTT_URL/port/{name}/reefer/{plug}/telemetry\" -m '{payload}'"
        for plug in PLUGS
    ]
    done = terminal.joined("\n".join(lines))
    assert (done.returncode, done.stderr) == (0, "")


def text_of(at_ms: int) -> str:
    """A time as links have it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at_ms // 1000))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_alarm_from_its_condition_to_the_past(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """A dead rack appears by itself as one alarm; acknowledged, commented, shelved until a time, taken off, cleared."""
    name = {DESK: "alarmsdesk", PHONE: "alarmsphone"}[size]
    now_ms = time.time_ns() // 1_000_000
    send(terminal, name, now_ms - 10 * MINUTE_MS, powered=True)
    page = Page(browser, terminal.address, size, f"#/alarms/{name}", name)
    page.shows(".notice-place", "No alarms in this time")
    browser.execute_script("localStorage.clear()")
    send(terminal, name, now_ms - 9 * MINUTE_MS, powered=False)
    page.shows(".alarm .what b", "rack off power · r07")
    page.click(".alarm summary")
    page.shows(".alarm .members", "r07-01, r07-02, r07-03, r07-04, r07-05, r07-06")
    assert page.texts(".alarm .standing") == ["active, not acknowledged"]
    assert page.fits()

    page.click(".alarm button.main")
    page.shows(".alarm .problem", "Say who you are")
    page.write("Ana")
    page.shows(".alarm .standing", "active, acknowledged")
    page.shows(".alarm .members", "r07-06")
    page.shows(".alarm .who", "Ana, ")

    page.click(".alarm [data-act=more]")
    page.click(SHELVE.format(1))
    page.shows(".alarm .problem", "Write a remark first")
    page.write("the electrician is there")
    WebDriverWait(browser, WITHIN_S).until(lambda _: page.texts(".statement") == [])
    page.click(".alarm [data-act=more]")
    page.shows(".stated li", "Ana: commented – the electrician is there")
    assert page.fits()

    browser.execute_script("document.querySelector('.alarm select').value = '8'")
    page.click(SHELVE.format(2))
    page.shows(".alarm .standing", "shelved")
    page.shows(".alarm .who", "by Ana")
    page.click(".choice .chip:nth-child(4)")
    assert page.hash() == f"#/alarms/{name}/shelved"
    page.shows(".alarm .who", "until ")
    page.click(".alarm [data-act=more]")
    page.shows(".stated li", "Ana: shelved until ")
    page.click(SHELVE.format(2))
    page.shows(".spanned-body", "None of these")

    send(terminal, name, now_ms - 5 * MINUTE_MS, powered=True)
    send(terminal, name, now_ms - 3 * MINUTE_MS, powered=True)  # time of the terminal goes on beyond the hold time
    page.click(".choice .chip:nth-child(1)")
    page.shows(".alarm .standing", "cleared, acknowledged")
    page.shows(".alarm .when b", "5 min 0 s")  # four without power, and the hold time
    assert page.errors() == []

    link = f"#/alarms/{name}?from={{}}&to={{}}"
    past = Page(
        browser,
        terminal.address,
        size,
        link.format(text_of(now_ms - 8 * MINUTE_MS), text_of(now_ms - 7 * MINUTE_MS)),
        name,
    )
    past.shows(".spanned[data-state=past] .alarm .standing", "cleared, acknowledged")
    past.click(".alarm [data-act=more]")
    past.shows(".stated li", "Ana: took off the shelf")
    past.press(Keys.ESCAPE)
    WebDriverWait(browser, WITHIN_S).until(lambda _: past.texts(".statement") == [])
    before = Page(
        browser,
        terminal.address,
        size,
        link.format(text_of(now_ms - 30 * MINUTE_MS), text_of(now_ms - 20 * MINUTE_MS)),
        name,
    )
    before.shows(".spanned[data-state=empty] .notice-place", "No alarms in this time")
    assert before.errors() == []
