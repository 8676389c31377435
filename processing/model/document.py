"""Documents that people and other systems announce: retained messages about a vessel call, a container and the like."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from processing.model import topics
from processing.model.fact_type import FactType


@dataclass(frozen=True)
class DocumentKind:
    """One kind of document; a row of `processing/documents.py`.

    Each announcement is the whole document: the newest counts, a repeated one changes nothing, and an empty retained
    message withdraws it.

    Attributes:
        name: last level of its topic `port/{terminal}/{family}/{id}/{name}`; no two kinds have the same.
        family: what it is about.
        identify: the id as it is stored, from the one in the topic; a ValueError explains the rule.
        read: makes the record from terminal, id and decoded JSON; a DocumentError lists all problems.
        reason: code of the quarantine for one that is refused.
        refused: what the reason means.
        stored: where its records are stored, column by column; None: `ingest/store` has statements of its own for it.
    """

    name: str
    family: str
    identify: Callable[[str], str]
    read: Callable[[str, str, object], object]
    reason: str
    refused: str
    stored: FactType[Any] | None = None

    def topic(self, terminal: str, document_id: str) -> str:
        """Where one is announced."""
        return topics.document(terminal, self.family, document_id, self.name)
