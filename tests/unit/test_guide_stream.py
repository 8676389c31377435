"""The code of docs/guides/add-a-stream.md is the code of the stream that it explains."""

from pathlib import Path

import pytest

from tests.guides import blocks

ROOT = Path(__file__).parents[2]
PLACES = (
    *(ROOT / "processing/vehicles").glob("*.py"),
    ROOT / "processing/streams.py",
    ROOT / "processing/kpi/subjects.py",
)

BLOCKS = blocks("add-a-stream")


def _words(source: str) -> str:
    return " ".join(source.split())


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("(")[0])
def test_a_block_of_the_guide_stands_in_the_code(block: str) -> None:
    assert any(_words(block) in _words(path.read_text()) for path in PLACES)


def test_the_guide_shows_facts_the_row_and_the_kind_of_subject() -> None:
    assert len(BLOCKS) == 4
