"""`quaystream env`: the running stack's settings as shell exports, so that any other tool can join."""

import argparse
import fcntl
import json
import shutil
import sys
from pathlib import Path
from shlex import quote
from typing import Any

from infra.machine.stack import LOCK, NOTE
from infra.settings import Settings

HELP = 'Print the running stack\'s settings for a shell: eval "$(quaystream env)"; credentials included.'


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: the stack is found by QUAYSTREAM_STATE_DIR."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Print the exports; 1 when no stack runs."""
    note = running(settings.state_dir)
    if note is None:
        print(
            f"quaystream env: no stack runs with {settings.state_dir.absolute()}; start it with `quaystream up`, "
            "or set QUAYSTREAM_STATE_DIR to the folder of the one that runs",
            file=sys.stderr,
        )
        return 1
    for name, value in note["settings"].items():
        print(f"export {name}={quote(value)}")
    missing = [folder for folder in note["bin"] if not _on_path(Path(folder))]
    if shutil.which("quaystream") is None:
        missing.append(str(Path(sys.executable).parent))
    if missing:
        print(f'export PATH="$PATH":{quote(":".join(missing))}')
    return 0


def running(state_dir: Path) -> Any:
    """The note of the stack that runs with a state folder, None when none does."""
    try:
        with (state_dir / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return json.loads((state_dir / NOTE).read_text()) if (state_dir / NOTE).exists() else None
    except OSError:
        pass
    return None  # nobody holds the lock: a note that is there was left by one that was killed


def _on_path(folder: Path) -> bool:
    """Whether the folder's tools are found already."""
    tool = "psql" if (folder / "psql").exists() else "mosquitto_pub"
    return shutil.which(tool) is not None
