"""Per-device watermarks: what has been seen, and what arrives behind it."""

import numpy as np
from numpy.typing import NDArray

from processing.model.samples import Samples

NEVER = np.iinfo(np.int64).min


class Watermarks:
    """The newest (time, seq) of every device; never goes back."""

    def __init__(self) -> None:
        self._time_us: NDArray[np.int64] = np.full(64, NEVER, dtype=np.int64)
        self._seq: NDArray[np.int64] = np.full(64, NEVER, dtype=np.int64)

    def _reserve(self, device_id: int) -> None:
        have = len(self._time_us)
        if device_id >= have:
            more = np.full(max(have, device_id + 1 - have), NEVER, dtype=np.int64)
            self._time_us = np.concatenate((self._time_us, more))
            self._seq = np.concatenate((self._seq, more))

    def of(self, device_id: int) -> int | None:
        """Newest event time of a device, None when nothing was seen. [µs since 1970 UTC]."""
        if device_id >= len(self._time_us) or self._time_us[device_id] == NEVER:
            return None
        return int(self._time_us[device_id])

    def put(self, device_id: int, time_us: int, seq: int) -> None:
        """Note what a device is known to have sent; an older mark changes nothing."""
        self._reserve(device_id)
        if (time_us, seq) > (int(self._time_us[device_id]), int(self._seq[device_id])):
            self._time_us[device_id], self._seq[device_id] = time_us, seq

    def behind(self, samples: Samples) -> NDArray[np.bool_]:
        """Which samples are not ahead of their device's watermark: duplicates, or late. Shape (n,).

        Those without seq have no order within their time: what comes later of the newest time is behind it.
        """
        if len(samples):
            self._reserve(int(samples.device_id.max()))
        time_us, seq = self._time_us[samples.device_id], self._seq[samples.device_id]
        older = samples.time_us < time_us
        return np.asarray(older | ((samples.time_us == time_us) & ((samples.seq <= seq) | (samples.seq < 0))))

    def advance(self, samples: Samples, ends: NDArray[np.intp]) -> None:
        """Move on to the last row of each device; `samples` in order, `ends` those rows."""
        devices = samples.device_id[ends]
        if len(devices):
            self._reserve(int(devices.max()))
        self._time_us[devices] = samples.time_us[ends]
        self._seq[devices] = samples.seq[ends]
