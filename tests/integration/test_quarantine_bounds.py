"""How much the quarantine takes, and for how long."""

from hashlib import sha256

from infra.connection import Connection
from ingest.decode.rejects import Reject
from ingest.source.protocol import Inbound
from ingest.store import rejected, retention

MIB = 1024 * 1024


def kept(payload: bytes) -> tuple[bytes, str]:
    """Payload and detail as they are stored."""
    ((_, _, stored, _, detail, *_),) = rejected.rows(
        [Reject(Inbound("a", payload, 0, 1, False), payload, "r", "d", None)]
    )
    return stored, detail


def test_of_a_large_payload_the_beginning_and_the_hash_are_kept() -> None:
    """What a codec might read is kept whole."""
    assert kept(b"x" * 2 * MIB) == (b"x" * 2 * MIB, "d")
    large = b"x" * 10 * MIB
    whole = f"10485760 bytes, SHA-256 {sha256(large).hexdigest()}, the first 65536 are kept"
    assert kept(large) == (b"x" * 65536, f"d ({whole})")


async def test_what_is_old_leaves_the_quarantine(connection: Connection) -> None:
    """However many rows it is."""
    insert = (
        "INSERT INTO quarantine (received_at, topic, payload, reason, detail, digest) "
        "SELECT now() - make_interval(days => $1), 't', '', 'not_json', 'd', '' FROM generate_series(1, $2)"
    )
    await connection.execute(insert, 31, 2 * retention.ROWS_AT_ONCE + 1)
    await connection.execute(insert, 29, 3)
    await retention.delete_old_quarantine(connection, 30)
    assert await connection.fetchval("SELECT count(*) FROM quarantine") == 3
