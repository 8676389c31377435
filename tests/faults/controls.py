"""Controls that several experiments share: each takes one promise away, and must fail."""

import time

from tests.faults.bed import Bed
from tests.faults.experiment import Control, Outcome


def _early_ack(bed: Bed) -> Outcome:
    """The worker acknowledges what it has read before it is committed, and is killed."""
    outcome = Outcome()
    with bed.ingest("--early-ack") as worker, bed.load(3000) as load:
        for _ in range(2):
            time.sleep(1.5)
            worker.kill()
        ledger = load.stop()
        bed.caught_up(ledger)
        outcome.zero(bed.verify(ledger))
    return outcome


def _no_key(bed: Bed) -> Outcome:
    """The raw table has no unique key, and the worker dies between commit and acknowledgement."""
    drop_keys(bed)
    outcome = Outcome()
    with bed.ingest(each_life=lambda life: ["--die", "after-commit:3"] if life == 0 else []) as worker:
        with bed.load(2000) as load:
            worker.becomes(lambda: worker.lives > 1, 15)
            ledger = load.stop()
        bed.caught_up(ledger)
        bed.settle(worker)
        outcome.zero(bed.verify(ledger))
    return outcome


def drop_keys(bed: Bed) -> None:
    """Take the unique key off the cranes' table."""
    with bed.connection() as connection:
        connection.execute("ALTER TABLE crane_telemetry DROP CONSTRAINT crane_telemetry_device_id_time_seq_key")


EARLY_ACK = Control("acknowledged before the commit", _early_ack)
NO_KEY = Control("no unique key", _no_key)
