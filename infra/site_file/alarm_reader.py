"""Alarms, racks and webhooks in the site file."""

import math
import re
from typing import Any
from urllib.parse import urlsplit

from infra.site_file.problems import Problems, near
from infra.site_file.toml_lines import Place
from processing.alarms.facts import SEVERITIES
from processing.alarms.overrides import BY_KEY, Changes, contradiction, keys_of
from processing.alarms.table import CONDITIONS
from processing.alarms.targets import KpiTarget
from processing.alarms.webhook import Webhook
from processing.kpi.table import KPIS
from processing.kpi.windows import WINDOWS
from processing.model.topics import IDENTIFIER

WEBHOOK_KEYS = ("name", "url", "secret", "terminal", "severity")
LEAST_SECRET = 16
KPI_IDS = tuple(one.id for one in KPIS)
HOUR = "PT1H"
TIMES = ("delay_s", "hold_s")
LABEL = re.compile(r"[^\s.%]{1,63}")
KNOWN = tuple(name for one in CONDITIONS for name in one.alarms)


def alarms(problems: Problems, place: Place, value: object) -> dict[str, Changes]:
    """What a terminal changes in the table of alarms, by alarm; what is wrong is noted, and left out."""
    found: dict[str, Changes] = {}
    for name, one in problems.table(place, value).items():
        here = (*place, name)
        if name not in KNOWN:
            problems.add(here, f"{name!r} is no alarm; {near(name, KNOWN)}")
            continue
        before = len(problems)
        changes = _changes(problems, here, name, problems.table(here, one))
        wrong = contradiction(name, changes) if len(problems) == before else None
        if wrong is not None:
            problems.add(here, wrong)
        found[name] = changes
    return found


def _changes(problems: Problems, place: Place, alarm: str, table: dict[str, Any]) -> Changes:
    problems.unknown(place, table, keys_of(alarm))
    found: dict[str, Any] = {}
    if "enabled" in table:
        if isinstance(table["enabled"], bool):
            found["enabled"] = table["enabled"]
        else:
            problems.add((*place, "enabled"), f"{table['enabled']!r} must be true or false")
    if "severity" in table:
        found |= _severity(problems, (*place, "severity"), table["severity"])
    for key, value in table.items():
        row = BY_KEY.get(key)
        try:
            if row is not None and key in keys_of(alarm):
                found[row.attribute] = row.value(value)
        except ValueError as error:
            problems.add((*place, key), f"{error}: {row.text if row is not None else ''}")
    return found


def _severity(problems: Problems, place: Place, value: object) -> dict[str, Any]:
    if value in SEVERITIES:
        return {"severity": value}
    problems.add(place, f"{value!r} is no severity; {near(value, SEVERITIES)}")
    return {}


def kpi_targets(problems: Problems, place: Place, value: object) -> tuple[KpiTarget, ...]:
    """What KPIs are to reach, by KPI; what is wrong is noted, and left out."""
    found: list[KpiTarget] = []
    for kpi, one in problems.table(place, value).items():
        here, before = (*place, kpi), len(problems)
        if kpi not in KPI_IDS:
            problems.add(here, f"{kpi!r} is no KPI; {near(kpi, KPI_IDS)}")
            continue
        table = problems.table(here, one)
        problems.unknown(here, table, ("window", "below", "back", "severity", *TIMES))
        window: Any = table.get("window", HOUR)
        below: Any = table.get("below")
        back: Any = table.get("back", below)
        if window not in WINDOWS:
            problems.add((*here, "window"), f"{window!r} is no window; {near(window, tuple(WINDOWS))}")
        if not _is_number(below) or not _is_number(back) or back < below:
            problems.add((*here, "below"), "give a number, and in `back` none that is less: from there on it is well")
        severity = _severity(problems, (*here, "severity"), table.get("severity", "medium")).get("severity", "medium")
        times = _changes(problems, here, "reefer_off_power", {key: table[key] for key in TIMES if key in table})
        if len(problems) == before:
            limits = float(below), float(back)
            found.append(KpiTarget(kpi, window, *limits, times.get("delay_us", 0), times.get("hold_us", 0), severity))
    return tuple(found)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def racks(problems: Problems, place: Place, value: object) -> dict[str, str]:
    """Racks by their plugs, where the name of a plug does not give it."""
    found: dict[str, str] = {}
    for rack, plugs in problems.table(place, value).items():
        if not IDENTIFIER.fullmatch(rack):
            problems.add((*place, rack), "a rack's name is 1 to 64 of a-z, 0-9, '_' and '-'")
        for number, plug in enumerate(problems.array((*place, rack), plugs)):
            if not isinstance(plug, str) or not IDENTIFIER.fullmatch(plug):
                problems.add((*place, rack, number), f"{plug!r} is no id of a device")
            elif plug in found:
                problems.add((*place, rack, number), f"{plug} is in rack {found[plug]} already")
            else:
                found[plug] = rack
    return found


def webhooks(problems: Problems, value: object) -> tuple[Webhook, ...]:
    """All webhooks; what is wrong is noted, and left out."""
    found: list[Webhook] = []
    for number, one in enumerate(problems.array(("webhook",), value)):
        place: Place = ("webhook", number)
        before, table = len(problems), problems.table(("webhook", number), one)
        problems.unknown(place, table, WEBHOOK_KEYS)
        name, url, secret, terminal = (table.get(key) for key in ("name", "url", "secret", "terminal"))
        if not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
            problems.add((*place, "name"), "give a name of 1 to 64 of a-z, 0-9, '_' and '-'")
        if name in [hook.name for hook in found]:
            problems.add((*place, "name"), f"the name {name!r} stands twice; give each webhook its own")
        if not _is_url(url):
            problems.add((*place, "url"), f"{url!r} must be a URL such as https://example.com/alarms")
        if not isinstance(secret, str) or len(secret) < LEAST_SECRET:
            problems.add((*place, "secret"), f"give a secret of at least {LEAST_SECRET} characters: it signs events")
        if terminal is not None and (not isinstance(terminal, str) or not IDENTIFIER.fullmatch(terminal)):
            problems.add((*place, "terminal"), f"{terminal!r} is no id of a terminal")
        severity = _severity(problems, (*place, "severity"), table.get("severity", "low")).get("severity", "low")
        if len(problems) == before:
            found.append(Webhook(str(name), str(url), str(secret), terminal, severity))
    return tuple(found)


def _is_url(value: object) -> bool:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            return False
        # Else the client cannot encode it: labels of 1 to 63 bytes. A dot at the end is the root.
        return ":" in parts.hostname or all(LABEL.fullmatch(one) for one in parts.hostname.removesuffix(".").split("."))
    except ValueError:
        return False
