"""The ledger: an append-only file of what was sent and what the broker acknowledged.

The first line is JSON and describes the whole file; entries of fixed size follow. The reader cuts off an entry that a
killed publisher left half written. The publisher hands entries to the system before it sends their samples.
"""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from infra.clock import now_us
from processing.cranes.signals import CRANE
from processing.model.errors import QuaystreamError
from simulators.ledger.script import Clock, Signals

ENTRY = np.dtype(
    [("state", "u1"), ("device", "<u4"), ("seq", "<u8"), ("time_us", "<i8"), ("digest", "<u8")]
)  # packed: 29 bytes
SENT, ACKED, UNHEARD, REFUSED, POISON, CONNECTED = 1, 2, 3, 4, 5, 6
"""States: sent; acknowledged; acknowledged though nobody subscribes; refused by the broker; sent, to be quarantined.
CONNECTED: a connection was made; its number stands in place of the device's."""
FLUSH_BYTES = 64 * 1024
ABSENT = b"\\N"


class LedgerError(QuaystreamError):
    """A file that is no ledger."""


class Head(msgspec.Struct, frozen=True):
    """What a ledger is about.

    Attributes:
        terminal: of the topics.
        boot: generation of the devices' counters; one ledger, one boot.
        devices: names; entries name them by place.
        start_ms, step_ms: see `script.Clock`; step 0 where the samples follow no script.
    """

    terminal: str
    boot: str
    devices: list[str]
    start_ms: int = 0
    step_ms: int = 0

    @property
    def clock(self) -> Clock:
        """Event time of the script."""
        return Clock(self.start_ms, self.step_ms)


class LedgerWriter:
    """A ledger being written.

    Args:
        path: the file; it must not exist.
        head: what it is about.
    """

    def __init__(self, path: Path, head: Head) -> None:
        self.head = head
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._waiting = bytearray(msgspec.json.encode(head) + b"\n")
        self.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def sent(self, device: int, seq: int, time_us: int, digest: int, *, poison: bool = False) -> None:
        """Note a sample, or a `poison` message, that is about to be sent; `flush` before it is.

        Args:
            device: its place in the head.
            seq: its number, unique for the device.
            time_us: its event time. [µs since 1970 UTC]
            digest: `row_digest` of the sample, `message_digest` of a poison message.
            poison: it must end in quarantine.
        """
        self._note(POISON if poison else SENT, device, seq, time_us, digest)

    def answered(self, device: int, seq: int, reason: int) -> None:
        """Note the broker's answer to the message that held a sample, an MQTT 5 reason code, and when it came."""
        state = REFUSED if reason >= 0x80 else UNHEARD if reason == 0x10 else ACKED
        self._note(state, device, seq, now_us(), 0)

    def connected(self, connection: int) -> None:
        """Note that one of the publisher's connections was made, for the first time or again, and when."""
        self._note(CONNECTED, connection, 0, now_us(), 0)

    def _note(self, state: int, device: int, seq: int, time_us: int, digest: int) -> None:
        self._waiting += np.array((state, device, seq, time_us, digest), ENTRY).tobytes()
        if len(self._waiting) >= FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Hand the noted entries to the system: they survive a kill of this process."""
        while self._waiting:
            del self._waiting[: os.write(self._file, self._waiting)]

    def close(self) -> None:
        """Flush and close."""
        if self._file >= 0:
            self.flush()
            os.close(self._file)
            self._file = -1


@dataclass(frozen=True)
class Records:
    """A ledger read back; one record a sample, in the order of sending. Arrays of shape (n,).

    Attributes:
        head: what it is about.
        device: place of the device in the head.
        seq, time_us, digest: as noted.
        acked: the broker acknowledged it.
        unheard: it did, with the reason code "no matching subscribers".
        poison: it must end in quarantine.
        acked_at: how many entries of the ledger came before its first acknowledgement, -1 where there was none.
        connected: of each connection that was made its number, when [µs since 1970 UTC], and how many entries of the
            ledger came before. Devices are shared out among connections by their places in turn.
        excused: seqs by device of samples that may be missing, see `turns`; their moves and those beside them are not
            compared with the script: `reprocess --check` compares them with the stored samples.
    """

    head: Head
    device: NDArray[np.int64]
    seq: NDArray[np.int64]
    time_us: NDArray[np.int64]
    digest: NDArray[np.uint64]
    acked: NDArray[np.bool_]
    unheard: NDArray[np.bool_]
    poison: NDArray[np.bool_]
    acked_at: NDArray[np.int64]
    connected: list[tuple[int, int, int]]
    excused: dict[int, list[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.device)


def read(path: Path) -> Records:
    """A ledger from its file, which may still be written to.

    Raises:
        LedgerError: it is none.
    """
    data = path.read_bytes()
    line, _, rest = data.partition(b"\n")
    try:
        head = msgspec.json.decode(line, type=Head)
    except msgspec.MsgspecError as error:
        raise LedgerError(f"{path} is no ledger: {error}") from None
    return records(head, np.frombuffer(rest[: len(rest) // ENTRY.itemsize * ENTRY.itemsize], ENTRY))


def records(head: Head, entries: NDArray[Any]) -> Records:
    """Records of a ledger's entries; a record sent again keeps its first place."""
    sent = entries[(entries["state"] == SENT) | (entries["state"] == POISON)]
    _, first = np.unique(key(sent["device"], sent["seq"]), return_index=True)
    sent = sent[np.sort(first)]
    keys = key(sent["device"], sent["seq"])

    def answered(*states: int) -> NDArray[np.bool_]:
        answers = entries[np.isin(entries["state"], states)]
        return np.isin(keys, key(answers["device"], answers["seq"]))

    return Records(
        head,
        sent["device"].astype(np.int64),
        sent["seq"].astype(np.int64),
        sent["time_us"].astype(np.int64),
        sent["digest"].astype(np.uint64),
        answered(ACKED, UNHEARD),
        answered(UNHEARD) & ~answered(ACKED),
        sent["state"] == POISON,
        _first_answers(entries, keys),
        _connected(entries),
    )


def _first_answers(entries: NDArray[Any], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    places = np.flatnonzero(np.isin(entries["state"], (ACKED, UNHEARD)))
    answered, first = np.unique(key(entries["device"][places], entries["seq"][places]), return_index=True)
    if not len(answered):
        return np.full(len(keys), -1)
    at = np.minimum(np.searchsorted(answered, keys), len(answered) - 1)
    return np.asarray(np.where(answered[at] == keys, places[first[at]], -1))


def _connected(entries: NDArray[Any]) -> list[tuple[int, int, int]]:
    places = np.flatnonzero(entries["state"] == CONNECTED)
    made = entries[places]
    return list(zip(made["device"].tolist(), made["time_us"].tolist(), places.tolist(), strict=True))


def key(device: NDArray[Any], seq: NDArray[Any]) -> NDArray[np.int64]:
    """One number for a sample of a ledger."""
    return device.astype(np.int64) << 40 | seq.astype(np.int64)


def row_digest(device: str, boot: str, time_us: int, seq: int, signals: Signals) -> int:
    """Hash of a sample as the database must give it back: every column of `v_crane`, absent ones included."""
    return line_digest(row_line(device, boot, time_us, seq, signals))


def row_line(device: str, boot: str, time_us: int, seq: int, signals: Signals) -> bytes:
    """The line that PostgreSQL's COPY to text writes for a sample."""
    values = [_text(signals[signal.name]) if signal.name in signals else ABSENT for signal in CRANE.signals]
    return b"\t".join([f"{device}\t{boot}\t{time_us}\t{seq}".encode(), *values, ABSENT])


def line_digest(line: bytes) -> int:
    """Hash of such a line, 8 bytes."""
    return int.from_bytes(hashlib.blake2b(line, digest_size=8).digest(), "little")


def message_digest(topic: str, payload: bytes) -> int:
    """Hash of a message that must end in quarantine, 8 bytes."""
    return line_digest(topic.encode() + b"\0" + payload)


def _text(value: object) -> bytes:
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, float):
        return repr(value).removesuffix(".0").encode()
    return str(value).encode()
