"""A move list as read: its lines, its problems, the cranes that it may name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from processing.containers.iso6346 import normalise, problem
from processing.model.errors import QuaystreamError
from processing.tos.codes import MoveKind
from processing.tos.problem import Problem, Unit

TosKind = MoveKind
KINDS: Final[tuple[TosKind, ...]] = ("discharge", "load", "shift")
MOST_LINES: Final = 50_000
MOST_LISTED: Final = 50
"""Problems that are listed one by one."""


@dataclass(frozen=True, slots=True)
class TosMove:
    """One box moved, as the list has it. Times in µs since 1970 UTC.

    Attributes:
        line: where it stands: line of the file, number of the segment in EDIFACT.
        crane: which moved it; None where the list has none.
        at_us: when; None where the list has none.
        container_id: normalised; None where the list has none.
        kind: onto the ship, off it, or on board.
        size_type: ISO 6346 code, such as 45G1.
        stowage: bay, row and tier on board, such as 0140682.
        check_ok: whether the number passes ISO 6346; True where there is none.
    """

    line: int
    crane: str | None
    at_us: int | None
    container_id: str | None
    kind: TosKind
    size_type: str | None = None
    stowage: str | None = None
    check_ok: bool = True


class TosError(QuaystreamError):
    """A list that is not imported.

    Args:
        problems: all of them; the message lists the first ones.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        listed = [f"  {one}" for one in self.problems[:MOST_LISTED]]
        if len(self.problems) > MOST_LISTED:
            listed.append(f"  … and {len(self.problems) - MOST_LISTED} more")
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__(f"nothing is imported; the list has {count}:\n" + "\n".join(listed))


@dataclass(slots=True)
class TosList:
    """A list as far as it was read.

    Attributes:
        moves: its lines, in order.
        problems: what stands against importing it.
        notes: what a person should know, though it stands against nothing.
        vessel, voyage: of the ship, where the list names it.
    """

    moves: list[TosMove] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    vessel: str | None = None
    voyage: str | None = None

    def add(self, move: TosMove, seen: dict[tuple[object, ...], int], *, flag: bool, unit: Unit = "line") -> None:
        """Take a line in, or note what is wrong with it.

        Args:
            move: the line; its `check_ok` is set here.
            seen: keys of earlier lines and where they stand.
            flag: keep faulty numbers, marked, instead of refusing them.
            unit: what `line` counts.
        """
        number = move.container_id
        wrong = problem(number) if number is not None else None
        if wrong is not None and not flag:
            self.problems.append(Problem(move.line, "container", f"{number} {wrong}", unit))
        if number is not None:
            # A box is loaded or discharged once in a call; on board it may be moved many times.
            key = (number, move.kind, move.at_us if move.kind == "shift" else None)
            first = seen.setdefault(key, move.line)
            if first != move.line:
                text = f"{number} is {MOVED[move.kind]} already in {unit} {first}; leave one of the two out"
                self.problems.append(Problem(move.line, "container", text, unit))
        self.moves.append(move if wrong is None else _faulty(move))

    def checked(self) -> "TosList":
        """The list itself.

        Raises:
            TosError: it has problems.
        """
        if self.problems:
            raise TosError(self.problems)
        return self


MOVED: Final = {"load": "loaded", "discharge": "discharged", "shift": "shifted at that time"}


@dataclass(frozen=True, slots=True)
class Cranes:
    """Cranes that a list may name.

    Attributes:
        known: their names here.
        names: what the list calls them where that differs, in lower case → name here.
    """

    known: Collection[str]
    names: dict[str, str] = field(default_factory=dict)

    def find(self, text: str) -> str:
        """The crane that is meant.

        Raises:
            ValueError: there is none of that name; the message names those there are.
        """
        wanted = text.strip().lower()
        crane = self.names.get(wanted, wanted)
        if crane not in self.known:
            there = ", ".join(sorted(self.known)[:20]) or "none"
            raise ValueError(f"{text.strip()[:64]!r} is no crane of this terminal; there are: {there}")
        return crane


def number_of(text: str) -> str | None:
    """A box number as it is stored, None for nothing."""
    return normalise(text)[:20] or None


def _faulty(move: TosMove) -> TosMove:
    return TosMove(
        move.line, move.crane, move.at_us, move.container_id, move.kind, move.size_type, move.stowage, check_ok=False
    )
