"""What one signal is; the signals themselves are listed in `processing.streams`."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["float", "bool", "int", "enum", "text", "texts"]

NUMERIC_KINDS: frozenset[Kind] = frozenset({"float", "bool", "int", "enum"})
"""Kinds carried as float64 columns: NaN is "absent", booleans are 0 and 1, enums the index into `values`."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One measured quantity of a device.

    Attributes:
        name: canonical name; the unit is in it.
        unit: unit of the value, "" where there is none.
        kind: data type.
        low: smallest plausible value, in `unit`; values below never reach a column.
        high: largest plausible value, in `unit`.
        values: the words an `enum` can be, in order of their code; for an `int`, the only plausible values.
        tic: path of the same quantity in the TIC4.0 schema, "" where it has none.
        text: one line of description.
    """

    name: str
    unit: str
    kind: Kind
    low: float = float("-inf")
    high: float = float("inf")
    values: tuple[str, ...] = ()
    tic: str = ""
    text: str = ""

    @property
    def numeric(self) -> bool:
        """Whether the signal is carried as a float64 column."""
        return self.kind in NUMERIC_KINDS


STATE = Signal(
    "state",
    "",
    "enum",
    values=("off", "standby", "idle", "working", "fault"),
    tic="working.status",
    text="Operating state, TIC4.0 terms",
)
"""Of container handling equipment of any kind. Source: docs/sources.md, TIC4.0."""
