"""Each table of the migrations has a rule, and statements of worker and API keep to theirs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.access.privileges import API, ROLES, TABLES, WORDS, WORKER
from infra.database import MIGRATIONS
from infra.migration_draft import created

ROOT = Path(__file__).parents[2]
STATEMENT = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN)\s+(\w+)")
UPSERT = re.compile(r"INSERT INTO (\w+)(?:(?!;|-- name).)*?DO UPDATE", re.DOTALL)
LETTERS = {"INSERT INTO": "a", "UPDATE": "w", "DELETE FROM": "d", "FROM": "r", "JOIN": "r"}
FILES = {
    WORKER: ["ingest/**/sql/*.sql", "infra/facts/sql/*.sql", "infra/sql/history.sql", "infra/sql/devices.sql"],
    API: ["api/**/*.sql", "infra/tos/sql/messages.sql", "infra/access/sql/api_keys.sql", "infra/sql/history.sql"],
}
"""Statements of each, as far as tables are named in them."""


def used(role: str) -> Iterator[tuple[str, str, str]]:
    """File, table, and letter of the privilege, of each statement of a role's program."""
    for path in sorted({path for glob in FILES[role] for path in ROOT.glob(glob)}):
        text = re.sub(r"--(?! name).*", "", path.read_text())
        for words, table in STATEMENT.findall(text):
            yield path.name, table, LETTERS[words]
        for table in UPSERT.findall(text):
            yield path.name, table, "w"


def test_each_table_of_the_migrations_has_a_rule_for_each_role() -> None:
    """Whoever adds a table decides what each role may do with it: infra/access/privileges.py."""
    texts = [path.read_text() for path in MIGRATIONS.glob("*.sql")]
    dropped = {name for text in texts for name in re.findall(r"^DROP TABLE (\w+)", text, re.MULTILINE)}
    yoyo = {name for name in TABLES if "yoyo" in name}
    assert set(TABLES) - yoyo == created() - dropped
    for name, rules in TABLES.items():
        assert tuple(rules) == ROLES, name
        assert all(set(letters) <= set(WORDS) for letters in rules.values()), name


@pytest.mark.parametrize("role", [WORKER, API])
def test_programs_keep_to_their_privileges(role: str) -> None:
    found = [(file, table, letter) for file, table, letter in used(role) if table in TABLES]
    assert len(found) > 50
    assert [one for one in found if one[2] not in TABLES[one[1]][role]] == []


def test_nobody_changes_samples_or_the_audit_log() -> None:
    """Of the programs: neither has a privilege that could."""
    for name in ("crane_telemetry", "gate_event", "reefer_telemetry", "vehicle_telemetry", "audit"):
        assert not set("wd") & {letter for rule in TABLES[name].values() for letter in rule}, name
