"""Generate the documents that come from tables in the code; `--check` compares instead of writing.

Run as `python -m docs.generate [--check]`.
"""

import json
import sys
from pathlib import Path

import bench.report
from api.openapi.document import document
from api.resources import ROUTES
from docs.markdown import DOCS, NOTE, table, within
from docs.signals import schema, signals
from infra.access.privileges import ROLES, TABLES
from infra.access.roles import Role
from infra.settings import PREFIX, TABLE
from ingest.decode.rejects import REASONS
from ingest.worker.metrics import Metrics
from processing.alarms import overrides
from processing.alarms import shown as alarms
from processing.cranes.causes import CAUSES
from processing.cranes.parameter_table import PARAMETERS, Parameter
from processing.cranes.parameters import STS, YARD
from processing.kpi.explain import in_words
from processing.kpi.table import KPIS
from processing.kpi.terms.table import TERMS
from processing.kpi.windows import WINDOWS
from processing.model.times import ALWAYS_US, MINUTE_US, from_us
from processing.reefers.profile_table import rows as profile_rows
from processing.streams import STREAMS
from processing.treatments.schedules import SCHEDULES, Schedule
from simulators.parameters import PRESETS
from simulators.score.subjects import SUBJECTS


def kpis() -> str:
    """The KPI glossary."""
    rows = [
        [
            f"`{k.id}`",
            k.title,
            k.unit,
            "; ".join(f"{kind.name}: {', '.join(window.id for window in windows)}" for kind, windows in k.scopes),
            ("every minute" if k.per_minute else "every quarter of an hour")
            + ("; provisional or final" if k.stated_causes else ""),
            in_words(k),
            k.description,
            k.source,
        ]
        for k in KPIS
    ]
    head = ["id", "title", "unit", "for each, over", "samples", "formula", "meaning", "source"]
    windows = table(["window", "what it is"], [[f"`{w.id}`", w.text] for w in WINDOWS.values()])
    terms = table(["term", "what it is", "unit"], [[f"`{n}`", t.label, t.unit] for n, t in TERMS.items()])
    text = (DOCS / "templates" / "kpis.md").read_text()
    filled = text.format(kpis=table(head, rows), windows=windows, terms=terms)
    return NOTE.format("processing/kpi/rows/ and docs/templates/kpis.md") + filled


def causes() -> str:
    """Why cranes are delayed."""
    head = ["id", "meaning", "whose", "taken off net rates", "found by"]
    rows = [
        [f"`{c.id}`", c.text, c.party, "yes" if c.deduct else "no", "signals" if c.found else "people"] for c in CAUSES
    ]
    text = (DOCS / "templates" / "causes.md").read_text()
    return NOTE.format("processing/cranes/causes.py and docs/templates/causes.md") + text.format(
        causes=table(head, rows)
    )


def settings() -> str:
    """The settings."""
    rows = [[f"`{PREFIX}{s.name}`", f"`{s.default}`" if s.default else "", s.text] for s in TABLE]
    text = "Read once from the environment; all problems are reported at once, exit code 2.\n\n"
    return NOTE.format("infra/settings.py") + "# Settings\n\n" + text + table(["name", "default", "meaning"], rows)


def quarantine() -> str:
    """Reasons of quarantine."""
    text = (
        "What cannot be understood is kept in `quarantine` (view `v_quarantine`, route `/api/v1/quarantine`), "
        "with its reason and a detail that shows the sender what to change. Good samples of the same message are "
        "stored. It is kept as long as raw samples, `QUAYSTREAM_RETENTION_DAYS`; of a payload of more than 2 MiB the "
        "first 64 KiB, and in the detail its length and hash. Of a topic of more than 1,024 bytes the same.\n\n"
    )
    rows = [[f"`{reason}`", meaning] for reason, meaning in REASONS.items()]
    return NOTE.format("ingest/decode/rejects.py") + "# Quarantine\n\n" + text + table(["reason", "meaning"], rows)


def access() -> str:
    """Which role each route takes."""
    rows = [
        [
            f"`{route.method} {route.path}`",
            *("yes" if route.least is None or role >= route.least else "" for role in Role),
            "yes" if route.least is None else "",
        ]
        for route in ROUTES
    ]
    text = (DOCS / "templates" / "access.md").read_text()
    head = ["route", *(role.word for role in Role), "everybody"]
    return NOTE.format("api/*/routes.py and docs/templates/access.md") + text.format(routes=table(head, rows))


def database() -> str:
    """What each role may do with each table of the database."""
    head = ["table", *(f"`{role}`" for role in ROLES)]
    rows = [[f"`{name}`", *(TABLES[name][role] for role in ROLES)] for name in sorted(TABLES)]
    text = (DOCS / "templates" / "database.md").read_text()
    return NOTE.format("infra/access/privileges.py and docs/templates/database.md") + text.format(
        privileges=table(head, rows)
    )


def metrics() -> str:
    """What the worker reports at /metrics."""
    rows = [
        [f"`{one.name}{'_total' if one.type == 'counter' else ''}`", one.type, one.documentation]
        for one in Metrics().registry.collect()
    ]
    return table(["name", "type", "meaning"], rows)


def parameters() -> str:
    """Detector parameters as the site file takes them."""
    rows = [[f"`{row.key}`", _range(row), _built_in(row), row.text] for row in PARAMETERS]
    return table(["key", "plausible", "built in", "meaning"], rows)


def _range(row: Parameter) -> str:
    return "true, false" if row.kind == "flag" else f"{row.low:g} … {row.high:g}"


def _built_in(row: Parameter) -> str:
    quay, yard = (row.shown(getattr(rules, row.attribute)) for rules in (STS, YARD))
    return quay if quay == yard else f"{quay}; yard cranes {yard}"


def schedules() -> str:
    """The built-in schedules of cold treatments."""
    rows = [
        [
            f"`{one.id}`",
            one.text,
            "; ".join(f"{level.limit_degc:g} °C {level.days} d" for level in one.levels),
            _valid(one),
            f"{one.start_degc:g} °C",
            f"{one.gap_us // MINUTE_US} min",
            ("" if one.verified else "*unverified*: ") + one.source,
        ]
        for one in SCHEDULES
    ]
    return table(["id", "for", "levels", "treatments that begin", "run begins at", "longest silence", "source"], rows)


def _valid(one: Schedule) -> str:
    since = "" if one.from_us == ALWAYS_US else f"from {from_us(one.from_us):%F} on"
    return f"{since} before {from_us(one.until_us):%F}".strip() if one.until_us is not None else since or "ever"


def profiles() -> str:
    """The figures of a reefer's profile."""
    return table(["key", "plausible", "built in for chilled; frozen", "meaning"], profile_rows())


def presets() -> str:
    """The simulated terminals."""
    rows = [[f"`{name}`", f"`{preset.terminal}`", preset.text] for name, preset in PRESETS.items()]
    return table(["preset", "terminal", "devices"], rows)


def score(name: str) -> str:
    """The kept score of a stream's detectors."""
    kept = json.loads((DOCS.parent / "bench" / "results" / f"{name}.json").read_text())
    seeds = f"{kept['seeds'][0]}–{kept['seeds'][-1]}"
    about = f"Preset `{kept['preset']}`, {kept['hours']:g} h each of seeds {seeds}; {kept['measured_at'][:10]}."
    return "\n".join([about, "", *kept["table"], ""])


def documents() -> dict[Path, str]:
    """All generated documents by path."""
    found = {
        DOCS / "signals.md": signals(),
        DOCS / "kpis.md": kpis(),
        DOCS / "causes.md": causes(),
        DOCS / "settings.md": settings(),
        DOCS / "access.md": access(),
        DOCS / "database.md": database(),
        DOCS / "quarantine.md": quarantine(),
        DOCS / "benchmarks.md": within("benchmarks.md", "results", bench.report.markdown()),
        **{
            DOCS / f"{one.report}.md": within(f"{one.report}.md", "results", score(one.report))
            for one in SUBJECTS.values()
        },
        DOCS / "simulators.md": within("simulators.md", "presets", presets()),
        DOCS / "alarms.md": within(
            "alarms.md",
            "keys",
            table(["key", "plausible", "of", "meaning"], overrides.rows()),
            within(
                "alarms.md",
                "conditions",
                table(alarms.HEAD, alarms.rows()),
                within("alarms.md", "results", score("alarms")),
            ),
        ),
        DOCS / "treatments.md": within(
            "treatments.md", "schedules", schedules(), within("treatments.md", "results", score("treatments"))
        ),
        DOCS / "site.md": within("site.md", "profiles", profiles(), within("site.md", "parameters", parameters())),
        DOCS / "ingest.md": within("ingest.md", "metrics", metrics()),
        DOCS / "openapi.json": json.dumps(document(ROUTES), indent=2, ensure_ascii=False) + "\n",
    }
    return found | {DOCS / f"schema/{name}.json": schema(stream) for name, stream in STREAMS.items()}


def main(check: bool) -> int:
    """Write, or compare and report what differs."""
    stale = [path for path, text in documents().items() if not path.exists() or path.read_text() != text]
    if check and stale:
        print("not as generated: " + ", ".join(path.name for path in stale) + "; run `make docs`", file=sys.stderr)
        return 1
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(documents()[path])
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
