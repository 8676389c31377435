"""Pictures of every page of a running stack, at a desk and on a phone: `python -m bench.page.screenshots`.

Beside each live page is the same over the last hour; where a page can show one of many, a crane, a plug, a container
inside, the first one that the API lists is shown.
"""

import argparse
import base64
import json
import os
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from selenium.webdriver.chrome.webdriver import WebDriver

from bench.page.browser import INSTALL, available, chromium
from infra.bootstrap import ROOT
from infra.settings import load

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
"""Widths and heights of windows; a picture is as wide, and as high as the page."""
HIGHEST_PX = 6_000
WITHIN_S = 60.0
TIMEOUT_S = 10.0
SPANNED = ("alarms", "stops", "gate", "containers", "reefers", "vehicles", "energy")
"""Pages that show a span of time too."""
READY = """
const reading = document.querySelectorAll('[data-state=loading], [data-kind=loading]').length;
return document.readyState === 'complete' && reading === 0 && document.fonts.status === 'loaded'
  && document.querySelector('.connection[data-state=connected]') !== null;
"""


def main(arguments: list[str] | None = None) -> int:
    """Take them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.page.screenshots", description=__doc__)
    host, port = load(os.environ).http
    parser.add_argument("--address", default=f"{host}:{port}", help="of the API; %(default)s by QUAYSTREAM_HTTP")
    parser.add_argument("--terminal", help="the one with the most devices if left out")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="pages whose pictures begin so, such as reefers")
    parser.add_argument("--to", type=Path, default=ROOT / "build/screenshots", help="folder: %(default)s")
    options = parser.parse_args(arguments)
    if not available():
        print(f"there is no Chromium: {INSTALL}", file=sys.stderr)
        return 1
    try:
        terminal = options.terminal or _largest(options.address)
        links = _links(options.address, terminal)
    except (OSError, LookupError) as error:
        print(f"no terminal to look at on {options.address}: {error}; is a stack running?", file=sys.stderr)
        return 1
    chosen = {name: link for name, link in links if options.only is None or name.startswith(tuple(options.only))}
    options.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium(Path(folder) / "profile") as browser:
        for size in SIZES:
            for name, link in chosen.items():
                path = options.to / f"{name}-{size}.png"
                path.write_bytes(taken(browser, f"http://{options.address}/?terminal={terminal}{link}", size))
                print(path)
    return 0


def taken(browser: WebDriver, url: str, size: str) -> bytes:
    """A picture of a page, once it has read what it shows; one that does not within a minute is taken as it is."""
    width, height = SIZES[size]
    browser.get("about:blank")
    _resize(browser, width, height)
    browser.get(url)
    end = time.monotonic() + WITHIN_S
    while not browser.execute_script(READY) and time.monotonic() < end:
        time.sleep(0.1)
    # Drawings fit themselves to the room that they have: two turns of the browser are enough.
    browser.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => setTimeout(done, 1500))")
    high: int = browser.execute_script("return document.documentElement.scrollHeight")
    whole = {"x": 0, "y": 0, "width": width, "height": min(max(high, height), HIGHEST_PX), "scale": 1}
    options = {"format": "png", "captureBeyondViewport": True, "clip": whole}
    picture: dict[str, str] = browser.execute_cdp_cmd("Page.captureScreenshot", options)
    return base64.b64decode(picture["data"])


def _resize(browser: WebDriver, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 760}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def _links(address: str, terminal: str) -> Iterable[tuple[str, str]]:
    """Names of pictures, and what to open."""
    now = datetime.now(UTC).replace(microsecond=0)
    span = urllib.parse.urlencode({"from": _text(now - timedelta(hours=1)), "to": _text(now)})
    crane = _first(address, "devices", terminal, "devices", "device", stream="crane")
    plug = _first(address, "devices", terminal, "devices", "device", stream="reefer")
    box = _first(address, "containers", terminal, "containers", "container_id", state="inside")
    yield "terminal", "#/"
    for page in SPANNED:
        yield page, f"#/{page}/{terminal}"
        yield f"{page}-hour", f"#/{page}/{terminal}?{span}"
    for page, one in (("crane", crane), ("containers-box", box), ("reefers-plug", plug)):
        if one is not None:
            yield page, f"#/{page.partition('-')[0]}/{terminal}/{one}"
    for page in ("calls", "figures"):
        yield page, f"#/{page}/{terminal}"
    yield "kpi", f"#/kpi/{terminal}/gross_crane_rate?window=PT1H"


def _largest(address: str) -> str:
    found = _asked(address, "terminals")["terminals"]
    if not found:
        raise LookupError("it has none")
    name: str = max(found, key=lambda one: one["devices"])["terminal"]
    return name


def _first(address: str, path: str, terminal: str, rows: str, key: str, **query: str) -> str | None:
    """A value of the first row of an answer; None: there is no row."""
    found = _asked(address, path, terminal=terminal, **query)[rows]
    return found[0][key] if found else None


def _asked(address: str, path: str, **query: str) -> dict[str, Any]:
    url = f"http://{address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


if __name__ == "__main__":
    sys.exit(main())
