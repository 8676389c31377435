"""Documents that are stored column by column: which statements write and withdraw them, and with what."""

from collections.abc import Iterable
from typing import Any

from infra.clock import from_us
from infra.facts.rows import encode_rows
from infra.facts.statements import statement
from ingest.decode.protocol import Document
from processing.documents import ROWS

STORED = {row.name: row.stored for row in ROWS if row.stored is not None}
"""Types of records by the name of their kind."""
STATEMENTS: dict[str, str] = {
    **{f"{name}_withdrawn": statement(of, "delete") for name, of in STORED.items()},
    **{f"{name}_stored": statement(of, "announce") for name, of in STORED.items()},
}
"""By name, in the order in which they are to run."""


def rows(documents: Iterable[Document]) -> dict[str, list[tuple[Any, ...]]]:
    """Parameters by statement, in order of the keys; of documents about the same the last one counts."""
    last = {document.address: document for document in documents if document.address.kind in STORED}
    found: dict[str, list[tuple[Any, ...]]] = {}
    for address in sorted(last, key=lambda one: (one.kind, one.terminal, one.device)):
        document = last[address]
        if document.content is None:
            found.setdefault(f"{address.kind}_withdrawn", []).append((address.terminal, address.device))
        else:
            (columns,) = encode_rows(STORED[address.kind])([document.content])
            row = (*columns, document.payload, from_us(document.received_us))
            found.setdefault(f"{address.kind}_stored", []).append(row)
    return found
