"""B3: a broker that loses what it acknowledged, and a gateway that does not."""

import json
import os
import signal
import subprocess
import sys
import time

from infra.machine.processes import end_with_parent
from simulators.ledger.records import read
from tests.faults.bed import Bed
from tests.faults.experiment import Control, Experiment, Outcome

END_S = 40
QUEUED_S = 0.4
"""So long the worker is away before the broker is killed: what the broker has acknowledged since is in its queue."""


def b3(bed: Bed, *arguments: str) -> Outcome:
    """A broker that keeps nothing is killed with a queue, again and again; at last the gateway, which is drained."""
    outcome = Outcome()
    terminal, outbox, ledger = f"{bed.name}-gw", bed.folder / f"{bed.name}.outbox", bed.folder / f"{bed.name}.ledger"
    common = ["--outbox", str(outbox), "--terminal", terminal, "--patience", "2s", "--end", f"{END_S}s", *arguments]
    with bed.ingest() as worker:
        gateway = _gateway(bed, "script", str(ledger), "--rate", str(bed.pick(1000, 3000)), *common)
        try:
            for _ in range(int(bed.pick(2, 10))):
                time.sleep(bed.pick(1, 3))
                worker.kill()
                time.sleep(QUEUED_S)
                bed.stack.broker.kill()
                bed.stack.broker.start()
                time.sleep(bed.pick(0.8, 3))
            time.sleep(1)
        finally:
            gateway.kill()
            gateway.communicate()
        drained = _gateway(bed, "drain", *common)
        out, errors = drained.communicate(timeout=END_S + 20)
        if drained.returncode not in (0, 1):
            raise RuntimeError(f"the gateway failed: {errors[-800:]}")
        summary = json.loads(out)
        outcome.equal("left in the outbox", summary["left"], 0)
        bed.judge(outcome, worker, read(ledger), in_order=False)
        outcome.notes.append(f"{summary['resent']} sent again at the end")
    return outcome


def _gateway(bed: Bed, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "simulators.gateway", *arguments],
        env={**os.environ, **bed.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent(signal.SIGKILL),  # noqa: PLW1509 - prctl has no other place
    )


B3 = Control("a gateway that trusts the broker", lambda bed: b3(bed, "--trust-broker"), "memory")

EXPERIMENTS = [
    Experiment("B3", "forgetful broker, gateway with an outbox", "zero of what the gateway accepted", b3, B3, "memory"),
]
