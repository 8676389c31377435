"""A database that commits or does not, and does not always say which."""

from dataclasses import dataclass, field
from random import Random

from ingest.store.outcome import Failure, WriteMode


@dataclass
class ModelDatabase:
    """A table with a unique key, and a quarantine.

    Attributes:
        random: decides what happens.
        trouble: share of writes that go wrong.
        bad: numbers that it refuses for their content.
        stored: numbers in the table.
        quarantined: numbers set apart.
        inserted: how often a number was put into the table: more than once would be a duplicate.
    """

    random: Random
    trouble: float
    bad: frozenset[int]
    stored: set[int] = field(default_factory=set)
    quarantined: set[int] = field(default_factory=set)
    inserted: dict[int, int] = field(default_factory=dict)

    def write(self, numbers: list[int], how: WriteMode) -> Failure | None:
        """Write a batch in one transaction; None where it says that it is committed."""
        if self.random.random() < self.trouble:
            if self.random.random() < 0.4 and self._commit(numbers, how) is None:
                return Failure.AWAY  # committed, and the answer was lost
            return Failure.AWAY  # deadlock, restart, disk full: nothing was written
        return self._commit(numbers, how)

    def _commit(self, numbers: list[int], how: WriteMode) -> Failure | None:
        if how is not WriteMode.BISECT and self.bad & set(numbers):
            return Failure.CONTENT
        if how is WriteMode.COPY and (self.stored & set(numbers) or len(set(numbers)) < len(numbers)):
            return Failure.STORED
        for number in dict.fromkeys(numbers):
            if number in self.bad:
                self.quarantined.add(number)
            elif number not in self.stored:
                self.stored.add(number)
                self.inserted[number] = self.inserted.get(number, 0) + 1
        return None
