"""What is answered about energy."""

from typing import Annotated

from msgspec import Meta, Struct

from api.facts.answers import FactAnswer, answers
from api.facts.listing import FactList
from api.http.rows import Time
from processing.energy.facts import ENERGY


@answers(ENERGY)
class Use(FactAnswer, frozen=True):
    """What a device took from the grid in a quarter of an hour, where that is not 0."""


class Uses(Struct, frozen=True):
    """Energy of devices by quarters of an hour, newest first."""

    uses: list[Use]


class KindEnergy(Struct, frozen=True):
    """What one kind of equipment took."""

    equipment: Annotated[str, Meta(description="crane, reefer or vehicle")]
    energy_kwh: float
    co2_kg: float | None


class EnergyStep(Struct, frozen=True):
    """What was taken in a step of time: quarters of an hour that began in it."""

    began_at: Time
    kinds: Annotated[list[KindEnergy], Meta(description="kinds of equipment that took anything")]
    peak_kw: Annotated[float, Meta(description="mean power of its largest quarter of an hour")]


class Peak(Struct, frozen=True):
    """A quarter of an hour and its mean power."""

    began_at: Time
    power_kw: float


class RackEnergy(Struct, frozen=True):
    """What the plugs of a rack took, and its largest quarter of an hour."""

    rack: str
    energy_kwh: float
    peak: Peak


class PerUnit(Struct, frozen=True):
    """Energy for each of something, and its CO2; null where there is none, or where it is not known."""

    of: Annotated[str, Meta(description="box, move, trip or reefer-hour")]
    count: float
    energy_kwh: Annotated[float | None, Meta(description="in all")]
    each_kwh: float | None
    each_co2_kg: float | None


class Energy(Struct, frozen=True):
    """Energy and carbon of a terminal in a span: of quarters of an hour that ended in it."""

    terminal: str
    begin: Time
    end: Time
    step_s: Annotated[
        int, Meta(description="length of the steps: a quarter of an hour, an hour, or a local day of the terminal")
    ]
    grid: Annotated[bool, Meta(description="whether the site file has a grid factor for all of it")]
    kinds: Annotated[list[KindEnergy], Meta(description="in all, by kind of equipment")]
    peaks: Annotated[list[Peak], Meta(description="the largest quarters of an hour, largest first")]
    steps: list[EnergyStep]
    racks: Annotated[list[RackEnergy], Meta(description="racks with the largest quarters of an hour, largest first")]
    per_unit: list[PerUnit]


USES = FactList(Use, Uses)
