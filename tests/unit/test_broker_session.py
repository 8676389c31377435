"""An acknowledgement of an earlier connection is never sent over a later one; a session that was lost is reported."""

import pytest

from infra.mqtt.packet_reader import Message
from ingest.source.broker_session import BrokerSession
from ingest.source.protocol import Inbound


def came(session: BrokerSession, *mids: int) -> list[object]:
    """Tokens of messages with these ids."""
    return [one.token for one in session.inbound([Message("t", b"x", mid, False, False) for mid in mids], 5)]


def connected(*, expected: bool = False) -> BrokerSession:
    """A session over its first connection."""
    session = BrokerSession(expected=expected)
    session.connected(present=expected)
    return session


def test_a_message_as_it_is_handed_over() -> None:
    """Its time is the clock's; QoS 0 has no message id, and nothing to acknowledge."""
    session = connected()
    first, second = session.inbound([Message("a", b"1", 7, True, False), Message("b", b"2", 0, False, True)], 5)
    assert first == Inbound("a", b"1", 5, first.token, True)
    assert second == Inbound("b", b"2", 5, None, False)


def test_message_ids_of_this_connection_are_acknowledged() -> None:
    session = connected()
    tokens = came(session, 1, 65_535, 300)
    assert session.mids(tokens[1:]) == [65_535, 300]


def test_the_same_id_means_another_message_on_the_next_connection() -> None:
    session = connected()
    earlier = came(session, 1, 2)
    session.disconnected()
    session.connected(present=True)
    later = came(session, 1, 2)
    assert session.mids(earlier) == []
    assert session.mids(earlier + later) == [1, 2]
    assert not set(earlier) & set(later)


def test_nothing_is_acknowledged_without_a_connection() -> None:
    session = connected()
    tokens = came(session, 1)
    session.disconnected()
    assert session.mids(tokens) == []


@pytest.mark.parametrize(
    ("expected", "present", "lost"), [(False, False, False), (True, False, True), (True, True, False)]
)
def test_a_session_that_was_lost_while_the_worker_was_away(expected: bool, present: bool, lost: bool) -> None:
    """Only a worker that ran before can have lost one."""
    assert BrokerSession(expected=expected).connected(present=present) is lost


def test_a_session_that_was_lost_between_two_connections() -> None:
    session = connected()
    session.disconnected()
    assert session.connected(present=False)
    assert not session.connected(present=True)
