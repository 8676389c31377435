"""What is answered about truck visits."""

from msgspec import Struct

from api.facts.answers import FactAnswer, answers
from api.facts.listing import FactList
from processing.gates.facts import VISIT


@answers(VISIT, leave_out=("lane_in", "lane_out", "brought", "taken", "trouble"))
class Visit(FactAnswer, frozen=True):
    """One truck's stay: from the end of gate-in to the end of gate-out."""


class Visits(Struct, frozen=True):
    """Truck visits, newest first."""

    visits: list[Visit]


VISITS = FactList(Visit, Visits)
