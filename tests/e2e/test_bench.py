"""`python -m bench --short`: every measurement works, and names its reference; its figures are no bar."""

import json
import subprocess
import sys
from pathlib import Path

from bench.report import markdown
from bench.suite import ALL, BOTH_PROFILES


def test_every_measurement_works(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "--short", "--results", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    for name in ALL:
        kept = json.loads((tmp_path / f"{name}.json").read_text())
        assert kept["lines"], name
        assert ("memory" in kept) == (name in BOTH_PROFILES)
        assert kept["machine"]["timescaledb"] in done.stdout
        assert [line for line in kept["lines"] if line[1] not in done.stdout] == []
    assert markdown(tmp_path).count("### ") == len(ALL)
