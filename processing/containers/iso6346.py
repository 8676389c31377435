"""Container numbers: owner code, category, serial number, check digit. Source: ISO 6346."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

FORM: Final = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")
NOISE: Final = re.compile(r"[\s./_–-]+")
"""What people and cameras put between the parts."""
LETTERS: Final = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (n for n in range(10, 39) if n % 11), strict=True))
"""Letters count from 10 on; multiples of 11 are left out."""

AS_LETTER: Final = {"0": "ODQ", "1": "ILT", "2": "Z", "4": "A", "5": "S", "6": "G", "7": "TZ", "8": "B"}
AS_CATEGORY: Final = {"0": "U", "1": "J", "2": "Z", "7": "Z", "I": "J", "O": "U", "V": "U"}
AS_DIGIT: Final = dict(zip("OQDILTZSBGA", "00011725864", strict=True))
"""What a camera may have seen where a sign cannot stand: a digit among letters, another letter than U, J and Z as the
fourth, a letter among digits."""


@dataclass(frozen=True, slots=True)
class ContainerNumber:
    """A container number as it was read, and what it is taken for.

    Attributes:
        raw: as it was read.
        number: normalised; repaired where one repair is certain, else as it was read.
        check_ok: it has the form of ISO 6346, and the check digit that was read with it is right.
        repaired: signs were put right, or the check digit, which was not read, was computed.
    """

    raw: str
    number: str
    check_ok: bool
    repaired: bool


def normalise(text: str) -> str:
    """Upper case, without spaces, dots, dashes, underscores and slashes."""
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


def is_right(number: str) -> bool:
    """Whether a normalised number has the form, and its check digit is right."""
    return FORM.fullmatch(number) is not None and int(number[10]) == check_digit(number)


@lru_cache(maxsize=1_000)  # several facts show the same box, one soon after the other
def read(text: str) -> ContainerNumber:
    """A number as a camera, a person or a message has it; it is never dropped, whatever it is.

    Signs are put right only where they cannot stand: `O` among digits, `0` among letters, `V` as the fourth. Of several
    ways to do so, one is taken where it alone makes the check digit right. A number of the right form with a wrong
    check digit stays: any of its signs may be wrong. A missing check digit is computed where there is one way only; as
    nothing has been checked then, `check_ok` is false.
    """
    number = normalise(text)
    if FORM.fullmatch(number):
        return ContainerNumber(text, number, is_right(number), repaired=False)
    meant = list(_by_zone(number))
    if len(number) == 10 and len(meant) == 1:
        return ContainerNumber(text, f"{meant[0]}{check_digit(meant[0])}", check_ok=False, repaired=True)
    right = [one for one in meant if is_right(one)]
    if len(right) == 1:
        return ContainerNumber(text, right[0], check_ok=True, repaired=True)
    return ContainerNumber(text, number, check_ok=False, repaired=False)


def problem(number: str) -> str | None:
    """What is wrong with a normalised number and what it should be, None where nothing is."""
    if is_right(number):
        return None
    if FORM.fullmatch(number):
        return f"fails ISO 6346: the check digit of {number[:10]} is {check_digit(number)}, not {number[10]}"
    if FORM.fullmatch(f"{number}0"):
        return f"lacks its last digit, the check digit, which is {check_digit(number)}"
    meant = read(number)
    hint = f"; perhaps {meant.number}" if meant.check_ok else ""
    return f"is no container number: 3 letters, then U, J or Z, then 7 digits{hint}"


def _by_zone(number: str) -> list[str]:
    """All ways to put right the signs that stand in the wrong zone; of numbers that lack the last digit too."""
    if len(number) not in (10, 11):
        return []
    return ["".join(signs) for signs in product(*(_meant(sign, place) for place, sign in enumerate(number)))]


def _meant(sign: str, place: int) -> str:
    """The signs that may have been meant, none where no sign looks like it."""
    if place < 3:
        return sign if sign in LETTERS else AS_LETTER.get(sign, "")
    if place == 3:
        return sign if sign in "UJZ" else AS_CATEGORY.get(sign, "")
    return sign if sign in "0123456789" else AS_DIGIT.get(sign, "")
