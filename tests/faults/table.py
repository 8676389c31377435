"""The table of a run, for people and as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any

from tests.faults.experiment import Experiment, Outcome

SETS = ("ok", "lost", "duplicate", "unexpected", "recovered")
HEAD = ("id", "experiment", "verdict", "figures beside bars", *SETS, "moves", "control", "s")


@dataclass
class Row:
    """One experiment's result.

    Attributes:
        experiment: what was run.
        outcome: None where it could not run.
        error: why not, or what went wrong on the way.
        seconds: how long it took.
        control: what the control's failure looked like; None: not run.
        control_failed: whether it failed, as it must.
    """

    experiment: Experiment
    outcome: Outcome | None = None
    error: str | None = None
    seconds: float = 0.0
    control: str | None = None
    control_failed: bool | None = None
    skipped: bool = field(default=False)

    def passed(self, *, slow: bool = False) -> bool:
        """Whether its bars are met and its control failed."""
        proven = self.control_failed is not False
        return self.outcome is not None and self.error is None and self.outcome.passed(slow=slow) and proven

    @property
    def verdict(self) -> str:
        """One word."""
        if self.skipped:
            return "skipped"
        if self.error is not None:
            return "ERROR"
        if self.control_failed is False:
            return "UNPROVEN"
        return "pass" if self.passed() else "FAIL"

    def cells(self) -> list[str]:
        """Texts under `HEAD`."""
        outcome = self.outcome or Outcome()
        figures = "; ".join(f"{check.name} {check.value} ({check.bar})" for check in outcome.checks) or self.error or ""
        sets = [str(getattr(outcome.report, name)) if outcome.report else "–" for name in SETS]
        moves = str(outcome.report.facts) if outcome.report else "–"
        control = self.control or "–"
        experiment = self.experiment
        return [experiment.id, experiment.title, self.verdict, figures, *sets, moves, control, f"{self.seconds:.0f}"]

    def as_json(self) -> dict[str, Any]:
        """For the results file."""
        outcome = self.outcome
        return {
            "title": self.experiment.title,
            "bar": self.experiment.bar,
            "profile": self.experiment.profile,
            "verdict": self.verdict,
            "figures": {
                c.name: {"value": c.value, "bar": c.bar, "ok": c.ok} for c in (outcome.checks if outcome else [])
            },
            "sets": asdict(outcome.report) if outcome and outcome.report else None,
            "account": outcome.account if outcome else "",
            "notes": outcome.notes if outcome else [],
            "error": self.error,
            "control": {"name": self.experiment.control.name, "failure": self.control, "failed": self.control_failed},
            "seconds": round(self.seconds, 1),
        }

    def line(self) -> str:
        """One line while it runs, with what was missed below it."""
        outcome = self.outcome
        figures = "; ".join(str(check) for check in outcome.checks) if outcome else ""
        report = outcome.report if outcome else None
        sets = " ".join(f"{name} {getattr(report, name)}" for name in SETS) if report else ""
        first = f"{self.experiment.id:<4}{self.verdict:<9}{self.experiment.title} [{self.seconds:.0f} s]"
        parts = [first, f"      {figures}" if figures else "", f"      sets: {sets}" if sets else ""]
        parts += [f"      account: {outcome.account}" if outcome and outcome.account else ""]
        parts += [f"      note: {note}" for note in (outcome.notes if outcome else [])]
        parts += [f"      control: {self.control}" if self.control else ""]
        parts += [f"      {'' if self.skipped else 'error: '}{self.error}" if self.error else ""]
        if outcome and not outcome.passed():
            parts += [f"      missed: {text}" for text in outcome.missed()]
        return "\n".join(part for part in parts if part)


def markdown(rows: list[Row]) -> str:
    """The table as Markdown."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + " --- |" * len(HEAD)]
    lines += [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row.cells()) + " |" for row in rows
    ]
    return "\n".join(lines)


def merged(before: str, after: str) -> str:
    """Rows of two tables in order of their ids; of those with the same id the one of the second table."""
    lines = after.splitlines()
    rows = {line.split("|")[1].strip(): line for line in (*before.splitlines()[2:], *lines[2:])}
    return "\n".join([*lines[:2], *(rows[name] for name in sorted(rows))])


def descriptions(experiments: list[Experiment]) -> str:
    """What each experiment does, as Markdown."""
    lines = ["| id | what happens | bar | broker | control |", "|" + " --- |" * 5]
    for one in sorted(experiments, key=lambda one: one.id):
        what = (one.run.__doc__ or one.title).partition("\n")[0]
        lines.append(f"| {one.id} | {what} | {one.bar} | {one.profile} | {one.control.name} |")
    return "\n".join(lines)


def put(document: str, name: str, text: str) -> str:
    """A document with the text between the marks `name` and `end` replaced."""
    begin = document.index("-->", document.index(f"<!-- {name}:")) + len("-->")
    end = document.index("<!-- end -->", begin)
    return f"{document[:begin]}\n{text}\n{document[end:]}"
