"""What is wrong in a file of the terminal operating system, and where."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["line", "segment"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it stands, in which field, and what to change.

    Attributes:
        line: of the file, in EDIFACT the number of the segment; None: it is about the file.
        field: column, or tag of the segment.
        text: what is wrong, and what to write.
        unit: what `line` counts.
    """

    line: int | None
    field: str
    text: str
    unit: Unit = "line"

    def __str__(self) -> str:
        where = f"{self.unit} {self.line}, " if self.line is not None else ""
        return f"{where}{self.field}: {self.text}"
