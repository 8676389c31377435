"""The page in a real browser, with a real terminal behind it."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from infra.machine.processes import free_port, listening, wait_until
from tests.e2e.conftest import QUAYSTREAM, Up

CHROMIUM, CHROMEDRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,900",
)
DESK, PHONE = (1440, 900), (390, 844)
WITHIN_S = 20

pytestmark = pytest.mark.skipif(
    not (os.access(CHROMIUM, os.X_OK) and os.access(CHROMEDRIVER, os.X_OK)),
    reason="THE PAGE IS NOT TESTED: no Chromium here; apt-get install chromium chromium-driver",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    """A browser without a past."""
    profile = tmp_path_factory.mktemp("chromium")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(CHROMEDRIVER))
    yield driver
    driver.quit()
    shutil.rmtree(profile)


class Page:
    """The page, looked at."""

    def __init__(self, browser: WebDriver, address: str, size: tuple[int, int] = DESK) -> None:
        self._browser = browser
        browser.get("about:blank")
        self.errors()
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(f"http://{address}/?terminal=demo")

    def texts(self, selector: str) -> list[str]:
        """Texts of all elements that match; all read at once, since the page draws anew all the time."""
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
        """Wait until the head of the page says this of its connection."""
        self.shows(".connection", words)

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


def publish(terminal: Up, topic: str, payload: str) -> None:
    """One message, as a device of the README would send it."""
    done = terminal.joined(f"mosquitto_pub -V 5 -q 1 -L \"$QUAYSTREAM_MQTT_URL/{topic}\" -m '{payload}'")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_new_crane_and_its_move_appear(browser: WebDriver, terminal: Up) -> None:
    """Without a reload, within seconds of its first messages."""
    page = Page(browser, terminal.address)
    page.connection("Connected")
    page.shows("#moves tbody th", "sts1")
    assert "sts77" not in page.texts("#quay .label .id")
    steps: list[dict[str, object]] = [
        {"twistlock_locked": False, "twistlock_unlocked": True, "landed": True, "hoist_height_m": 12},
        {"twistlock_locked": True, "twistlock_unlocked": False, "spreader_size_ft": 40, "trolley_position_m": 35},
        {"landed": False, "load_t": 22.5, "hoist_height_m": 14},
        {"hoist_height_m": 20, "trolley_position_m": -8},
        {"landed": True, "load_t": 0, "hoist_height_m": 2},
        {"twistlock_locked": False, "twistlock_unlocked": True},
    ]
    start_ms = time.time_ns() // 1_000_000 - 1500 * len(steps)
    samples = [{"ts": start_ms + 1500 * n, **step} for n, step in enumerate(steps)]
    publish(terminal, "port/demo/crane/sts77/telemetry", json.dumps(samples))
    page.shows("#quay .label .id", "sts77", within_s=10)
    page.shows("#moves tbody th", "sts77", within_s=10)
    assert page.errors() == []


def test_a_refused_message_is_shown_with_its_reason(browser: WebDriver, terminal: Up) -> None:
    """In Data health: the reason, the topic, and what to change."""
    page = Page(browser, terminal.address)
    page.connection("Connected")
    publish(terminal, "port/demo/crane/sts78/telemetry", "hello")
    page.shows("#health .reasons b", "not_json", within_s=10)
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


def test_a_lost_connection_is_told_and_comes_back(browser: WebDriver, api: Api) -> None:
    """The page says that it is cut off, keeps what it showed, and goes on by itself with fresh data."""
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
