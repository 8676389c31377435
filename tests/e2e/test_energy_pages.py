"""The pages Energy and Vehicles in a real browser, live and over a span."""

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from tests.e2e.conftest import Up
from tests.e2e.test_page import DESK, PHONE, WITHIN_S, Page, pytestmark

__all__ = ["pytestmark"]
AN_HOUR = "?from=2026-11-23T05:00:00.000Z&to=2026-11-23T06:00:00.000Z"
"""Before the simulated terminal began."""
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@SIZES
def test_energy_by_kind_of_equipment(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """Bars, sums, racks; what the chart shows stands in the link, and a value leads to its quarters."""
    page = Page(browser, terminal.address, size, "#/energy/demo")
    page.shows(".spanned[data-state=live] .span-state", "live", within_s=60)
    page.shows(".energy-chart [data-kind]", "")
    page.shows(".energy-table th", "reefer-hour")
    page.shows(".energy-table a", "r02")
    page.shows(".power-now", "kW")
    assert page.fits()
    page.click(".choice .chip:nth-child(2)")
    page.shows(".energy-head h3", "kg CO2")
    assert page.hash() == "#/energy/demo?of=co2"
    page.click("[data-kpi=energy_per_box] a")
    page.shows(".quarters-counted h3", "Quarters of an hour counted")
    page.shows(".energy-counted td", "crane")
    assert page.errors() == []


def test_no_energy_in_a_span(browser: WebDriver, terminal: Up) -> None:
    page = Page(browser, terminal.address, part="#/energy/demo" + AN_HOUR)
    page.shows(".spanned[data-state=empty] .span-state", "23 Nov 00:00 – 01:00 GMT-5")
    page.shows(".notice-place", "No energy in this time")
    assert page.texts(".energy-chart") == []
    assert page.errors() == []


@SIZES
def test_vehicles_live_and_over_a_span(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """Live they move; over a span there are lines of their trips; one alone stands in the link."""
    page = Page(browser, terminal.address, size, "#/vehicles/demo")
    page.shows(".spanned[data-state=live] .span-state", "live")
    page.shows(".vehicle-map [data-vehicle=agv01]", "")
    page.shows(".vehicle-sums th", "agv01")
    assert page.fits()
    page.click(".span-buttons button:nth-child(2)")
    page.shows(".spanned[data-state=past] .span-state", "GMT-5")
    WebDriverWait(browser, WITHIN_S).until(
        lambda _: page.number("document.querySelectorAll('.trip-lines path').length")
    )
    page.click(".vehicle-sums th a")
    WebDriverWait(browser, WITHIN_S).until(lambda _: len(page.texts(".vehicle-sums tbody tr")) == 1)
    assert page.hash().startswith("#/vehicles/demo/agv01?from=")
    assert page.fits()
    assert page.errors() == []


@SIZES
def test_one_choice_changes_the_zone_of_all_pages(browser: WebDriver, terminal: Up, size: tuple[int, int]) -> None:
    """The same link, the terminal's clocks or UTC; other pages and a reload keep the choice."""
    page = Page(browser, terminal.address, size, "#/energy/demo" + AN_HOUR)
    page.shows(".span-state", "23 Nov 00:00 – 01:00 GMT-5")
    page.click("button.zone")
    page.shows(".span-state", "23 Nov 05:00 – 06:00 UTC")
    assert page.hash() == "#/energy/demo" + AN_HOUR
    page.click("#to-gate")
    page.shows(".gate-view .note", "Times in UTC.")
    again = Page(browser, terminal.address, size, "#/vehicles/demo" + AN_HOUR)
    again.shows(".span-own", "23 Nov 05:00 – 06:00 UTC")
    again.click("button.zone")
    again.shows(".span-own", "23 Nov 00:00 – 01:00 GMT-5")
    assert again.fits()
    assert again.errors() == []


def test_no_trips_in_a_span(browser: WebDriver, terminal: Up) -> None:
    page = Page(browser, terminal.address, part="#/vehicles/demo" + AN_HOUR)
    page.shows(".spanned[data-state=empty] .span-state", "23 Nov 00:00 – 01:00 GMT-5")
    page.shows(".notice-place", "No trips of vehicles in this time")
    assert page.errors() == []
