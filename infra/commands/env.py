"""`quaystream env`: the running stack's settings as shell exports, so that any other tool can join."""

import argparse
import shutil
import sys
from pathlib import Path
from shlex import quote

from infra.machine.note import running
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
    for name, value in note.settings.items():
        print(f"export {name}={quote(value)}")
    missing = [folder for folder in note.bin if not _on_path(Path(folder))]
    if shutil.which("quaystream") is None:
        missing.append(str(Path(sys.executable).parent))
    if missing:
        print(f'export PATH="$PATH":{quote(":".join(missing))}')
    return 0


def _on_path(folder: Path) -> bool:
    """Whether the folder's tools are found already."""
    tool = "psql" if (folder / "psql").exists() else "mosquitto_pub"
    return shutil.which(tool) is not None
