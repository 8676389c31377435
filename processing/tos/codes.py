"""Codes of COARRI and CODECO: what happened to the boxes of a message, and to one of them."""

from collections.abc import Mapping
from typing import Final, Literal

MoveKind = Literal["load", "discharge", "shift"]

KIND_CODES: Final[Mapping[str, MoveKind]] = {"98": "discharge", "44": "discharge", "270": "load", "46": "load"}
"""Document name, BGM 1001. Where each comes from, and what is unverified: docs/reconcile.md."""
SHIFTER: Final = "5"
"""Equipment status, EQD 8249: from one place on board to another."""
NOT_MOVED: Final[Mapping[str, str]] = {"4": "remaining on board", "7": "shortlanded"}
"""Equipment status of boxes that the list names though no crane moved them."""
GATE_CODES: Final[Mapping[str, Literal["gate_in", "gate_out"]]] = {"34": "gate_in", "36": "gate_out"}
"""The same of CODECO: docs/containers.md."""
