"""The registry of documents that are announced: one row each. Topic, codec, quarantine and storage derive from it."""

from processing.calls import reading as calls
from processing.containers import announcement
from processing.model.document import DocumentKind
from processing.model.reading import identifier
from processing.treatments import announcement as treatment

CALL = DocumentKind(
    "call",
    "vessel",
    identifier,
    calls.read,
    reason="bad_call",
    refused="A vessel call is no JSON object, or contradicts itself; the one announced before stays.",
)
ANNOUNCEMENT = DocumentKind(
    "announcement",
    "container",
    announcement.identify,
    announcement.read,
    reason="bad_announcement",
    refused="The announcement of a box is no JSON object, or has a field that cannot be; the one before stays.",
    stored=announcement.ANNOUNCEMENT,
)
TREATMENT = DocumentKind(
    "treatment",
    "container",
    announcement.identify,
    treatment.read,
    reason="bad_treatment",
    refused="The cold treatment of a box is no JSON object, or has a field that cannot be; the one before stays.",
    stored=treatment.ANNOUNCEMENT,
)
ROWS = (CALL, ANNOUNCEMENT, TREATMENT)
BY_TOPIC: dict[tuple[str, str], DocumentKind] = {(row.family, row.name): row for row in ROWS}
"""By the third and the last level of the topic."""
BY_NAME: dict[str, DocumentKind] = {row.name: row for row in ROWS}
FAMILIES = frozenset(row.family for row in ROWS)
