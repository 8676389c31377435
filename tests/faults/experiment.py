"""What an experiment is: a row with a bar, a function that breaks something, and a control that must fail."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infra.machine.persistence import Profile
from simulators.ledger.verify import Report

if TYPE_CHECKING:
    from tests.faults.bed import Bed

SETS = "faults in the sets"
"""The bar on the five sets, order and facts."""
PATIENCE = 6
"""In CI a bar of time fails only at so many times its figure: machines there are slow and shared."""


@dataclass(frozen=True)
class Check:
    """A figure beside its bar.

    Attributes:
        name: what was measured, with its unit.
        value: the figure.
        bar: as text, such as `<= 10`.
        ok: whether it is met.
        ok_slow: whether it would be met on a slow machine; differs for times only.
    """

    name: str
    value: str
    bar: str
    ok: bool
    ok_slow: bool

    def __str__(self) -> str:
        return f"{self.name} {self.value} (bar {self.bar})"


@dataclass
class Outcome:
    """What came out of a run: figures beside bars, the five sets, the account.

    Attributes:
        checks: figures beside their bars.
        report: of the ledger; None where the experiment has none.
        account: the worker's counts, as text.
        notes: what is worth reading beside them.
    """

    checks: list[Check] = field(default_factory=list)
    report: Report | None = None
    account: str = ""
    notes: list[str] = field(default_factory=list)

    def most(self, name: str, value: float | None, bar: float, *, timed: bool = False) -> None:
        """A figure that must not exceed its bar; None: it never came. `timed`: it depends on the machine's speed."""
        within = value is not None and value <= bar
        slow = value is not None and value <= bar * (PATIENCE if timed else 1)
        self.checks.append(Check(name, "never" if value is None else f"{value:.4g}", f"<= {bar:g}", within, slow))

    def least(self, name: str, value: float | None, bar: float, *, timed: bool = False) -> None:
        """A figure that must reach its bar."""
        within = value is not None and value >= bar
        slow = value is not None and value >= bar / (PATIENCE if timed else 1)
        self.checks.append(Check(name, "never" if value is None else f"{value:.4g}", f">= {bar:g}", within, slow))

    def equal(self, name: str, value: object, bar: object) -> None:
        """A figure that must be exactly its bar."""
        self.checks.append(Check(name, str(value), f"= {bar}", value == bar, value == bar))

    def true(self, name: str, ok: object) -> None:
        """Something that must hold."""
        self.checks.append(Check(name, "yes" if ok else "no", "yes", bool(ok), bool(ok)))

    def zero(self, report: Report, *, in_order: bool = True) -> None:
        """Nothing lost, twice or unexpected, nothing out of order unless it may be, facts as in an undisturbed run."""
        self.report = report
        faults = {name: count for name, count in report.faults.items() if in_order or name != "disorder"}
        found = ", ".join(f"{name} {count}" for name, count in faults.items()) or "0"
        self.checks.append(Check(SETS, found, "= 0", not faults, not faults))
        self.checks.append(Check("samples compared", str(report.ok), "> 0", report.ok > 0, report.ok > 0))

    def passed(self, *, slow: bool = False) -> bool:
        """Whether all bars are met; `slow`: with patience for a slow machine."""
        return bool(self.checks) and all(check.ok_slow if slow else check.ok for check in self.checks)

    def missed(self, *, slow: bool = False) -> list[str]:
        """Bars that are not met, and examples of what was lost or altered."""
        missed = [str(check) for check in self.checks if not (check.ok_slow if slow else check.ok)]
        return missed + (self.report.examples if missed and self.report is not None else [])


Run = Callable[["Bed"], Outcome]


@dataclass(frozen=True)
class Control:
    """A run that must fail, so that a pass of its experiments means something; shared ones run once.

    Attributes:
        name: as the table names it.
        run: what it does, on a bed of its own.
        profile: of its broker.
        misses: the bar that it must miss; to miss another one proves nothing.
    """

    name: str
    run: Run
    profile: Profile = "durable"
    misses: str = SETS


@dataclass(frozen=True)
class Experiment:
    """One row of the table.

    Attributes:
        id: such as A1; of reliability.md.
        title: in a few words.
        bar: what must hold, in words.
        run: breaks something, and returns the outcome.
        control: must fail.
        profile: of the broker.
        needs: why it cannot run here, or None.
    """

    id: str
    title: str
    bar: str
    run: Run
    control: Control
    profile: Profile = "durable"
    needs: Callable[[], str | None] = lambda: None
