"""The command line: finds commands by entry point, turns errors into messages and exit codes."""

import argparse
import logging
import os
import select
import sys
from importlib.metadata import entry_points
from types import ModuleType
from typing import Protocol, cast

from infra import settings as settings_module
from infra.log_flood import FloodFilter
from infra.settings import Settings
from processing.model.errors import QuaystreamError, SettingsError

GROUP = "quaystream.commands"
ORDER = (
    *("up", "migrate", "ingest", "api", "simulate", "reprocess", "reconcile", "import"),
    *("verify", "score", "device", "key", "user", "doctor", "env"),
)


class Command(Protocol):
    """What a command's module offers."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments."""

    def run(self, args: argparse.Namespace, settings: Settings) -> int:
        """Do it; the exit code is returned."""


def commands() -> dict[str, Command]:
    """All commands by name, in the order in which a person meets them."""
    points = {point.name: point for point in entry_points(group=GROUP)}
    names = [name for name in ORDER if name in points] + sorted(set(points) - set(ORDER))
    return {name: cast("Command", cast("ModuleType", points[name].load())) for name in names}


def parser(found: dict[str, Command]) -> argparse.ArgumentParser:
    """The argument parser with one sub-command a command."""
    top = argparse.ArgumentParser(
        prog="quaystream",
        description="Telemetry backend of a container terminal: MQTT in, TimescaleDB, live KPIs out.",
        epilog="Settings come from the environment, QUAYSTREAM_…: see docs/settings.md.",
    )
    subs = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in found.items():
        sub = subs.add_parser(name, help=command.HELP, description=command.HELP)
        command.add_arguments(sub)
    return top


def wanted(argv: list[str]) -> dict[str, Command]:
    """Load only the command that is called; importing all of them costs start-up time."""
    points = {point.name: point for point in entry_points(group=GROUP)}
    if argv and argv[0] in points:
        return {argv[0]: cast("Command", points[argv[0]].load())}
    return commands()


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code.

    It is 0 done, 1 failed, 2 wrong use or settings, 130 interrupted, 141 nobody reads the output any more.
    """
    argv = sys.argv[1:] if argv is None else argv
    found = wanted(argv)
    args = parser(found).parse_args(argv)
    try:
        settings = settings_module.load(os.environ)
        logging.basicConfig(
            level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
        )
        for handler in logging.getLogger().handlers:
            handler.addFilter(FloodFilter())
        return found[args.command].run(args, settings)
    except SettingsError as error:
        print(f"quaystream: {error}", file=sys.stderr)  # noqa: T201 - the message for the person at the terminal
        return 2
    except QuaystreamError as error:
        print(f"quaystream: {error}", file=sys.stderr)  # noqa: T201 - the message for the person at the terminal
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        if not _reader_left():
            raise
        return 141


def _reader_left() -> bool:
    """Whether who reads the output has left, as `head` does; what is still to be printed then goes nowhere."""
    output = select.poll()
    output.register(sys.stdout.fileno(), select.POLLOUT)
    left = any(event & select.POLLERR for _, event in output.poll(0))
    if left:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return left
