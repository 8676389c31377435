"""Container numbers. Source: domain reference §3.1, recomputed by hand."""

import pytest

from processing.containers.iso6346 import LETTERS, check_digit, normalise, problem


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


@pytest.mark.parametrize("text", ["csqu 305438 3", "CSQU-305438-3", "CSQU305438/3", " csqu3054383\t", "CSQU.3054383"])
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
