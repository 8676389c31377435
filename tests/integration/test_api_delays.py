from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.site_file import reader
from ingest.recompute.recomputer import SQL as RECOMPUTE
from ingest.store.writer import SQL as STORE
from tests.integration import api_rows
from tests.integration.api_rows import MINUTE, NOON, text

Ask = Any
DAY = "from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z"
ODD = NOON + timedelta(microseconds=123_456)
"""Stored in microseconds, answered as …00.123Z."""
EDIT = {"cause": "lashing", "by": "R. Quispe", "remark": "two gangs short"}


@pytest.fixture
async def base(database_url: str, mqtt_url: str) -> AsyncIterator[str]:
    """Address of the API; sts1 stood still twice and stands now, sts2 once, a crane of another terminal once."""
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await api_rows.add_delay(db, 1, ODD, 7.5)
        await api_rows.add_delay(db, 1, NOON + 30 * MINUTE, 10, "wind")
        await api_rows.add_delay(db, 1, NOON + 60 * MINUTE, None, "no_operator")
        await api_rows.add_delay(db, 2, NOON + 20 * MINUTE, 5, "ship")
        await api_rows.add_delay(db, 5, NOON, 5)
    async with api_rows.serving(database_url, mqtt_url) as address:
        yield address


@pytest.fixture
async def ask(base: str) -> AsyncIterator[Ask]:
    """Asks the API."""
    async with api_rows.asking(base) as asked:
        yield asked


async def _notes(database_url: str) -> list[tuple[str, str, str, datetime]]:
    async with api_rows.rows(database_url) as db:
        found = await db.fetch("SELECT terminal, fact, subject, since FROM recompute_kpis ORDER BY subject")
        return [tuple(row) for row in found]


async def _count_edits(database_url: str) -> int:
    async with api_rows.rows(database_url) as db:
        found: int = await db.fetchval("SELECT count(*) FROM crane_delay_edit")
        return found


async def test_causes(ask: Ask) -> None:
    """Who answers for a cause, whether its time is taken off, and whether signals show it."""
    status, body = await ask("/api/v1/causes")
    assert (status, len(body["causes"])) == (200, 18)
    assert body["causes"][1] == {
        "id": "wind",
        "party": "nobody",
        "deduct": True,
        "found": True,
        "text": "wind above the limit",
    }


async def test_a_terminal_decides_what_is_taken_off(
    database_url: str, mqtt_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site file says it for each terminal; so do causes and stops."""
    (tmp_path / "site.toml").write_text('[terminal.demo]\ndeducted_causes = ["wind"]\n')
    monkeypatch.setattr(reader, "SHIPPED", tmp_path / "site.toml")
    async with api_rows.rows(database_url) as db:
        await api_rows.add_devices(db)
        await api_rows.add_delay(db, 1, NOON, 7.5)
        await api_rows.add_delay(db, 5, NOON, 7.5)
    async with api_rows.serving(database_url, mqtt_url) as address, api_rows.asking(address) as asked:
        _, body = await asked(f"/api/v1/delays?{DAY}")
        assert [(one["terminal"], one["deduct"]) for one in body["delays"]] == [("demo", False), ("other", True)]
        _, body = await asked("/api/v1/causes?terminal=demo")
        assert [one["id"] for one in body["causes"] if one["deduct"]] == ["wind"]
        _, body = await asked("/api/v1/causes")
        assert [one["id"] for one in body["causes"] if not one["deduct"]] == ["not_assigned", "working"]


async def test_delays(ask: Ask) -> None:
    """Stops newest first, with their cause and whose it is."""
    status, body = await ask(f"/api/v1/delays?terminal=demo&{DAY}")
    assert status == 200
    assert [(one["device"], one["began_at"], one["cause"]) for one in body["delays"]] == [
        ("sts1", "2026-11-23T13:00:00.000Z", "no_operator"),
        ("sts1", "2026-11-23T12:30:00.000Z", "wind"),
        ("sts2", "2026-11-23T12:20:00.000Z", "ship"),
        ("sts1", "2026-11-23T12:00:00.123Z", "waiting_transport"),
    ]
    assert body["delays"][3] == {
        "terminal": "demo",
        "device": "sts1",
        "began_at": "2026-11-23T12:00:00.123Z",
        "ended_at": "2026-11-23T12:07:30.123Z",
        "minutes": 7.5,
        "cause": "waiting_transport",
        "found_cause": "waiting_transport",
        "found_by": "signals",
        "party": "terminal",
        "deduct": True,
        "remark": None,
        "edited_by": None,
        "edited_at": None,
    }
    assert (body["delays"][0]["ended_at"], body["delays"][0]["minutes"] > 60) == (None, True)
    assert body["lost_edits"] == []


async def test_delays_of_a_span(ask: Ask) -> None:
    """Every stop that touches the span, one that lasts too; up to a limit, of one crane."""
    span = "from=2026-11-23T12:07:00Z&to=2026-11-23T12:31:00Z"
    _, body = await ask(f"/api/v1/delays?terminal=demo&{span}")
    assert [one["cause"] for one in body["delays"]] == ["wind", "ship", "waiting_transport"]
    _, body = await ask(f"/api/v1/delays?terminal=demo&device=sts1&limit=1&{span}")
    assert [one["cause"] for one in body["delays"]] == ["wind"]
    _, body = await ask("/api/v1/delays?terminal=demo&from=2026-11-23T18:00:00Z&to=2026-11-23T19:00:00Z")
    assert [one["cause"] for one in body["delays"]] == ["no_operator"]


async def test_an_edit(ask: Ask, database_url: str) -> None:
    """A stop is found by its millisecond; who and when is kept, and KPI samples since then are to be made again."""
    path = "/api/v1/delays/demo/sts1/2026-11-23T12:00:00.123Z"
    status, edited = await ask(path, "PUT", EDIT)
    assert status == 200
    at = edited.pop("edited_at")
    assert edited == {
        "terminal": "demo",
        "device": "sts1",
        "began_at": "2026-11-23T12:00:00.123Z",
        "ended_at": "2026-11-23T12:07:30.123Z",
        "minutes": 7.5,
        "cause": "lashing",
        "found_cause": "waiting_transport",
        "found_by": "signals",
        "party": "terminal",
        "deduct": True,
        "remark": "two gangs short",
        "edited_by": "R. Quispe",
    }
    assert (await ask(f"{path}/edits"))[1] == {
        "edits": [{"cause": "lashing", "remark": "two gangs short", "by": "R. Quispe", "at": at}]
    }
    assert await _notes(database_url) == [("demo", "stop", "demo", ODD), ("demo", "stop", "sts1", ODD)]


async def test_the_last_word_counts(ask: Ask) -> None:
    """Every edit is kept, the newest is answered; milliseconds name the delay too."""
    path = "/api/v1/delays/demo/sts1/1795435200123"
    await ask(path, "PUT", EDIT)
    status, body = await ask(path, "PUT", {"cause": "waiting_transport", "by": " J. Rojas "})
    assert (status, body["cause"], body["edited_by"], body["remark"]) == (200, "waiting_transport", "J. Rojas", None)
    _, body = await ask(f"{path}/edits")
    assert [(one["cause"], one["by"]) for one in body["edits"]] == [
        ("waiting_transport", "J. Rojas"),
        ("lashing", "R. Quispe"),
    ]
    _, body = await ask(f"/api/v1/delays?terminal=demo&device=sts1&{DAY}")
    assert [one["edited_by"] for one in body["delays"]] == [None, None, "J. Rojas"]


async def test_the_same_words_again_change_nothing(ask: Ask, database_url: str) -> None:
    """Asking again after an error is harmless."""
    path = "/api/v1/delays/demo/sts1/1795435200123"
    first = await ask(path, "PUT", EDIT)
    again = await ask(path, "PUT", EDIT)
    assert (first[0], again[0], first[1]["edited_at"] == again[1]["edited_at"]) == (200, 200, True)
    assert await _count_edits(database_url) == 1


async def test_a_note_that_is_worked_off_meanwhile_stays(ask: Ask, database_url: str) -> None:
    """The worker takes away the version of a note that it read; one that an edit touched since then is another one."""
    read, take = RECOMPUTE["next_kpis"], STORE["unmark_kpis"]
    async with api_rows.rows(database_url) as db:
        await db.execute("INSERT INTO recompute_kpis VALUES ('demo', 'stop', 'sts1', $1)", NOON)
        note = await db.fetchrow(read)
        assert (await ask("/api/v1/delays/demo/sts1/1795435200123", "PUT", EDIT))[0] == 200
        assert await db.execute(take, *note) == "DELETE 0"
        assert (await _notes(database_url))[1] == ("demo", "stop", "sts1", NOON)


NO_EDITS: tuple[tuple[str, dict[str, Any], int, str], ...] = (
    ("sts1/1795435200123", {"cause": "tea", "by": "x"}, 400, "cause: 'tea' is no cause; there are breakdown, "),
    ("sts1/1795435200123", {"cause": "wind", "by": ""}, 400, "body field by: "),
    ("sts1/1795435200123", {"cause": "wind", "by": " \t"}, 400, "(who, unless logged in: at most 80 characters)"),
    ("sts1/1795435200123", {"cause": "wind", "by": "x", "at": 1}, 400, "known are cause, by, remark"),
    ("sts1/1795435200123", {"cause": "wind", "by": "x", "remark": "y" * 1_001}, 400, "body field remark: "),
    ("sts1/1795435200123", {"cause": "wind", "by": "x\0"}, 400, "body field by: takes no NUL"),
    ("sts1/1795435200124", EDIT, 404, "no delay that began at 2026-11-23T12:00:00.124Z; the nearest began at 2026"),
    ("sts1/0", EDIT, 404, "it has none within a day of that"),
    ("sts1/noon", EDIT, 400, "parameter began_at: write a time as"),
    ("sts9/1795435200123", EDIT, 404, "there is no crane sts9 at terminal demo; there are sts1, sts2"),
)


async def test_a_refused_edit(ask: Ask, database_url: str) -> None:
    """What is wrong is named; nothing is kept, nothing is noted."""
    for place, body, status, message in NO_EDITS:
        got, answer = await ask(f"/api/v1/delays/demo/{place}", "PUT", body)
        assert (got, message in answer["error"]["message"]) == (status, True), answer
    assert (await _count_edits(database_url), await _notes(database_url)) == (0, [])


async def test_edits_of_no_stop(ask: Ask) -> None:
    """A stop without edits has an empty list; what is no stop is a 404."""
    assert await ask("/api/v1/delays/demo/sts1/1795435200123/edits") == (200, {"edits": []})
    assert (await ask("/api/v1/delays/demo/sts1/1795435200124/edits"))[0] == 404


async def test_confirm(ask: Ask, database_url: str) -> None:
    """Delays that ended in the span and have no edit get their found cause; each once."""
    await ask("/api/v1/delays/demo/sts1/1795435200123", "PUT", EDIT)
    path = f"/api/v1/delays/confirm?terminal=demo&{DAY}"
    assert await ask(path, "POST", {"by": "J. Rojas"}) == (200, {"confirmed": 2})
    assert await ask(path, "POST", {"by": "J. Rojas"}) == (200, {"confirmed": 0})
    _, body = await ask(f"/api/v1/delays?terminal=demo&{DAY}")
    assert [(one["cause"], one["edited_by"]) for one in body["delays"]] == [
        ("no_operator", None),
        ("wind", "J. Rojas"),
        ("ship", "J. Rojas"),
        ("lashing", "R. Quispe"),
    ]
    assert [(subject, since) for _, _, subject, since in await _notes(database_url)] == [
        ("demo", ODD),
        ("sts1", ODD),
        ("sts2", NOON + 20 * MINUTE),
    ]


async def test_confirm_one_crane(ask: Ask) -> None:
    """Of one crane only, and only what ended before the span's end."""
    path = "/api/v1/delays/confirm?terminal=demo&device=sts1&from=2026-11-23T12:00:00Z&to=2026-11-23T12:40:00Z"
    assert await ask(path, "POST", {"by": "J. Rojas"}) == (200, {"confirmed": 1})


NO_CONFIRMATIONS = (
    (f"terminal=nowhere&{DAY}", 404, "terminal nowhere has no cranes"),
    (f"terminal=demo&device=sts9&{DAY}", 404, "there are sts1, sts2"),
    ("terminal=demo&from=0", 400, "query parameter missing: to"),
    (DAY, 400, "query parameter missing: terminal"),
    ("terminal=demo&from=0&to=0", 400, "`from` must lie before `to`"),
    ("terminal=demo&from=0&to=1795435200123", 400, "must not be longer than 92 days"),
)


async def test_a_refused_confirmation(ask: Ask) -> None:
    """The span has to be given; a place that is not there is named."""
    for query, status, message in NO_CONFIRMATIONS:
        got, body = await ask(f"/api/v1/delays/confirm?{query}", "POST", {"by": "x"})
        assert (got, message in body["error"]["message"]) == (status, True), body


async def test_more_delays_than_one_request_confirms(
    ask: Ask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of them is confirmed; a shorter span is."""
    monkeypatch.setattr("api.delays.edits.MOST_CONFIRMED", 2)
    status, body = await ask(f"/api/v1/delays/confirm?terminal=demo&{DAY}", "POST", {"by": "x"})
    assert (status, "more than 2 delays" in body["error"]["message"]) == (400, True), body
    assert await _count_edits(database_url) == 0
    span = "from=2026-11-23T12:00:00Z&to=2026-11-23T12:30:00Z"
    assert await ask(f"/api/v1/delays/confirm?terminal=demo&{span}", "POST", {"by": "x"}) == (200, {"confirmed": 2})


async def test_edits_of_retracted_delays_are_listed(ask: Ask, database_url: str) -> None:
    """Late samples moved a delay's beginning: the edit is listed as lost with the nearest one, until that is edited."""
    path = "/api/v1/delays/demo/sts1/1795435200123"
    _, edited = await ask(path, "PUT", EDIT)
    moved = ODD + timedelta(seconds=20)
    async with api_rows.rows(database_url) as db:
        await db.execute("UPDATE crane_delay SET began_at = $1 WHERE device_id = 1 AND began_at = $2", moved, ODD)
    _, body = await ask(f"/api/v1/delays?terminal=demo&{DAY}")
    assert body["lost_edits"] == [
        {
            "terminal": "demo",
            "device": "sts1",
            "began_at": "2026-11-23T12:00:00.123Z",
            "cause": "lashing",
            "remark": "two gangs short",
            "edited_by": "R. Quispe",
            "edited_at": edited["edited_at"],
            "nearest_began_at": "2026-11-23T12:00:20.123Z",
        }
    ]
    assert body["delays"][3]["cause"] == "waiting_transport"
    assert len((await ask(f"{path}/edits"))[1]["edits"]) == 1
    assert (await ask(path, "PUT", EDIT))[0] == 404

    assert (await ask(f"/api/v1/delays/demo/sts1/{text(moved)}", "PUT", EDIT))[0] == 200
    _, body = await ask(f"/api/v1/delays?terminal=demo&{DAY}")
    assert (body["lost_edits"], body["delays"][3]["cause"]) == ([], "lashing")


async def test_a_lost_edit_without_a_stop_near(ask: Ask, database_url: str) -> None:
    """A stop that was none after all: its edit stays listed."""
    await ask("/api/v1/delays/demo/sts2/2026-11-23T12:20:00.000Z", "PUT", EDIT)
    async with api_rows.rows(database_url) as db:
        await db.execute("DELETE FROM crane_delay WHERE device_id = 2")
    for query, expected in (("terminal=demo", [None]), ("device=sts2", [None]), ("device=sts1", [])):
        _, body = await ask(f"/api/v1/delays?{query}&{DAY}")
        assert [one["nearest_began_at"] for one in body["lost_edits"]] == expected


async def test_pages_of_other_sites_edit_nothing(ask: Ask, base: str, database_url: str) -> None:
    """A foreign page's request is refused, the dashboard's own is taken."""
    path = "/api/v1/delays/demo/sts1/1795435200123"
    status, body = await ask(path, "PUT", EDIT, {"Origin": "https://evil.example"})
    assert (status, body["error"]["code"], await _count_edits(database_url)) == (403, "forbidden", 0)
    assert (await ask(path, "PUT", EDIT, {"Origin": base}))[0] == 200


async def test_methods(ask: Ask) -> None:
    """A stop is edited with PUT, stops are confirmed with POST, and neither otherwise."""
    assert (await ask("/api/v1/delays/demo/sts1/0", "DELETE"))[0] == 405
    assert (await ask("/api/v1/delays/confirm", "PUT", {}))[0] == 405
    assert (await ask("/api/v1/delays", "POST", {}))[0] == 405


async def test_a_read_only_database_takes_no_edits(ask: Ask, database_url: str) -> None:
    """A 503 that says so; reading goes on."""
    async with api_rows.rows(database_url) as db:
        name = await db.fetchval("SELECT current_database()")
        await db.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    status, body = await ask("/api/v1/delays/demo/sts1/1795435200123", "PUT", EDIT)
    assert (status, body["error"]["code"]) == (503, "database_read_only")
    assert (await ask(f"/api/v1/delays?{DAY}"))[0] == 200


async def test_a_locked_note_is_not_waited_for(ask: Ask, database_url: str) -> None:
    """Whoever holds a note keeps it; the edit is rolled back as a whole and may be sent again."""
    async with api_rows.rows(database_url) as db:
        await db.execute("INSERT INTO recompute_kpis VALUES ('demo', 'stop', 'sts1', $1)", NOON)
        async with db.transaction():
            await db.execute("SELECT FROM recompute_kpis FOR UPDATE")
            status, body = await ask("/api/v1/delays/demo/sts1/1795435200123", "PUT", EDIT)
    assert (status, body["error"]["code"], await _count_edits(database_url)) == (503, "busy", 0)
    assert (await ask("/api/v1/delays/demo/sts1/1795435200123", "PUT", EDIT))[0] == 200


async def _add_vehicle(database_url: str) -> None:
    """Cranes of two terminals stood at 200 m; agv01 came to 210 m at 12:21, to 600 m at 12:50."""
    trip = "INSERT INTO vehicle_trip VALUES (21, $1, $2, NULL, 'block', 'quay', 0, 90, $3, 10, true, 500, 1, NULL)"
    async with api_rows.rows(database_url) as db:
        await db.execute(
            "INSERT INTO device OVERRIDING SYSTEM VALUE VALUES (21, 'demo', 'vehicle', 'agv01', 'AGV', $1)", NOON
        )
        await db.execute(trip, NOON + 19 * MINUTE, NOON + 21 * MINUTE, 210.0)
        await db.execute(trip, NOON + 40 * MINUTE, NOON + 50 * MINUTE, 600.0)
        for crane in (1, 2, 5):
            await api_rows.add_move(db, crane, NOON + 10 * MINUTE)
            await api_rows.add_delay(db, crane, NOON + 45 * MINUTE, 10, "ship")
        await db.execute("UPDATE crane_move SET gantry_m = 200")
        await api_rows.add_crane_sample(db, 2, NOON, 1, 0.0)


async def test_vehicles_decide_over_causes(ask: Ask, database_url: str) -> None:
    """One stood at sts2 for 4 of 5 minutes from 12:20 on, none from 12:45 on; of the other terminal none are known."""
    await _add_vehicle(database_url)
    _, body = await ask(f"/api/v1/delays?{DAY}")
    found = {(one["terminal"], one["device"], one["began_at"][11:16]): one for one in body["delays"]}
    causes = {key: (one["cause"], one["found_cause"], one["found_by"]) for key, one in found.items()}
    assert causes["demo", "sts2", "12:20"] == ("ship", "ship", "signals")
    assert causes["demo", "sts1", "12:45"] == ("waiting_transport", "waiting_transport", "vehicles")
    assert causes["demo", "sts2", "12:45"] == ("waiting_transport", "waiting_transport", "vehicles")
    assert causes["other", "sts1", "12:45"] == ("ship", "ship", "signals")
    assert causes["demo", "sts1", "12:30"] == ("wind", "wind", "signals")
    assert found["demo", "sts1", "12:45"]["party"] == "terminal"

    at = text(NOON + 55 * MINUTE)
    _, explained = await ask(f"/api/v1/kpis/idle_waiting_transport_minutes/explain?terminal=demo&subject=sts2&at={at}")
    assert explained["value"] == 10.0
    assert [(one["cause"], one["minutes"]) for one in explained["stops"]] == [
        ("ship", 5.0),
        ("waiting_transport", 10.0),
    ]


async def test_what_is_edited_and_confirmed_is_found_by_vehicles(ask: Ask, database_url: str) -> None:
    await _add_vehicle(database_url)
    began = text(NOON + 45 * MINUTE)
    _, body = await ask(f"/api/v1/delays/demo/sts1/{began}", "PUT", EDIT)
    assert (body["cause"], body["found_cause"], body["found_by"]) == ("lashing", "waiting_transport", "vehicles")
    status, body = await ask(f"/api/v1/delays/confirm?terminal=demo&{DAY}", "POST", {"by": "R. Quispe"})
    assert (status, body) == (200, {"confirmed": 4})
    _, body = await ask(f"/api/v1/delays/demo/sts2/{began}/edits")
    assert [one["cause"] for one in body["edits"]] == ["waiting_transport"]
