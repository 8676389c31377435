"""Migrations: numbered without repetition, each depending on what was there before it."""

import re

from infra.database import MIGRATIONS, RENAMED, current_id, known_migrations


def test_no_two_migrations_share_a_number() -> None:
    """Branches that are under way have numbers too: there may be gaps for a while."""
    numbers = [name[:5] for name in known_migrations()]
    assert numbers == sorted({number for number in numbers if re.fullmatch(r"\d{4}_", number)})


def test_each_depends_on_earlier_ones() -> None:
    known = known_migrations()
    for place, name in enumerate(known):
        (line,) = re.findall(r"^-- depends:(.*)$", (MIGRATIONS / f"{name}.sql").read_text(), re.MULTILINE)
        assert set(line.split()) <= set(known[:place]), name
        assert line.split() or place == 0, name


def test_old_ids_are_of_migrations_that_are_there() -> None:
    assert set(RENAMED.values()) <= set(known_migrations())
    assert not RENAMED.keys() & set(known_migrations())
    assert [current_id(name) for name in ("0009_calls", "0009_site_used")] == ["0009_calls", "0011_site_used"]
