"""What is answered about reefer excursions."""

from msgspec import Struct

from api.facts.answers import FactAnswer, answers
from api.facts.listing import FactList
from processing.reefers.facts import EXCURSION


@answers(EXCURSION)
class Excursion(FactAnswer, frozen=True):
    """A reefer out of range; `ended_at` is null while it lasts."""


class Excursions(Struct, frozen=True):
    """Reefer excursions, newest first."""

    excursions: list[Excursion]


EXCURSIONS = FactList(Excursion, Excursions)
