"""Simulated devices: the same whatever the slicing, within the laws of motion, and found again by the detectors."""

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pytest

from infra.duration import duration_s
from ingest.decode.assembly import Assembler
from ingest.decode.codecs.registry import CODECS
from ingest.decode.columns import Limits, to_columns
from ingest.source.protocol import Inbound
from processing.calls.flags import problems
from processing.calls.reading import read
from processing.containers.iso6346 import check_digit
from processing.cranes.facts import CraneMove
from processing.engine import Engine
from processing.gates.facts import TruckVisit
from processing.model.device import Device
from processing.model.facts import Fact, Retracted
from processing.site.configuration import Sites
from processing.streams import STREAMS
from simulators.cranes import TrueMove
from simulators.devices import Slice
from simulators.gates.parameters import FLAWLESS
from simulators.gates.truth import TrueVisit
from simulators.motion import duration_s as motion_s
from simulators.motion import travelled
from simulators.parameters import STS
from simulators.terminal import Terminal
from tests.length import length

CHECK_DIGITS = [("CSQU305438", 3), ("ABCU000000", 1), ("ZZZU999999", 2), ("ABCU000007", 0)]
START_MS = 1_795_000_000_000
MINUTES = length(55, 360)
"""Of a terminal that detectors look at."""
PERIOD_MS = length(720_000, 7_200_000)


def sent(slices: Iterable[Slice]) -> tuple[dict[str, bytes], list[object]]:
    """All rows of each device as JSON lines, and the truth."""
    rows: dict[str, list[bytes]] = {}
    truth: list[object] = []
    for one in slices:
        for (stream, device), listed in one.rows.items():
            rows.setdefault(f"{stream}/{device}", []).extend(map(msgspec.json.encode, listed))
        truth += one.truth
    return {device: b"\n".join(lines) for device, lines in rows.items()}, sorted(truth, key=repr)


@cache
def sliced(seed: int, *ends_ms: int) -> tuple[dict[str, bytes], list[object]]:
    """What a terminal publishes when time advances by these ends."""
    terminal = Terminal("demo", seed, START_MS, "boot")
    return sent(terminal.advance(START_MS + end) for end in ends_ms)


def test_any_slicing_gives_the_same_samples_and_truth() -> None:
    whole = sliced(4, PERIOD_MS)
    assert sliced(4, 1, 100, 101, 7_777, 60_000, 61_000, 540_001, PERIOD_MS) == whole
    assert sliced(4, *range(10_000, PERIOD_MS + 1, 10_000)) == whole


def test_another_seed_is_another_terminal() -> None:
    assert sliced(4, 60_000)[0] != sliced(5, 60_000)[0]


DIGESTS = {
    ("demo", 4, 10): {"crane": "0a824062f1e771b1", "gate": "0bbe11cbb7c69f4f", "reefer": "acb041dbde088861"},
    ("mixed", 2, 5): {"crane": "4b1733644fe88e76", "reefer": "8fc871bdf931cebf"},
    ("chancay", 3, 2): {"crane": "cdd38edabce6aa44", "gate": "3007243cdfe38746", "reefer": "44f8c133b136a396"},
}
"""SHA-256 of the rows of each stream by preset, seed and minutes: a new model of one leaves the others as they were.

Reefers of the preset `demo` leave their plugs three times as often as usual since boxes go all the way.
The number of an appointment holds the series of its gate.
"""


@pytest.mark.parametrize(("preset", "seed", "minutes"), DIGESTS)
def test_a_seed_gives_the_samples_it_always_gave(preset: str, seed: int, minutes: int) -> None:
    terminal, digests = Terminal(preset, seed, START_MS, "boot"), dict[str, Any]()
    for minute in range(1, minutes + 1):
        for (stream, device), rows in sorted(terminal.advance(START_MS + minute * 60_000).rows.items()):
            digest = digests.setdefault(stream, hashlib.sha256())
            digest.update(device.encode() + b"\n" + b"\n".join(map(msgspec.json.encode, rows)) + b"\n")
    found = {stream: digest.hexdigest()[:16] for stream, digest in digests.items()}
    assert {stream: found.get(stream) for stream in DIGESTS[preset, seed, minutes]} == DIGESTS[preset, seed, minutes]


def test_seq_counts_up_by_one_and_times_never_repeat() -> None:
    rows, _ = sliced(4, PERIOD_MS)
    for device, lines in rows.items():
        samples = [msgspec.json.decode(line) for line in lines.splitlines()]
        assert [s["seq"] for s in samples] == list(range(1, len(samples) + 1)), device
        keys = [(s["ts"], s["seq"]) for s in samples]
        assert keys == sorted(set(keys)), device


def test_cranes_stay_within_their_speeds() -> None:
    rows, _ = sliced(4, PERIOD_MS)
    samples = [msgspec.json.decode(line) for line in rows["crane/sts1"].splitlines()]
    step_s = np.diff([s["ts"] for s in samples]) / 1000
    for signal, limit in (
        ("hoist_height_m", STS.hoist_empty_mps),
        ("trolley_position_m", STS.trolley_mps),
        ("gantry_position_m", STS.gantry_mps),
    ):
        position = np.array([s[signal] for s in samples])
        rounding = 0.02
        assert (np.abs(np.diff(position)) <= limit * step_s + rounding).all(), signal
        assert np.ptp(position) > 1, f"{signal} never moves"


def test_trapezoidal_motion_by_hand() -> None:
    # 24 m at 4 m/s and 0.8 m/s²: 5 s to speed over 10 m, 1 s steady over 4 m, 5 s to rest over 10 m.
    assert motion_s(24, 4, 0.8) == pytest.approx(11)
    way = travelled(np.array([-1.0, 0, 5, 6, 11, 99]), -24, 4, 0.8)
    assert way == pytest.approx([0, 0, -10, -14, -24, -24])
    # 0.8 m never reaches full speed: 1 s up, 1 s down.
    assert motion_s(0.8, 4, 0.8) == pytest.approx(2)


@pytest.mark.parametrize(("code", "digit"), CHECK_DIGITS)
def test_check_digits(code: str, digit: int) -> None:
    """By hand: digits and letters (C 13, S 30, Q 28, U 32 …) times 2^place; CSQU305438 gives 6185, mod 11 is 3.

    ABCU000000 gives 342, ZZZU999999 9594, ABCU000007 3926, whose remainder 10 is written 0.
    """
    assert check_digit(code) == digit


def reported_last(facts: Iterable[Fact]) -> list[Fact]:
    """Each fact once, as it was in the end: the move of a box that is lifted a second time is reported once more."""
    last: dict[object, Fact] = {}
    for fact in facts:
        if isinstance(fact, Retracted):
            last.pop((type(fact.fact), fact.fact.key), None)
        else:
            last[type(fact), fact.key] = fact
    return list(last.values())


@cache
def detected(seed: int) -> tuple[Terminal, Slice, list[Fact], dict[int, str]]:
    """A terminal after some time, the truth about it, the facts that the engine finds in what its devices publish."""
    terminal = Terminal("demo", seed, START_MS, "boot", FLAWLESS)
    engine, assembler = Engine(Sites()), Assembler(CODECS)
    ids = {(d.stream, d.name): n for n, d in enumerate(terminal.devices, 1)}
    for d in terminal.devices:
        engine.register(Device(ids[d.stream, d.name], "demo", d.stream, d.name, d.type, START_MS * 1000))
    truth, facts = Slice(), list[Fact]()
    for _ in range(MINUTES // 5):
        made = terminal.advance(terminal.now_ms + 300_000)
        truth.truth += made.truth
        messages = [
            Inbound(f"port/demo/{stream}/{device}/telemetry", msgspec.json.encode(rows[i : i + 200]), 0, None, False)
            for (stream, device), rows in made.rows.items()
            for i in range(0, len(rows), 200)
        ]
        done = assembler.assemble(messages)
        assert done.rejects == []
        for name, rows in done.streams.items():
            addresses = {a: ids[a.stream, a.device] for a in rows.addresses}
            checked = to_columns(STREAMS[name], rows, addresses, terminal.now_ms * 1000, Limits(30, 60))
            assert checked.rejects == []
            assert not checked.out_of_range
            facts += engine.feed(checked.samples.in_order(), 2**62)
    return terminal, truth, reported_last(facts), {number: name for (_, name), number in ids.items()}


def test_detected_moves_and_visits_are_the_true_ones() -> None:
    terminal, truth, facts, names = detected(8)
    moves = [
        (
            names[f.device_id],
            *(time // 1000 for time in (f.locked_us, f.lifted_us, f.landed_us, f.unlocked_us)),
            f.kind,
            f.boxes,
            f.teu,
        )
        for f in facts
        if isinstance(f, CraneMove)
    ]
    true_moves = [
        (m.device, m.locked_ms, m.lifted_ms, m.landed_ms, m.unlocked_ms, m.kind, m.boxes, m.teu)
        for m in truth.of(TrueMove)
    ]
    assert len(true_moves) > 100
    # The last unlocks wait for their debounce: what is missing may only be those of the last seconds.
    missing = sorted(set(true_moves) - set(moves))
    assert set(moves) <= set(true_moves)
    assert all(move[4] > terminal.now_ms - 2_000 for move in missing)
    visits = {
        (f.visit, (f.entered_us or 0) // 1000, (f.left_us or 0) // 1000, f.reason)
        for f in facts
        if isinstance(f, TruckVisit) and f.left_us
    }
    assert visits == {(v.visit, v.entered_ms, v.left_ms, None) for v in truth.of(TrueVisit)}


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("10m", 600), ("6h", 21_600), ("1.5d", 129_600)])
def test_durations(text: str, seconds: float) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize("preset", ["demo", "chancay"])
def test_simulated_calls_are_in_order(preset: str) -> None:
    """What a simulated terminal operating system announces of three days is read, and nothing about it is odd."""
    fleet = Terminal(preset, 3, START_MS, "boot").fleet
    sent = [
        read("pechy", call.call_id, call.announcement())
        for day in range(1, 4)
        for call in fleet.calls_to_announce(START_MS + day * 86_400_000)
    ]
    cranes = {one.crane for call in sent for one in call.assignments}
    assert len({call.key for call in sent}) > 2
    newest = {call.key: call for call in sent}.values()
    for call in newest:
        assert problems(call, cranes, newest) == []
        assert call.planned_completion_us == max(one.until_us or 0 for one in call.assignments)
