"""What the worker measures: shares of what was bad, and how conditions read it."""

from pathlib import Path

import pytest

from infra.site_file.reader import SiteError, read
from ingest.alarms.measurements import bad_shares, disk_used_pct
from processing.alarms.overrides import conditions
from processing.alarms.table import BY_ID


def test_a_share_is_about_what_came_since_and_about_enough_of_it() -> None:
    """Device 1: 5 of 100; 2: of 19 nothing is said; 3 is new: more bad values than samples are all of them."""
    before = {1: (1_000, 7), 2: (50, 0)}
    after = {1: (1_100, 12), 2: (69, 19), 3: (20, 31)}
    assert bad_shares(before, after) == {1: 5.0, 3: 100.0}


def test_no_folder_is_no_disk(tmp_path: Path) -> None:
    assert disk_used_pct(tmp_path / "none") is None
    used = disk_used_pct(tmp_path)
    assert used is not None
    assert 0 <= used <= 100


def test_a_terminal_sets_limits_of_what_is_measured() -> None:
    site = read("[terminal.t.alarm.system_disk]\non = 70\noff = 60\n", "site.toml").of("t")
    source = conditions(site.alarms)["system_disk"].source
    assert (getattr(source, "on", None), getattr(source, "off", None)) == (70, 60)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[default.alarm.system_disk]\non = 80", "off 85 is above on 80"),
        ("[default.alarm.crane_silent]\ndelay_s = 60", "silence of less than 120 s is not kept"),
        ("[default.alarm.wind_limit]\non = 20", "this key is not known here"),
    ],
)
def test_limits_that_cannot_work_are_named(text: str, problem: str) -> None:
    with pytest.raises(SiteError, match="a change") as error:
        read(text, "site.toml")
    assert problem in str(error.value)


def test_alarms_of_a_fault_and_of_wind_wait_for_nothing() -> None:
    assert [BY_ID[name].delay_us for name in ("crane_fault", "wind_limit")] == [0, 0]
