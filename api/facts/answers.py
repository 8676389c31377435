"""Answers about facts: their fields are the columns of the type of fact, declared there and nowhere else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self, TypeVar

import msgspec
from msgspec import Meta, Struct

from api.http.parameters import listed
from api.http.rows import Time, in_turns, rfc3339, rfc3339_us
from infra.facts.statements import selected
from processing.model.fact_type import Column, ColumnKind, FactType
from processing.model.facts import Announced, DeviceFact, TerminalFact

TYPES: dict[ColumnKind, Any] = {
    "time": Time,
    "whole": int,
    "number": float,
    "flag": bool,
    "text": str,
    "texts": list[str],
}
"""Types of fields by kind of column."""
OWNER = ("terminal", "device")
"""Stand in an answer where a device's fact has the number of the device."""


@dataclass(frozen=True)
class AnswerColumns:
    """Columns of a type of fact that an answer has, in order.

    Attributes:
        of: the type of fact.
        leave_out: attributes that are not answered.
    """

    of: FactType[Any]
    leave_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """See that what is left out is there."""
        if unknown := set(self.leave_out) - set(self.of.by_attribute):
            raise ValueError(f"a {self.of.name} has no {', '.join(sorted(unknown))} that could be left out")

    @cached_property
    def owner(self) -> tuple[str, ...]:
        """Names before the columns: whose fact it is, where the columns do not have it as text."""
        return OWNER if issubclass(self.of.record, DeviceFact) else ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns themselves."""
        left_out = {*self.leave_out, "device_id"} if self.owner else set(self.leave_out)
        return tuple(column for column in self.of.columns if column.attribute not in left_out)

    @cached_property
    def fields(self) -> list[tuple[str, Any]]:
        """Names and types of the fields of a Struct."""
        return [*((name, str) for name in self.owner), *((column.name, _type(column)) for column in self.columns)]

    @cached_property
    def selected(self) -> str:
        """What a query selects, of facts with the names of their devices."""
        return ", ".join((*self.owner, selected(self.columns)))

    @cached_property
    def times(self) -> tuple[int, ...]:
        """Places of times among the fields."""
        return tuple(at for at, column in enumerate(self.columns, len(self.owner)) if column.kind == "time")


class FactAnswer(Struct, frozen=True):
    """An answer about one fact; `answers` gives it the fields of a type of fact, before its own."""

    columns: ClassVar[AnswerColumns]

    @classmethod
    def from_row(cls, row: Iterable[Any], **own: Any) -> Self:
        """Of a row that begins with `columns.selected`; `own`: the values of the answer's own fields."""
        values = list(row)
        for at in cls.columns.times:
            if (time := values[at]) is not None:
                values[at] = rfc3339(time)
        return cls(*values, **own)

    @classmethod
    async def from_rows(cls, rows: Sequence[Any]) -> list[Self]:
        """Of rows of `columns.selected`, in turns with others."""
        return await in_turns(cls.from_row, rows)

    @classmethod
    def from_fact(cls, fact: DeviceFact | TerminalFact | Announced, *owner: str, **own: Any) -> Self:
        """Of a fact in memory; `owner`: terminal and device of a device's fact; `own`: as of `from_row`."""
        columns = (plain(column, getattr(fact, column.attribute)) for column in cls.columns.columns)
        return cls(*owner, *columns, **own)


A = TypeVar("A", bound=FactAnswer)


def answers(of: FactType[Any], leave_out: Iterable[str] = ()) -> Callable[[type[A]], type[A]]:
    """Class decorator that gives an answer the fields of a type of fact, before those that the class has itself.

    Args:
        of: the type of fact; of a device's fact the answer has terminal and device instead of its number.
        leave_out: attributes of the record that are not answered.
    """
    columns = AnswerColumns(of, tuple(leave_out))

    def derive(kind: type[A]) -> type[A]:
        own = [(field.name, field.type) for field in msgspec.structs.fields(kind)]
        made: Any = msgspec.defstruct(
            kind.__name__,
            [*columns.fields, *own],
            bases=kind.__bases__,
            module=kind.__module__,
            namespace={"__doc__": kind.__doc__, "columns": columns},
            frozen=True,
        )
        derived: type[A] = made
        return derived

    return derive


def _type(column: Column) -> Any:
    kind = TYPES[column.kind] | None if column.optional else TYPES[column.kind]
    texts = [text for text in (listed(column.words), column.text) if text]
    return Annotated[kind, Meta(description="; ".join(texts))] if texts else kind


def plain(column: Column, value: Any) -> Any:
    """A value of a record, of one of its columns, as JSON has it; times as RFC 3339."""
    if value is None:
        return None
    if column.kind == "time":
        return rfc3339_us(value)
    return list(value) if column.kind == "texts" else value
