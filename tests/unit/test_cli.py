"""The command line: help for everything, exit codes, messages instead of tracebacks, no secrets."""

import argparse
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from infra import cli
from infra.bootstrap import ROOT
from infra.settings import Settings
from processing.model.errors import QuaystreamError

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
COMMANDS = list(PROJECT["project"]["entry-points"]["quaystream.commands"])
SECRET = "hush-7c1"
ARGUMENTS = {
    "service": ["status"],
    "simulate": ["demo"],
    "import": ["list.csv", "--terminal", "demo"],
    "reconcile": ["list.csv", "--terminal", "demo", "--call", "b1-001"],
    "verify": ["CSQU3054383"],
    "device": ["list"],
    "key": ["list"],
    "ca": ["show"],
    "user": ["list"],
}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the person who runs the tests."""
    for name in os.environ:
        if name.startswith("QUAYSTREAM_"):
            monkeypatch.delenv(name)


def ended(argv: list[str]) -> object:
    """Exit code of a call that argparse ends."""
    with pytest.raises(SystemExit) as end:
        cli.main(argv)
    return end.value.code


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(["--help"]) == 0
    printed = capsys.readouterr().out
    lines = [line.split() for line in printed.splitlines()]
    for name in COMMANDS:  # a long name stands on a line of its own
        at = next(i for i, words in enumerate(lines) if words[:1] == [name])
        assert len(lines[at] + lines[at + 1]) > 3
    assert "docs/settings.md" in printed


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended([command, "--help"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"usage: quaystream {command}")
    assert len(printed.split("\n\n")[1]) > 30


@pytest.mark.parametrize(
    "argv",
    [[], ["ingset"], ["env", "more"], ["simulate"], ["simulate", "atlantis"], ["simulate", "demo", "--backfill", "6"]],
)
def test_wrong_use_ends_with_code_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(argv) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("usage: quaystream")
    assert "error: " in printed


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_starts_with_wrong_settings(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUAYSTREAM_DATABASE_URL", f"mysql://someone:{SECRET}@host/db")
    monkeypatch.setenv("QUAYSTREAM_MQTT_URL", f"mqtt://someone:{SECRET}@host:port")
    monkeypatch.setenv("QUAYSTREAM_FUTURE_S", "soon")
    assert cli.main([command, *ARGUMENTS.get(command, [])]) == 2
    out, printed = capsys.readouterr()
    assert out == ""
    assert [line.split("=")[0] for line in printed.splitlines()] == [
        "quaystream: these settings need a change:",
        "  QUAYSTREAM_DATABASE_URL",
        "  QUAYSTREAM_MQTT_URL",
        "  QUAYSTREAM_FUTURE_S",
    ]
    assert SECRET not in printed


@pytest.mark.parametrize("command", ["migrate", "ingest", "api", "simulate"])
def test_a_command_without_its_servers_explains_how_to_get_them(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command, *ARGUMENTS.get(command, [])]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("quaystream: QUAYSTREAM_")
    assert "quaystream up" in printed
    assert "Traceback" not in printed


def test_env_without_a_stack_explains_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUAYSTREAM_STATE_DIR", str(tmp_path / "nothing"))
    assert cli.main(["env"]) == 1
    out, printed = capsys.readouterr()
    assert out == ""
    assert "quaystream up" in printed


class Failing:
    """A command that ends as its test wants."""

    HELP = "Fails."

    def __init__(self, error: BaseException | None) -> None:
        self.error = error

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """No arguments."""

    def run(self, args: argparse.Namespace, settings: Settings) -> int:
        """Raise what was wanted."""
        assert args.command == "fail"
        assert settings.http_port == 8080
        if self.error is not None:
            raise self.error
        return 7


@pytest.mark.parametrize(
    ("error", "code", "printed"),
    [
        (QuaystreamError("the tide is out"), 1, "quaystream: the tide is out\n"),
        (KeyboardInterrupt(), 130, ""),
        (None, 7, ""),
    ],
)
def test_errors_become_messages_and_codes(
    error: BaseException | None,
    code: int,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cli, "wanted", lambda _argv: {"fail": Failing(error)})
    assert cli.main(["fail"]) == code
    assert capsys.readouterr().err == printed


def test_output_that_nobody_reads_any_more_ends_a_command_quietly() -> None:
    """As of `quaystream doctor | head -1`: neither a traceback nor words at the end of the interpreter."""
    code = (
        "import sys, types; from infra import cli\n"
        "def run(args, settings):\n    print('x', flush=True)\n"
        "command = types.SimpleNamespace(HELP='', add_arguments=lambda parser: None, run=run)\n"
        "cli.wanted = lambda argv: {'x': command}\n"
        "sys.exit(cli.main(['x']))"
    )
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, check=False, cwd=ROOT
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")
