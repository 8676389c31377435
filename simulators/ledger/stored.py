"""What the database holds of a ledger: raw rows, quarantine and moves, through the views that people use."""

from collections import Counter
from typing import Any

import msgspec
import numpy as np
import psycopg
from numpy.typing import NDArray

from infra.sql import blocks
from processing.cranes.signals import CRANE
from simulators.ledger import verify as verify_module
from simulators.ledger.records import Head, LedgerError, Records, line_digest, message_digest
from simulators.ledger.script import Move
from simulators.ledger.verify import Report, Stored, compare

SQL = blocks(__file__, "stored.sql")


def verify(database_url: str, ledgers: list[Records]) -> Report:
    """Compare ledgers with a database.

    Raises:
        LedgerError: two ledgers are of one terminal: the rows of one would be unexpected in the other.
    """
    terminals = [ledger.head.terminal for ledger in ledgers]
    if len(set(terminals)) < len(terminals):
        raise LedgerError("each ledger must have a terminal of its own")
    report = Report()
    with psycopg.connect(database_url) as connection:
        for ledger in ledgers:
            report += compare(ledger, read(connection, ledger.head))
    return report


def missing(database_url: str, ledger: Records) -> NDArray[np.bool_]:
    """Which records of a ledger a database does not hold. Shape (n,)."""
    with psycopg.connect(database_url) as connection:
        return verify_module.missing(ledger, read(connection, ledger.head))


def read(connection: Any, head: Head) -> Stored:
    """What the database holds of a ledger's terminal.

    Args:
        connection: psycopg's, to the database.
        head: of the ledger.
    """
    devices = {name: place for place, name in enumerate(head.devices)}
    rows: list[tuple[int, int, int, int]] = []
    names: list[str] = []
    columns = ", ".join(signal.name for signal in CRANE.signals)
    query = SQL["rows"].format(signals=columns).rstrip(";")
    with connection.cursor().copy(query, (head.terminal,)) as copy:
        for line in _lines(copy):
            data, _, received = line.rpartition(b"\t")
            device, boot, _, seq, _ = data.split(b"\t", 4)
            place = devices.get(device.decode(), -1) if boot.decode() == head.boot else -1
            rows.append((place, int(seq), line_digest(data), int(received)))
            names.append(f"{device.decode()} boot {boot.decode()} seq {seq.decode()}")
    table = np.array(rows, object).reshape(len(rows), 4)
    quarantined, messages = _quarantine(connection, head, devices)
    return Stored(
        table[:, 0].astype(np.int64),
        table[:, 1].astype(np.int64),
        table[:, 2].astype(np.uint64),
        table[:, 3].astype(np.int64),
        names,
        quarantined,
        messages,
        _moves(connection, head.terminal, devices),
    )


def _lines(copy: Any) -> Any:
    """Lines of a COPY to text; psycopg hands out pieces of any size."""
    rest = b""
    for piece in copy:
        *lines, rest = (rest + bytes(piece)).split(b"\n")
        yield from lines


def _quarantine(connection: Any, head: Head, devices: dict[str, int]) -> tuple[list[tuple[int, int]], Counter[int]]:
    samples: list[tuple[int, int]] = []
    messages: Counter[int] = Counter()
    for topic, payload in connection.execute(SQL["quarantine"], (f"port/{head.terminal}/%",)):
        messages[message_digest(topic, bytes(payload))] += 1
        place = devices.get(topic.split("/")[3], -1) if topic.count("/") == 4 else -1
        samples += [(place, seq) for seq in _seqs(bytes(payload), head.boot) if place >= 0]
    return samples, messages


def _seqs(payload: bytes, boot: str) -> list[int]:
    """`seq` of the samples of this boot in a payload; none where it cannot be understood."""
    try:
        value = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return []
    listed = value if isinstance(value, list) else [value]
    found = [one.get("seq") for one in listed if isinstance(one, dict) and one.get("boot") == boot]
    return [seq for seq in found if isinstance(seq, int)]


def _moves(connection: Any, terminal: str, devices: dict[str, int]) -> list[tuple[int, Move]]:
    return [
        (devices.get(device, -1), Move(*times_and_more))
        for device, *times_and_more in connection.execute(SQL["moves"], (terminal,))
    ]
