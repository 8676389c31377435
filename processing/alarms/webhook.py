"""A webhook: who gets events of alarms over HTTP."""

from dataclasses import dataclass, field

from processing.alarms.facts import SEVERITIES, Severity


@dataclass(frozen=True, slots=True)
class Webhook:
    """One receiver.

    Attributes:
        name: in logs, metrics and the table of receivers.
        url: where events are posted.
        secret: signs them.
        terminal: only events from there; None: from all.
        severity: only events as severe, or more.
    """

    name: str
    url: str
    secret: str = field(repr=False)
    terminal: str | None = None
    severity: Severity = "low"

    @property
    def severities(self) -> list[str]:
        """Severities whose events it gets."""
        return list(SEVERITIES[: SEVERITIES.index(self.severity) + 1])
