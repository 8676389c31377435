"""Alarms, racks and webhooks in the site file, and what is posted to webhooks."""

import pytest

from infra.site_file.reader import SiteError, read
from ingest.alarms.places import Places
from ingest.alarms.webhooks import body, signature
from processing.alarms.overrides import conditions
from processing.alarms.targets import KpiTarget
from processing.alarms.webhook import Webhook
from processing.model.device import Device

GOOD = """
[default.alarm.gate_queue]
on = 20
off = 15

[terminal.pechy.alarm.reefer_off_power]
delay_s = 600
severity = "low"

[terminal.pechy.alarm.rack_off_power]
least = 8
within_s = 1.5
enabled = false

[terminal.pechy.kpi_target.gross_crane_rate]
below = 22
delay_s = 900

[terminal.pechy.rack]
north = ["p1", "p2"]

[[webhook]]
name = "office"
url = "https://office.example/alarms"
secret = "0123456789abcdef"
terminal = "pechy"
severity = "high"
"""


def test_a_terminal_changes_rows_of_the_table() -> None:
    sites = read(GOOD, "site.toml")
    pechy = conditions(sites.of("pechy").alarms)
    off = pechy["reefer_off_power"]
    assert (off.delay_us, off.severity, off.hold_us) == (600_000_000, "low", 60_000_000)
    assert off.storm is not None
    assert (off.storm.least, off.storm.within_us, off.storm.enabled) == (8, 1_500_000, False)
    assert sites.of("pechy").kpi_targets == (
        KpiTarget("gross_crane_rate", "PT1H", 22.0, 22.0, 900_000_000, 0, "medium"),
    )
    for terminal in ("pechy", "other"):
        source = conditions(sites.of(terminal).alarms)["gate_queue"].source
        assert (getattr(source, "on", None), getattr(source, "off", None)) == (20, 15)
    assert conditions(sites.of("other").alarms)["reefer_off_power"].delay_us == 300_000_000
    assert sites.webhooks == (Webhook("office", "https://office.example/alarms", "0123456789abcdef", "pechy", "high"),)
    assert sites.webhooks[0].severities == ["critical", "high"]
    assert "0123456789abcdef" not in repr(sites)


def test_racks_are_those_of_the_site_file_or_of_the_names() -> None:
    devices = {
        number: Device(number, "pechy", "reefer", name, "PLUG", 0) for number, name in enumerate(("p1", "p2", "r7-3"))
    }
    place = Places(devices, read(GOOD, "site.toml")).of("pechy")
    off = place.conditions["reefer_off_power"]
    assert [place.group_of(off, name) for name in ("p1", "p2", "r7-3", "alone")] == ["north", "north", "r7", "alone"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[default.alarm.reefer_of_power]\ndelay_s = 1", "did you mean reefer_off_power?"),
        ("[default.alarm.reefer_off_power]\non = 1", "this key is not known here"),
        ("[default.alarm.reefer_off_power]\ndelay_s = -1", "-1 must be a number from 0 to 86400"),
        ("[default.alarm.reefer_off_power]\nseverity = 'hi'", "'hi' is no severity"),
        ("[default.alarm.reefer_off_power]\nenabled = 1", "1 must be true or false"),
        ("[default.alarm.gate_queue]\non = 5", "off 7 is above on 5"),
        ("[default.kpi_target.gros_crane_rate]\nbelow = 1", "did you mean gross_crane_rate?"),
        ("[default.kpi_target.gross_crane_rate]\nbelow = 5\nback = 4", "none that is less"),
        ("[default.kpi_target.gross_crane_rate]\nbelow = inf", "give a number"),
        ("[default.kpi_target.gross_crane_rate]\nbelow = nan", "give a number"),
        ("[default.alarm.rack_off_power]\nleast = 2.5", "2.5 must be a whole number from 2 to 100000"),
        ("[[webhook]]\nname = 'a'\nurl = 'https://hooks..x/y'\nsecret = '0123456789abcdef'", "must be a URL"),
        ("[terminal.a.rack]\nx = ['p', 'p']", "p is in rack x already"),
        ("[terminal.a.rack]\nx = ['P']", "'P' is no id of a device"),
        ("[[webhook]]\nname = 'a'\nurl = 'ftp://x'\nsecret = '0123456789abcdef'", "'ftp://x' must be a URL"),
        ("[[webhook]]\nname = 'a'\nurl = 'http://x'\nsecret = 'short'", "at least 16 characters"),
        ("[[webhook]]\nurl = 'http://x'\nsecret = '0123456789abcdef'", "give a name"),
    ],
)
def test_what_makes_no_sense_is_named(text: str, problem: str) -> None:
    with pytest.raises(SiteError, match="a change") as error:
        read(text, "site.toml")
    assert problem in str(error.value)


def test_what_is_posted_is_signed() -> None:
    """Digest computed with another implementation: openssl dgst -sha256 -hmac."""
    hook = Webhook("office", "https://office.example", "0123456789abcdef")
    event = {"id": 7, "payload": '{"event":"raised","id":"a.b.c.1"}'}
    text = b'{"webhook":"office","events":[{"number":7,"event":"raised","id":"a.b.c.1"}]}'
    assert body(hook, [event]) == text  # type: ignore[list-item] # a dict has what is read of a row
    assert signature("0123456789abcdef", "1795000000", text) == (
        "sha256=d0e0319722a79bd4eecaa3c62110a1b8f6e0b4d099b73b8786d2c45077f36fa2"
    )
