"""Every stream of the registry is known wherever its facts are handled."""

import pytest

from processing.kpi.updater import ENTER
from processing.streams import ROWS, StreamRow


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.stream.name)
def test_facts_of_every_stream_can_be_entered(row: StreamRow) -> None:
    """The fact-store updater knows each type of fact that a stream's devices give."""
    assert {one.record for one in row.facts} <= ENTER.keys()
