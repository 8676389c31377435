"""The site file: every problem is reported at once with its line, and nothing of a wrong file holds."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from infra.site_file.reader import SiteError, load, read
from infra.site_file.toml_lines import lines
from processing.cranes.parameter_table import PARAMETERS
from processing.cranes.parameters import PARAMETERS_BY_TYPE, STS, YARD, CraneParameters
from processing.reefers.profiles import CHILLED, FROZEN, ReeferProfile
from processing.site.configuration import COUNTED, DEDUCTED, Shift, Site

DAY_US = 86_400_000_000
NOVEMBER_US = 1_793_491_200_000_000
"""2026-11-01T00:00:00Z."""


def problems_of(text: str) -> list[str]:
    """What is wrong with a file."""
    with pytest.raises(SiteError) as error:
        read(text, "site.toml")
    return [line.strip() for line in str(error.value).splitlines()[1:]]


def test_the_shipped_file_has_what_holds_without_it() -> None:
    sites = load(None)
    assert sorted(sites.own) == ["demo", "mixed", "pechy", "tandem"]
    assert [sites.of(terminal).parameters_of("STS").tandem for terminal in ("tandem", "pechy")] == [True, False]
    for site in (sites.default, *sites.own.values()):
        assert (site.counted, site.deducted, site.shifts) == (COUNTED, DEDUCTED, Site().shifts)
        assert site.calibrations == ()
        assert not site.parameters or site.terminal == "tandem"
    assert sites.of("pechy").offset_us(NOVEMBER_US) == -5 * 3_600_000_000
    assert sites.of("elsewhere").time_zone == "UTC"


def test_a_terminal_takes_from_the_default_what_it_does_not_set() -> None:
    text = """
[default]
time_zone = "Europe/Amsterdam"
shifts = [{ name = "a", begins = "06:30" }, { name = "b", begins = "18:45" }]
counted_moves = ["load"]
[default.rules.STS]
idle_s = 180
[terminal.one]
deducted_causes = []
[terminal.one.rules.STS]
debounce_s = 0.5
cover_load_t = [12, 40]
"""
    one = read(text, "site.toml").of("one")
    assert one.terminal == "one"
    assert one.time_zone == "Europe/Amsterdam"
    assert one.shifts == (Shift("a", 390), Shift("b", 1125))
    assert (one.counted, one.deducted) == (frozenset({"load"}), frozenset())
    assert one.parameters["STS"] == CraneParameters(idle_us=180_000_000, debounce_us=500_000, cover_load_t=(12, 40))
    assert one.parameters_of("RTG") == YARD


def test_calibrations_are_laid_over_the_rules_of_the_type() -> None:
    text = """
[terminal.one.rules.STS]
idle_s = 180
[[terminal.one.calibration]]
crane = "sts1"
trolley_reversed = true
[[terminal.one.calibration]]
crane = "sts1"
from = 2026-11-01T00:00:00Z
until = "2026-11-01T19:00:00-05:00"
trolley_zero_m = 3
"""
    site = read(text, "site.toml").of("one")
    before = CraneParameters(idle_us=180_000_000, trolley_reversed=True)
    during = CraneParameters(idle_us=180_000_000, trolley_reversed=True, trolley_zero_m=3.0)
    assert site.parameter_history("sts1", "STS") == ((0, before), (NOVEMBER_US, during), (NOVEMBER_US + DAY_US, before))
    assert site.parameter_history("sts2", "STS") == ((0, CraneParameters(idle_us=180_000_000)),)
    assert site.parameter_history("sts2", "MHC") == site.parameter_history("sts2", "STS")
    assert site.parameter_history("armg1", "ARMG") == ((0, YARD),)


def test_every_problem_is_reported_with_its_line() -> None:
    text = """# a comment
[default]
time_zone = "America/Limaa"
shift = []
counted_moves = ["load", "dishcarge"]
deducted_causes = "wind"
shifts = [
    { name = "a", begins = "07:10" },   # a [bracket] in a comment
    { name = "a", begins = "06:00" },
    { name = "a", begins = "06:00", ends = "07:00" },
    { name = "d", begins = "24:00" },
    { name = "e" },
]
[default.rules.STS]
debounce_s = -0.1
debounce_ms = 300
vessel_side_m = -25
[default.rules.STX]
[terminal."Not an id"]
[terminal.one]
rules = 5
[[terminal.one.calibration]]
crane = "STS 1"
trolley_zero_m = 61
[[terminal.one.calibration]]
crane = "sts1"
from = 2026-11-02T00:00:00
tare_t = "3"
[[terminal.one.calibration]]
crane = "sts1"
from = 2026-11-02T00:00:00Z
until = 2026-11-01T00:00:00Z
tare_t = 21
[[terminal.one.calibration]]
crane = "sts1"
"""
    found = problems_of(text)
    expected = [
        "line 3: default.time_zone: 'America/Limaa' is no time zone; did you mean America/Lima?",
        "line 4: default.shift: this key is not known here; did you mean shifts?",
        "line 5: default.counted_moves[1]: 'dishcarge' is not known; did you mean discharge?",
        "line 6: default.deducted_causes: this must be an array",
        "line 8: default.shifts[0].begins: '07:10' is no multiple of 15 min; write 07:00 or 07:15",
        "line 10: default.shifts[2].ends: this key is not known here; did you mean begins?",
        "line 10: default.shifts[2]: the name 'a' stands twice",
        "line 10: default.shifts[2].begins: 06:00 is not after 06:00 of the shift before",
        "line 11: default.shifts[3].begins: '24:00' is no time of a day",
        "line 12: default.shifts[4].begins: None is no local time",
        "line 14: default.rules.STS: vessel_side_m -25 must be above backreach_side_m -20",
        "line 15: default.rules.STS.debounce_s: -0.1 must be a number from 0 to 10",
        "line 16: default.rules.STS.debounce_ms: this key is not known here; did you mean debounce_s?",
        "line 18: default.rules.STX: 'STX' is no type of crane; did you mean STS?",
        "line 19: terminal.Not an id: a terminal's id is 1 to 64",
        "line 21: terminal.one.rules: this must be a table",
        "line 23: terminal.one.calibration[0].crane: give the crane's id",
        "line 24: terminal.one.calibration[0].trolley_zero_m: 61 must be a number from -60 to 60",
        "line 27: terminal.one.calibration[1].from: 2026-11-02 00:00:00 has no offset from UTC",
        "line 28: terminal.one.calibration[1].tare_t: '3' must be a number from -20 to 20",
        "line 32: terminal.one.calibration[2].until: 2026-11-01 00:00:00+00:00 is not after from",
        "line 33: terminal.one.calibration[2].tare_t: 21 must be a number from -20 to 20",
        "line 34: terminal.one.calibration[3]: this calibration changes nothing",
    ]
    assert len(found) == len(expected), "\n".join(found)
    assert [line[: len("site.toml, ") + len(start)] for line, start in zip(found, expected, strict=True)] == [
        f"site.toml, {start}" for start in expected
    ]


def test_one_parameter_has_one_value_at_a_time() -> None:
    text = """
[[terminal.one.calibration]]
crane = "sts1"
trolley_zero_m = 1
tare_t = 2
[[terminal.one.calibration]]
crane = "sts2"
trolley_zero_m = 1
[[terminal.one.calibration]]
crane = "sts1"
from = 2026-11-01T00:00:00Z
hold_s = 2
trolley_zero_m = 2
"""
    (line,) = problems_of(text)
    place = "site.toml, line 13: terminal.one.calibration[2].trolley_zero_m"
    assert line.startswith(f"{place}: trolley_zero_m of sts1 is given for the same time as on line 2; end that one")


def test_two_calibrations_together_must_leave_a_quay() -> None:
    text = """
[[terminal.one.calibration]]
crane = "sts1"
from = 2026-11-01T00:00:00Z
vessel_side_m = -10
[[terminal.one.calibration]]
crane = "sts1"
from = 2026-11-02T00:00:00Z
backreach_side_m = -5
"""
    (line, again) = problems_of(text)
    assert line.startswith("site.toml, line 2: terminal.one.calibration[0]: vessel_side_m -10 must be above")
    assert again.startswith("site.toml, line 6: terminal.one.calibration[1]: vessel_side_m -10 must be above")


@pytest.mark.parametrize(
    ("text", "words"), [("[default\n", "at line 1"), ("a = 1\na = 2\n", "line 2"), ("x = [" + "[" * 5_000, "no TOML")]
)
def test_what_is_no_toml_is_reported_with_its_line(text: str, words: str) -> None:
    with pytest.raises(SiteError, match=words):
        read(text, "site.toml")


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="No such file"):
        load(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(SiteError, match="not UTF-8"):
        load(tmp_path / "bytes.toml")


def test_every_parameter_can_be_set() -> None:
    """One row for each attribute of `CraneParameters`, plausible as built in, and the same again as it is shown."""
    assert sorted(row.attribute for row in PARAMETERS) == sorted(field.name for field in fields(CraneParameters))
    for parameters in (STS, YARD, *PARAMETERS_BY_TYPE.values()):
        for row in PARAMETERS:
            built_in = getattr(parameters, row.attribute)
            if built_in is not None:
                text = f"[terminal.one.rules.STS]\n{row.key} = {row.shown(built_in)}\n"
                assert getattr(read(text, "site.toml").of("one").parameters["STS"], row.attribute) == built_in


def test_lines_of_keys() -> None:
    """Whatever TOML allows around it, a key is found."""
    text = '''a.b = 1
"quoted.key" = "a # [not] a comment"  # [nor] this
text = """
[not.a.table]
x = 1"""
raw = \'\'\'
y = ['\'\'\'
many = [ [1, 2],
  # in between
  [3],
  { k = 1, l.m = { n = [
     5 ] } },
]
at = 2026-11-01 00:00:00Z
[t . "u"]
[[list]]
one = 1
[list.sub]
two = 2
[[list]]
one = """a"""
[[list.inner]]
z = 'x'
'''
    found = lines(text)
    assert found["a",] == found["a", "b"] == 1
    assert found["quoted.key",] == 2
    assert (found["text",], found["raw",], found["many",]) == (3, 6, 8)
    assert [found["many", number] for number in range(3)] == [8, 10, 11]
    assert found["many", 0, 1] == 8
    assert found["many", 2, "k"] == found["many", 2, "l", "m", "n"] == 11
    assert found["many", 2, "l", "m", "n", 0] == 12
    assert (found["at",], found["t", "u"]) == (14, 15)
    assert (found["list", 0, "one"], found["list", 0, "sub", "two"]) == (17, 19)
    assert (found["list", 1], found["list", 1, "one"], found["list", 1, "inner", 0, "z"]) == (20, 21, 23)


def test_loads_that_contradict_each_other_are_reported() -> None:
    """Each is plausible by itself."""
    problems = problems_of(
        """
[terminal.pechy.rules.STS]
most_load_t = 30

[[terminal.pechy.calibration]]
crane = "sts1"
most_load_t = 20
cover_load_t = [25, 40]
"""
    )
    beyond = "no more can be lifted"
    calibration = "site.toml, line 5: terminal.pechy.calibration[0]"
    assert problems == [
        f"site.toml, line 2: terminal.pechy.rules.STS: twin_load_t 36 must be below most_load_t 30: {beyond}",
        f"{calibration}: least of cover_load_t 25 must be below most_load_t 20: {beyond}",
        f"{calibration}: twin_load_t 36 must be below most_load_t 20: {beyond}",
    ]


PROFILES = """
[default]
[[default.reefer_profile]]
name = "fish"
probe = "return"
setpoints_degc = [-25, -18]
[terminal.one]
[[terminal.one.reefer_profile]]
name = "grapes"
probe = "both"
setpoints_degc = [-1, 0]
tolerance_k = 0.5
hysteresis_k = 0.5
out_delay_min = 7.5
pull_down_h = 2
below_counts = false
[[terminal.one.reefer_profile]]
name = "vaccines"
probe = "supply"
containers = ["csqu 305438-3"]
booked_degc = 5
"""


def test_profiles_of_reefers_by_cargo_and_booking() -> None:
    """What is left out is as built in: for both probes as for chilled cargo, for return air as for frozen cargo."""
    sites = read(PROFILES, "site.toml")
    (fish,) = sites.of("elsewhere").reefer_profiles
    assert fish == replace(FROZEN, name="fish", setpoints_degc=(-25.0, -18.0))
    grapes, vaccines = sites.of("one").reefer_profiles
    assert grapes == ReeferProfile(
        name="grapes",
        probe="both",
        tolerance_k=0.5,
        below_counts=False,
        out_delay_us=450_000_000,
        defrost_us=3_600_000_000,
        in_delay_us=600_000_000,
        hysteresis_k=0.5,
        pull_down_us=7_200_000_000,
        setpoints_degc=(-1.0, 0.0),
    )
    assert vaccines == replace(CHILLED, name="vaccines", containers=frozenset({"CSQU3054383"}), booked_degc=5.0)


def test_problems_of_profiles_are_reported_with_line_and_field() -> None:
    text = """
[[terminal.one.reefer_profile]]
name = "a"
probe = "supply"
setpoints_degc = [0, 5]
tolerance_k = 0.5
hysteresis_k = 0.6
[[terminal.one.reefer_profile]]
name = "b"
probe = "suply"
setpoints_degc = [5, 0]
out_delay_min = 2000
below_counts = 1
delay_min = 5
[[terminal.one.reefer_profile]]
name = "c"
probe = "return"
booked_degc = 5
[[terminal.one.reefer_profile]]
name = "d"
probe = "return"
tolerance_k = 0.2
containers = ["CSQU3054384", 7]
[[terminal.one.reefer_profile]]
name = "e"
probe = "return"
tolerance_k = 0.2
containers = ["CSQU3054383"]
[[terminal.one.reefer_profile]]
name = "f"
probe = "return"
containers = ["CSQU3054383"]
[[terminal.one.reefer_profile]]
name = "f"
probe = "return"
containers = ["CSQU3054383"]
"""
    place = "terminal.one.reefer_profile"
    assert problems_of(text) == [
        (
            f"site.toml, line 7: {place}[0].hysteresis_k: hysteresis_k 0.6 is more than tolerance_k 0.5: "
            "no air could ever come back into range"
        ),
        f"site.toml, line 10: {place}[1].probe: 'suply' is no probe; did you mean supply?",
        (
            f"site.toml, line 11: {place}[1].setpoints_degc: [5, 0] must be lowest and highest setpoint, "
            "from -70 to 40, such as [-1.0, 1.0]"
        ),
        (
            f"site.toml, line 12: {place}[1].out_delay_min: 2000 must be a number from 0 to 1440: "
            "out of range for so long is an excursion"
        ),
        f"site.toml, line 13: {place}[1].below_counts: 1 must be true or false",
        f"site.toml, line 14: {place}[1].delay_min: this key is not known here; did you mean in_delay_min?",
        f"site.toml, line 15: {place}[2]: this profile is for no box; give setpoints_degc or containers",
        (
            f"site.toml, line 18: {place}[2].booked_degc: 5 must be a number from -70 to 40, beside containers: "
            "the setpoint that is booked for them"
        ),
        (
            f"site.toml, line 23: {place}[3].containers[0]: 'CSQU3054384' fails ISO 6346: the check digit of "
            "CSQU305438 is 3, not 4"
        ),
        f"site.toml, line 23: {place}[3].containers[1]: 7 is no container number",
        (
            f"site.toml, line 27: {place}[4].tolerance_k: hysteresis_k 0.3 is more than tolerance_k 0.2: "
            "no air could ever come back into range"
        ),
        f"site.toml, line 34: {place}[6].name: the name 'f' stands twice; give each profile its own",
        f"site.toml, line 36: {place}[6].containers: CSQU3054383 has a profile already; a box has one booking",
    ]
