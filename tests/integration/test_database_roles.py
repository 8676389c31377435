"""Programs at the database with roles of their own: each may do what it must, and no more."""

import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege, RaiseException

from infra.access.privileges import FUNCTIONS, READER, ROLES, TABLES, VIEWS, WORDS
from infra.database import connect, migrate
from infra.machine.database_users import API, DATABASE_USERS, OWNER, SUPERUSER, WORKER, DatabaseUser
from infra.machine.stack import Stack
from infra.settings import load
from ingest.store.retention import drop_old_chunks
from tests.database_users import as_user

GRANTED = """
SELECT c.relname, r.rolname, string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type)
FROM pg_class c CROSS JOIN aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = %s AND r.rolname LIKE 'quaystream\\_%%' GROUP BY 1, 2
"""


@pytest.fixture
def filled(database_url: str) -> str:
    """URL of a database with a sample, a fact, and an entry of the audit log, for its owner."""
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO device (terminal, stream, device) VALUES ('t', 'crane', 'sts1')")
        connection.execute("INSERT INTO crane_telemetry (time, device_id, received_at) VALUES (now(), 1, now())")
        connection.execute("INSERT INTO crane_delay VALUES (1, now(), NULL, 'meal')")
        connection.execute("INSERT INTO device_account VALUES ('t', 'crane', 'sts1', 'client')")
    return database_url


def test_each_table_has_a_rule_for_each_role(database_url: str) -> None:
    """A new table, or a rule for a table that is not there any more, fails here: infra/access/privileges.py."""
    with psycopg.connect(database_url) as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        assert {name for (name,) in connection.execute(query)} == set(TABLES)
        assert {role for rules in TABLES.values() for role in rules} == set(ROLES)
        assert all(set(rules) == set(ROLES) for rules in TABLES.values())
        found = {(table, role): set(words.split()) for table, role, words in connection.execute(GRANTED, ("r",))}
        wanted = {
            (table, role): {WORDS[letter] for letter in letters}
            for table, rules in TABLES.items()
            for role, letters in rules.items()
            if letters
        }
        assert found == wanted
        views = {(view, role): words for view, role, words in connection.execute(GRANTED, ("v",))}
        assert set(views.values()) == {"SELECT"}
        named = {name for (name,) in connection.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public'")}
        assert set(views) == {(name, role) for name in named for role in ROLES}
        assert {name for name in named if not name.startswith("v_")} == set(VIEWS)


def test_functions_with_the_rights_of_the_owner_are_for_those_who_are_named(database_url: str) -> None:
    """Their search path is fixed too: nobody's objects take the place of those they name."""
    query = (
        "SELECT p.oid::regprocedure::text, proconfig::text, has_function_privilege('public', p.oid, 'EXECUTE') "
        "FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    )
    with psycopg.connect(database_url) as connection:
        found = {name.replace(",", ", "): (path, public) for name, path, public in connection.execute(query)}
    assert set(found) == {*FUNCTIONS, "audit_change()"}
    for path, public in found.values():
        assert path.startswith('{"search_path=public, ')
        assert path.endswith('pg_temp"}')
        assert not public


NOT_THE_API = [
    "UPDATE crane_telemetry SET load_t = 1",
    "DELETE FROM crane_telemetry",
    "INSERT INTO crane_telemetry (time, device_id, received_at) VALUES (now(), 2, now())",
    "DELETE FROM crane_delay",
    "UPDATE crane_delay SET cause = 'weather'",
    "UPDATE crane_delay_edit SET cause = 'weather'",
    "INSERT INTO audit (principal, action, subject) VALUES ('a', 'b', 'c')",
    "UPDATE audit SET principal = 'nobody'",
    "DELETE FROM audit",
    "TRUNCATE audit",
    "ALTER TABLE audit DISABLE TRIGGER only_grows",
    "DROP TRIGGER only_grows ON audit",
    "DELETE FROM device_account",
    "DELETE FROM device_credential",
    "SELECT drop_old_samples('crane_telemetry', 2)",
    "CREATE TABLE mine (a int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "SET ROLE quaystream_worker",
    "SET ROLE owner",
    "SELECT pg_read_file('/etc/hostname')",
    "COPY crane_delay TO PROGRAM 'true'",
]
NOT_THE_WORKER = [
    "UPDATE crane_telemetry SET load_t = 1",
    "DELETE FROM crane_telemetry",
    "SELECT drop_chunks('crane_telemetry', older_than => interval '0')",
    "SELECT * FROM audit",
    "SELECT note_audit('t', 'a', 's', NULL, NULL)",
    "DELETE FROM audit",
    "SELECT key_hash FROM api_key",
    "SELECT password_hash FROM device_credential",
    "DELETE FROM alarm_act",
    "CREATE TABLE mine (a int)",
    "SET ROLE quaystream_api",
    "COPY crane_delay TO PROGRAM 'true'",
]


@pytest.mark.parametrize(("user", "statements"), [(API, NOT_THE_API), (WORKER, NOT_THE_WORKER)], ids=["api", "worker"])
def test_what_programs_may_not(filled: str, user: DatabaseUser, statements: list[str]) -> None:
    with psycopg.connect(as_user(filled, user), autocommit=True) as connection:
        for statement in statements:
            with pytest.raises(InsufficientPrivilege):
                pytest.fail(f"{statement}: {connection.execute(statement.encode()).statusmessage}")


def test_nobody_signs_into_the_audit_log_by_a_table_of_their_own(filled: str) -> None:
    """A trigger on a temporary table, made with the function that writes the log with the owner's rights."""
    with psycopg.connect(as_user(filled, API)) as connection:
        connection.execute("CREATE TEMP TABLE mine (terminal text)")
        with pytest.raises(InsufficientPrivilege):
            connection.execute(
                "CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION audit_change('forged')"
            )


def test_changes_by_the_api_stand_in_the_audit_log(filled: str) -> None:
    """The trigger writes there with the owner's rights, under the principal that the API has set."""
    with psycopg.connect(as_user(filled, API)) as connection:
        connection.execute("SELECT set_config('quaystream.principal', 'Ana', false)")
        connection.execute(
            "INSERT INTO crane_delay_edit (device_id, began_at, cause, remark, edited_by) "
            "VALUES (1, '2026-11-23 12:00Z', 'meal', '', 'Ana')"
        )
        entry = connection.execute("SELECT principal, action, terminal FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert entry == ("Ana", "delay_cause.added", "t")


async def test_the_worker_drops_old_samples_only(filled: str) -> None:
    with psycopg.connect(filled) as owner:
        owner.execute(
            "INSERT INTO crane_telemetry (time, device_id, received_at) VALUES (now() - interval '40 days', 1, now())"
        )
    worker = await connect(as_user(filled, WORKER), "test")
    await drop_old_chunks(worker, 30)
    await worker.close()
    with psycopg.connect(as_user(filled, WORKER), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM crane_telemetry").fetchone() == (1,)
        with pytest.raises(RaiseException, match="not dropped"):
            connection.execute("SELECT drop_old_samples('crane_telemetry', 1)")


def test_nobody_but_up_is_superuser(stack: Stack, database_url: str) -> None:
    """Nor may any of them make databases, users, or replicas, or pass by rules of rows."""
    query = (
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND "
        "(rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)"
    )
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (OWNER.name,)
        assert connection.execute(query).fetchall() == [(SUPERUSER.name,)]
        logins = connection.execute("SELECT rolname FROM pg_roles WHERE rolcanlogin").fetchall()
    assert {name for (name,) in logins} == {user.name for user in DATABASE_USERS}
    assert stack.database_url == stack.postgres.url_of(OWNER)


@pytest.fixture
def own_user(stack: Stack) -> Iterator[str]:
    """URL of an empty database of a user who may not create roles, on a server without ours: the groups renamed."""
    name = f"own_{uuid.uuid4().hex[:8]}"
    one, renamed = sql.Identifier(name), {role: f"hidden_{role}" for role in ROLES}
    rename = sql.SQL("ALTER ROLE {} RENAME TO {}")
    with psycopg.connect(stack.postgres.url_of(SUPERUSER), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(one, sql.Identifier(OWNER.name)))
        with psycopg.connect(stack.postgres.url_of(SUPERUSER, name), autocommit=True) as inside:
            inside.execute("CREATE EXTENSION timescaledb; CREATE EXTENSION pg_trgm; CREATE VIEW theirs AS SELECT 1")
        for role, hidden in renamed.items():
            connection.execute(rename.format(*map(sql.Identifier, (role, hidden))))
        try:
            yield stack.postgres.url_of(OWNER, name)
        finally:
            for role, hidden in renamed.items():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(one))
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
                connection.execute(rename.format(*map(sql.Identifier, (hidden, role))))


def test_a_database_whose_user_may_not_create_roles_works_with_one_user(stack: Stack, own_user: str) -> None:
    """The notice has what a superuser has to run; after that, `migrate` grants what each role needs."""
    lines = list[str]()
    assert len(migrate(own_user, report=lines.append)) > 40
    assert len(lines) == 1
    assert "may not create them: worker and API need this user's URL" in lines[0]
    (statements,) = (part for part in lines[0].split("`") if part.startswith("CREATE ROLE"))
    with psycopg.connect(own_user) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", (list(ROLES),)
        ).fetchone() == (0,)
        connection.execute("INSERT INTO device (terminal, stream, device) VALUES ('t', 'crane', 'sts1')")
        assert connection.execute("SELECT drop_old_samples('crane_telemetry', 2)").fetchall() == []
    with psycopg.connect(stack.postgres.url_of(SUPERUSER), autocommit=True) as superuser:
        superuser.execute(statements.encode())
    lines.clear()
    assert migrate(own_user, report=lines.append) == []
    assert lines == []
    with psycopg.connect(own_user) as connection:
        assert connection.execute("SELECT relacl IS NULL FROM pg_class WHERE relname = 'theirs'").fetchone() == (True,)
        allowed = "SELECT has_table_privilege(%s, 'device', 'SELECT'), has_table_privilege(%s, 'audit', 'SELECT')"
        assert connection.execute(allowed, (READER, READER)).fetchone() == (True, False)


@pytest.fixture
def older() -> Iterator[Path]:
    """State folder of the version before: one user, the superuser, who has everything."""
    with tempfile.TemporaryDirectory(prefix="quaystream-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "state"


def test_a_folder_of_the_version_before_gets_the_roles_and_keeps_its_rows(older: Path) -> None:
    cache = load(os.environ).cache_dir
    with Stack(older, cache) as before:
        url = before.postgres.url_of(SUPERUSER)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER DATABASE quaystream OWNER TO quaystream")
            connection.execute("DROP EXTENSION pg_trgm")
        migrate(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO crane_telemetry (time, device_id, received_at) "
                "SELECT now() - n * interval '7 hours', 1, now() FROM generate_series(1, 5) n"
            )
            connection.execute("INSERT INTO api_key (id, name, role, key_hash) VALUES ('1', 'n', 'admin', '')")
            connection.execute("DROP OWNED BY quaystream_worker, quaystream_api, quaystream_reader, owner")
            connection.execute("DROP ROLE quaystream_worker, quaystream_api, quaystream_reader, owner, worker, api")
    kept = json.loads((older / "credentials.json").read_text())
    (older / "credentials.json").write_text(
        json.dumps({k: v for k, v in kept.items() if not k.startswith("database ")})
    )
    with Stack(older, cache) as after:
        assert migrate(after.database_url) == []
        with psycopg.connect(after.database_url_of(WORKER), autocommit=True) as connection:
            assert connection.execute("SELECT count(*) FROM crane_telemetry").fetchone() == (5,)
            connection.execute("INSERT INTO crane_telemetry (time, device_id, received_at) VALUES (now(), 1, now())")
            assert connection.execute("SELECT drop_old_samples('crane_telemetry', 2)").fetchall() == []
        with psycopg.connect(after.database_url) as connection:
            owners = (
                "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relkind IN ('r', 'v', 'S') AND "
                "(relnamespace = 'public'::regnamespace OR oid IN (SELECT format('%I.%I', chunk_schema, chunk_name)"
                "::regclass FROM timescaledb_information.chunks))"
            )
            assert connection.execute(owners).fetchall() == [("owner",)]
            connection.execute("ALTER TABLE crane_telemetry ADD COLUMN later text")
            assert connection.execute("SELECT name FROM api_key").fetchall() == [("n",)]
