"""What doctor reports of a site file."""

from pathlib import Path

from infra.doctor.site_check import checks
from infra.settings import load

NOVEMBER_US = 1_793_491_200_000_000
"""2026-11-01T00:00:00Z."""


def reported(path: Path) -> list[str]:
    return [str(check) for check in checks(load({"QUAYSTREAM_SITE": str(path)}), NOVEMBER_US)]


def test_what_holds_for_each_terminal(tmp_path: Path) -> None:
    """Only what differs from the built-in, and calibrations that hold now or later."""
    path = tmp_path / "site.toml"
    path.write_text(
        """
[default]
counted_moves = ["discharge", "load"]
[terminal.pechy]
time_zone = "America/Lima"
shifts = [{ name = "a", begins = "07:00" }, { name = "b", begins = "19:00" }]
deducted_causes = []
[terminal.pechy.rules.STS]
idle_s = 90.5
cover_load_t = [12, 40]
[[terminal.pechy.calibration]]
crane = "sts1"
until = 2026-10-31T23:59:59Z
tare_t = 1
[[terminal.pechy.calibration]]
crane = "sts1"
trolley_zero_m = 3
trolley_reversed = true
[[terminal.pechy.calibration]]
crane = "sts2"
from = 2026-11-02T07:00:00-05:00
until = 2026-11-03T00:00:00Z
tare_t = -0.5
"""
    )
    start = "ok   site        "
    pechy = f"{start}pechy: America/Lima; shifts a 07:00, b 19:00"
    assert reported(path) == [
        f"{start}{path}, 1 terminals",
        f"{pechy}; counted discharge, load; deducted nothing; STS cover_load_t [12, 40], idle_s 90.5",
        f"{start}pechy/sts1: trolley_zero_m 3, trolley_reversed true",
        f"{start}pechy/sts2: tare_t -0.5 from 2026-11-02 12:00Z until 2026-11-03 00:00Z (not yet)",
        f"{start}other terminals: UTC; shifts night 00:00, day 08:00, evening 16:00; counted discharge, load",
    ]


def test_every_problem_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text("[default]\nshift = []\ntime_zone = 5\n")
    head, first, second = reported(path)
    assert head.startswith("fail site        the site file needs a change; nothing of it holds until then: →")
    assert first.startswith(f"fail site        {path}, line 2: default.shift: this key is not known here")
    assert second.startswith(f"fail site        {path}, line 3: default.time_zone: 5 is no time zone")
    (none,) = reported(tmp_path / "none.toml")
    assert none.endswith(
        "none.toml cannot be read: No such file or directory → correct the file that QUAYSTREAM_SITE names"
    )
