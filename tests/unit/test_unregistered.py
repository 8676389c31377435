"""Devices without an account, where the setting does not accept them."""

import json

from infra.access.device_name import DeviceName
from infra.clock import now_us
from infra.machine.broker_users import ADMIN, INTEGRATOR, configuration
from ingest.decode.admitted import Admitted
from ingest.decode.columns import Limits
from ingest.source.protocol import Inbound
from ingest.worker.metrics import Metrics
from ingest.worker.preparation import Preparation, Prepared
from processing.engine import Engine
from processing.site.configuration import Sites
from tests.unit.known_devices import KnownDevices

NOW_US = now_us()
NOW_MS = NOW_US // 1000
METRICS = Metrics()
STS1 = DeviceName("t", "crane", "sts1")
TOPIC = "port/t/crane/sts1/telemetry"
ADVICE = "t/crane/sts1 has no account; `quaystream device add t/crane/sts1` makes one"


def preparation(admitted: Admitted | None) -> Preparation:
    return Preparation(Limits(30, 60), Engine(Sites()), KnownDevices(), METRICS, [], 20.0, admitted)


def message(payload: object, topic: str = TOPIC) -> Inbound:
    return Inbound(topic, json.dumps(payload).encode(), NOW_US, 1, False)


def sample(seq: int, **signals: object) -> dict[str, object]:
    return {"ts": NOW_MS, "seq": seq, "boot": "b1", **signals}


def stored(batch: Prepared) -> int:
    return sum(len(stream.samples) for stream in batch.batch.streams)


def counted(batch: Prepared) -> tuple[int, int, int]:
    """Samples to be stored; received and quarantined by the account."""
    total = batch.batch.tally.total()
    return stored(batch), total.received, total.quarantined


async def test_a_message_of_one_sample_is_quarantined_as_it_came() -> None:
    """With the seq, so that its receipt is published, and counted by device as received and quarantined."""
    sent = message(sample(7, load_t=1.5))
    batch = await preparation(Admitted()).prepare([sent])
    (reject,) = batch.batch.rejects
    assert (reject.reason, reject.detail, reject.payload) == ("unregistered", ADVICE, sent.payload)
    assert (reject.place, reject.seq, reject.boot) == (-1, 7, "b1")
    assert counted(batch) == (0, 1, 1)
    assert [(one.first, one.last) for one in batch.receipts] == [(7, 7)]


async def test_each_sample_of_an_array_is_quarantined_with_its_own_reason() -> None:
    """A value of a wrong type is refused as such; keys that are no signals stay with their sample."""
    sent = message([sample(1, load_t=1), sample(2, load_t="heavy"), sample(3, load_t=3, driver="A")])
    batch = await preparation(Admitted()).prepare([sent])
    found = {reject.place: reject for reject in batch.batch.rejects}
    assert {place: reject.reason for place, reject in found.items()} == {
        0: "unregistered",
        1: "wrong_type",
        2: "unregistered",
    }
    assert json.loads(found[0].payload) == sample(1, load_t=1)
    assert json.loads(found[2].payload) == sample(3, load_t=3, driver="A")
    assert counted(batch) == (0, 3, 3)
    assert [(one.first, one.last) for one in batch.receipts] == [(1, 3)]


async def test_what_is_decoded_after_a_change_of_accounts_follows_it() -> None:
    """An account that is made, another device's, and a revocation."""
    admitted = Admitted()
    works = preparation(admitted)
    found = []
    for seq, names in enumerate(({}, {STS1}, {DeviceName("t", "crane", "sts12")}, {STS1}), start=1):
        admitted.names = frozenset(names)
        found.append(stored(await works.prepare([message(sample(seq))])))
    assert found == [0, 1, 0, 1]


async def test_a_status_is_quarantined_and_a_document_is_not() -> None:
    """Documents are announced by integrators and people. An empty status deletes a retained one, and is nothing."""
    status, call = "port/t/crane/sts1/status", "port/t/vessel/v1/call"
    sent = [message({"online": True}, status), Inbound(status, b"", NOW_US, 2, False)]
    sent.append(message({"vessel": "ANDEAN STAR"}, call))
    batch = await preparation(Admitted()).prepare(sent)
    assert [(reject.reason, reject.message.topic) for reject in batch.batch.rejects] == [("unregistered", status)]
    assert (batch.batch.statuses, [one.topic for one in batch.batch.documents]) == ([], [call])


async def test_where_all_are_accepted_an_account_changes_nothing() -> None:
    batch = await preparation(None).prepare([message(sample(1))])
    assert (stored(batch), batch.batch.rejects) == (1, [])


def test_an_integrator_announces_only_where_devices_are_refused() -> None:
    passwords = {ADMIN: "a", INTEGRATOR: "b"}
    found = {}
    for speaks in (True, False):
        roles = json.loads(configuration(passwords, integrator_speaks=speaks))["roles"]
        (acls,) = (role["acls"] for role in roles if role["rolename"] == "integrator")
        found[speaks] = {acl["topic"] for acl in acls if acl["acltype"] == "publishClientSend"}
    assert found[True] == {"port/#", "truth/#", "spBv1.0/#", "quaystream/#"}
    assert found[False] == {
        "port/+/vessel/+/call",
        "port/+/container/+/announcement",
        "port/+/container/+/treatment",
        "truth/#",
        "quaystream/#",
    }
