"""`python -m simulators.ledger`: publish with a ledger, and verify what became of it."""

import argparse
import asyncio
import json
import os
import re
import secrets
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from infra.duration import duration_s
from infra.limits import many_files
from infra.settings import load
from processing.model.errors import QuaystreamError
from simulators.ledger.publish import Plan, Publisher, new_head
from simulators.ledger.records import LedgerWriter, read
from simulators.ledger.stored import verify
from simulators.ledger.verify import Report

SETS = """sets, as Jepsen names them:
  ok          acknowledged by the broker, and stored once as it was sent (or once in quarantine)
  lost        acknowledged, and neither stored nor in quarantine
  duplicate   stored more than once
  unexpected  stored, and never sent, or stored with another value than was sent
  recovered   sent, never acknowledged, and stored all the same; this is allowed
and beside them: disorder (received before an earlier sample of the device), and moves of cranes that are missing,
invented or altered. Ends with 0 when all but ok and recovered are empty, with 1 when not."""


def main(argv: list[str] | None = None) -> int:
    """Run one of the two commands; its exit code."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except QuaystreamError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.ledger", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    publish = commands.add_parser(
        "publish",
        help="send scripted crane messages and note each, and each acknowledgement, in a file",
        description="Send scripted crane messages (MQTT 5, QoS 1) and keep a ledger of them. SIGTERM and Ctrl-C end it "
        "after what was sent is acknowledged. The broker is QUAYSTREAM_MQTT_URL. Prints a summary as JSON.",
    )
    publish.set_defaults(run=_publish)
    publish.add_argument("ledger", type=Path, help="file to write; it must not exist")
    publish.add_argument("--terminal", default=None, help="terminal id, one that is new (default: a random one)")
    publish.add_argument("--devices", type=int, default=100, help="how many cranes (default 100)")
    publish.add_argument("--rate", type=float, default=3000, help="messages a second; 0: all that go (default 3000)")
    publish.add_argument("--connections", type=int, default=4, help="to the broker (default 4)")
    publish.add_argument("--each", type=int, default=1, help="samples in a message (default 1)")
    publish.add_argument("--count", type=int, help="end after so many messages")
    publish.add_argument("--duration", type=duration_s, metavar="TIME", help="end after 90s, 10m, 6h")
    publish.add_argument("--copies", type=int, default=1, help="publish each message so many times (default 1)")
    publish.add_argument("--step", type=int, default=200, metavar="MS", help="event time between samples (default 200)")
    publish.add_argument("--drain", type=duration_s, default=60.0, metavar="TIME", help="wait at the end (default 60s)")
    check = commands.add_parser(
        "verify",
        help="compare ledgers with the database",
        description="Compare ledgers with the raw table, the quarantine and the moves in QUAYSTREAM_DATABASE_URL.",
        epilog=SETS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.set_defaults(run=_verify)
    check.add_argument("ledger", type=Path, nargs="+", help="files that `publish` wrote")
    check.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _publish(args: argparse.Namespace) -> int:
    plan = Plan(
        terminal=args.terminal or f"l{secrets.token_hex(4)}",
        devices=args.devices,
        rate=args.rate,
        connections=args.connections,
        each=args.each,
        count=args.count,
        duration_s=args.duration,
        copies=args.copies,
        step_ms=args.step,
        drain_s=args.drain,
    )
    if not re.fullmatch(r"[a-z0-9_-]{1,64}", plan.terminal):
        raise QuaystreamError(f"--terminal {plan.terminal}: use [a-z0-9_-], at most 64")
    many_files()
    summary = asyncio.run(_run(load(os.environ).require_mqtt(), plan, args.ledger))
    sys.stdout.write(json.dumps(summary) + "\n")
    return 0


async def _run(url: str, plan: Plan, path: Path) -> dict[str, object]:
    with LedgerWriter(path, new_head(plan)) as ledger:
        publisher = Publisher(url, plan, ledger)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, publisher.stop)
        progress = await publisher.run()
    return {"terminal": plan.terminal, "boot": ledger.head.boot, **asdict(progress)}


def _verify(args: argparse.Namespace) -> int:
    report = verify(load(os.environ).require_database(), [read(path) for path in args.ledger])
    sys.stdout.write((json.dumps(asdict(report)) if args.json else as_text(report)) + "\n")
    return 0 if report.zero else 1


def as_text(report: Report) -> str:
    """A report for people."""
    numbers = {name: value for name, value in asdict(report).items() if name != "examples"}
    lines = [f"{name:<12}{value:>10,}" for name, value in numbers.items()]
    return "\n".join([*lines, *report.examples])


if __name__ == "__main__":
    sys.exit(main())
