"""Samples without `seq` that give a signal another value than one of the same device and time: stored, and counted.

What is counted is how many values a signal has at a time beyond the first. That is a matter of what is stored, so it
comes out the same in whatever order, batches or runs of the worker the samples come.
"""

import numpy as np
from numpy.typing import NDArray

from infra.clock import from_us
from infra.connection import Connection
from infra.sql import blocks
from ingest.store.counts import Tally
from processing.model.samples import Samples

SQL = blocks(__file__, "conflicts.sql")


async def count(connection: Connection, new: Samples, tally: Tally) -> None:
    """Count the conflicts that these samples, which have just been stored, have brought; within the transaction.

    Raises:
        asyncpg.PostgresError, OSError, TimeoutError: the database does not answer.
    """
    if not len(new):
        return
    times = [from_us(time_us) for time_us in new.time_us.tolist()]
    rows = await connection.fetch(
        SQL["conflicts"].format(table=new.stream.table),
        new.device_id.tolist(),
        times,
        new.seq.tolist(),
        min(times),
        max(times),
    )
    for row in rows:
        tally.conflicting(row["device_id"], row["signal"], row["added"])


def beside_each_other(samples: Samples) -> NDArray[np.intp]:
    """Which samples, in order, have no `seq` and the time of another one of the same device that has none either."""
    alike = np.zeros(len(samples) + 1, bool)  # row i and the one before
    alike[1:-1] = (samples.seq[1:] < 0) & (samples.time_us[1:] == samples.time_us[:-1])
    alike[1:-1] &= samples.device_id[1:] == samples.device_id[:-1]
    return np.flatnonzero(alike[1:] | alike[:-1])
