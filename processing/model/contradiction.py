"""Values of one sample that cannot be true together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processing.model.carry import FloatArray


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A sample with it is kept as it is, and counted; what is made of it is the matter of detectors.

    Attributes:
        ranges: signals of the stream, and the least and the largest value with which each takes part.
        text: what is reported.
    """

    ranges: tuple[tuple[str, float, float], ...]
    text: str

    @property
    def name(self) -> str:
        """As it is counted."""
        return ", ".join(signal for signal, _, _ in self.ranges)

    def rows(self, numbers: FloatArray, index: dict[str, int]) -> NDArray[np.intp]:
        """Samples that have it.

        Args:
            numbers: numeric signals, shape (signals, n); NaN where a sample has none.
            index: row of each signal in it.
        """
        parts = [
            (numbers[index[signal]] >= low) & (numbers[index[signal]] <= high) for signal, low, high in self.ranges
        ]
        return np.flatnonzero(np.logical_and.reduce(parts))
