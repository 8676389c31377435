import shutil
import subprocess
from pathlib import Path

import pytest

from infra import cli
from infra.commands import service
from processing.model.errors import QuaystreamError

PROGRAM = Path("/opt/quaystream/.venv/bin/quaystream")
MOST_EXPOSURE = 25
"""In tenths, of 100; `systemd-analyze security` calls it OK below 50. Without the sandbox it is 92."""


def test_the_unit_runs_up_as_its_own_user() -> None:
    """With places that systemd makes for it, settings from a file, and nothing left of the template."""
    text = service.unit(PROGRAM)
    for line in (
        "ExecStart=/opt/quaystream/.venv/bin/quaystream up",
        "User=quaystream",
        "StateDirectory=quaystream",
        "EnvironmentFile=-/etc/quaystream/quaystream.env",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "Restart=on-failure",
    ):
        assert line in text.splitlines()
    assert "QUAYSTREAM_STATE_DIR=/var/lib/quaystream QUAYSTREAM_CACHE_DIR=/var/cache/quaystream" in text
    assert "$" not in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not there: apt install systemd")
def test_systemd_understands_the_unit_and_finds_it_closed(tmp_path: Path) -> None:
    """No word of `verify`, and little exposure; without the sandbox it is too much."""
    program = shutil.which("true")
    assert program is not None
    path = tmp_path / service.NAME
    path.write_text(service.unit(Path(program)))
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stdout) == (0, "")
    assert str(path) not in verified.stderr, verified.stderr
    assert exposure(path) == 0
    path.write_text(service.unit(Path(program)).replace("ProtectSystem=strict", "").replace("SystemCallFilter=", "#"))
    assert exposure(path) == 1


def exposure(path: Path) -> int:
    """0: at most what is allowed, 1: more."""
    command = ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSURE}", "--no-pager", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_without_systemd_it_refuses_and_offers_the_unit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(service, "BOOTED", tmp_path / "none")
    with pytest.raises(QuaystreamError, match=r"systemd does not run on this machine.*install --print"):
        service.require_systemd()
    assert cli.main(["service", "install", "--print"]) == 0
    assert "ExecStart=" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("program", "interpreter"),
    [("/root/app/bin/quaystream", "/usr/bin/python3"), (str(PROGRAM), "/home/ana/bin/python3")],
)
def test_what_the_sandbox_hides_is_refused(program: str, interpreter: str) -> None:
    with pytest.raises(QuaystreamError, match=r"the service cannot read /(root|home)/.*install under /opt"):
        service.check_readable(Path(program), Path(interpreter))
    service.check_readable(PROGRAM, Path("/usr/bin/python3.11"))
