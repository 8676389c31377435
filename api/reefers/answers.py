"""What is answered about power and silence of reefers."""

from msgspec import Struct

from api.facts.answers import FactAnswer, answers
from api.facts.listing import FactList
from processing.reefers.facts import OFF_POWER, SILENCE


@answers(OFF_POWER)
class OffPower(FactAnswer, frozen=True):
    """A box on a plug without power; `ended_at` is null while it lasts."""


class OffPowerSpans(Struct, frozen=True):
    """Spans in which boxes were without power, newest first."""

    off_power: list[OffPower]


@answers(SILENCE)
class Silence(FactAnswer, frozen=True):
    """A gap in the reports about a box: what was meanwhile is not known."""


class Silences(Struct, frozen=True):
    """Gaps in the reports about boxes, newest first."""

    silences: list[Silence]


OFF_POWER_SPANS = FactList(OffPower, OffPowerSpans)
SILENCES = FactList(Silence, Silences)
