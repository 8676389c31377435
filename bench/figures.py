"""A measured figure beside its target: a line of the table."""

from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("what", "measured", "beside", "to reach", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line.

    Attributes:
        what: what was measured.
        measured: the figure with its unit.
        beside: the reference of the same run.
        target: what is to be reached, empty where there is no target.
        reached: whether it is; None where there is no target.
    """

    what: str
    measured: str
    beside: str = ""
    target: str = ""
    reached: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """Text of each column."""
        verdict = "" if self.reached is None else "reached" if self.reached else "NOT REACHED"
        return self.what, self.measured, self.beside, self.target, verdict


def table(figures: Sequence[Figure]) -> str:
    """Lines with aligned columns."""
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
