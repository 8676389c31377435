"""The link by which somebody becomes the first admin."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.machine.first_link import FILE, FirstLink

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
PAGE = "http://127.0.0.1:8080"


def token_of(link: str) -> str:
    before, _, token = link.partition("/#/first?token=")
    assert (before, len(token)) == (PAGE, 32)
    return token


def test_it_opens_for_an_hour(tmp_path: Path) -> None:
    """Its own token only, of which nothing is kept but the hash, for the owner alone."""
    link = FirstLink(tmp_path)
    assert not link.opens("", NOON)
    token = token_of(link.make(PAGE, NOON))
    assert link.opens(token, NOON + timedelta(minutes=59))
    assert not link.opens(token, NOON + timedelta(minutes=60))
    assert not link.opens(token + "x", NOON)
    assert token not in (tmp_path / FILE).read_text()
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_it_ends_when_it_is_removed_or_another_one_is_made(tmp_path: Path) -> None:
    link = FirstLink(tmp_path)
    one, other = token_of(link.make(PAGE, NOON)), token_of(link.make(PAGE, NOON))
    assert (link.opens(one, NOON), link.opens(other, NOON)) == (False, True)
    link.remove()
    link.remove()
    assert not link.opens(other, NOON)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"token_hash": "x"}', '{"token_hash": "x", "ends_at": 5}', "\x00"])
def test_a_spoilt_note_opens_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert not FirstLink(tmp_path).opens("x", NOON)
