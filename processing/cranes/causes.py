"""Why cranes are delayed: the table of causes. Taxonomy: docs/causes.md; what is deducted is configuration."""

from dataclasses import dataclass
from typing import Literal

Party = Literal["terminal", "vessel", "nobody"]


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause.

    Attributes:
        id: as in `crane_delay`.
        party: who answers for it.
        deduct: whether the time is deducted from the hours of net rates.
        found: whether signals show it; the others are only stated by people.
        text: what it means.
    """

    id: str
    party: Party
    deduct: bool
    found: bool
    text: str


CAUSES: tuple[Cause, ...] = (
    Cause("breakdown", "terminal", True, True, "the crane reports a fault"),
    Cause("wind", "nobody", True, True, "wind above the limit"),
    Cause("no_operator", "terminal", True, True, "nobody logged on: break, shift change"),
    Cause("boom", "terminal", True, True, "boom going up or down"),
    Cause("spreader", "terminal", True, True, "another spreader is fitted"),
    Cause("gantry", "terminal", True, True, "travelling along the quay"),
    Cause("waiting_transport", "terminal", True, True, "standing over the quay or a lane: no vehicle"),
    Cause("ship", "vessel", True, True, "standing over the ship: lashings, stowage, trim"),
    Cause("hatch_cover", "terminal", True, True, "cycles that carry hatch covers"),
    Cause("gear", "terminal", True, True, "cycles that carry boxes of twistlocks, or cages"),
    Cause("not_assigned", "nobody", False, True, "no vessel: logged off, boom up"),
    Cause("lashing", "terminal", True, False, "waiting for lashers"),
    Cause("yard", "terminal", True, False, "the yard gives or takes nothing"),
    Cause("stowage_change", "vessel", True, False, "the line changes the plan"),
    Cause("draft_survey", "vessel", True, False, "survey, trim, list"),
    Cause("meal", "terminal", True, False, "a planned break"),
    Cause("strike", "nobody", True, False, "stoppage"),
    Cause("working", "terminal", False, False, "no delay: work that the signals do not show"),
)
BY_ID: dict[str, Cause] = {cause.id: cause for cause in CAUSES}
