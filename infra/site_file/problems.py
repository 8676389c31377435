"""What is wrong in a site file, each problem with its line, its field and what to change."""

import difflib
from collections.abc import Iterable
from typing import Any

from infra.site_file.toml_lines import Place, line_of, lines
from processing.cranes.parameter_table import BY_KEY
from processing.cranes.parameters import CraneParameters


class Problems:
    """Collects them, so that all are reported at once.

    Args:
        name: how messages call the file.
        text: the file, valid TOML.
    """

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._lines = lines(text)
        self._found: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._found)

    def lines(self) -> list[str]:
        """One line a problem, in the order of the file."""
        return [text for _, text in sorted(self._found, key=lambda one: one[0])]

    def line(self, place: Place) -> int:
        """The line on which a key stands, or else what it would stand in."""
        return line_of(self._lines, place)

    def add(self, place: Place, what: str) -> None:
        """Note a problem of a key."""
        line = self.line(place)
        self._found.append((line, f"{self._name}, line {line}: {field(place)}: {what}"))

    def unknown(self, place: Place, table: dict[str, Any], known: Iterable[str]) -> None:
        """Note keys that mean nothing here."""
        known = tuple(known)
        for key in table:
            if key not in known:
                self.add((*place, key), f"this key is not known here; {near(key, known)}")

    def table(self, place: Place, value: object) -> dict[str, Any]:
        """A table; an empty one where it is none."""
        if isinstance(value, dict):
            return value
        self.add(place, "this must be a table")
        return {}

    def array(self, place: Place, value: object) -> list[Any]:
        """An array; an empty one where it is none."""
        if isinstance(value, list):
            return value
        self.add(place, "this must be an array: […]")
        return []

    def changes(self, place: Place, table: dict[str, Any]) -> dict[str, Any]:
        """Attributes of `CraneParameters` that a table sets; other keys are left alone."""
        found: dict[str, Any] = {}
        for key, value in table.items():
            row = BY_KEY.get(key)
            try:
                if row is not None:
                    found[row.attribute] = row.value(value)
            except ValueError as error:
                self.add((*place, key), f"{error}: {row.text if row is not None else ''}")
        return found

    def contradictions(self, place: Place, parameters: CraneParameters) -> None:
        """Note values that each make sense, but not together."""
        vessel_m, backreach_m = parameters.vessel_side_m, parameters.backreach_side_m
        if vessel_m <= backreach_m:
            what = f"vessel_side_m {vessel_m:g} must be above backreach_side_m {backreach_m:g}"
            self.add(place, f"{what}: the quay lies between them")
        for key, load_t in (
            ("lift_load_t", parameters.lift_load_t),
            ("gear_load_t", parameters.gear_load_t),
            ("least of cover_load_t", parameters.cover_load_t[0]),
            ("twin_load_t", parameters.twin_load_t),
        ):
            if load_t >= parameters.most_load_t:
                what = f"{key} {load_t:g} must be below most_load_t {parameters.most_load_t:g}: no more can be lifted"
                self.add(place, what)


def field(place: Place) -> str:
    """A place as people write it: terminal.pechy.shifts[1].begins; positions from 0."""
    text = ""
    for one in place:
        text += f"[{one}]" if isinstance(one, int) else f".{one}" if text else one
    return text


def near(word: object, known: tuple[str, ...], otherwise: str = "") -> str:
    """What may have been meant, or what else to do: all that is known where nothing else is given."""
    found = difflib.get_close_matches(str(word), known, 1, 0.6)
    return f"did you mean {found[0]}?" if found else otherwise or f"known are {', '.join(known)}"
