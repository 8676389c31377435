"""The chain of hashes over the readings of a treatment: what is changed, left out or put in later shows.

Each entry hashes the entry before and the stored row; so whoever knows the last hash knows that nothing before it was
changed. The first entry follows a hash of the container, so that no chain passes for that of another one.
"""

from hashlib import sha256


def before_the_first(terminal: str, container_id: str) -> bytes:
    """What the first entry follows."""
    return sha256(f"{terminal}/{container_id}".encode()).digest()


def row_hash(row: str) -> bytes:
    """The hash of a stored row.

    Args:
        row: its columns that are not NULL as JSON, in the form that PostgreSQL gives `jsonb` in UTC: one row, one text.
    """
    return sha256(row.encode()).digest()


def chain_hash(before: bytes, row: bytes) -> bytes:
    """The hash of an entry: of the one before it, and of its row's hash."""
    return sha256(before + row).digest()
