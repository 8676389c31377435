"""Container numbers with a valid check digit. Source: ISO 6346."""

from numpy.random import Generator

from processing.containers.iso6346 import check_digit, remainder

OWNERS = ("CSLU", "CSNU", "OOLU", "MSCU", "MSKU", "HLXU", "TCLU", "CAIU", "SEGU", "TEMU")
REEFER_OWNERS = ("CXRU", "SZLU", "MNBU", "OERU", "TRIU", "CRLU")


def container_id(rng: Generator, owners: tuple[str, ...] = OWNERS) -> str:
    """A container number; serials whose remainder is 10 are avoided, as owners do."""
    while True:
        code = f"{owners[int(rng.integers(len(owners)))]}{int(rng.integers(100_000, 999_999))}"
        if remainder(code) != 10:
            return f"{code}{check_digit(code)}"
