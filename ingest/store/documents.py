"""Documents that are stored column by column: which statements write and withdraw them, and with what."""

from collections.abc import Iterable
from typing import Any

from infra.clock import from_us
from infra.facts.rows import encode_rows
from infra.facts.statements import statement
from infra.sql import blocks
from ingest.decode.protocol import Document
from processing.documents import BY_NAME, ROWS

STORED = {row.name: row.stored for row in ROWS if row.stored is not None}
"""Types of records by the name of their kind."""
STATEMENTS: dict[str, str] = {
    **blocks(__file__, "documents.sql"),
    **{f"{name}_withdrawn": statement(of, "delete") for name, of in STORED.items()},
    **{f"{name}_stored": statement(of, "announce") for name, of in STORED.items()},
}
"""By name, in the order in which they are to run."""


def rows(documents: Iterable[Document]) -> dict[str, list[tuple[Any, ...]]]:
    """Parameters by statement, in order of the keys; of documents about the same the last one counts."""
    stored = [document for document in documents if document.address.kind in STORED]
    last = {document.address: document for document in stored}
    found: dict[str, list[tuple[Any, ...]]] = {}
    for address in sorted(last, key=lambda one: (one.kind, one.terminal, one.device)):
        document = last[address]
        if document.content is None:
            found.setdefault(f"{address.kind}_withdrawn", []).append((address.terminal, address.device))
        else:
            (columns,) = encode_rows(STORED[address.kind])([document.content])
            row = (*columns, document.payload, from_us(document.received_us))
            found.setdefault(f"{address.kind}_stored", []).append(row)
    return found | _topics(stored)


def _topics(documents: Iterable[Document]) -> dict[str, list[tuple[Any, ...]]]:
    """Topics with another spelling of an id: whoever withdraws the document has to clear them too."""
    last = {document.topic: document for document in documents}
    found: dict[str, list[tuple[Any, ...]]] = {}
    for topic in sorted(last):
        address = last[topic].address
        if topic != BY_NAME[address.kind].topic(address.terminal, address.device):
            name = "document_topic_cleared" if last[topic].content is None else "document_topic"
            found.setdefault(name, []).append((address.kind, address.terminal, address.device, topic))
    return found
