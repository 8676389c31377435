"""What a type of fact is: a record whose fields are the columns of a table, and how windows see it; of documents too.

A column is declared once, as a field of the record: its name, its type, whether it may be absent, what it means.
Statements, parameters and rows of a table derive from that; see `infra.facts`.
"""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from processing.model.facts import Announced, DeviceFact, Seen, TerminalFact

ColumnKind = Literal["time", "whole", "number", "flag", "text", "texts", "numbers"]
SQL_TYPES: dict[ColumnKind, str] = {
    "time": "timestamp with time zone",
    "whole": "integer",
    "number": "double precision",
    "flag": "boolean",
    "text": "text",
    "texts": "text[]",
    "numbers": "jsonb",
}
"""Types of columns, as PostgreSQL names them."""
KINDS: dict[object, ColumnKind] = {
    int: "whole",
    float: "number",
    bool: "flag",
    str: "text",
    tuple[str, ...]: "texts",
    tuple[tuple[str, float], ...]: "numbers",
}
"""Of a list of texts, and of numbers by name, none is an empty one; in SQL numbers by name are an object."""
COLLECTIONS: frozenset[ColumnKind] = frozenset({"texts", "numbers"})
TIME_SUFFIX = "_us"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a fact's table.

    Attributes:
        attribute: of the record; with `_us` at its end a time. [µs since 1970 UTC]
        kind: type of its values.
        optional: whether it may be None, in SQL NULL.
        words: the only values of a text, where they are fixed.
        text: what it is, where its name is not enough; with the unit.
    """

    attribute: str
    kind: ColumnKind
    optional: bool
    words: tuple[str, ...] = ()
    text: str = ""

    @property
    def name(self) -> str:
        """Name in SQL: of a time `began_at` for `began_us`, and `time` where it is the only one."""
        if self.kind != "time":
            return self.attribute
        stem = self.attribute.removesuffix(TIME_SUFFIX)
        return stem if stem == "time" else f"{stem}_at"

    @property
    def sql_type(self) -> str:
        """Type in SQL."""
        return SQL_TYPES[self.kind]


F = TypeVar("F", bound=DeviceFact | TerminalFact | Announced)


@dataclass(frozen=True)
class FactType(Generic[F]):
    """A type of fact.

    Attributes:
        name: in logs and documents.
        table: where its facts are stored.
        record: frozen dataclass; its fields, in order, are the columns.

    Raises:
        ValueError: the record's `key` or `seen` names what is no field of it.
    """

    name: str
    table: str
    record: type[F]

    def __post_init__(self) -> None:
        """See that what the record names is there."""
        there = [field.name for field in fields(self.record)]  # type: ignore[arg-type] # every record is a dataclass
        seen = self.record.seen
        spans = () if seen is None else (seen.begin, seen.end, *seen.aside)
        for where, names in (("key", self.record.key.names), ("seen", spans)):
            if unknown := [name for name in names if name is not None and name not in there]:
                raise ValueError(
                    f"{where} of {self.record.__name__} names {', '.join(unknown)}; its fields are {', '.join(there)}"
                )

    @property
    def seen(self) -> Seen | None:
        """How windows see it; None: they do not."""
        return self.record.seen

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Columns in order of the record's fields."""
        hints = get_type_hints(self.record, include_extras=True)
        return tuple(_column(field.name, hints[field.name]) for field in fields(self.record))  # type: ignore[arg-type] # every record is a dataclass

    @cached_property
    def by_attribute(self) -> dict[str, Column]:
        """Columns by the attribute of the record."""
        return {column.attribute: column for column in self.columns}

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """Columns of the natural key, which is the table's primary key."""
        return tuple(self.by_attribute[name] for name in self.record.key.names)


def _column(name: str, annotation: Any, text: str = "") -> Column:
    args = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _column(name, args[0], args[1])
    if get_origin(annotation) is Literal:
        return Column(name, "text", optional=False, words=args, text=text)
    if type(None) in args:
        (inner,) = (arg for arg in args if arg is not type(None))
        column = _column(name, inner, text)
        return Column(name, column.kind, optional=True, words=column.words, text=text)
    if annotation is int and name.endswith(TIME_SUFFIX):
        return Column(name, "time", optional=False, text=text)
    if annotation not in KINDS:
        known = "int, float, bool, str, Literal texts, tuple[str, ...], tuple[tuple[str, float], ...]"
        raise TypeError(f"the field {name} of a fact is {annotation}; there are columns for {known}, each | None")
    return Column(name, KINDS[annotation], optional=False, text=text)
