"""The parts as `quaystream up` has noted them."""

from pathlib import Path

from api.http.rows import rfc3339_us
from api.parts.answers import Part, Parts
from infra.machine import parts


class StackParts:
    """Reads the note of a state folder; it is small, and read where somebody asks.

    Args:
        state_dir: the folder.
    """

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir

    @property
    def restarts(self) -> int:
        """How often parts were started again."""
        return sum(note.restarts for note in parts.read(self._state_dir))

    def all(self) -> Parts:
        """What became of each."""
        return Parts([_part(note) for note in parts.read(self._state_dir)])


def _part(note: parts.PartNote) -> Part:
    ended_at = None if note.ended_us is None else rfc3339_us(note.ended_us)
    return Part(note.name, note.state, note.restarts, ended_at, note.ended)
