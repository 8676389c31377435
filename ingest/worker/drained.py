"""Whether the queue that had built up is drained: what goes on beside the batches begins then."""

from dataclasses import dataclass


@dataclass(slots=True)
class Drained:
    """Judges by looks at the pipeline, half a second apart say.

    A worker that keeps pace with its broker has no full batch waiting, however long the broker's queue still is: what
    comes between two looks shows that one.

    Args:
        full_batch: so many messages between two looks come from a queue.
        looks: in a row at which there was none; one may fall between two bursts.
    """

    full_batch: int
    looks: int
    _received: int = 0
    _seen: int = 0

    def look(self, received: int, *, behind: bool) -> bool:
        """Whether it is drained by now.

        Args:
            received: messages since the worker's start.
            behind: whether a full batch waits.
        """
        few = received - self._received < self.full_batch
        self._received = received
        self._seen = self._seen + 1 if few and not behind else 0
        return self._seen >= self.looks
