"""`python -m simulators.gateway`: a gateway with an outbox, fed by a script of cranes or by lines on standard input.

It publishes with QoS 1 to QUAYSTREAM_MQTT_URL, and keeps each record in its outbox until the worker has acknowledged it
on `ack/{terminal}/{stream}/{device}`: then it is in the database, or in quarantine.
"""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
from pathlib import Path

import msgspec

from infra.duration import duration_s
from infra.settings import load
from processing.cranes.signals import CRANE
from processing.model import topics
from processing.model.errors import QuaystreamError
from processing.model.payloads import Seq
from processing.streams import STREAMS
from simulators.gateway.gateway import WINDOW, Gateway
from simulators.gateway.outbox import Outbox, OutboxFullError, Record
from simulators.ledger.publish import Plan, new_head, sample, topic_of
from simulators.ledger.records import LedgerWriter

ROUND_S = 0.02
FULL_S = 0.5
MOST_DUE = 5000
READ_BYTES = 65_536


class _Line(msgspec.Struct):
    """A line of standard input; the sample needs `ts`, `boot` and `seq`."""

    stream: str
    device: str
    sample: msgspec.Raw


class _Counter(msgspec.Struct):
    boot: str
    seq: Seq


def main(argv: list[str] | None = None) -> int:
    """Run one of the commands; 0 when the outbox is empty at the end, 1 when it is not."""
    args = _parser().parse_args(argv)
    try:
        return asyncio.run(_run(args))
    except QuaystreamError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators.gateway", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    lines = commands.add_parser(
        "lines", help='accept lines {"stream": "crane", "device": "sts1", "sample": {"ts": …, "boot": …, "seq": …, …}}'
    )
    script = commands.add_parser("script", help="accept what scripted cranes publish, and keep a ledger of it")
    script.add_argument("ledger", type=Path, help="file to write; it must not exist")
    script.add_argument("--devices", type=int, default=50, help="how many cranes (default 50)")
    script.add_argument("--rate", type=float, default=1000, help="samples a second (default 1000)")
    drain = commands.add_parser("drain", help="accept nothing, send what the outbox holds")
    for one in (lines, script, drain):
        one.add_argument("--outbox", type=Path, required=True, help="file of the records under way")
        one.add_argument("--terminal", required=True, help="terminal id of the topics")
        one.add_argument("--most", type=int, default=5_000_000, help="records that the outbox holds (default 5000000)")
        one.add_argument(
            "--patience", type=duration_s, default=5.0, metavar="TIME", help="send again after it (default 5s)"
        )
        one.add_argument(
            "--window", type=int, default=WINDOW, help=f"most records sent and not acknowledged (default {WINDOW})"
        )
        one.add_argument("--end", type=duration_s, default=60.0, metavar="TIME", help="wait at the end (default 60s)")
        one.add_argument("--trust-broker", action="store_true", help="drop what the broker acknowledges: loses records")
    return parser


async def _run(args: argparse.Namespace) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with Outbox(args.outbox, args.most) as outbox:
        gateway = Gateway(
            outbox,
            load(os.environ).require_mqtt(),
            f"gateway-{args.terminal}-{secrets.token_hex(4)}",  # a terminal may have several gateways
            args.terminal,
            patience_s=args.patience,
            window=args.window,
            trusting=args.trust_broker,
        )
        sending = asyncio.create_task(gateway.run(), name="gateway")
        accepting = asyncio.create_task(_accept(args, outbox, stop), name="source")
        stopped = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait({sending, accepting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        accepting.cancel()  # it may wait for a line, or for room
        stopped.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await accepting
        if not sending.done():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(args.end):
                    await gateway.drained()
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        summary = {"left": len(outbox), "resent": gateway.resent, "reconnects": gateway.mqtt.reconnects}
        sys.stdout.write(json.dumps(summary) + "\n")
        return 1 if len(outbox) else 0


async def _accept(args: argparse.Namespace, outbox: Outbox, stop: asyncio.Event) -> None:
    if args.command == "script":
        await _script(args, outbox, stop)
    elif args.command == "lines":
        await _lines(args.terminal, outbox)


async def _script(args: argparse.Namespace, outbox: Outbox, stop: asyncio.Event) -> None:
    plan = Plan(args.terminal, devices=args.devices, rate=args.rate)
    with LedgerWriter(args.ledger, new_head(plan)) as ledger:
        loop, sent = asyncio.get_running_loop(), 0
        began = loop.time()
        while not stop.is_set():
            due = min(int((loop.time() - began) * args.rate) - sent, MOST_DUE)
            keys = [(n % args.devices, n // args.devices + 1) for n in range(sent, sent + due)]
            records = []
            for device, seq in keys:
                payload, digest, time_ms = sample(ledger.head, device, seq)
                ledger.sent(device, seq, time_ms * 1000, digest)
                name, topic = ledger.head.devices[device], topic_of(ledger.head, device)
                records.append(Record(CRANE.name, name, ledger.head.boot, seq, topic, payload))
            ledger.flush()
            await _put(outbox, records)
            for device, seq in keys:
                ledger.answered(device, seq, 0)  # accepted: from here on it must not be lost
            sent += due
            await asyncio.sleep(ROUND_S)


async def _lines(terminal: str, outbox: Outbox) -> None:
    reader = asyncio.StreamReader()
    try:
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    except ValueError:
        raise QuaystreamError("standard input must be a pipe; of a file: cat FILE | …") from None
    number, rest = 0, b""
    while data := await reader.read(READ_BYTES):
        *lines, rest = (rest + data).split(b"\n")
        await _put(outbox, _records(terminal, lines, number))
        number += len(lines)
    if rest:
        await _put(outbox, _records(terminal, [rest], number))


async def _put(outbox: Outbox, records: list[Record]) -> None:
    """Put records into the outbox; wait while it is full; the first wait is reported."""
    warned = False
    while records:
        piece = records[: max(outbox.room, 1)]
        try:
            outbox.put(piece)
        except OutboxFullError as error:
            if not warned:
                sys.stderr.write(f"{error}\n")
            warned = True
            await asyncio.sleep(FULL_S)
        else:
            records = records[len(piece) :]


def _records(terminal: str, lines: list[bytes], before: int) -> list[Record]:
    found = []
    for number, line in enumerate(lines, before + 1):
        try:
            found.append(_record(terminal, line))
        except (msgspec.MsgspecError, ValueError) as error:
            sys.stderr.write(f"line {number} is not accepted: {error}\n")
    return found


def _record(terminal: str, line: bytes) -> Record:
    sent = msgspec.json.decode(line, type=_Line)
    if sent.stream not in STREAMS:
        raise ValueError(f"there is no stream {sent.stream!r}; there are {', '.join(STREAMS)}")
    if not topics.IDENTIFIER.fullmatch(sent.device):  # as a topic it would end the gateway at each attempt
        raise ValueError(f"device {sent.device[:80]!r} must be 1 to 64 of a-z, 0-9, '_' and '-'")
    counter = msgspec.json.decode(sent.sample, type=_Counter)
    topic = topics.telemetry(terminal, sent.stream, sent.device)
    return Record(sent.stream, sent.device, counter.boot, counter.seq, topic, bytes(sent.sample))


if __name__ == "__main__":
    sys.exit(main())
