"""Size and type of a container, read off its four-character code. Source: ISO 6346, and its edition of 1985."""

from dataclasses import dataclass
from typing import Final, Literal

from processing.containers.iso6346 import normalise

TypeGroup = Literal[
    "general", "ventilated", "bulk", "named_cargo", "reefer", "insulated", "open_top", "platform", "tank", "air"
]
"""What a container is built for; `reefer` has its machinery in it, `insulated` hangs it on, heats, or has none."""

LENGTHS_FT: Final = {"1": 10, "2": 20, "3": 30, "4": 40, "L": 45, "M": 48, "N": 49, "P": 53}
HEIGHTS_FT: Final = {"0": 8.0, "2": 8.5, "4": 9.0, "5": 9.5, "8": 4.25}
WIDE_FT: Final = {"C": 8.5, "D": 9.0, "E": 9.5, "L": 8.5, "M": 9.0, "N": 9.5}
"""Heights of containers wider than 8 ft, such as pallet-wide ones."""
OTHER_HEIGHTS: Final = "69FP"
"""Higher than 9 ft 6 in, or no higher than 4 ft: valid, and not known to the inch."""
HEIGHTS_1985_FT: Final = {"0": 8.0, "1": 8.0, "2": 8.5, "3": 8.5, "4": 9.5, "5": 9.5, "8": 4.25}
OTHER_HEIGHTS_1985: Final = "6789"

GROUPS: Final[dict[str, TypeGroup]] = {
    "G": "general",
    "V": "ventilated",
    "B": "bulk",
    "S": "named_cargo",
    "R": "reefer",
    "H": "insulated",
    "U": "open_top",
    "P": "platform",
    "T": "tank",
    "K": "tank",
    "N": "bulk",
    "A": "air",
}
GROUPS_1985: Final[dict[str, TypeGroup]] = {
    "0": "general",
    "1": "general",
    "2": "insulated",
    "3": "reefer",
    "4": "insulated",
    "5": "open_top",
    "6": "platform",
    "7": "tank",
    "8": "bulk",
    "9": "air",
}
"""By the tens of a numeric type, which EDI messages still carry; 10 to 19 are closed boxes with vents."""


@dataclass(frozen=True, slots=True)
class SizeType:
    """What a size-type code means; what is None is not known. A code that is unknown in part is kept all the same.

    Attributes:
        code: normalised.
        length_ft: nominal. [ft]
        height_ft: nominal; None for heights without a nominal value too. [ft]
        wide: wider than 8 ft.
        group: what it is built for.
        problem: which part is not known, None where all are.
    """

    code: str
    length_ft: int | None
    height_ft: float | None
    wide: bool
    group: TypeGroup | None
    problem: str | None

    @property
    def reefer(self) -> bool:
        """Whether it cools by itself. Source: TIC4.0 typereefer: the third character is R."""
        return self.group == "reefer"

    @property
    def teu(self) -> float | None:
        """Twenty-foot equivalent units, None where the length is not known."""
        return None if self.length_ft is None else teu(self.length_ft)


def teu(length_ft: float) -> float:
    """Twenty-foot equivalent units of a container of this length, at most 2; 1 where it is not known (NaN)."""
    if not length_ft > 20:
        return 1.0
    return 1.5 if length_ft == 30 else 2.0


def read(text: str) -> SizeType:
    """A size-type code as a message has it; what is not known of it is flagged, never dropped."""
    code = normalise(text)
    if len(code) != 4:
        return SizeType(code, None, None, wide=False, group=None, problem=f"{text[:40]!r} must have 4 characters")
    length_ft = LENGTHS_FT.get(code[0])
    numeric = code[2:].isdecimal() and code.isascii()
    heights, others = (HEIGHTS_1985_FT, OTHER_HEIGHTS_1985) if numeric else (HEIGHTS_FT | WIDE_FT, OTHER_HEIGHTS)
    group = GROUPS_1985[code[2]] if numeric else GROUPS.get(code[2])
    unknown = [
        f"{what} {sign!r}"
        for what, sign, known in (
            ("length", code[0], length_ft is not None),
            ("height", code[1], code[1] in heights or code[1] in others),
            ("type", code[2:], group is not None),
        )
        if not known
    ]
    problem = f"{code}: {' and '.join(unknown)} not known" if unknown else None
    wide = not numeric and (code[1] in WIDE_FT or code[1] in "FP")
    return SizeType(code, length_ft, heights.get(code[1]), wide, group, problem)
