"""The trips of a terminal's vehicles beside its cranes, whose delays have other causes where trips change."""

from collections.abc import Mapping

from processing.cranes.facts import CraneDelay
from processing.facts.cranes import CraneFacts
from processing.facts.spans import DelaysChange
from processing.facts.transport import delays_concerned_us, doubts
from processing.facts.trips import Trips
from processing.vehicles.facts import VehicleTrip


class DecidingTrips(Trips):
    """Of one terminal. `drop` leaves causes as they are found: what is forgotten decides over no delay that stays.

    Args:
        cranes: its cranes by name, as they are at any time.
    """

    def __init__(self, cranes: Mapping[str, CraneFacts]) -> None:
        super().__init__()
        self._cranes = cranes

    def put(self, fact: VehicleTrip) -> None:
        """Enter a trip, in the place of an earlier version of it; cranes find causes in doubt again when asked."""
        for _, crane, delay in self._in_doubt(self.get(fact), fact):
            crane.drop_cause(delay)
        super().put(fact)

    def change(self, fact: VehicleTrip, *, retracted: bool) -> list[DelaysChange]:
        """Enter a trip, or remove one that does not hold.

        Returns: the delays whose cause is another by it, and what may be such delays in the database only.
        """
        known = self.get(fact)
        in_doubt = self._in_doubt(known, None if retracted else fact)
        before = [crane.take_cause(delay, self) for _, crane, delay in in_doubt]
        if retracted:
            self.drop(fact)
        else:
            super().put(fact)
        changes: list[DelaysChange] = []
        for (name, crane, delay), cause in zip(in_doubt, before, strict=True):
            if crane.found_cause(delay, self) != cause:
                crane.journal.add(crane.device_id)
                changes.append((name, delay.began_us))
        return changes + self._not_here([fact] if known is None else [known, fact])

    def _in_doubt(
        self, before: VehicleTrip | None, after: VehicleTrip | None
    ) -> list[tuple[str, CraneFacts, CraneDelay]]:
        """Delays whose cause may change where one version of a trip takes the place of another."""
        cranes = [(name, crane) for name, crane in self._cranes.items() if crane.delays]
        found = [one for one in doubts(self, before, after) if one.since_us < one.until_us] if cranes else []
        if not found:
            return []
        reached_us, until_us = min(one.reached_us for one in found), max(one.until_us for one in found)
        return [(name, crane, delay) for name, crane in cranes for delay in crane.in_doubt(found, reached_us, until_us)]

    def _not_here(self, versions: list[VehicleTrip]) -> list[DelaysChange]:
        """Of cranes of which memory has forgotten delays over which a trip may decide."""
        since_us = min(delays_concerned_us(one)[0] for one in versions)
        return [
            (name, since_us) for name, crane in self._cranes.items() if since_us < crane.since_us and not crane.yard
        ]

    def forget(self, before_us: int) -> None:
        """Drop trips that ended before a time, but not those that decide over delays which are here."""
        self.drop_ended(before_us, [span for crane in self._cranes.values() for span in crane.concerned_us()])
