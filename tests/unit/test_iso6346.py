"""Container numbers. Source: domain reference §3.1, recomputed by hand."""

import pytest

from processing.containers.iso6346 import LETTERS, ContainerNumber, check_digit, normalise, problem, read


@pytest.mark.parametrize(
    ("number", "digit"),
    [("CSQU305438", 3), ("MSKU907032", 3), ("APZU481209", 0), ("MSCU123456", 6), ("CHYU000005", 0)],
)
def test_check_digits(number: str, digit: int) -> None:
    """The last one has remainder 10, which is written 0."""
    assert check_digit(number) == digit
    assert problem(f"{number}{digit}") is None


def test_letters_leave_out_multiples_of_eleven() -> None:
    assert (LETTERS["A"], LETTERS["B"], LETTERS["L"], LETTERS["V"], LETTERS["Z"]) == (10, 12, 23, 34, 38)


@pytest.mark.parametrize(
    "text", ["csqu 305438 3", "CSQU-305438-3", "CSQU305438/3", " csqu3054383\t", "CSQU.3054383", "CSQU_305438–3"]
)
def test_numbers_are_normalised(text: str) -> None:
    assert normalise(text) == "CSQU3054383"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("CSQU3054384", "the check digit of CSQU305438 is 3, not 4"),
        ("CSQU305438", "lacks its last digit, the check digit, which is 3"),
        ("CSQU3O54383", "perhaps CSQU3054383"),
        ("C5QU3054383", "perhaps CSQU3054383"),
        ("CSQA3054383", "is no container number: 3 letters, then U, J or Z, then 7 digits"),
        ("CSQU30543833", "is no container number"),
        ("", "is no container number"),
        ("CSQU305438Ä", "is no container number"),
        ("CSQU٣٠٥٤٣٨٣", "is no container number"),
    ],
)
def test_what_is_wrong_is_reported(number: str, expected: str) -> None:
    assert expected in (problem(number) or "")


@pytest.mark.parametrize(
    "raw",
    ["CSQU3O54383", "C5QU3054383", "CSQV3054383", "csq0-3054383", "C50U3054383", "C5Q0 3OSA383"],
)
def test_signs_in_the_wrong_zone_are_put_right(raw: str) -> None:
    """By hand: the check digits of CSOU, CSDU and CSQU305438 are 6, 2 and 3, so the `0` of the fifth was a Q."""
    assert read(raw) == ContainerNumber(raw, "CSQU3054383", check_ok=True, repaired=True)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("CSQU305438", "CSQU3054383"),
        ("csqu 30 5438", "CSQU3054383"),
        ("CSQU3O5438", "CSQU3054383"),
        ("0SQU305438", "0SQU305438"),
    ],
)
def test_a_missing_check_digit_is_computed_where_the_rest_is_certain(raw: str, number: str) -> None:
    """It checks nothing then. The last one may begin with O, D or Q."""
    assert read(raw) == ContainerNumber(raw, number, check_ok=False, repaired=number != raw)


@pytest.mark.parametrize(
    "raw",
    [
        "0SQU1000100",  # DSQU100010 leaves 10, OSQU100010 leaves 0: both write 0
        "CSQU3054384",  # the right form: any sign may be wrong
        "COQU3054383",  # an O may stand there
        "CSQU30543833",
        "?SQU3054383",
        "CSQUX054383",
        "HELLO",
        "",
    ],
)
def test_what_cannot_be_repaired_stands_as_it_was_read(raw: str) -> None:
    assert read(raw) == ContainerNumber(raw, raw, check_ok=False, repaired=False)


def test_a_right_number_is_only_normalised() -> None:
    assert read("msku 907032-3") == ContainerNumber("msku 907032-3", "MSKU9070323", check_ok=True, repaired=False)
