import pytest

from api.queries import SQL
from processing.streams import STREAMS


@pytest.mark.parametrize("stream", sorted(STREAMS))
def test_each_stream_has_its_queries(stream: str) -> None:
    """A new stream cannot be forgotten here: its hypertable is in both queries."""
    table = STREAMS[stream].table
    assert table in SQL[f"{stream}_latest"]
    assert table in SQL[f"{stream}_latest_of"]
