"""What an experiment runs on: servers, a fresh database, a session of its own, and the tools to look at all of it."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import psycopg

from infra.clock import now_us
from infra.database import migrate
from infra.machine.database_users import OWNER, SUPERUSER, WORKER
from infra.machine.stack import Stack
from infra.mqtt.connection import Mqtt
from ingest.decode.codecs.native.topics import INPUT_FILTER
from ingest.recompute.command import SQL as REPROCESS_SQL
from simulators.ledger.records import Records
from simulators.ledger.stored import missing, verify
from simulators.ledger.turns import of_last_turns
from simulators.ledger.verify import Report
from tests.database_users import as_user, at_database, create_database, drop_database
from tests.disorder import compared, summary
from tests.faults.experiment import Outcome
from tests.faults.load import Load
from tests.faults.network.namespace import Namespace
from tests.faults.supervised import Account, Ingest

WAITING = (
    REPROCESS_SQL["waiting"].strip().rstrip(";")  # noqa: S608 - of the product's own
    + " + (SELECT count(*) FROM dcsa_change) + (SELECT count(*) FROM dcsa_event WHERE published_at IS NULL)"
)
"""What the worker has still to do with what is stored."""
RECHECK = "`quaystream reprocess --check`"
SAME = "0 differences"
SETTLED_S = 1.5
SETTLE_S = 30.0
STALLED_S = 6.0
"""What does not grow for so long does not grow any more."""
LAST_TURN_MOST = 100
"""So many messages a kill of the broker at most: a thirtieth of a second of them; 13 to 33 were measured."""


class Bed:
    """Servers and folders of one run.

    Args:
        stack: running servers; shared by the runs of a profile, so each leaves them running.
        folder: for ledgers and logs.
        long: the long form.
    """

    def __init__(self, stack: Stack, folder: Path, *, long: bool = False) -> None:
        self.stack = stack
        self.folder = folder
        self.long = long
        self.stalled_s = STALLED_S
        self.settle_s = SETTLE_S
        self.name = f"f{secrets.token_hex(4)}"
        self.client_id = f"ingest-{self.name}"
        self.terminals: list[str] = []
        self.broker_killed_us: list[int] = []
        self._elsewhere: str | None = None
        self._cleaning = ExitStack()

    def __enter__(self) -> Self:
        migrate(create_database(self.stack, self.name))
        return self

    def __exit__(self, *_details: object) -> None:
        self._cleaning.close()
        forget_session(self.stack.mqtt_url, self.client_id)
        drop_database(self.stack, self.name)

    @property
    def database_url(self) -> str:
        """URL of the run's own database."""
        if self._elsewhere is not None:
            return self._elsewhere
        return self.stack.postgres.url_of(OWNER, self.name)

    @contextmanager
    def database_at(self, url: str) -> Iterator[None]:
        """Everything asks this database instead."""
        self._elsewhere = url
        try:
            yield
        finally:
            self._elsewhere = None

    @property
    def environment(self) -> dict[str, str]:
        """Settings of the run's programs."""
        return {
            "QUAYSTREAM_DATABASE_URL": self.database_url,
            "QUAYSTREAM_MQTT_URL": self.stack.mqtt_url,
            "QUAYSTREAM_CLIENT_ID": self.client_id,
            "QUAYSTREAM_STATE_DIR": str(self.folder / "state"),
        }

    def pick(self, short: float, long: float) -> float:
        """A size, by the form in which the run takes place."""
        return long if self.long else short

    @contextmanager
    def ingest(
        self,
        *launch: str,
        each_life: Callable[[int], list[str]] | None = None,
        place: Namespace | None = None,
        **settings: str,
    ) -> Iterator[Ingest]:
        """The worker, supervised and ready.

        Args:
            launch: arguments of `tests.faults.launch`; none: the product as it is.
            each_life: such arguments by the number of the life, from 0.
            place: the network namespace to run in; None: this one.
            settings: more settings, without their prefix.
        """
        environment = self.environment | {f"QUAYSTREAM_{name}": value for name, value in settings.items()}
        lives = each_life if each_life is not None else lambda _life: list(launch)
        with Ingest(at_database(environment, WORKER), self.folder / f"{self.name}.log", lives, place) as worker:
            yield worker.wait_ready()

    @contextmanager
    def load(self, rate: float = 3000, devices: int = 100, *arguments: str, url: str | None = None) -> Iterator[Load]:
        """The publisher, running.

        Args:
            rate: messages a second.
            devices: how many cranes.
            arguments: more of `python -m simulators.ledger publish`.
            url: of the broker, where it is not the stack's.
        """
        terminal = f"{self.name}-{len(self.terminals)}"
        self.terminals.append(terminal)
        environment = self.environment | ({"QUAYSTREAM_MQTT_URL": url} if url else {})
        ledger = self.folder / f"{terminal}.ledger"
        options = ["--rate", str(rate), "--devices", str(devices)]
        with Load(environment, ledger, terminal, *options, *arguments) as load:
            yield load

    def connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection to the run's database, which may end others and lock tables."""
        return psycopg.connect(as_user(self.database_url, SUPERUSER), connect_timeout=10)

    def query(self, text: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of a query on the run's database."""
        with self.connection() as connection:
            return connection.execute(text.encode(), parameters).fetchall()

    def account(self) -> Account:
        """What became of samples, over all lives of the worker, as the database has counted it."""
        names = ("samples_received", "stored", "duplicate", "quarantined")
        sums = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in names)
        return Account(*self.query(f"SELECT {sums} FROM device_count")[0])  # noqa: S608 - names are written above

    def arrived(self, terminal: str) -> int:
        """Samples of a terminal that are stored or in quarantine."""
        ((count,),) = self.query(
            "SELECT coalesce(sum(c.stored + c.quarantined), 0)::bigint FROM device_count c JOIN device d"
            " USING (device_id) WHERE d.terminal = %s",
            terminal,
        )
        return int(count)

    def kill_broker(self) -> None:
        """Kill -9; what it had acknowledged in its last turn may be lost with it."""
        self.broker_killed_us.append(now_us())
        self.stack.broker.kill()

    def caught_up(self, ledger: Records) -> float | None:
        """Wait until all that was acknowledged is in the database; how long it took [s], None when it ends before."""
        began = last = time.monotonic()
        wanted, before = int((ledger.acked & ~ledger.poison).sum()), -1
        while True:
            count = self._arrived_or(ledger.head.terminal, before)
            now = time.monotonic()
            if count >= wanted:
                return now - began
            if count > before:
                before, last = count, now
            if now - last > self.stalled_s:
                return last - began if wanted - count <= LAST_TURN_MOST * len(self.broker_killed_us) else None
            time.sleep(0.05)

    def come_to_rest(self, worker: Ingest, ledger: Records) -> None:
        """Wait until nothing more arrives, where something is missing for certain."""
        self.stalled_s = 2.0
        self.caught_up(ledger)
        self.settle(worker)

    def _arrived_or(self, terminal: str, otherwise: int) -> int:
        try:
            return self.arrived(terminal)
        except psycopg.OperationalError:
            return otherwise

    def verify(self, *ledgers: Records) -> Report:
        """Compare ledgers with the run's database."""
        return verify(self.database_url, list(ledgers))

    def judge(
        self, outcome: Outcome, worker: Ingest, ledger: Records, within_s: float = 10, *, in_order: bool = True
    ) -> Outcome:
        """What most experiments end with: caught up, the five sets, order unless it is not asked for, the account."""
        outcome.most("caught up [s]", self.caught_up(ledger), within_s, timed=True)
        self.settle(worker)
        outcome.zero(self.verify(self._certain(outcome, ledger)), in_order=in_order)
        account = worker.account()
        outcome.account = str(account)
        outcome.true("account closes", account.closes and self.account().closes)
        self.recheck(outcome)
        return outcome

    def _certain(self, outcome: Outcome, ledger: Records) -> Records:
        """The ledger, taken to be acknowledged only where the broker must have had it on disk."""
        if not self.broker_killed_us:
            return ledger
        excused = of_last_turns(ledger, missing(self.database_url, ledger), self.broker_killed_us)
        most = LAST_TURN_MOST * len(self.broker_killed_us)
        outcome.most("lost of a killed broker's last turn", int(excused.sum()), most)
        if excused.sum() > most:
            return ledger
        seqs: dict[int, list[int]] = {}
        for row in np.flatnonzero(excused).tolist():
            seqs.setdefault(int(ledger.device[row]), []).append(int(ledger.seq[row]))
        return replace(ledger, acked=ledger.acked & ~excused, excused=seqs)

    def recheck(self, outcome: Outcome) -> None:
        """Facts and KPI samples must be those that follow from the stored raw samples, by the product's own command."""
        difference = compared(self.environment)
        if summary(difference) != SAME:  # what has just been stored may still wait to be recomputed
            self.made_again(self.settle_s)
            difference = compared(self.environment)
            if summary(difference) != SAME:
                outcome.notes.append(difference)
        outcome.equal(RECHECK, summary(difference), SAME)

    def made_again(self, within_s: float) -> bool:
        """Wait until nothing is to be recomputed, nor to be published of it; whether that came.

        The KPI samples of recomputed facts are recomputed a second later: so it must stay so.
        """
        query = WAITING
        now = time.monotonic()
        end, unchanged_since = now + within_s, now
        while now < end:
            ((count,),) = self.query(query)
            now = time.monotonic()
            unchanged_since = now if count else unchanged_since
            if now - unchanged_since > SETTLED_S:
                return True
            time.sleep(0.05)
        return False

    def settle(self, worker: Ingest) -> None:
        """Wait until the worker has nothing in hand: all acknowledged, nothing to be computed again."""

        def idle() -> bool:
            values = worker.metrics()
            waiting = ("unacked_messages", "buffered_messages", "recompute_pending")
            return bool(values) and not any(values.get(name, 0) for name in waiting)

        worker.becomes(idle, self.settle_s)


def forget_session(url: str, client_id: str) -> None:
    """Let the broker delete a session and its queue."""

    async def visit() -> None:
        async with Mqtt(url, client_id):
            pass

    asyncio.run(visit())


def make_session(url: str, client_id: str, expiry_s: int = 604_800) -> None:
    """Make a worker's session at the broker, so that it queues for a worker that has not run yet."""

    async def visit() -> None:
        async with Mqtt(
            url, client_id, clean_start=False, session_expiry_s=expiry_s, manual_ack=True, subscriptions=[INPUT_FILTER]
        ):
            pass

    asyncio.run(visit())
