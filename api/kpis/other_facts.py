"""Facts behind a value that have no list of their own in an explanation: a new stream's are there without a line."""

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct

from api.facts.answers import AnswerColumns, plain
from processing.kpi.evidence import Evidence
from processing.model.facts import DeviceFact
from processing.streams import FACT_TYPES


class OtherFacts(Struct, frozen=True):
    """Facts of one type, in order."""

    fact: Annotated[str, Meta(description="type of fact")]
    facts: Annotated[list[dict[str, Any]], Meta(description="each with its terminal, its device and its columns")]


def other_facts(
    found: Evidence, listed: frozenset[type[DeviceFact]], terminal: str, names: Mapping[int, str], most: int
) -> list[OtherFacts]:
    """Those that are not listed elsewhere.

    Args:
        found: the facts behind a value.
        listed: records of facts that have a list of their own.
        terminal: theirs.
        names: of devices, by number.
        most: facts of each type, the newest.
    """
    return [
        OtherFacts(FACT_TYPES[record].name, [_row(one, terminal, names) for one in facts[-most:]])
        for record, facts in found.spans.items()
        if facts and record not in listed
    ]


def _row(fact: DeviceFact, terminal: str, names: Mapping[int, str]) -> dict[str, Any]:
    columns = AnswerColumns(FACT_TYPES[type(fact)]).columns
    owner = {"terminal": terminal, "device": names[fact.device_id]}
    return owner | {column.name: plain(column, getattr(fact, column.attribute)) for column in columns}
