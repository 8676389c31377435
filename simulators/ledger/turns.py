"""What a killed broker may have lost though it had acknowledged it: the last turn of its loop, and nothing else.

Mosquitto writes its acknowledgements to the socket first, and commits at the end of the same turn (docs/broker.md).
One transaction holds all that it reads and acknowledges in a turn. So it loses, of each connection, the last messages
that it acknowledged, without a gap. A message that is missing before one that is stored is no such loss.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simulators.ledger.records import Records


def of_last_turns(ledger: Records, missing: NDArray[np.bool_], killed_us: Sequence[int]) -> NDArray[np.bool_]:
    """Missing records that were the last to be acknowledged on a connection which a kill has ended. Shape (n,).

    Args:
        ledger: of a publisher.
        missing: which records are not in the database, shape (n,).
        killed_us: when the broker was killed. [µs since 1970 UTC]
    """
    found = np.zeros(len(ledger), bool)
    connections = len({connection for connection, _, _ in ledger.connected})
    for connection, first, last in _ended(ledger, killed_us):
        mine = (ledger.device % connections == connection) & (ledger.acked_at >= first) & (ledger.acked_at < last)
        rows = np.flatnonzero(mine)
        rows = rows[np.argsort(ledger.acked_at[rows])][::-1]
        there = np.flatnonzero(~missing[rows])
        found[rows[: there[0] if len(there) else len(rows)]] = True
    return found


def _ended(ledger: Records, killed_us: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Connections that were up when the broker was killed: number, first and last place in the ledger (exclusive)."""
    for connection in {connection for connection, _, _ in ledger.connected}:
        made = [(time_us, place) for number, time_us, place in ledger.connected if number == connection]
        for (from_us, first), (until_us, last) in zip(made, [*made[1:], (2**62, 2**62)], strict=True):
            if any(from_us <= kill_us < until_us for kill_us in killed_us):
                yield connection, first, last
