"""The registry of documents that are announced: one row each. Topic, codec, quarantine and storage derive from it."""

from processing.calls import reading as calls
from processing.model.document import DocumentKind
from processing.model.reading import identifier

CALL = DocumentKind(
    "call",
    "vessel",
    identifier,
    calls.read,
    reason="bad_call",
    refused="A vessel call is no JSON object, or contradicts itself; the one announced before stays.",
)
ROWS = (CALL,)
BY_TOPIC: dict[tuple[str, str], DocumentKind] = {(row.family, row.name): row for row in ROWS}
"""By the third and the last level of the topic."""
BY_NAME: dict[str, DocumentKind] = {row.name: row for row in ROWS}
FAMILIES = frozenset(row.family for row in ROWS)
