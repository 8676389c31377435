"""Container numbers: owner code, category, serial number, check digit. Source: ISO 6346."""

import re
from typing import Final

FORM: Final = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")
NOISE: Final = re.compile(r"[\s./-]+")
"""What people and cameras put between the parts."""
LETTERS: Final = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (n for n in range(10, 39) if n % 11), strict=True))
"""Letters count from 10 on; multiples of 11 are left out."""

TO_DIGITS: Final = str.maketrans("OQIBSZ", "001852")
TO_LETTERS: Final = str.maketrans("01852", "OIBSZ")


def normalise(text: str) -> str:
    """Upper case, without spaces, dots, dashes and slashes."""
    return NOISE.sub("", text).upper()


def check_digit(number: str) -> int:
    """The check digit of a number's first ten characters; remainder 10 is written 0.

    Raises:
        KeyError, ValueError: as `remainder`.
    """
    return remainder(number) % 10


def remainder(number: str) -> int:
    """Values of a number's first ten characters, each times 2^place, summed up, modulo 11.

    Raises:
        KeyError, ValueError: a character that is neither A to Z nor a digit.
    """
    values = (LETTERS[sign] if sign.isalpha() else int(sign) for sign in number[:10])
    return sum(value << place for place, value in enumerate(values)) % 11


def problem(number: str) -> str | None:
    """What is wrong with a normalised number and what it should be, None where nothing is."""
    if FORM.fullmatch(number):
        wanted = check_digit(number)
        wrong = int(number[10]) != wanted
        return f"fails ISO 6346: the check digit of {number[:10]} is {wanted}, not {number[10]}" if wrong else None
    if FORM.fullmatch(f"{number}0"):
        return f"lacks its last digit, the check digit, which is {check_digit(number)}"
    meant = by_zone(number)
    hint = f"; perhaps {meant}" if FORM.fullmatch(meant) and int(meant[10]) == check_digit(meant) else ""
    return f"is no container number: 3 letters, then U, J or Z, then 7 digits{hint}"


def by_zone(number: str) -> str:
    """The number with signs that are often taken for each other put right: 4 letters, then digits."""
    return number[:4].translate(TO_LETTERS) + number[4:].translate(TO_DIGITS)
