"""The page in a browser: how soon it shows values, and what it costs while it is open."""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver.chrome.webdriver import WebDriver

from bench.page.browser import chromium

WITHIN_S = 20.0
SETTLE_S = 3.0
"""After a load the page reads six hours of its charts: that belongs to the load. [s]"""
LOOK_S = 0.02
PER_S = 10.0
"""Script time is given for this much time. [s]"""

WATCH_VALUES = """
const look = () => {
  const values = [...document.querySelectorAll(".tile .value")];
  if (values.some((one) => /[0-9]/.test(one.textContent))) window.firstValuesMs = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Looks at each frame that is drawn; the clock of a page starts with its navigation."""
COUNT_ANIMATION_FRAMES = """
const [lastMs, done] = arguments, beganMs = performance.now();
let frames = 0;
const step = (nowMs) => {
  if (nowMs - beganMs < lastMs) { frames += 1; requestAnimationFrame(step); }
  else done(frames / (nowMs - beganMs) * 1000);
};
requestAnimationFrame(step);
"""


@dataclass(frozen=True, slots=True)
class Views:
    """What a browser showed.

    Attributes:
        version: of the browser.
        first_values_ms: from the navigation to the first KPI value, of each load.
        script_s: time spent in scripts in ten seconds of the open page, of each measurement.
        task_s: the same with layout, style and painting.
        animation_frames_a_second: how often the page could draw.
    """

    version: str
    first_values_ms: list[float]
    script_s: list[float]
    task_s: list[float]
    animation_frames_a_second: float

    @property
    def first_values_s(self) -> float:
        """Median of the loads [s]."""
        return statistics.median(self.first_values_ms) / 1000


def measure(page: str, profile: Path, loads: int, watches: int, watch_s: float) -> Views:
    """Load the page so often, then leave it open.

    Args:
        page: its address.
        profile: folder for what the browser keeps.
        loads: how often it is loaded; nothing is taken from the browser's cache.
        watches: how often script time is measured.
        watch_s: for how long each time. [s]

    Raises:
        RuntimeError: it shows no value.
    """
    with chromium(profile) as driver:
        first_values_ms = _loads(driver, page, loads)
        driver.get("about:blank")
        driver.get(page)
        time.sleep(SETTLE_S)
        driver.execute_cdp_cmd("Performance.enable", {})
        costs = [_costs(driver, watch_s) for _ in range(watches)]
        # Counting costs a little script time itself, so it comes afterwards.
        driver.set_script_timeout(watch_s + WITHIN_S)
        animation_frames: float = driver.execute_async_script(COUNT_ANIMATION_FRAMES, watch_s * 1000)
        version = str(driver.capabilities["browserVersion"])
    return Views(
        version, first_values_ms, [script for script, _ in costs], [task for _, task in costs], animation_frames
    )


def _loads(driver: WebDriver, page: str, loads: int) -> list[float]:
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    watch = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH_VALUES})
    found = [_load(driver, page) for _ in range(loads)]
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", watch)
    return found


def _load(driver: WebDriver, page: str) -> float:
    """From the navigation to the first value [ms]."""
    driver.get("about:blank")
    driver.get(page)
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        found: float | None = driver.execute_script("return window.firstValuesMs ?? null")
        if found is not None:
            return found
        time.sleep(LOOK_S)
    raise RuntimeError(f"the page shows no KPI value {WITHIN_S:.0f} s after its navigation")


def _costs(driver: WebDriver, watch_s: float) -> tuple[float, float]:
    """Script and task time in ten seconds [s]."""
    before = _metrics(driver)
    time.sleep(watch_s)
    after = _metrics(driver)
    scale = PER_S / (after["Timestamp"] - before["Timestamp"])
    script_s, task_s = (after[name] - before[name] for name in ("ScriptDuration", "TaskDuration"))
    return script_s * scale, task_s * scale


def _metrics(driver: WebDriver) -> dict[str, float]:
    """Counters of the page, times in seconds."""
    answer = driver.execute_cdp_cmd("Performance.getMetrics", {})
    return {one["name"]: one["value"] for one in answer["metrics"]}
