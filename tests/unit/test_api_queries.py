import pytest

from api.devices.latest import OF_DEVICES_SQL, RECENT_SQL
from processing.streams import STREAMS


@pytest.mark.parametrize("stream", sorted(STREAMS))
def test_each_stream_has_its_queries(stream: str) -> None:
    """A new stream cannot be forgotten here: its hypertable is in both queries."""
    table = STREAMS[stream].table
    assert table in RECENT_SQL[stream]
    assert table in OF_DEVICES_SQL[stream]
