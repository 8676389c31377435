"""Numbers of boxes that a fact shows without them: those read at a fact of the same boxes, before or after."""

from collections.abc import Mapping

from processing.containers.derivation import Adopted, FactName, FactOf, certain_numbers, certainty, numbers_of
from processing.containers.iso6346 import ContainerNumber
from processing.containers.links import Links, differ_by_a_sign
from processing.cranes.facts import CraneMove
from processing.gates.facts import GateTransaction
from processing.vehicles.facts import VehicleTrip

LINKS = 2
"""A number is taken over such a number of links at most: from the crane at the other end of a vehicle's way."""
MOST_BOXES = 4
"""On one vehicle."""
DEPENDS = LINKS + 1
"""Facts that so many meetings at most lie between decide over each other's events."""


def adopted(one: FactOf, links: Links, facts: Mapping[FactName, FactOf]) -> tuple[Adopted, ...]:
    """Numbers for a fact that lacks some, from the nearest fact of the same boxes that has them.

    Args:
        one: the fact.
        links: of all facts around.
        facts: these facts by name.
    """
    own = certain_numbers(one)
    lacks = _lacks(one, len(own))
    if not lacks:
        return ()
    seen, edge = {one.name}, [(1.0, one.name)]
    for _ in range(LINKS):
        reached = [
            (likely * before, name) for before, at in edge for name, likely in links.joined(at) if name not in seen
        ]
        edge = sorted(reached, key=lambda pair: (-pair[0], str(pair[1])))
        seen |= {name for _, name in edge}
        for likely, name in edge:
            found = numbers_of(facts[name])
            sure = [number for number in found if number.check_ok]
            if sure and {number.number for number in sure}.issuperset(own):
                others = [number for number in sure if number.number not in own]
                if GateTransaction in (type(one.fact), type(facts[name].fact)):  # they met by what was misread
                    others = [number for number in others if _is_misread(number, one)]
                return tuple(Adopted(number.number, likely * certainty(number)) for number in others[:lacks])
    return ()


def _is_misread(number: ContainerNumber, one: FactOf) -> bool:
    """Whether a fact has misread a number by a sign."""
    return any(differ_by_a_sign(read.number, number.number) for read in numbers_of(one) if not read.check_ok)


def _lacks(one: FactOf, read: int) -> int:
    """How many numbers a fact lacks; only facts that may meet others lack any."""
    fact = one.fact
    if isinstance(fact, CraneMove):
        return max(0, fact.boxes - read)
    if isinstance(fact, VehicleTrip) and fact.laden:
        return MOST_BOXES if not read else len(numbers_of(one)) - read
    return len(numbers_of(one)) - read if isinstance(fact, GateTransaction) else 0
