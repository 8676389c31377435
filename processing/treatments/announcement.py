"""Cold treatments as somebody announces them: which schedule, since when, and the corrections of the pulp probes."""

from dataclasses import dataclass
from typing import Annotated, Final

from processing.model.fact_type import FactType
from processing.model.facts import Announced, Key
from processing.model.reading import identifier, number, numbers_of, record
from processing.treatments.facts import PROBES

MOST_K: Final = 5.0
"""No probe is so far off that it may still be used. Assumed. [K]"""


@dataclass(frozen=True, slots=True)
class TreatmentAnnouncement(Announced):
    """A treatment that a container undergoes. Times in µs since 1970 UTC."""

    terminal: str
    container_id: Annotated[str, "number in upper case, without blanks and dashes"]
    schedule: Annotated[str, "its id, as /api/v1/treatments/schedules lists it"]
    began_us: Annotated[int, "readings before count for nothing"]
    corrections_degc: Annotated[
        tuple[tuple[str, float], ...], "added to what a probe reads, as its calibration in ice water found; K"
    ]

    key = Key("terminal", "container_id")

    @property
    def by_probe(self) -> tuple[float, float, float]:
        """Corrections in the order of `PROBES`. [K]."""
        found = dict(self.corrections_degc)
        one, two, three = (found.get(probe, 0.0) for probe in PROBES)
        return one, two, three


ANNOUNCEMENT: Final = FactType("treatment_announcement", "treatment_announcement", TreatmentAnnouncement)


def read(terminal: str, container_id: str, payload: object) -> TreatmentAnnouncement:
    """The announcement that a payload makes; whether there is such a schedule only the site file can say.

    Args:
        terminal: from the topic.
        container_id: the same, as it is stored.
        payload: decoded JSON.

    Raises:
        DocumentError: lists all problems, each with its field.
    """
    corrections = numbers_of(PROBES, number(-MOST_K, MOST_K))
    parsers = {"schedule": identifier, "corrections_degc": corrections}
    return record(ANNOUNCEMENT, (terminal, container_id), payload, parsers)
