"""Feeds a running stack what real terminals do and what they should not: late, repeated, spoilt and refused messages.

`python feed.py first`, then `second` and `third`, in an environment as `quaystream env` prints it. Beside a
simulated terminal `demo` it makes two more: `pechy`, half of it in each phase and in disorder, and `mixed`, with every
type of crane. It uses the simulators of the installed version: other versions may send other samples.
"""

import asyncio
import base64
import json
import os
import random
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from infra.mqtt.connection import Mqtt
from simulators.terminal import Terminal
from simulators.tos_lists import TosLists
from simulators.vessels import TrueCall

PECHY_MS = 1_795_897_800_000
"""2026-11-28T20:30:00Z."""
MIXED_MS = 1_795_906_800_000
"""2026-11-28T23:00:00Z."""
TYPES = {"sts1": "STS", "sts2": "STS", "sts3": "STS", "armg1": "ARMG", "rtg1": "RTG"}
EVERY = {"pechy": {"sts1": 3, "sts2": 4, "armg1": 5}, "mixed": {"sts1": 5, "sts1-portal": 5, "rtg1": 5}}
"""Of which cranes every how manieth sample is sent."""
SENT = ("agv01", *(f"r{number:03d}" for number in range(1, 9)))
"""Of which vehicles and plugs every sample is sent."""
Sample = tuple[str, dict[str, Any]]
"""Stream and device, and a sample of it."""


def simulated(terminal: str, preset: str, start_ms: int, minutes: int, lists: Path) -> tuple[list[Sample], list[Any]]:
    """Samples of a few devices in time order, and vessel calls; move lists of the calls are written to `lists`."""
    made, calls, model = [], [], Terminal(preset, 21, start_ms, "b1")
    tos = TosLists(lists, model)
    for _ in range(minutes):
        step = model.advance(model.now_ms + 60_000)
        tos.write(step)
        happened = getattr(step, "truth", ()) or getattr(step, "calls", ())  # older versions have a list of each kind
        calls += [(one.call_id, one.announcement()) for one in happened if isinstance(one, TrueCall)]
        for (stream, device), rows in step.rows.items():
            every = EVERY[terminal].get(device, 0) if stream == "crane" else int(stream == "gate" or device in SENT)
            sent = [msgspec.json.decode(msgspec.json.encode(row)) for row in rows]
            made += [(f"{stream}/{device}", one) for one in sent if every and one["seq"] % every == 0]
    return made, calls


def hot(start_ms: int, minutes: int) -> Iterator[Sample]:
    """A reefer that is 3 K too warm from the 10th to the 55th minute, and whose sensor is broken for a minute."""
    for minute in range(minutes):
        warm = 3.0 if 10 <= minute < 55 else 0.0
        signals = {"ts": start_ms + minute * 60_000, "seq": minute + 1, "setpoint_degc": 5, "supply_degc": 5 + warm}
        yield "reefer/hot", signals | {"plugged": minute < 70, "usda1_degc": 5.5 if minute != 20 else 500}


def spoilt(samples: Sequence[Sample], seed: int) -> Iterator[Sample]:
    """A crane whose sensors, counters, clock and gateway are bad."""
    chance = random.Random(seed)
    for number, (_, sample) in enumerate(samples):
        one = dict(sample)
        luck = chance.random()
        if luck < 0.05:
            continue
        if luck < 0.07:
            one |= {"load_t": 999.0, "wind_speed_mps": -5}
        elif luck < 0.08:
            one |= {"twistlock_locked": not one.get("twistlock_locked", False)}
        elif luck < 0.083:
            one |= {"hoist_height_m": "n/a"}
        elif luck < 0.10:
            one |= {"plc_program": "v7", "spreader_size_ft": 33}
        elif luck < 0.20:
            one = {name: one[name] for name in one if name in ("ts", "seq", "boot", "landed", "hoist_height_m")}
        if 2_000 < number < 3_000:
            one["boot"], one["seq"] = "b2", number - 2_000
        elif number >= 3_000:
            del one["boot"], one["seq"]
        yield "crane/sts3", one


def odd_trucks(start_ms: int) -> Iterator[Sample]:
    """A truck that leaves before it comes, one without a visit, one that never leaves, one with trouble."""
    events: list[tuple[str, int, dict[str, Any]]] = [
        ("gate/x-out", 5, {"event": "barrier_open", "direction": "out", "visit_id": "odd-1"}),
        ("gate/x-in", 9, {"event": "barrier_open", "direction": "in", "visit_id": "odd-1"}),
        ("gate/x-in", 12, {"event": "barrier_open", "direction": "in", "plate": "ABC-1"}),
        ("gate/x-in", 15, {"event": "trouble_start", "direction": "in", "plate": "ÑX-2", "queue_length": 7}),
        ("gate/x-in", 18, {"event": "trouble_end", "direction": "in", "plate": "ÑX-2"}),
        ("gate/x-in", 19, {"event": "barrier_open", "direction": "in", "visit_id": "odd-2", "plate": "ÑX-2"}),
        ("gate/x-out", 40, {"event": "barrier_open", "direction": "out", "plate": "ABC-1"}),
    ]
    for number, (device, minute, signals) in enumerate(events):
        yield device, {"ts": start_ms + minute * 60_000, "seq": number + 1, **signals}


def disordered(samples: Sequence[Sample]) -> list[Sample]:
    """Everything moved within ten minutes, one in a hundred an hour late, a fifth repeated some time later."""
    chance = random.Random(7)
    keyed = []
    for number, sample in enumerate(samples):
        late_ms = 3_600_000 if chance.random() < 0.01 else chance.uniform(0, 600_000)
        keyed.append((sample[1]["ts"] + late_ms, number, sample))
        if chance.random() < 0.2:
            keyed.append((sample[1]["ts"] + late_ms + chance.uniform(0, 900_000), number, sample))
    return [sample for *_, sample in sorted(keyed, key=lambda one: one[:2])]


async def publish(mqtt: Mqtt, terminal: str, samples: Sequence[Sample]) -> None:
    """Send samples, up to twenty of a device that stand together in a message."""
    at = 0
    while at < len(samples):
        name, upto = samples[at][0], at
        while upto < min(at + 20, len(samples)) and samples[upto][0] == name:
            upto += 1
        await send(mqtt, f"port/{terminal}/{name}/telemetry", [sample for _, sample in samples[at:upto]])
        at = upto
    await mqtt.drain(1)


async def send(mqtt: Mqtt, topic: str, content: object, *, retain: bool = False) -> None:
    """One message; what is no bytes yet becomes JSON."""
    mqtt.publish(topic, content if isinstance(content, bytes) else json.dumps(content).encode(), retain=retain)
    await mqtt.drain(500)


async def refused(mqtt: Mqtt, terminal: str) -> None:
    """One message for every reason to refuse one that a sender can give."""
    topic, ts = f"port/{terminal}/crane/bad1/telemetry", PECHY_MS
    deep: Any = 1
    for _ in range(12):
        deep = [deep]
    payloads: list[object] = [b"hello", b"\xff\xfe", b"", [], "text", [5], {"load_t": 5}, {"ts": "yesterday"}]
    payloads += [{"ts": 4_000_000_000_000}, {"ts": 978_307_200_000}, {"ts": ts, "device": "other"}]
    payloads += [{"ts": ts, "extra": deep}, {"ts": ts, "state": "a\0b"}, {"ts": ts, "landed": "yes"}]
    payloads += [{"ts": ts, "boot": "x" * 300}, [{"ts": ts, "load_t": 1}, {"ts": None}], [{"ts": ts}] * 10_001]
    for payload in [*payloads, *payloads[:4]]:
        await send(mqtt, topic, payload)
    await send(mqtt, f"port/{terminal}/submarine/u1/telemetry", {"ts": ts})
    await send(mqtt, f"port/{terminal}/crane/STS 9/telemetry", {"ts": ts})
    await send(mqtt, f"port/{terminal}/crane/sts9", {"ts": ts})
    await send(mqtt, f"port/{terminal}/crane/sts1/status", {"online": "maybe"})
    await send(mqtt, f"port/{terminal}/vessel/bad/call", {"planned": {"load": -1}, "last_line_at": 5})


async def statuses(mqtt: Mqtt, terminal: str, devices: Sequence[str]) -> None:
    """Publish the types of cranes, retained."""
    for device in devices:
        status = {"online": device != "sts3", "ts": PECHY_MS + 4_500_000, "type": TYPES.get(device, "PORTAL")}
        await send(mqtt, f"port/{terminal}/crane/{device}/status", status, retain=True)


def ask(method: str, path: str, body: object = None, kind: str = "application/json") -> Any:
    """An answer of the API; errors are printed, they are part of what is fed."""
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    url = f"http://{os.environ['QUAYSTREAM_HTTP']}/api/v1/{path}"
    request = urllib.request.Request(url, data, {"Content-Type": kind}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own API
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.stderr.write(f"{method} {path}: {error.code} {error.read()[:300]!r}\n")
        return {}


def edit_delays(terminal: str, by: str, most: int) -> None:
    """Give causes of stops by hand, twice for one stop; confirm the detected causes of another crane."""
    span = "from=2026-11-28T20:00:00Z&to=2026-11-30T00:00:00Z"
    found = ask("GET", f"delays?terminal={terminal}&{span}").get("delays", [])
    for number, one in enumerate(found[:most]):
        path = f"delays/{terminal}/{one['device']}/{urllib.parse.quote(one['began_at'])}"
        ask("PUT", path, {"cause": ("lashing", "meal", "yard")[number % 3], "by": by, "remark": "señal\tperdida\\n"})
        if number == 0:
            ask("PUT", path, {"cause": "working", "by": "J. Rojas"})
            ask("PUT", path, {"cause": "nonsense", "by": by})
    ask("POST", f"delays/confirm?terminal={terminal}&device=sts2&{span}", {"by": "J. Rojas"})


def import_list(terminal: str, path: Path) -> None:
    """Import a move list with three wrong lines."""
    head, *lines = path.read_text().splitlines()
    lines = [*lines[1:], lines[0].replace("load", "discharge"), "sts1,2026-11-28T21:00:00Z,BADU1234567,load,45G1"]
    call = urllib.parse.quote(path.stem)
    query = "format=csv&mode=flag&by=Planner%201"
    ask("POST", f"calls/{terminal}/{call}/tos?{query}", "\n".join([head, *lines]).encode(), "text/csv")


async def first(mqtt: Mqtt, lists: Path) -> None:
    """Half of `pechy` in disorder, `mixed` in order, refused messages."""
    samples, calls = of_pechy(lists)
    await statuses(mqtt, "pechy", ["sts1", "sts2"])
    for call_id, call in calls:
        await send(mqtt, f"port/pechy/vessel/{call_id}/call", call, retain=True)
    await send(mqtt, "port/pechy/vessel/lost/call", {"vessel": "CAPE HORN", "first_line_at": PECHY_MS}, retain=True)
    await publish(mqtt, "pechy", samples[: len(samples) // 2])
    await refused(mqtt, "pechy")
    mixed, calls = simulated("mixed", "mixed", MIXED_MS, 30, lists)
    await statuses(mqtt, "mixed", list(EVERY["mixed"]))
    await publish(mqtt, "mixed", mixed)
    for call_id, call in calls:
        await send(mqtt, f"port/mixed/vessel/{call_id}/call", call, retain=True)
    await asyncio.sleep(10)  # by then the worker has recomputed facts around late samples
    edit_delays("pechy", "R. Quispe", 5)
    edit_delays("mixed", "R. Quispe", 2)


async def second(mqtt: Mqtt, lists: Path) -> None:
    """The rest, types that come late, calls by the API and withdrawn, edits, move lists."""
    samples, calls = of_pechy(lists)
    await publish(mqtt, "pechy", samples[len(samples) // 2 :])
    await statuses(mqtt, "pechy", ["armg1", "sts3"])
    await send(mqtt, "port/pechy/vessel/lost/call", b"", retain=True)
    extra = {
        "vessel": "QUAY PIONEER",
        "berth": "b9",
        "first_line_at": "2026-11-28T21:00:00Z",
        "planned": {"load": 4},
        "assignments": [{"crane": "sts3", "from": "2026-11-28T21:05:00Z", "until": "2026-11-28T21:40:00Z"}],
    }
    ask("PUT", "calls/pechy/x-001", extra)
    ask("PUT", "calls/pechy/x-001?force=true", extra | {"vessel": "QUAY PIONEER II"})
    await refused(mqtt, "pechy")
    await asyncio.sleep(10)
    for terminal, known in (("pechy", calls), ("demo", [])):
        folder = lists if terminal == "pechy" else Path(os.environ["TOS_DIR"])
        names = {call_id for call_id, _ in known} or {path.stem for path in folder.glob("*.csv")}
        for path in sorted(folder.glob("*.csv")):
            if path.stem in names:
                import_list(terminal, path)
        edit_delays(terminal, "M. Díaz", 4)


async def third(mqtt: Mqtt, _lists: Path) -> None:
    """Late samples that move the beginning of stops whose causes were edited: the edits are lost."""
    span = "from=2026-11-28T20:00:00Z&to=2026-11-30T00:00:00Z"
    found = ask("GET", f"delays?terminal=pechy&{span}").get("delays", [])
    for one in [one for one in found if one["edited_by"] in ("M. Díaz", "J. Rojas") and one["ended_at"]][:2]:
        at = datetime.fromisoformat(one["began_at"])
        for second, trolley_m in enumerate((10.0, 25.0, -4.0, 33.0)):
            ts = (at + timedelta(seconds=5 + second)).isoformat()
            await send(mqtt, f"port/pechy/crane/{one['device']}/telemetry", {"ts": ts, "trolley_position_m": trolley_m})


def of_pechy(lists: Path) -> tuple[list[Sample], list[Any]]:
    """All of `pechy` in the order in which it is sent, and its calls."""
    samples, calls = simulated("pechy", "demo", PECHY_MS, 75, lists)
    bad = spoilt([one for one in samples if one[0] == "crane/sts2"], 3)
    more = [*bad, *hot(PECHY_MS, 75), *odd_trucks(PECHY_MS)]
    return disordered(sorted([*samples, *more], key=lambda one: one[1]["ts"])), calls


async def main(phase: str) -> None:
    """Feed one phase."""
    name = f"feed-{base64.b32encode(os.urandom(5)).decode().lower()}"
    with tempfile.TemporaryDirectory() as folder:
        async with Mqtt(os.environ["QUAYSTREAM_MQTT_URL"], name) as mqtt:
            await {"first": first, "second": second, "third": third}[phase](mqtt, Path(folder))
            await mqtt.drain(1)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
