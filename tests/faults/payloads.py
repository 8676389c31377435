"""F: payloads that are broken in all ways that chance finds, and bad samples among good ones."""

import asyncio
import json
import random
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.clock import now_us
from infra.mqtt.connection import Mqtt
from processing.model.signal import Signal
from processing.model.topics import telemetry
from processing.streams import STREAMS
from simulators.ledger.records import Records
from tests.faults.bed import Bed
from tests.faults.experiment import Control, Experiment, Outcome
from tests.faults.messages import Message, publish
from tests.faults.supervised import Ingest
from tests.rules import NOW_MS, rules

AT_ONCE = 20_000
WAIT_S = 60.0
TERMINAL, DEVICE = "pechy", "d1"
"""Those that the rules are written for."""
ELSEWHERE = (
    "port/pechy/crane/D1/telemetry",
    "port/pechy/ship/d1/telemetry",
    "port/pechy/crane/d1",
    "port/pechy/crane/d1/telemetry/more",
    "port/pechy/crane/d\u00e9/telemetry",
    "port//crane/d1/telemetry",
)
"""Topics that are none; each message on them is refused as a whole."""
PIECES = (
    *(b"", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\\u0000", b"\\ud800", b"\\ud83d\\ude00", b" ", b"\n", b"\\"),
    *(b"NaN", b"-Infinity", b"1e999", b"-0.0", b"9" * 400, b"9" * 5000, b"9223372036854775808", b"-1", b"1.5", b"1e3"),
    *(b"null", b"true", b"{}", b"[]", b"[" * 9 + b"]" * 9, b"[" * 3000, b'"', b'""', b'"' + b"x" * 257 + b'"'),
    *(b",", b":", b"[", b"]", b"{", b"}", b"-", b"0", b"e", b'"ts":0,', b'"seq":-1,', b'"device":"d2",', b'"boot":1,'),
)
"""What is put somewhere in a payload."""


def signal_value(signal: Signal, random_: random.Random) -> Any:
    """A plausible value."""
    match signal.kind:
        case "bool":
            return random_.random() < 0.5
        case "enum":
            return random_.choice(signal.values)
        case "text":
            return f"T{random_.randrange(50)}"
        case "texts":
            return [f"C{random_.randrange(50)}" for _ in range(random_.randrange(3))]
        case "int" if signal.values:
            return random_.choice(signal.values)
        case _:
            low, high = max(signal.low, -100), min(signal.high, 100)
            return random_.randint(int(low), int(high)) if signal.kind == "int" else random_.uniform(low, high)


def good_sample(stream: str, seq: int, random_: random.Random) -> dict[str, Any]:
    """A sample as a device sends it, its time within the last hour."""
    ts: Any = NOW_MS - 3_600_000 + seq * 3 % 3_500_000
    if random_.random() < 0.3:
        ts = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ts // 1000)) + f".{ts % 1000:03}Z"
    signals = random_.sample(STREAMS[stream].signals, random_.randrange(min(8, len(STREAMS[stream].signals))))
    sample = {"ts": ts, "seq": seq, "boot": "b1"} | {s.name: signal_value(s, random_) for s in signals}
    if random_.random() < 0.2:
        sample["device"] = DEVICE
    return sample | ({"maker": {"note": "é", "codes": [1, 2.5]}} if random_.random() < 0.2 else {})


def mutated(payload: bytes, other: bytes, random_: random.Random) -> bytes:
    """A payload with one to three changes."""
    for _ in range(random_.randint(1, 3)):
        at = random_.randrange(len(payload) + 1)
        end = min(len(payload), at + random_.choice((0, 1, 1, 2, 5, 20)))
        match random_.randrange(6):
            case 0:
                payload = payload[:at] + bytes([random_.randrange(256)]) + payload[at + 1 :]
            case 1:
                payload = payload[:at] + payload[end:]
            case 2:
                payload = payload[:end] + payload[at:]
            case 3:
                payload = payload[:at] + other[random_.randrange(len(other)) :]
            case _:
                payload = payload[:at] + random_.choice(PIECES) + payload[end:]
    return payload


def messages(count: int, random_: random.Random) -> Iterator[tuple[str | None, Message]]:
    """Mutated messages with their streams; None where the topic is none."""
    before = b"[]"
    for n in range(count):
        stream = random_.choice(list(STREAMS))
        samples = [good_sample(stream, 4 * n + k, random_) for k in range(random_.choice((0, 1, 1, 1, 2, 4)))]
        value = samples[0] if len(samples) == 1 else samples
        payload = json.dumps(value, ensure_ascii=random_.random() < 0.5, separators=(",", ":")).encode()
        changed = mutated(payload, before, random_) if random_.random() < 0.9 else payload
        before = payload
        if random_.random() < 0.02:
            yield None, (random_.choice(ELSEWHERE), changed)
        else:
            yield stream, (telemetry(TERMINAL, stream, DEVICE), changed)


@dataclass
class Expected:
    """What must become of messages, by the rules."""

    good: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.keys: dict[str, set[tuple[int, int]]] = {stream: set() for stream in STREAMS}

    def add(self, stream: str | None, payload: bytes) -> None:
        """One more message."""
        good, refused = ([], 1) if stream is None else rules(payload, stream)
        self.good += len(good)
        self.refused += refused
        if stream is not None:
            self.keys[stream].update(good)


def f1(bed: Bed, *launch: str) -> Outcome:
    """Mutations of good payloads, and topics that are none, while cranes work; the rules decide what must be stored."""
    sys.set_int_max_str_digits(0)  # the rules must read numbers of thousands of digits
    outcome, expected, random_ = Outcome(), Expected(), random.Random(1)
    count = int(bed.pick(AT_ONCE, 1_000_000))
    with bed.ingest(*launch) as worker:
        with bed.load(500) as load:
            for _ in range(count // AT_ONCE):
                sent = list(messages(AT_ONCE, random_))
                for stream, (_, payload) in sent:
                    expected.add(stream, payload)
                publish(bed.stack.mqtt_url, [message for _, message in sent])
            ledger = load.stop()
        total = len(ledger) + expected.good + expected.refused
        worker.becomes(lambda: worker.account().received >= total, 3 if launch else WAIT_S)
        bed.settle(worker)
        account = worker.account()
        outcome.equal("samples received", int(account.received), total)
        outcome.equal("quarantined", int(account.quarantined), expected.refused)
        outcome.equal("stored or duplicate", int(account.stored + account.duplicate), len(ledger) + expected.good)
        outcome.equal("streams whose rows are the good samples", same_rows(bed, expected), len(STREAMS))
        internal = bed.query("SELECT count(*) FROM v_quarantine WHERE reason IN ('internal', 'database')")
        outcome.equal("refused for no reason of its own", internal[0][0], 0)
        outcome.equal("defects of detectors", worker.metrics().get("engine_errors_total"), 0)
        outcome.equal("deaths of the worker", len(worker.ends), 0)
        bed.made_again(1 if launch else bed.pick(30, 600))
        bed.judge(outcome, worker, ledger)
        outcome.notes.append(f"{count} messages: {expected.good} good samples, {expected.refused} refusals")
    return outcome


def same_rows(bed: Bed, expected: Expected) -> int:
    """Of how many streams the device's rows are exactly the good samples."""
    found = 0
    for stream, keys in expected.keys.items():
        query = f"SELECT floor(extract(epoch FROM time) * 1000)::bigint, seq FROM v_{stream} WHERE terminal = %s"  # noqa: S608 - names of our streams
        # Without seq what a sample holds numbers it, below 0; the rules know of no number then.
        found += {(time_ms, max(seq, 0)) for time_ms, seq in bed.query(query, TERMINAL)} == keys
    return found


RATE = 3000.0
BAD = (
    {"load_t": "heavy"},
    {"ts": "1970-01-01T00:00:00Z"},
    {"load_t": 0.125},
)
"""Of a wrong type, too old, and what only the database refuses."""


@dataclass(frozen=True)
class Phase:
    """A stretch of load.

    Attributes:
        ledger: of the good messages.
        rate: good messages stored a second; None: they were not all stored.
        cpu_us: time of the processor that the worker took for a message. [µs]
    """

    ledger: Records
    rate: float | None
    cpu_us: float


def f2(bed: Bed, *launch: str) -> Outcome:
    """One bad sample in a thousand at 3,000 messages a second, a third of them refused only by the database."""
    outcome = Outcome()
    count = int(bed.pick(18_000, 180_000))  # a refused row costs what 300 good ones do, more or less
    with bed.connection() as connection:
        connection.execute("ALTER TABLE crane_telemetry ADD CONSTRAINT no_eighth CHECK (load_t <> 0.125)")
    with bed.ingest(*launch) as worker:
        clean = phase(bed, worker, count, bad=0)
        mixed = phase(bed, worker, count, bad=count // 1000)
        share = mixed.rate / clean.rate if mixed.rate and clean.rate else None
        outcome.least("throughput of clean", share, 0.8, timed=True)
        outcome.least("messages a CPU second, of clean", clean.cpu_us / mixed.cpu_us, 0.8, timed=True)
        terminal = mixed.ledger.head.terminal
        stored = bed.query("SELECT count(*) FROM v_crane WHERE terminal = %s", terminal)
        outcome.equal("good rows stored", stored[0][0], count)
        bad = bed.query("SELECT count(*) FROM v_quarantine")
        outcome.equal("bad rows quarantined", bad[0][0], count // 1000)
        outcome.notes.append(f"CPU of the worker a message: clean {clean.cpu_us:.0f} µs, mixed {mixed.cpu_us:.0f} µs")
        if mixed.rate is not None:
            bed.judge(outcome, worker, mixed.ledger)
    return outcome


def phase(bed: Bed, worker: Ingest, count: int, bad: int) -> Phase:
    """So many good messages, and some bad ones evenly among them."""
    topic = telemetry(f"{bed.name}-bad", "crane", "poison")
    messages = []
    for n in range(bad):
        sample = {"ts": now_us() // 1000 + n, "seq": n + 1, "boot": "p"} | BAD[n % len(BAD)]
        messages.append((topic, json.dumps(sample).encode()))
    cpu_s = processor_s(worker.process.pid)
    with bed.load(RATE, 100, "--count", str(count)) as load:
        began = time.monotonic()
        asyncio.run(drip(bed.stack.mqtt_url, messages, 1000 / RATE))
        ledger = load.end()
        came = bed.caught_up(ledger) is not None
        rate = count / (time.monotonic() - began) if came else None
    return Phase(ledger, rate, (processor_s(worker.process.pid) - cpu_s) / count * 1e6)


async def drip(url: str, messages: list[Message], every_s: float) -> None:
    """Publish messages one after the other, at a steady pace."""
    async with Mqtt(url, f"device-{secrets.token_hex(4)}") as mqtt:
        for topic, payload in messages:
            mqtt.publish(topic, payload)
            await asyncio.sleep(every_s)
        await mqtt.drain(1)


def processor_s(pid: int) -> float:
    """Time of the processor that a process has taken. [s]."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


F1 = Control("a codec that drops what it refuses", lambda bed: f1(bed, "--drop-refused"), misses="samples received")
F2 = Control("a refused row is written again for ever", lambda bed: f2(bed, "--stubborn"), misses="good rows stored")

EXPERIMENTS = [
    Experiment("F1", "mutated payloads", "no crash; received = stored + duplicate + quarantined", f1, F1),
    Experiment("F2", "one bad sample in 1,000", ">= 80 % of clean; every good row stored", f2, F2),
]
