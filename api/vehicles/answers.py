"""What is answered about vehicles."""

from msgspec import Struct

from api.facts.answers import FactAnswer, answers
from api.facts.listing import FactList
from processing.vehicles.facts import CHARGE, TRIP


@answers(TRIP)
class Trip(FactAnswer, frozen=True):
    """A vehicle's way from where it stood to where it stands next; what is not known is null."""


class Trips(Struct, frozen=True):
    """Trips of vehicles, newest first."""

    trips: list[Trip]


@answers(CHARGE)
class Charge(FactAnswer, frozen=True):
    """A charging session; what is not known while it lasts is null."""


class Charges(Struct, frozen=True):
    """Charging sessions of vehicles, newest first."""

    charges: list[Charge]


TRIPS = FactList(Trip, Trips)
CHARGES = FactList(Charge, Charges)
