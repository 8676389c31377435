"""What schemathesis makes of /openapi.json, sent to the API over a real database: right, wrong and odd requests."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from infra.access import api_keys
from infra.access.roles import Role
from infra.connection import Connection
from tests.integration import api_rows
from tests.length import length

PROGRAM = Path(sys.executable).parent / "st"
DEADLINE_S = 900
"""For a machine that stands still now and then; alone it takes less than a minute."""

NOT_CHECKED = {
    "positive_data_acceptance": "rules over several parameters, such as from before to and at most 366 days, and check"
    " digits of containers are answered with 400; JSON Schema has no words for them",
}
"""Checks that are left out, and why; all others of schemathesis are made."""
NOT_PHASES = {
    "stateful": "follows links from answer to request; the document has none, and those that it guesses revoke the key"
    " that the requests come with",
}
NOT_ROUTES = {
    "/api/v1/keys/{id}": "an admin's request might name the key that all further requests come with",
}
"""For the admin only; test_api_access.py revokes keys."""


@dataclass(frozen=True, slots=True)
class Served:
    """The API, with its description in a file, which nobody without a key can read."""

    base: str
    description: Path
    keys: dict[Role, str]


@pytest.fixture
async def served(database_url: str, mqtt_url: str, connection: Connection, tmp_path: Path) -> AsyncIterator[Served]:
    """A terminal with a few rows of everything, and a key of each role."""
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await api_rows.add_samples(db)
        await api_rows.add_facts(db)
        await api_rows.add_quarantine(db, "port/demo/crane/sts1/telemetry", "demo", "not_json")
    keys = {role: (await api_keys.add(connection, role.word, role))[1] for role in (Role.VIEWER, Role.ADMIN)}
    async with (
        api_rows.worker() as worker,
        api_rows.serving(database_url, mqtt_url, worker) as base,
        api_rows.asking(base) as ask,
    ):
        status, body = await ask("/openapi.json", headers={"Authorization": f"Bearer {keys[Role.VIEWER]}"})
        assert status == 200
        description = tmp_path / "openapi.json"
        description.write_text(json.dumps(body))
        yield Served(base, description, keys)


async def schemathesis(served: Served, role: Role | None, *arguments: str) -> tuple[int, str]:
    """Run it with a role's key, or without; its exit code, and what it prints. Nothing of it is left to chance."""
    key = () if role is None else ("--header", f"Authorization: Bearer {served.keys[role]}")
    process = await asyncio.create_subprocess_exec(
        *(PROGRAM, "run", served.description, "--url", served.base, "--generation-deterministic", "--no-color"),
        *("--checks", "all", "--exclude-checks", ",".join(NOT_CHECKED), "--continue-on-failure", *key, *arguments),
        cwd=served.description.parent,  # it reads settings of a project where there are any, and leaves a folder behind
        env={**os.environ, "SCHEMATHESIS_HOOKS": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        printed, _ = await asyncio.wait_for(process.communicate(), DEADLINE_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, printed.decode()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VIEWER, None], ids=["admin", "viewer", "nobody"])
async def test_schemathesis_finds_nothing(served: Served, role: Role | None) -> None:
    """No answer is an error of the server, or other than described; what is wrong is refused, so is who has no key."""
    examples = length(2, 60)
    phases = "examples,coverage,fuzzing" if role is Role.ADMIN or length(0, 1) else "examples,fuzzing"
    routes = [part for path in NOT_ROUTES for part in ("--exclude-path", path)] if role is Role.ADMIN else []
    code, printed = await schemathesis(served, role, "--phases", phases, "--max-examples", str(examples), *routes)
    assert code == 0, printed[-20_000:]
    assert ("Authentication failed" in printed) == (role is not Role.ADMIN)


async def test_schemathesis_finds_what_is_wrong(served: Served) -> None:
    """The control: a description that promises something else fails."""
    document = json.loads(served.description.read_text())
    moves = document["paths"]["/api/v1/moves"]["get"]
    moves["parameters"].append({"name": "more", "in": "query", "required": True, "schema": {"type": "string"}})
    del moves["responses"]["400"]
    served.description.write_text(json.dumps(document))
    only = ("--phases", "fuzzing", "--max-examples", "3", "--include-path", "/api/v1/moves")
    code, printed = await schemathesis(served, Role.ADMIN, *only)
    assert (code, "Undocumented status code" in printed) == (1, True), printed


async def test_what_is_no_http_is_answered_in_json(served: Served) -> None:
    """Without a version of the server's parts."""
    async with aiohttp.ClientSession(served.base) as session, session.get("/" + "x" * 9_000) as answer:
        error = (await answer.json())["error"]
        assert (answer.status, error["code"], answer.headers["Server"]) == (400, "malformed_request", "quaystream")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert error["message"].startswith("this is no HTTP request: Got more than 8190 bytes")
