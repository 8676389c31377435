"""Where the keys of a TOML text stand: tomllib does not report it, and who has to change a line needs its number."""

import re
import tomllib
from collections.abc import Callable, Mapping

Place = tuple[str | int, ...]
"""Keys from the outermost table on; a number is a position in an array, from 0."""

TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)
      |(?P<string>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
      |(?P<sign>[\n\[\]{}=,])
      |(?P<bare>[^\s\[\]{}=,\#"']+)""",
    re.VERBOSE | re.DOTALL,
)
END = ""


def lines(text: str) -> dict[Place, int]:
    """The line, from 1, on which each key, table and array element of a valid TOML text begins."""
    reader = _Reader(text)
    reader.read()
    return reader.found


def line_of(found: Mapping[Place, int], place: Place) -> int:
    """The line of a place, or of what it would stand in; 1 where nothing of it is there."""
    while place and place not in found:
        place = place[:-1]
    return found.get(place, 1)


class _Reader:
    """Follows the grammar of TOML 1.0; that the text is valid has been seen before."""

    def __init__(self, text: str) -> None:
        self.found: dict[Place, int] = {}
        self._counts: dict[Place, int] = {}
        self._at = 0
        self._tokens: list[tuple[str, int]] = []
        line = 1
        for match in TOKEN.finditer(text):
            if match.lastgroup != "skip":
                self._tokens.append((match[0], line))
            line += match[0].count("\n")
        self._tokens.append((END, line))

    @property
    def _next(self) -> str:
        return self._tokens[self._at][0]

    @property
    def _line(self) -> int:
        return self._tokens[self._at][1]

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][0]

    def read(self) -> None:
        table: Place = ()
        while self._next != END:
            if self._next == "\n":
                self._take()
            elif self._next == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Place:
        line = self._line
        self._take()
        many = self._next == "["
        if many:
            self._take()
        names = self._key()
        place: Place = ()
        for depth, name in enumerate(names, 1):
            place = (*place, name)
            if many and depth == len(names):
                self._counts[place] = self._counts.get(place, 0) + 1
            self.found.setdefault(place, line)
            if place in self._counts:
                place = (*place, self._counts[place] - 1)
        self.found.setdefault(place, line)
        for _ in range(1 + many):
            self._take()
        return place

    def _key(self) -> list[str]:
        """The names of a dotted key, up to what ends it."""
        names: list[str] = []
        while self._next not in ("=", "]"):
            token = self._take()
            if token[0] in "\"'":
                names.append(str(tomllib.loads(f"name = {token}")["name"]))
            else:
                names += [name for name in token.split(".") if name]
        return names

    def _pair(self, table: Place) -> None:
        line = self._line
        place = table
        for name in self._key():
            place = (*place, name)
            self.found.setdefault(place, line)
        self._take()
        self._value(place)

    def _value(self, place: Place) -> None:
        if self._next == "[":
            self._list("]", lambda number: self._element((*place, number)))
        elif self._next == "{":
            self._list("}", lambda _number: self._pair(place))
        else:
            while self._next not in (END, "\n", ",", "]", "}"):  # a time may have a space in it
                self._take()

    def _element(self, place: Place) -> None:
        self.found[place] = self._line
        self._value(place)

    def _list(self, end: str, one: Callable[[int], None]) -> None:
        self._take()
        number = 0
        while self._next != end:
            if self._next in ("\n", ","):
                self._take()
            else:
                one(number)
                number += 1
        self._take()
