"""Container numbers with a valid check digit. Source: ISO 6346."""

from numpy.random import Generator

OWNERS = ("CSLU", "CSNU", "OOLU", "MSCU", "MSKU", "HLXU", "TCLU", "CAIU", "SEGU", "TEMU")
REEFER_OWNERS = ("CXRU", "SZLU", "MNBU", "OERU", "TRIU", "CRLU")
_LETTER_VALUES = [value for value in range(10, 40) if value % 11]
_VALUES = {character: value for value, character in enumerate("0123456789")} | dict(
    zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", _LETTER_VALUES, strict=False)
)


def check_digit(code: str) -> int:
    """Check digit of four letters and six digits: Σ value·2^place, mod 11, mod 10."""
    return _weighted(code) % 11 % 10


def _weighted(code: str) -> int:
    return sum(_VALUES[character] << place for place, character in enumerate(code))


def container_id(rng: Generator, owners: tuple[str, ...] = OWNERS) -> str:
    """A container number; serials whose remainder is 10 are avoided, as owners do."""
    while True:
        code = f"{owners[int(rng.integers(len(owners)))]}{int(rng.integers(100_000, 999_999))}"
        if _weighted(code) % 11 != 10:
            return f"{code}{check_digit(code)}"
