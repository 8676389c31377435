"""The measurements by name: each gives lines of the table, and what is kept of it."""

import itertools
import math
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bench import alarms, away, boxes, drain, growth, latency, plug_load, plugs, reprocess, staged, stages, storm
from bench.bed import bed
from bench.drain import Drain
from bench.figures import Figure
from bench.messages import Message, by_exception, made
from bench.page import terminal
from infra.machine.persistence import Profile

BATCH = 2_000
TARGETS: dict[Profile, tuple[float, float]] = {"durable": (0.60, 15_000), "memory": (0.85, 20_000)}
"""Share of the bare subscriber's speed, and messages a second: docs/benchmarks.md."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        messages: in a queue that is drained.
        repeats: the table has the median of so many runs.
        latency_s: length of the steady stream. [s]
        away_s: how long the database is away. [s]
        rate: messages a second where they come steadily.
        growth_s: how long messages of so many devices come. [s]
        reprocess_h: event time of crane samples that are made into facts again. [h]
        plugs_min: how long 5,000 reefers report. [min]
        boxes: in the database, among which some are searched.
        page: how long the page is looked at.
        alarms: that are followed to a live client, of each kind.
        storm: alarms that are raised at once.
    """

    messages: int
    repeats: int
    latency_s: float
    away_s: float
    rate: float
    growth_s: float
    reprocess_h: float
    plugs_min: float
    boxes: int
    page: terminal.Size
    alarms: int
    storm: int


SHORT = Size(6_000, 1, 5.0, 5.0, 5_000, 5.0, 0.5, 0.2, 20_000, terminal.SHORT, 3, 300)
NORMAL = Size(60_000, 3, 30.0, 600.0, 5_000, 60.0, 24.0, 20, 1_000_000, terminal.NORMAL, 50, 10_000)
Measured = tuple[list[Figure], Any]


def drains(size: Size, profile: Profile) -> Measured:
    """Speed with one sample and with ten a message, and with few signals in each.

    Each kind has servers of its own: a worker that starts publishes all KPIs of every terminal that there is.
    """
    figures, kept = [], {}
    for each, few in ((1, False), (10, False), (1, True), (10, True)):
        count = size.messages // (1 if each == 1 else 3)
        messages = made(count, each)
        if few:
            messages = by_exception(messages)
        with bed(profile) as where:
            runs = [
                drain.measure(where, _fresh(messages, f"{each}{'few' if few else ''}run{n}"))
                for n in range(size.repeats)
            ]
            rows = staged.measure(where, messages, BATCH) if each > 1 else 0.0
        what = f"{profile}, {each} a message{', two signals each' if few else ''}"
        kept[what] = {"runs": [asdict(run) for run in runs], "staged_copy_samples_s": rows}
        figures += _speed(what, profile, each, runs, rows, few=few)
    return figures, kept


def _fresh(messages: list[Message], run: str) -> list[Message]:
    """The same messages from a terminal of the run's own: nothing of it is stored, and its event time begins here."""
    return [(topic.replace("port/", f"port/{run}-", 1), payload) for topic, payload in messages]


def _speed(what: str, profile: Profile, each: int, runs: list[Drain], rows: float, *, few: bool) -> list[Figure]:
    share = statistics.median(run.ratio for run in runs)
    rate = statistics.median(run.messages / run.ingest_s for run in runs)
    bare = statistics.median(run.messages / run.bare_s for run in runs)
    samples = statistics.median(run.samples / run.ingest_s for run in runs)
    cpu = statistics.median(run.ingest_cpu_us for run in runs)
    postgres = statistics.median(run.postgres_cpu_us for run in runs)
    memory = max(run.ingest_memory_mib for run in runs)
    least, least_rate = TARGETS[profile]
    costs = f"worker {cpu:.1f} µs, PostgreSQL {postgres:.1f} µs a message, {memory:.0f} MiB"
    beside = f"bare subscriber {bare:,.0f} msg/s: {share:.0%}"
    if each == 1:
        target = "" if few else f"≥ {least:.0%} of bare, ≥ {least_rate:,.0f} msg/s"
        reached = None if few else share >= least and rate >= least_rate
        return [Figure(what, f"{rate:,.0f} msg/s", beside, target, reached), Figure("", costs)]
    beside = f"bare staged COPY {rows:,.0f} samples/s: {samples / rows:.0%}"
    target = "" if few else "≥ 70 % of it, ≥ 100,000 samples/s"
    reached = None if few else samples >= 0.7 * rows and samples >= 100_000
    return [Figure(what, f"{samples:,.0f} samples/s", beside, target, reached), Figure("", costs)]


def latencies(size: Size, profile: Profile) -> Measured:
    """Publish to committed at 5,000 messages a second."""
    with bed(profile) as where:
        run = latency.measure(where, size.rate, size.latency_s)
    p50, p90, p99, top = run.commit_ms
    return [
        Figure(
            f"{profile}, publish to committed at {size.rate:,.0f} msg/s",
            f"p50 {p50:.0f}, p90 {p90:.0f}, p99 {p99:.0f}, highest {top:.0f} ms",
            f"bare round trip p50 {run.bare_ms[0]:.1f}, p99 {run.bare_ms[2]:.1f} ms",
            "p99 ≤ 60 ms above it",
            run.above_ms <= 60,
        )
    ], asdict(run)


def outage(size: Size, profile: Profile) -> Measured:
    """Memory while the database is away; everything must be there afterwards, or this raises."""
    with bed(profile) as where:
        run = away.measure(where, size.rate, size.away_s)
    return [
        Figure(
            f"{profile}, database away {run.seconds:.0f} s, {run.messages / run.seconds:,.0f} msg/s came",
            f"worker {run.worker_mib:.0f} MiB, {run.messages:,} messages, lost 0, drained in {run.drain_s:.0f} s",
            f"broker {run.broker_mib:.0f} MiB",
            f"≤ {away.TARGET_MIB} MiB",
            run.worker_mib <= away.TARGET_MIB,
        )
    ], asdict(run)


def grown(size: Size, profile: Profile) -> Measured:
    """CPU time a message with a hundred, a thousand and ten thousand devices."""
    with bed(profile) as where:
        runs = [growth.measure(where, devices, size.rate, size.growth_s) for devices in (100, 1_000, 10_000)]
    worst = max(after.us / before.us for before, after in itertools.pairwise(runs))
    shown = ", ".join(f"{run.devices:,}: {run.us:.1f}" for run in runs)
    return [
        Figure(
            f"{profile}, ten times the devices at {size.rate:,.0f} msg/s",
            f"{shown} µs of CPU time a message",
            f"at most × {worst:.2f}; {runs[-1].worker_mib:.0f} MiB",
            "≤ × 1.3",
            worst <= 1.3,
        )
    ], [asdict(run) for run in runs]


def steps(size: Size, _profile: Profile) -> Measured:
    """CPU time of the worker by step, without servers."""
    figures, kept = [], {}
    for each, few in ((1, False), (10, False), (1, True)):
        messages = made(size.messages // each, each)
        run = stages.measure(by_exception(messages) if few else messages, BATCH)
        what = f"steps, {each} a message{', two signals each' if few else ''}"
        kept[what] = run
        shown = ", ".join(f"{name} {us:.2f}" for name, us in run.items())
        figures.append(Figure(what, f"{sum(run.values()):.1f} µs a message: {shown}"))
    return figures, kept


def again(size: Size, profile: Profile) -> Measured:
    """A day of crane samples made into facts again, and the engine without servers."""
    engine = reprocess.alone(size.reprocess_h)
    with bed(profile) as where:
        run = reprocess.measure(where, size.reprocess_h)
    copy_s = statistics.mean(run.copy_s)
    figures = [
        Figure(
            f"facts of {size.reprocess_h:g} h of 21 cranes, {run.samples:,} samples",
            f"{run.facts_s:.1f} s, {run.samples / run.facts_s:,.0f} samples/s: × {run.ratio:.2f}",
            f"bare binary COPY out of all columns, {run.copy_mib:,.0f} MiB: {copy_s:.1f} s",
            "≤ × 2.5",
            run.ratio <= 2.5,
        ),
        Figure(
            "its facts beside those found batch by batch",
            f"{run.facts:,} facts, {run.different} different",
            "compared bit for bit",
            "none different",
            run.different == 0,
        ),
        Figure("its memory", f"{run.memory_mib:.0f} MiB", "", "≤ 250 MiB", run.memory_mib <= 250),
        Figure("its KPI samples afterwards", f"{run.kpis_s:.1f} s, {run.kpi_samples:,} samples"),
        Figure("start of a worker on this database", f"{run.start_s:.1f} s, {run.start_mib:.0f} MiB"),
        Figure(
            "engine alone, one core",
            f"{engine.rows:,.0f} samples/s",
            f"report by exception: {engine.changes:,.0f} samples/s",
            "≥ 1,000,000 samples/s",
            engine.rows >= 1_000_000,
        ),
    ]
    return figures, {"reprocess": asdict(run), "engine": asdict(engine)}


def reefers(size: Size, profile: Profile) -> Measured:
    """CPU time of a worker to which 5,000 reefers report each minute, and of its engine alone."""
    engine = plugs.measure(math.ceil(size.plugs_min))
    with bed(profile) as where:
        run = plug_load.measure(where, plugs.PLUGS, size.plugs_min)
    return [
        Figure(
            f"{profile}, {run.plugs:,} reefers, a report each minute: worker",
            f"{run.worker_share:.1%} of a core",
            f"{run.worker_us:.0f} µs a sample; PostgreSQL {run.postgres_share:.1%}; {run.worker_mib:.0f} MiB",
            "≤ 5 % of a core",
            run.worker_share <= 0.05,
        ),
        Figure(
            "its detectors and KPIs alone",
            f"{engine.share:.1%} of a core",
            f"{engine.us:.0f} µs a sample, in batches of {engine.samples / engine.batches:.1f}",
        ),
    ], {"worker": asdict(run), "engine": asdict(engine)}


def searched(size: Size, profile: Profile) -> Measured:
    """Boxes found by a part of their number among many, and the timeline of one with many events, over HTTP."""
    with bed(profile) as where:
        run = boxes.measure(where, size.boxes)
    slowest = max(run.searches, key=lambda one: run.searches[one].p50_ms)
    bare = f"a bare request: p50 {run.bare.p50_ms:.1f} ms"
    answers: dict[str, tuple[boxes.Answers, float | None]] = {}
    answers[f"search over {run.boxes:,} boxes, the slowest of {len(run.searches)}"] = run.searches[slowest], 50.0
    for count, found in run.timelines.items():
        answers[f"timeline of a box with {count:,} events"] = found, 20.0 if count <= 500 else None
    return [
        Figure(
            what,
            f"p50 {found.p50_ms:.1f}, highest {found.highest_ms:.1f} ms",
            f"CPU time of API and PostgreSQL {found.cpu_ms:.1f} ms; {bare}",
            "" if most_ms is None else f"p50 ≤ {most_ms:g} ms",
            None if most_ms is None else found.p50_ms <= most_ms,
        )
        for what, (found, most_ms) in answers.items()
    ], asdict(run)


def page(size: Size, profile: Profile) -> Measured:
    """The page and its live feed, with a simulated terminal at work."""
    with bed(profile) as where:
        run = terminal.measure(where, size.page)
    return run.figures(), asdict(run)


def alarm_speed(size: Size, profile: Profile) -> Measured:
    """From a condition to its alarm at a live client, and ingest while many are raised at once."""
    with bed(profile) as where:
        reached = alarms.measure(where, size.alarms, size.rate)
    run = storm.measure(profile, size.storm, size.repeats)
    figures = [figure for one in reached for figure in one.figures()]
    return [*figures, *run.figures()], {"reached": [asdict(one) for one in reached], "storm": asdict(run)}


ALL: dict[str, Callable[[Size, Profile], Measured]] = {
    "drain": drains,
    "latency": latencies,
    "away": outage,
    "growth": grown,
    "steps": steps,
    "reprocess": again,
    "plugs": reefers,
    "boxes": searched,
    "alarm_speed": alarm_speed,
    "page": page,
}
BOTH_PROFILES = ("drain", "latency")
