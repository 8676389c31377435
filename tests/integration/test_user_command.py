"""`quaystream user`, as a person and as a program use it."""

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.access.user_password import is_password
from infra.connection import Connection

QUAYSTREAM = str(Path(sys.executable).with_name("quaystream"))
PASSWORD = "correct horse 1"
WITHIN_S = 60.0


def user(url: str, *arguments: str, entered: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command without a terminal."""
    environment = {**os.environ, "QUAYSTREAM_DATABASE_URL": url}
    return subprocess.run(
        [QUAYSTREAM, "user", *arguments],
        input=entered,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
        start_new_session=True,
    )


def at_a_terminal(url: str, *answers: str) -> tuple[int, str]:
    """Run `add Ana --role viewer` at a terminal, and answer its questions; exit code, and all that was to be seen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [QUAYSTREAM, "user", "add", "Ana", "--role", "viewer"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "QUAYSTREAM_DATABASE_URL": url},
        start_new_session=True,
    )
    os.close(theirs)
    seen, asked = "", 0
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        try:
            part = os.read(ours, 1024).decode()
        except OSError:  # the other end is closed
            break
        seen += part
        if seen.count(": ") > asked and asked < len(answers) and seen.endswith(": "):
            os.write(ours, f"{answers[asked]}\n".encode())
            asked += 1
    os.close(ours)
    return process.wait(WITHIN_S), seen


async def stored(connection: Connection, password: str) -> bool:
    return is_password(await connection.fetchval("SELECT password_hash FROM api_user WHERE name = 'Ana'"), password)


async def test_the_password_is_asked_for_twice_and_not_shown(database_url: str, connection: Connection) -> None:
    code, seen = at_a_terminal(database_url, PASSWORD, "another one 2")
    assert (code, "the two passwords differ" in seen) == (1, True), seen
    code, seen = at_a_terminal(database_url, "short")
    assert (code, "10 to 200 signs" in seen) == (1, True), seen
    code, seen = at_a_terminal(database_url, PASSWORD, PASSWORD)
    assert (code, "user Ana is added as viewer" in seen) == (0, True), seen
    assert seen.index("Password of Ana:") < seen.index("The same once more:")
    assert PASSWORD not in seen
    assert await stored(connection, PASSWORD)


async def test_programs_pass_a_password_or_get_one(database_url: str, connection: Connection) -> None:
    """From its first to its last sign; a generated one is printed once."""
    made = user(
        database_url, "add", "Ana", "--role", "admin", "--password-stdin", "--json", entered=f" {PASSWORD} \r\n"
    )
    assert (made.returncode, json.loads(made.stdout)) == (0, {"name": "Ana", "password": None})
    assert await stored(connection, f" {PASSWORD} ")
    made = user(database_url, "password", "ana", "--json")
    assert (made.returncode, json.loads(made.stdout)["name"]) == (0, "Ana")
    assert await stored(connection, json.loads(made.stdout)["password"])
    made = user(database_url, "password", "Ana", "--generate")
    assert "not shown again" in made.stdout
    assert await stored(connection, made.stdout.partition("password  ")[2].split()[0])
    assert user(database_url, "role", "ANA", "--role", "viewer", "--terminal", "demo").stdout == (
        "user Ana is viewer of terminal demo\n"
    )
    assert user(database_url, "disable", "Ana").stdout == "user Ana is disabled\n"
    listed = user(database_url, "list")
    assert listed.stdout.splitlines()[0].split() == ["NAME", "ROLE", "TERMINAL", "ADDED", "LAST", "USED", "STATE"]
    assert "disabled" in listed.stdout.splitlines()[1]
    (one,) = json.loads(user(database_url, "list", "--json").stdout)
    assert (one["name"], one["role"], one["terminal"]) == ("Ana", "viewer", "demo")
    assert "hash" not in str(one)
    made = user(database_url, "add", "ana", "--role", "operator", "--generate")
    assert "user Ana is added as operator" in made.stdout
    assert await connection.fetchval("SELECT disabled_at FROM api_user") is None
    principals = await connection.fetch("SELECT DISTINCT principal, subject FROM audit")
    assert [row["subject"] for row in principals] == ["Ana"]


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (("add", "Ana", "--role", "viewer"), 1, "use --password-stdin or --generate"),
        (("add", "Ana", "--role", "viewer", "--password-stdin"), 1, "10 to 200 signs, not 0"),
        (("add", "Ana", "--role", "root", "--generate"), 2, "invalid choice: 'root'"),
        (("add", "a/b", "--role", "viewer", "--generate"), 1, "must be 1 to 80 letters"),
        (("add", "Ana", "--role", "viewer", "--terminal", "DEMO", "--generate"), 1, "terminal 'DEMO' must be"),
        (("add", "Ana", "--role", "viewer", "--generate", "--password-stdin"), 2, "not allowed with argument"),
        (("password", "Ana", "--generate"), 1, "no user 'Ana', or a disabled one"),
        (("role", "Ana", "--role", "viewer"), 1, "no user 'Ana', or a disabled one"),
        (("disable", "Ana"), 1, "`quaystream user list` has all"),
        (("add", "There", "--role", "viewer", "--generate"), 1, "there is a user 'There'"),
    ],
)
async def test_what_is_refused(
    database_url: str, connection: Connection, arguments: tuple[str, ...], code: int, expected: str
) -> None:
    await connection.execute("INSERT INTO api_user VALUES ('There', 'viewer', NULL, '')")
    refused = user(database_url, *arguments)
    assert (refused.returncode, refused.stdout) == (code, "")
    assert expected in refused.stderr
