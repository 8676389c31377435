"""The page in a real browser, with a real terminal behind it."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from bench.page.browser import INSTALL, available
from infra.machine.processes import free_port, listening, wait_until
from tests.e2e.conftest import QUAYSTREAM, Up

DESK, PHONE = (1440, 900), (390, 844)
WITHIN_S = 60

pytestmark = pytest.mark.skipif(
    not available(),
    reason=f"THE PAGE IS NOT TESTED: no Chromium here; {INSTALL}",
)


class Page:
    """The page, looked at."""

    def __init__(
        self, browser: WebDriver, address: str, size: tuple[int, int] = DESK, part: str = "", terminal: str = "demo"
    ) -> None:
        self._browser = browser
        browser.get("about:blank")
        self.errors()
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(f"http://{address}/?terminal={terminal}{part}")

    def texts(self, selector: str) -> list[str]:
        """Texts of all elements that match; all read at once, since the page draws all the time."""
        found: list[str] = self._browser.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent.trim())", selector
        )
        return found

    def shows(self, selector: str, text: str, within_s: float = WITHIN_S) -> None:
        """Wait until one of the elements that match holds a text."""
        end = time.monotonic() + within_s
        while not any(text in one for one in self.texts(selector)):
            assert time.monotonic() < end, f"{text!r} is not in {selector} after {within_s} s: {self.texts(selector)}"
            time.sleep(0.05)

    def connection(self, words: str) -> None:
        """Wait until the head of the page shows this of its connection."""
        self.shows(".connection", words)

    def click(self, selector: str) -> None:
        """Click the first element that matches, as soon as there is one."""
        self.shows(selector, "")
        self._browser.execute_script("document.querySelector(arguments[0]).click()", selector)

    def press(self, key: str) -> None:
        """Press a key where the cursor is."""
        self._browser.switch_to.active_element.send_keys(key)

    def write(self, text: str) -> None:
        """Write into the field in which the cursor is, as soon as it is in one, and press Enter."""
        WebDriverWait(self._browser, WITHIN_S).until(lambda _: self.number("document.activeElement.matches('input')"))
        self._browser.switch_to.active_element.send_keys(text, Keys.ENTER)

    def hash(self) -> str:
        """The part of the page that the address names."""
        found: str = self._browser.execute_script("return decodeURIComponent(location.hash)")
        return found

    def fits(self) -> bool:
        """Whether nothing is wider than the window."""
        return self.number("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0

    def number(self, script: str) -> float:
        """Value of an expression in the page."""
        value: float = self._browser.execute_script(f"return {script}")
        return value

    def errors(self) -> list[str]:
        """What the browser's console holds that is worse than a note."""
        entries = self._browser.get_log("browser")  # type: ignore[no-untyped-call] # selenium publishes no types here
        return [one["message"] for one in entries if one["level"] in ("SEVERE", "WARNING")]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_shows_the_terminal(browser: WebDriver, terminal: Up, tmp_path: Path, size: tuple[int, int]) -> None:
    """Numbers in the tiles, cranes and reefers drawn, moves listed, nothing wider than the window, a clean console."""
    page = Page(browser, terminal.address, size)
    page.connection("Connected")
    page.shows("#moves tbody th", "sts")
    page.shows(".lag", "live")
    WebDriverWait(browser, WITHIN_S).until(
        lambda _: sum(any(c.isdigit() for c in text) for text in page.texts(".tile .value")) >= 6
    )
    assert {"sts1", "sts2"} <= set(page.texts("#quay .label .id"))
    boxes = "[...document.querySelectorAll('#quay g.crane')].map((one) => one.getBoundingClientRect())"
    assert page.number(f"{boxes}.length") >= 3
    assert page.number(f"Math.min(...{boxes}.flatMap((one) => [one.width, one.height]))") > 10
    for part in ("gate", "reefers", "health", "rates", "trucks", "cold"):
        assert page.number(f"document.getElementById('{part}').getBoundingClientRect().height") > 20, part
    assert page.number("window.innerWidth") == size[0]
    assert page.number("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    shot = tmp_path / "page.png"
    assert browser.save_screenshot(str(shot))
    assert shot.stat().st_size > 20_000
    assert page.errors() == []


INK = """
return [...document.querySelectorAll(".signal canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
});
"""
"""Colours on each plot: many where phases are shaded and a line is drawn."""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_last_ten_cycles_are_drawn_and_one_can_be_looked_at(
    browser: WebDriver, terminal: Up, size: tuple[int, int]
) -> None:
    """Ten cycles over three raw signals with shaded phases, the same ten in the table; a click leads to one of them."""
    page = Page(browser, terminal.address, size, "#/crane/demo/sts1")
    page.shows(".cycle .number", "10")
    page.shows(".cycles tbody th", "10")
    assert page.texts(".cycle .number") == page.texts(".cycles tbody th") == [str(n) for n in range(1, 11)]
    assert {"pick", "laden travel", "set down"} <= set(page.texts(".phase .word"))
    WebDriverWait(browser, WITHIN_S).until(lambda _: page.number("document.querySelectorAll('.run').length") >= 20)
    WebDriverWait(browser, WITHIN_S).until(lambda _: [n > 20 for n in browser.execute_script(INK)] == [True] * 3)
    assert page.fits()
    (locked,) = page.texts(".cycles tbody tr:nth-child(4) td:nth-of-type(1)")
    page.click(".cycle:nth-child(4)")
    page.shows(".crane-view h2", "Cycle 4 of sts1")
    assert page.hash().startswith("#/crane/demo/sts1/")
    locked_at = datetime.fromisoformat(page.hash().rpartition("/")[2])
    zones = UTC, ZoneInfo("America/Lima")  # the page shows one of these, whichever was chosen last
    assert locked in {f"{locked_at.astimezone(zone):%H:%M:%S}" for zone in zones}
    assert page.texts(".cycles [aria-current] th") == ["4"]
    one = Page(browser, terminal.address, size, page.hash())
    one.shows(".cycles [aria-current] td", locked)
    browser.find_element("css selector", ".cycle[aria-pressed=true]").click()
    one.shows(".crane-view h2", "ten cycles of sts1")
    assert one.errors() == []


def test_cycles_are_walked_by_keyboard(browser: WebDriver, terminal: Up) -> None:
    """Arrows walk, Enter looks closer, Escape goes back."""
    page = Page(browser, terminal.address, part="#/crane/demo/sts1")
    page.shows(".cycle .number", "10")
    browser.execute_script("document.querySelector('.cycle').focus()")
    page.press(Keys.ARROW_RIGHT)
    page.press(Keys.ENTER)
    page.shows(".crane-view h2", "Cycle 2 of sts1")
    page.press(Keys.ESCAPE)
    page.shows(".crane-view h2", "ten cycles of sts1")
    assert page.errors() == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_value_leads_to_what_it_is_made_of(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """A tile opens formula, numbers and the moves counted; their boxes add up; each leads to its cycle."""
    page = Page(browser, terminal.address, size)
    page.connection("Connected")
    page.click("a.tile[data-kpi=gross_crane_rate][href]")
    page.shows(".explain .filled", "boxes/h")
    assert page.hash() == "#/kpi/demo/gross_crane_rate/demo"
    (boxes,) = page.texts(".terms [data-term=boxes] b")
    for _ in page.texts(".counted button"):
        page.click(".counted button")
    assert sum(int(text) for text in page.texts(".counted tbody td:nth-child(4)")) == int(boxes) > 0
    page.click(".counted tbody a")
    page.shows(".crane-view h2", "Cycle")
    assert not browser.execute_script("return document.querySelector('dialog.explain').open")
    assert page.errors() == []


def test_a_gauge_lists_the_devices_that_it_is_made_of(browser: WebDriver, terminal: Up) -> None:
    """The levels listed add up to the value, each with since when; a call's value names its vessel and berth."""
    page = Page(browser, terminal.address, part="#/kpi/demo/reefers_plugged/demo")
    page.shows(".levels-counted h3", "plugged")
    for _ in page.texts(".levels-counted button"):
        page.click(".levels-counted button")
    (plugged,) = page.texts(".terms dd b")
    assert sum(int(text) for text in page.texts(".levels-counted tbody td:nth-child(2)")) == int(plugged) > 0
    assert all(" " in text for text in page.texts(".levels-counted tbody td:nth-child(3)"))
    page = Page(browser, terminal.address, part="#/calls/demo")
    page.click(".call .readings a[href*=gross_berth_productivity]")
    page.shows(".calls-counted h3", "Vessel calls: 1")
    call, berth = page.texts(".calls-counted tbody :is(th, td:nth-child(3))")
    assert page.hash().startswith(f"#/kpi/demo/gross_berth_productivity/{call}")
    assert berth.startswith("b")
    assert page.errors() == []


def test_a_crane_in_the_picture_leads_to_its_cycles(browser: WebDriver, terminal: Up) -> None:
    """By a key as well as by a click; its rate leads to what the rate is made of, and Escape back."""
    page = Page(browser, terminal.address)
    page.shows("#quay .label .id", "sts2")
    browser.execute_script("document.querySelector('#quay g.crane[data-crane=sts2]').focus()")
    page.press(Keys.ENTER)
    page.shows(".crane-view h2", "cycles of sts2")
    page.click("#to-terminal")
    page.shows("#quay .label[data-crane=sts2] .rate", "/h")
    rate = "document.querySelector('#quay .label[data-crane=sts2] .rate')"
    browser.execute_script(f"{rate}.dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))")
    page.shows(".explain .filled", "boxes/h")
    assert page.hash() == "#/kpi/demo/gross_crane_rate/sts2"
    page.press(Keys.ESCAPE)
    WebDriverWait(browser, WITHIN_S).until(lambda _: page.hash() == "#/")
    assert page.errors() == []


def publish(terminal: Up, topic: str, payload: str) -> None:
    """One message, as a device of the README would send it."""
    done = terminal.joined(f"mosquitto_pub -V 5 -q 1 -L \"$QUAYSTREAM_MQTT_URL/{topic}\" -m '{payload}'")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_cause_that_a_person_states_is_kept(browser: WebDriver, terminal: Up) -> None:
    """Without a name it asks for one; with one the cause is shown with who stated it, and after a reload too."""
    begin_ms = time.time_ns() // 1_000_000 - 5 * 60_000
    still: dict[str, object] = {"logged_on": True, "trolley_position_m": 30, "hoist_height_m": 20}
    samples = [{"ts": begin_ms + 5_000 * n, **still} for n in range(50)]
    samples[0]["hoist_height_m"], samples[-1]["hoist_height_m"] = 25, 15
    publish(terminal, "port/demo/crane/sts76/telemetry", json.dumps(samples))
    page = Page(browser, terminal.address, part="#/stops/demo/sts76")
    page.shows(".stop .device", "sts76")
    page.click(".stop [data-act=change]")
    browser.execute_script("document.querySelector('.stop select').value = 'meal'")
    page.click(".stop button.main")
    page.shows(".stop .problem", "Say who you are")
    browser.find_element("css selector", ".stop input[autocomplete=name]").send_keys("Ana")
    page.click(".stop button.main")
    page.shows(".stop .who", "Ana")
    page.shows(".stop .cause b", "meal")
    again = Page(browser, terminal.address, part="#/stops/demo/sts76")
    again.shows(".stop .who", "Ana")
    assert len(again.texts(".stop")) == 1
    assert again.fits()
    assert again.errors() == []


STATE = ".spanned .span-state-word"
AN_HOUR = "#/stops/demo?from=2026-11-23T05:00:00.000Z&to=2026-11-23T06:00:00.000Z"
"""An hour before anything was simulated."""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_span_of_time_stands_in_the_link(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """Chosen by a button or written on the terminal's clocks; the link shows the same span again, Live leaves it."""
    page = Page(browser, terminal.address, size, "#/stops/demo")
    page.shows(".span-buttons [aria-pressed=true]", "Live")
    page.shows(".span-buttons", "This shift")
    page.click(".span-buttons button:nth-child(2)")
    page.shows(".spanned .span-state", "GMT-5")
    assert "?from=" in page.hash()
    again = Page(browser, terminal.address, size, AN_HOUR)
    again.shows(".spanned[data-state=empty] .span-state", "23 Nov 00:00 – 01:00 GMT-5")
    again.shows("#to-stops", "Delays")
    assert again.fits()
    again.click(".span-buttons button")
    again.shows(".span-buttons [aria-pressed=true]", "Live")
    assert again.hash() == "#/stops/demo"
    assert again.errors() == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_gate_is_shown_live_and_over_a_span(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """Lanes with their last trucks, turn times, who is inside; an hour before anything was simulated is empty."""
    page = Page(browser, terminal.address, size, "#/gate/demo")
    page.shows(".spanned[data-state=live] .gate-lanes tbody th", "in1")
    page.shows(".turn-times .name", "≥ 120 min")
    page.shows(".gate-inside h3", "trucks inside now")
    page.shows(".readings .name", "Trucks inside")
    assert "Queue" in page.texts(".gate-lanes thead th")
    assert page.fits()
    page.click(".gate-lanes tbody a")
    page.shows(".lane-trucks h3", "in1: ")
    page.click(".lane-trucks tbody a")
    page.shows(".visit-detail h3", "Visit of")
    assert page.hash().startswith("#/gate/demo/in1/20")
    assert page.fits()
    past = Page(browser, terminal.address, size, AN_HOUR.replace("stops", "gate"))
    past.shows(".spanned[data-state=empty] .notice-place", "No trucks in this time")
    assert past.texts(".spanned .readings, .spanned .gate-lanes") == []
    assert past.fits()
    assert past.errors() == []


IN_FORM = "document.activeElement.type === 'datetime-local'"
WRITE = """
const field = document.activeElement;
field.value = arguments[0];
field.dispatchEvent(new Event("input", { bubbles: true }));
"""
"""As keys would in the field that has the focus, whatever order of day and month the browser's language has."""


def test_a_span_of_time_is_written_by_keyboard(browser: WebDriver, terminal: Up) -> None:
    """The button opens the form at its first field, Enter shows the span, Escape closes; a wrong span is refused."""
    page = Page(browser, terminal.address, part=AN_HOUR)
    page.shows(STATE, "nothing here")
    page.shows(".span-own", "GMT-5")
    browser.execute_script("document.querySelector('.span-own').focus()")
    page.press(Keys.ENTER)
    page.shows(".span-form label", "From (GMT-5)")
    WebDriverWait(browser, WITHIN_S).until(lambda _: page.number(IN_FORM))
    browser.execute_script(WRITE, "2026-11-24T00:00")
    page.press(Keys.ENTER)
    page.shows(".span-form .span-problem", "ends before it begins")
    browser.execute_script(WRITE, "2026-11-22T00:00")
    page.press(Keys.ENTER)
    page.shows(".spanned .span-state", "22 Nov 00:00 – 23 Nov 01:00 GMT-5")
    assert page.hash() == "#/stops/demo?from=2026-11-22T05:00:00.000Z&to=2026-11-23T06:00:00.000Z"
    browser.execute_script("document.querySelector('.span-own').click()")
    WebDriverWait(browser, WITHIN_S).until(lambda _: page.number(IN_FORM))
    page.press(Keys.ESCAPE)
    WebDriverWait(browser, WITHIN_S).until(lambda _: page.texts(".span-form") == [])
    assert page.number("document.activeElement.className === 'span-own'")
    assert page.errors() == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_plugs_by_rack_lead_to_the_temperatures_of_one(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """Fifty plugs in two racks; a click draws the air of one with its allowed range, and the link shows it again."""
    page = Page(browser, terminal.address, size, "#/reefers/demo")
    page.shows(".spanned[data-state=live] .span-state", "live")
    page.shows(".rack h3", "r02")
    assert len(page.texts(".racks [data-plug]")) == 50
    page.click(".racks [data-state=ok]")
    page.shows(".curve-readout", "judged as")
    (title,) = page.texts("#plug-title")
    assert page.number("document.querySelector('.curve-supply').getAttribute('d').length") > 100
    assert page.number("document.querySelectorAll('.curve-range').length") > 0
    assert page.fits()
    assert page.errors() == []
    again = Page(browser, terminal.address, size, page.hash() + "?colour=distance&find=" + title.split()[0])
    again.shows("#plug-title", title)
    again.shows(".heat-legend", "4 K too warm")
    assert len(again.texts(".racks [data-plug]")) == 1
    assert again.errors() == []


def test_reefers_before_there_were_any(browser: WebDriver, terminal: Up) -> None:
    """A span without a sample is empty, and looks like that."""
    span = "from=2026-11-23T05:00:00.000Z&to=2026-11-23T06:00:00.000Z"
    page = Page(browser, terminal.address, part=f"#/reefers/demo/r01-01?{span}")
    page.shows(".spanned[data-state=empty] h2", "Reefers")
    page.shows(".spanned[data-state=empty] .notice", "No samples of r01-01")
    assert page.errors() == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_vessel_call_is_seen_beside_its_plan(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """Boxes done of those planned, times, cranes, productivity; how to import a list where none was."""
    page = Page(browser, terminal.address, size, "#/calls/demo")
    page.shows(".call .progress b", "boxes")
    page.shows(".call .readings .name", "Gross berth productivity")
    assert "sts1" in page.texts(".call .assigned a")
    assert page.fits()
    assert page.errors() == []
    page.click(".call summary")
    page.shows(".comparison code", "quaystream reconcile")
    assert [one for one in page.errors() if "reconciliation" not in one] == []


@pytest.mark.parametrize("window", ["PT1H", "shift"])
def test_a_link_to_a_value_offers_the_windows_of_its_subject(browser: WebDriver, terminal: Up, window: str) -> None:
    """Also when the page opens with it, before any device is known; the one that is shown is marked."""
    page = Page(browser, terminal.address, part=f"#/kpi/demo/net_crane_rate/sts1?window={window}")
    page.shows(".explain .filled", "boxes/h")
    page.shows(".explain .windows [aria-current]", {"PT1H": "last hour", "shift": "this shift"}[window])
    assert page.texts(".explain .windows a") == ["last hour", "this shift", "today", "this call"]
    assert page.errors() == []


def test_a_moment_that_has_not_come_shows_the_value_now(browser: WebDriver, terminal: Up) -> None:
    """The server refuses times in the future; the page shows that, and what there is."""
    part = "#/kpi/demo/boxes/sts1?window=PT1H&at=2100-01-01T00:00:00.000Z"
    page = Page(browser, terminal.address, part=part)
    page.shows(".explain [role=status]", "has not come yet")
    page.shows(".explain .filled", "boxes")
    assert [one for one in page.errors() if "explain" not in one] == []


def test_labels_of_the_picture_fit_on_a_phone(browser: WebDriver, terminal: Up) -> None:
    """Id and rate stay on their plate and apart."""
    page = Page(browser, terminal.address, PHONE)
    page.shows("#quay .block .rate", "/h")
    apart = """
        const box = (one) => one.getBoundingClientRect();
        const inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1;
        return [...document.querySelectorAll('#quay .label')].every((label) => {
          const plate = box(label.querySelector('.plate'));
          const [name, rate] = [...label.querySelectorAll('text')].map(box);
          const over = name.right > rate.left && rate.right > name.left && name.bottom - 4 > rate.top;
          return inside(name, plate) && inside(rate, plate) && !over;
        });
    """
    assert browser.execute_script(apart)
    assert page.errors() == []


def test_figures_of_a_crane_lead_to_what_they_are_made_of(browser: WebDriver, terminal: Up) -> None:
    """Every KPI over every window; a value of the shift opens that of the shift."""
    page = Page(browser, terminal.address, part="#/figures/demo/sts1")
    page.shows(".figures thead th", "last hour")
    assert page.texts(".figures thead th") == ["KPI", "last hour", "this shift", "this call", "today"]
    page.shows(".figures tbody th", "Net crane rate")
    page.click('.figures a[href="#/kpi/demo/boxes/sts1?window=shift"]')
    page.shows(".explain .windows [aria-current]", "this shift")
    page.shows(".explain .filled", "boxes")
    assert page.errors() == []


MARKS = """
return Object.fromEntries([...document.querySelectorAll(".vehicle-mark")].map((one) => {
  const { x, y } = one.getBoundingClientRect();
  return [one.dataset.vehicle, [x, y]];
}));
"""
"""Where the marks of vehicles are, by vehicle. [px]"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_vehicles_are_seen_from_above_and_one_of_them_moves(
    browser: WebDriver, terminal: Up, size: tuple[int, int]
) -> None:
    """Six marks inside the picture, the same six in the table with state and battery, their KPIs; marks move."""
    page = Page(browser, terminal.address, size)
    page.shows(".vehicle-panel .readings .name", "Empty travel")
    page.shows(".vehicles .battery", "%")
    WebDriverWait(browser, WITHIN_S).until(lambda _: len(browser.execute_script(MARKS)) == 6)
    before: dict[str, list[float]] = browser.execute_script(MARKS)
    assert sorted(before) == sorted(page.texts(".vehicles tbody th"))
    left, top, right, bottom = browser.execute_script(
        "const one = document.querySelector('.vehicle-map').getBoundingClientRect();"
        "return [one.left, one.top, one.right, one.bottom]"
    )
    assert all(left <= x <= right and top <= y <= bottom for x, y in before.values())
    WebDriverWait(browser, 2 * WITHIN_S).until(
        lambda _: any(
            abs(x - before[vehicle][0]) + abs(y - before[vehicle][1]) > 5
            for vehicle, (x, y) in browser.execute_script(MARKS).items()
        )
    )
    assert page.fits()
    assert page.errors() == []


def test_what_is_now_is_seen_on_a_phone(browser: WebDriver, terminal: Up) -> None:
    """Without scrolling sideways: some figures have no other value."""
    page = Page(browser, terminal.address, PHONE, "#/figures/demo")
    page.shows(".figures tbody th", "Reefers plugged")
    assert page.texts(".figures thead th") == ["KPI", "now", "last hour", "this shift", "this call", "today"]
    edge_px = page.number("document.querySelector('.figures thead th:nth-child(2)').getBoundingClientRect().right")
    assert edge_px < PHONE[0]


def test_figures_of_a_vehicle_are_there(browser: WebDriver, terminal: Up) -> None:
    """Its row in the table leads to them."""
    page = Page(browser, terminal.address)
    page.click(".vehicles tbody a")
    page.shows(".figures tbody th", "Energy per trip")
    assert page.texts(".figures thead th") == ["KPI", "last hour", "this shift"]
    assert page.errors() == []


def test_a_value_of_vehicles_lists_its_trips(browser: WebDriver, terminal: Up) -> None:
    """As many as the formula counts, each with zones and load; their waits are those of the mean."""
    page = Page(browser, terminal.address, part="#/kpi/demo/vehicle_trips_per_hour/demo?window=PT1H")
    page.shows(".trips-counted h3", "Trips that ended in the window")
    for _ in page.texts(".trips-counted button"):
        page.click(".trips-counted button")
    (trips,) = page.texts(".terms [data-term=vehicle_trips] b")
    ways = page.texts(".trips-counted tbody td:nth-child(4)")
    assert len(ways) == int(trips) > 0
    assert any("quay → block" in way for way in ways)
    assert "empty" in page.texts(".trips-counted tbody td:nth-child(5)")
    page = Page(browser, terminal.address, PHONE, "#/kpi/demo/vehicle_block_wait_mean/demo?window=PT1H")
    page.shows(".trips-counted h3", "Trips that ended in the window")
    for _ in page.texts(".trips-counted button"):
        page.click(".trips-counted button")
    minutes, waits = (page.texts(f".terms [data-term=vehicle_block_{name}] b")[0] for name in ("wait_min", "waits"))
    to_block = [
        wait
        for way, wait in zip(*(page.texts(f".trips-counted tbody td:nth-child({n})") for n in (4, 8)), strict=True)
        if way.endswith("→ block") and wait != "–"
    ]
    assert len(to_block) == int(waits)
    assert abs(sum(map(float, to_block)) - float(minutes)) <= 0.05 * len(to_block) + 0.001
    assert page.fits()
    assert page.errors() == []


def discharge(begin_ms: int, **more: object) -> list[dict[str, object]]:
    """Samples of a quay crane that takes one box off a ship, in 7.5 s; `more` signals are in each."""
    steps: list[dict[str, object]] = [
        {"twistlock_locked": False, "twistlock_unlocked": True, "landed": True, "hoist_height_m": 12},
        {"twistlock_locked": True, "twistlock_unlocked": False, "spreader_size_ft": 40, "trolley_position_m": 35},
        {"landed": False, "load_t": 22.5, "hoist_height_m": 14},
        {"hoist_height_m": 20, "trolley_position_m": -8},
        {"landed": True, "load_t": 0, "hoist_height_m": 2},
        {"twistlock_locked": False, "twistlock_unlocked": True},
    ]
    return [{"ts": begin_ms + 1500 * n, **step, **more} for n, step in enumerate(steps)]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_container_is_found_by_its_number(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """A search leads to the box: its events drawn and listed, over a span too; one that comes twice is a conflict."""
    box = {DESK: "MSKU9070323", PHONE: "CSQU3054383"}[size]
    now_ms = time.time_ns() // 1_000_000
    twice = [one for ago_ms in (1_500_000, 30_000) for one in discharge(now_ms - ago_ms, container_ids=[box])]
    publish(terminal, f"port/demo/crane/sts{box[-2:]}/telemetry", json.dumps(twice))
    page = Page(browser, terminal.address, size, "#/containers/demo")
    browser.execute_script("localStorage.clear()")
    page.shows(".box-results tbody th", "U")
    browser.find_element("css selector", ".box-search input").send_keys(box[:7].lower(), Keys.ENTER)
    page.shows(".box-results tbody th", box)
    assert page.hash() == f"#/containers/demo?q={box[:7].lower()}"
    assert page.fits()
    page.click(".box-results tbody a")
    page.shows(".conflict b", "arrived twice")
    assert page.hash().startswith(f"#/containers/demo/{box}")
    assert page.texts(".box-facts dd")[:2] == ["inside", f"sts{box[-2:]}"]
    assert page.texts(".box-events tbody td:nth-of-type(2)") == ["discharged ⚠"] * 2
    assert len(page.texts(".event-mark")) == 2
    assert page.fits()
    page.click(".conflict button")
    page.shows(".conflict input", "")
    page.click(".conflict button.main")
    page.shows(".conflict .problem", "Say who you are")
    browser.find_element("css selector", ".conflict input").send_keys("two boxes with one number")
    browser.find_element("css selector", ".conflict input[autocomplete=name]").send_keys("Ana")
    page.click(".conflict button.main")
    page.shows(".conflict .resolution", "two boxes with one number")
    begin, end = (f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now_ms // 1000 + s))}.000Z" for s in (-1800, -900))
    past = Page(browser, terminal.address, size, f"#/containers/demo/{box}?from={begin}&to={end}")
    past.shows(".spanned[data-state=past] .box-facts dt", "State at the end of the span")
    assert len(past.texts(".event-mark")) == 1
    past.click(".box-events tbody a")
    past.shows(".crane-view h2", f"sts{box[-2:]}")
    assert past.errors() == []


def test_a_new_crane_and_its_move_appear(browser: WebDriver, terminal: Up) -> None:
    """Without a reload, within seconds of its first messages."""
    page = Page(browser, terminal.address)
    page.connection("Connected")
    page.shows("#moves tbody th", "sts1")
    assert "sts77" not in page.texts("#quay .label .id")
    samples = discharge(time.time_ns() // 1_000_000 - 9_000)
    publish(terminal, "port/demo/crane/sts77/telemetry", json.dumps(samples))
    page.shows("#quay .label .id", "sts77")
    page.shows("#moves tbody th", "sts77")
    assert page.errors() == []


def test_before_anything_is_read_nothing_is_taken_for_missing(browser: WebDriver, terminal: Up) -> None:
    """While the live feed has brought nothing the page names what it reads; it does not state that there is none."""
    silent = "window.WebSocket = class extends EventTarget { close() {} send() {} };"
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": silent})
    try:
        page = Page(browser, terminal.address)
        page.shows(".overview .notice", "Reading terminal demo…")
        assert page.texts(".overview .panel, .overview .empty") == []
        page.connection("Connecting")
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    page = Page(browser, terminal.address)
    page.shows("#moves tbody th", "sts1")
    assert page.texts(".overview .notice") == []
    assert page.errors() == []


def test_a_terminal_without_vehicles_has_no_panel_for_them(browser: WebDriver, terminal: Up) -> None:
    """Nothing of it, not even a heading."""
    publish(terminal, "port/bare/crane/sts1/telemetry", json.dumps({"ts": time.time_ns() // 1_000_000, "load_t": 0}))
    page = Page(browser, terminal.address, terminal="bare")
    page.connection("Connected")
    page.shows("#quay .label .id", "sts1")
    assert page.texts(".vehicle-panel, .vehicle-mark") == []
    assert "Vehicles" not in page.texts("h2")
    assert page.errors() == []


def test_a_refused_message_is_shown_with_its_reason(browser: WebDriver, terminal: Up) -> None:
    """In Data health: the reason, the topic, and what to change."""
    page = Page(browser, terminal.address)
    page.connection("Connected")
    publish(terminal, "port/demo/crane/sts78/telemetry", "hello")
    page.shows("#health .reasons b", "not_json")
    page.shows("#health .reasons code", "port/demo/crane/sts78/telemetry")
    (detail,) = [text for text in page.texts("#health .reasons li") if "sts78" in text]
    assert "JSON" in detail
    assert page.errors() == []


class Api:
    """An API of its own beside the terminal's, so that it can be killed."""

    def __init__(self, terminal: Up, log: Path) -> None:
        joined = terminal.joined("env -0").stdout.split("\0")
        settings = dict(line.split("=", 1) for line in joined if line.startswith("QUAYSTREAM_"))
        self.address = f"127.0.0.1:{free_port()}"
        self._environment = {**os.environ, **settings, "QUAYSTREAM_HTTP": self.address}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, on the same port each time."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([QUAYSTREAM, "api"], stdout=log, stderr=log, env=self._environment)
        wait_until(lambda: listening(int(self.address.rpartition(":")[2])), self._process, WITHIN_S)

    def kill(self) -> None:
        """Kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)


@pytest.fixture
def api(terminal: Up, tmp_path: Path) -> Iterator[Api]:
    """A running one."""
    one = Api(terminal, tmp_path / "api.log")
    one.start()
    yield one
    one.kill()


def test_a_lost_connection_is_shown_and_comes_back(browser: WebDriver, api: Api) -> None:
    """The page shows that it is cut off, keeps its values, and continues by itself with fresh data."""
    page = Page(browser, api.address)
    page.connection("Connected")
    page.shows("#moves tbody th", "sts1")
    shown = len(page.texts("#moves tbody tr"))
    api.kill()
    page.connection("Disconnected")
    assert len(page.texts("#moves tbody tr")) >= shown > 0
    (cut_off_at,) = page.texts(".clock")
    api.start()
    page.connection("Connected")
    page.shows(".lag", "live")
    WebDriverWait(browser, WITHIN_S).until(lambda _: page.texts(".clock") != [cut_off_at])


def test_what_was_read_before_the_server_was_away_is_not_taken_for_live(browser: WebDriver, api: Api) -> None:
    """A live part says disconnected and as of when; after the server's return it is live again, or empty, by itself."""
    page = Page(browser, api.address, part="#/stops/demo")
    WebDriverWait(browser, WITHIN_S).until(lambda _: set(page.texts(STATE)) & {"live", "nothing here"})
    (before,) = page.texts(STATE)
    api.kill()
    page.shows(".spanned[data-state=disconnected] .span-state", "shown as it was at")
    api.start()
    page.shows(STATE, before)
