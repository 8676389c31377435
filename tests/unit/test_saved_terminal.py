"""The state that a simulation leaves behind: the same terminal goes on, or the log says why it starts again."""

import pickle
from pathlib import Path

import pytest

from simulators.command import VERSION, _load, _save
from simulators.terminal import Terminal

START_MS = 1_795_000_000_000


def test_a_saved_terminal_goes_on(tmp_path: Path) -> None:
    saved = tmp_path / "simulators" / "demo"
    terminal = Terminal("demo", 4, START_MS, "boot")
    terminal.advance(START_MS + 5_000)
    _save(saved, terminal)
    found = _load(saved)
    assert found is not None
    assert found.now_ms == START_MS + 5_000
    assert found.advance(START_MS + 60_000).rows == terminal.advance(START_MS + 60_000).rows


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pickle.dumps((VERSION - 1, None)), "was saved by another version of quaystream"),
        (b"csimulators.elsewhere\nTerminal\n.", "was saved by another version of quaystream"),
        (b"csimulators.terminal\nGoneTerminal\n.", "was saved by another version of quaystream"),
        (b"nothing that was pickled", "cannot be read"),
    ],
    ids=["older", "module", "class", "broken"],
)
def test_what_cannot_go_on_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes, words: str
) -> None:
    saved = tmp_path / "demo"
    saved.write_bytes(content)
    assert _load(saved) is None
    (record,) = caplog.records
    assert words in record.getMessage()
    assert "the terminal starts again from its seed" in record.getMessage()


def test_without_a_saved_terminal_nothing_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert _load(tmp_path / "demo") is None
    assert caplog.records == []
