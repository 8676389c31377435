"""Facts of cold treatments: one row a run; a treatment that starts over has several."""

from dataclasses import dataclass
from typing import Annotated, Literal

from processing.model.fact_type import FactType
from processing.model.facts import Key, TerminalFact

PROBES = ("usda1", "usda2", "usda3")
"""Pulp probes, as breaches and corrections name them; the signals have `_degc` behind."""
Verdict = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class ColdTreatment(TerminalFact):
    """A run of a cold treatment: how far it is, at which level, and what broke it."""

    terminal: str
    container_id: str
    began_us: Annotated[int, "as announced; of a restart the first reading that counts again"]
    schedule: str
    level: Annotated[float, "limit of the level that will be done first [°C]"]
    done_h: Annotated[float, "consecutive time at that level that is certain [h]"]
    left_h: Annotated[float, "what its days lack [h]"]
    verdict: Verdict
    breach_us: Annotated[int | None, "when a reading last exceeded the level of that time; null: never"]
    breach_sensor: Annotated[str | None, "the warmest probe then"]
    ended_us: Annotated[int | None, "when it was done or failed; null while it runs"]
    at_risk_us: Annotated[int | None, "when it first went on at a longer level after a breach; null: never"] = None

    key = Key("terminal", "container_id", "began_us")


COLD_TREATMENT = FactType("cold_treatment", "cold_treatment", ColdTreatment)
