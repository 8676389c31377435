import pytest

from api.queries import SQL, blocks
from processing.streams import STREAMS


def test_blocks_are_split_at_their_names() -> None:
    """A file holds several queries, each under its name; what stands before the first is a comment."""
    text = "-- about\n\n-- name: first\nSELECT 1;\n\n-- name: second\n-- with a comment\nSELECT 2;\n"
    assert blocks(text) == {"first": "SELECT 1;", "second": "-- with a comment\nSELECT 2;"}


@pytest.mark.parametrize("stream", sorted(STREAMS))
def test_each_stream_has_its_queries(stream: str) -> None:
    """A new stream cannot be forgotten here: its hypertable is in both queries."""
    table = STREAMS[stream].table
    assert table in SQL[f"{stream}_latest"]
    assert table in SQL[f"{stream}_latest_of"]
