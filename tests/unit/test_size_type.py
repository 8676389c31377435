"""Size-type codes. Source: domain reference §3.2; the numeric ones ISO 6346 of 1985."""

import math

import pytest

from processing.containers.size_type import SizeType, read, teu


@pytest.mark.parametrize(
    ("code", "length_ft", "height_ft", "group", "units"),
    [
        ("22G1", 20, 8.5, "general", 1),
        ("42G1", 40, 8.5, "general", 2),
        ("45G1", 40, 9.5, "general", 2),
        ("L5G1", 45, 9.5, "general", 2),
        ("M5G1", 48, 9.5, "general", 2),
        ("32G1", 30, 8.5, "general", 1.5),
        ("22R1", 20, 8.5, "reefer", 1),
        ("45R1", 40, 9.5, "reefer", 2),
        ("22H0", 20, 8.5, "insulated", 1),
        ("42U1", 40, 8.5, "open_top", 2),
        ("42P1", 40, 8.5, "platform", 2),
        ("22T1", 20, 8.5, "tank", 1),
        ("20V2", 20, 8.0, "ventilated", 1),
        ("4310", 40, 8.5, "general", 2),
        ("2210", 20, 8.5, "general", 1),
        ("4532", 40, 9.5, "reefer", 2),
        ("2251", 20, 8.5, "open_top", 1),
    ],
)
def test_codes_are_read(code: str, length_ft: int, height_ft: float, group: str, units: float) -> None:
    """R alone makes a reefer, and the thirties of the numeric types."""
    found = read(code)
    assert (found.length_ft, found.height_ft, found.group, found.teu) == (length_ft, height_ft, group, units)
    assert (found.reefer, found.wide, found.problem) == (group == "reefer", False, None)


def test_case_blanks_and_dashes_do_not_matter() -> None:
    assert read(" 45-r1 ") == read("45R1")


def test_a_pallet_wide_box_is_wide() -> None:
    assert read("LEG1") == SizeType("LEG1", 45, 9.5, wide=True, group="general", problem=None)


def test_a_height_without_a_nominal_value_is_no_problem() -> None:
    assert read("46G1") == SizeType("46G1", 40, None, wide=False, group="general", problem=None)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("99X9", "99X9: length '9' and type 'X9' not known"),
        ("2XG1", "2XG1: height 'X' not known"),
        ("22G", "'22G' must have 4 characters"),
        ("", "'' must have 4 characters"),
        ("22٣٣", "22٣٣: type '٣٣' not known"),
    ],
)
def test_an_unknown_code_is_kept_and_flagged(code: str, problem: str) -> None:
    found = read(code)
    assert (found.code, found.problem) == (code, problem)


def test_what_is_known_of_an_unknown_code_is_used() -> None:
    assert read("22X1") == SizeType("22X1", 20, 8.5, wide=False, group=None, problem="22X1: type 'X1' not known")
    assert read("X2R1").teu is None


def test_a_box_of_unknown_length_counts_as_one() -> None:
    assert [teu(length) for length in (math.nan, 10, 20, 30, 40, 45, 53)] == [1, 1, 1, 1.5, 2, 2, 2]
