"""A database that commit b966007 wrote: upgraded, equal to the bit with what later code recomputes, and written on."""

import hashlib
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from infra.database import known_migrations, migrate
from infra.doctor.database_check import checks
from infra.machine.stack import Stack
from infra.mqtt.connection import Mqtt
from tests.conftest import eventually
from tests.database_users import create_database, drop_database
from tests.integration.test_calls import migrated
from tests.integration.test_ingest import lift, now_ms, rows
from tests.integration.worker_process import worker
from tests.upgrade.tables import load, missing

WRITTEN = Path(__file__).parents[1] / "upgrade" / "b966007"
MIGRATIONS = 11
"""So many migrations there were."""
RAW = ("crane_telemetry", "gate_event", "reefer_telemetry", "quarantine")
FACTS = ("crane_move", "crane_delay", "gate_transaction", "reefer_excursion", "device_level")
DERIVED = (*FACTS, "truck_visit", "kpi_sample", "crane_rules", "site_used")
WAITING = (
    "SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_visits)"
    " + (SELECT count(*) FROM recompute_kpis)"
)
COMPARED = re.compile(r"(\d+) facts and (\d+) KPI samples compared, 0 differences")


@pytest.fixture
def empty_database(stack: Stack) -> Iterator[str]:
    """URL of a database without any table."""
    name = f"upgrade_{uuid.uuid4().hex}"
    yield create_database(stack, name)
    drop_database(stack, name)


@pytest.fixture
def old(empty_database: str) -> tuple[str, dict[str, int]]:
    """URL of the database as it was, yoyo's own tables too, and how many rows each table has."""
    migrated(empty_database, known_migrations()[MIGRATIONS - 1])
    return empty_database, load(empty_database, WRITTEN / "tables")


def run(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    done = subprocess.run(
        [sys.executable, "-m", "infra", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def compared(environment: dict[str, str]) -> tuple[int, int]:
    """Facts and KPI samples that `reprocess --check` has compared without finding a difference."""
    code, output = run(environment, "reprocess", "--check")
    found = COMPARED.search(output)
    assert code == 0, output
    assert found is not None, output
    return int(found[1]), int(found[2])


def counted(url: str, tables: dict[str, int]) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        query = sql.SQL("SELECT count(*) FROM {}")
        return {t: (connection.execute(query.format(sql.Identifier(t))).fetchone() or (0,))[0] for t in tables}


def settings(url: str, mqtt_url: str, state_dir: Path) -> dict[str, str]:
    """Those that the database was written with; however old it is by now, nothing of it is dropped."""
    return {
        "QUAYSTREAM_DATABASE_URL": url,
        "QUAYSTREAM_MQTT_URL": mqtt_url,
        "QUAYSTREAM_CLIENT_ID": f"ingest-{uuid.uuid4().hex}",
        "QUAYSTREAM_STATE_DIR": str(state_dir),
        "QUAYSTREAM_SITE": str(WRITTEN / "site.toml"),
        "QUAYSTREAM_RETENTION_DAYS": "3650",
    }


async def test_an_old_database_is_upgraded_recomputed_to_the_bit_and_written_on(
    old: tuple[str, dict[str, int]], mqtt_url: str, state_dir: Path, tmp_path: Path, device: Mqtt
) -> None:
    url, counts = old
    environment = settings(url, mqtt_url, state_dir)
    listed = re.findall(r"^\| `(\w+)` \| (\d+) \|$", (WRITTEN / "README.md").read_text(), re.MULTILINE)
    assert counts == {table: int(count) for table, count in listed}
    old_ids = {name for (name,) in rows(url, "SELECT migration_id FROM _yoyo_migration")}
    assert len(old_ids - set(known_migrations())) == 2
    code, output = run(environment, "migrate")
    assert code == 0, output
    assert run(environment, "migrate") == (0, "schema is up to date\n")
    assert {name for (name,) in rows(url, "SELECT migration_id FROM _yoyo_migration")} == set(known_migrations())
    kept = {table: count for table, count in counts.items() if not table.startswith("_yoyo")}
    requested = {"recompute_facts": len(requested_devices(url)), "recompute_kpis": len(requested_kpis(url))}
    assert counted(url, kept) == kept | requested

    with worker(environment, tmp_path / "upgraded.log"):  # facts of reefers and lanes of kinds that there were not
        await eventually(lambda: rows(url, WAITING) == [(0,)], 180)
    facts, kpis = compared(environment)
    assert facts >= sum(kept[table] for table in FACTS)
    assert kpis > 7_000

    highest = newest(url)
    terminal = f"t{uuid.uuid4().hex[:12]}"
    with worker(environment, tmp_path / "worker.log"):
        start_ms = now_ms() - 200_000
        later = {"ts": start_ms + 185_000, "twistlock_locked": False, "twistlock_unlocked": True}
        for sample in [*lift(start_ms), *lift(start_ms + 60_000), later]:
            device.publish(f"port/{terminal}/crane/sts1/telemetry", json.dumps(sample))
        device.publish(f"port/{terminal}/crane/sts1/telemetry", b"hello")
        of_crane = "SELECT device_id FROM v_crane_move WHERE terminal = %s"
        await eventually(lambda: len(rows(url, of_crane, terminal)) == 2)
        await eventually(lambda: rows(url, "SELECT 1 FROM kpi_sample WHERE terminal = %s AND value = 2", terminal))
        await eventually(lambda: rows(url, "SELECT 1 FROM quarantine WHERE terminal = %s", terminal))
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO crane_delay_edit (device_id, began_at, cause, remark, edited_by) "
            "VALUES (1, now(), 'meal', '', 'J. Rojas')"
        )
    assert all(after > before for before, after in zip(highest, newest(url), strict=True))
    more_facts, more_kpis = compared(environment)
    assert more_facts > facts
    assert more_kpis > kpis
    changed = {table: missing(url, WRITTEN / "tables", table) for table in (*RAW, *DERIVED)}
    # Of two lanes that report barriers only, all trucks were one; now each is a transaction: one more truck is inside
    # from the barrier of 20:39 on, and one more from that of 20:42 on, up to the last sample.
    assert len(changed.pop("gate_transaction")) == 2
    more = more_inside(url, changed.pop("kpi_sample"))
    assert more == {minute: 1 if minute < "20:42" else 2 for minute in more}
    assert (min(more), max(more), len(more)) == ("20:39", "21:44", 66)
    assert not any(changed.values()), changed


def more_inside(url: str, before: set[bytes]) -> dict[str, float]:
    """By how many trucks more are inside than were, by minute; that all rows are about that.

    Args:
        url: of the database.
        before: rows that are not there any more.
    """
    more = {}
    for time, terminal, kpi, subject, window, value, _ in (row.decode().split("\t") for row in before):
        assert (terminal, kpi, subject, window) == ("pechy", "trucks_in_terminal", "pechy", "now")
        query = "SELECT value FROM kpi_sample WHERE time = %s AND terminal = 'pechy' AND kpi = 'trucks_in_terminal'"
        ((now,),) = rows(url, query, time)
        more[time[11:16]] = now - float(value)
    return more


def requested_devices(url: str) -> list[tuple[Any, ...]]:
    """Devices that have sent anything: the upgrade requests their facts once more."""
    return rows(
        url,
        "SELECT device_id FROM reefer_telemetry UNION SELECT device_id FROM gate_event "
        "UNION SELECT device_id FROM crane_telemetry",
    )


def requested_kpis(url: str) -> list[tuple[Any, ...]]:
    """Of terminals with reefers KPIs of five kinds of facts, of those with lanes of two, and of each lane its own."""
    lanes = rows(url, "SELECT terminal, device FROM device WHERE device_id IN (SELECT device_id FROM gate_event)")
    return 5 * with_reefers(url) + 2 * [*{terminal for terminal, _ in lanes}] + lanes


def with_reefers(url: str) -> list[tuple[Any, ...]]:
    """Their terminals: KPIs of five kinds of facts are requested of each; its plugs have no racks."""
    return rows(url, "SELECT DISTINCT terminal FROM device WHERE device_id IN (SELECT device_id FROM reefer_telemetry)")


OLD = {"0010_crane_rules": "0009_crane_rules", "0011_site_used": "0009_site_used"}


@pytest.mark.parametrize(
    ("last", "recorded"),
    [
        (None, {}),
        ("0009_calls", {}),
        ("0010_crane_rules", OLD),
        ("0011_site_used", OLD),
        ("0011_site_used", {"0011_site_used": "0009_site_used"}),
        ("0011_site_used", {}),
    ],
    ids=["empty", "before", "half way", "old ids", "half renamed", "new ids"],
)
def test_a_migration_that_has_another_id_now_is_not_applied_twice(
    empty_database: str, last: str | None, recorded: dict[str, str]
) -> None:
    known = known_migrations()
    if last is not None:
        migrated(empty_database, last)
    with psycopg.connect(empty_database) as connection:
        for new, old in recorded.items():
            for table in ("_yoyo_migration", "_yoyo_log"):
                query = sql.SQL("UPDATE {} SET migration_id = %s, migration_hash = %s WHERE migration_id = %s")
                connection.execute(query.format(sql.Identifier(table)), (old, hash_of(old), new))
    assert migrate(empty_database) == known[0 if last is None else known.index(last) + 1 :]
    assert migrate(empty_database) == []
    for table in ("_yoyo_migration", "_yoyo_log"):
        found = rows(empty_database, f"SELECT migration_id, migration_hash FROM {table} ORDER BY 1")  # noqa: S608
        assert found == [(name, hash_of(name)) for name in known], table


def test_a_migration_recorded_under_both_ids_is_recorded_once(empty_database: str) -> None:
    migrate(empty_database)
    with psycopg.connect(empty_database) as connection:
        for old in OLD.values():
            connection.execute("INSERT INTO _yoyo_migration VALUES (%s, %s, now())", (hash_of(old), old))
    assert migrate(empty_database) == []
    assert rows(empty_database, "SELECT migration_id FROM _yoyo_migration ORDER BY 1") == [
        (name,) for name in known_migrations()
    ]


async def test_old_ids_count_as_applied_before_they_are_renamed(old: tuple[str, dict[str, int]]) -> None:
    """The doctor finds nothing missing and nothing newer; where a migration is missing, it names that one."""
    url, _ = old
    known = known_migrations()
    later = known[MIGRATIONS:]
    found = [check async for check in checks(url) if check.name == "migrations"]
    words = f"not applied: {', '.join(later)}" if later else f"all {len(known)} applied"
    assert [(check.state, check.seen) for check in found] == [("fail" if later else "ok", words)]


def hash_of(migration: str) -> str:
    """What yoyo knows a migration by."""
    return hashlib.sha256(migration.encode()).hexdigest()


def newest(url: str) -> tuple[Any, ...]:
    """Highest numbers of the tables that give them."""
    (found,) = rows(
        url,
        "SELECT (SELECT max(device_id) FROM device), (SELECT max(id) FROM quarantine), "
        "(SELECT max(id) FROM crane_delay_edit)",
    )
    return found
