"""The twistlocks of one spreader: what their two contacts mean, and which state has stood for long enough."""

from msgspec import Struct

from processing.cranes.crane_columns import BETWEEN, BOTH, LOCKED, TWO_SPREADERS, UNKNOWN, UNLOCKED

INVERTED = {BOTH: UNLOCKED, BETWEEN: LOCKED, LOCKED: BETWEEN}
"""What codes mean where `twistlock_locked` has the wrong polarity."""


class Twistlocks(Struct, array_like=True, gc=False):
    """State of the twistlocks.

    Attributes:
        contacts: code that the two contacts give now.
        code, since_us: what that means, perhaps bouncing, and since when. [µs since 1970 UTC]
        first: whether no code came before: it may have stood for longer than is known.
        stable: last code that stood for the debounce time.
        inverted: whether `twistlock_locked` has the wrong polarity, None where not known; `suspect`: perhaps it has.
        polarity_age: how many moves have come since there was a sign of it.
        polarity_moves: how many that count have come since it is known, up to two: all but the first were locked with
            it known.
    """

    contacts: int = UNKNOWN
    code: int = UNKNOWN
    since_us: int = 0
    first: bool = True
    stable: int = UNKNOWN
    inverted: bool | None = None
    suspect: bool = False
    polarity_age: int = 0
    polarity_moves: int = 0

    def read(self, contacts: int, now_us: int, debounce_us: int) -> int:
        """What the contacts mean now, where `twistlock_locked` may have the wrong polarity.

        Both contacts at once cannot be. Where that comes after a moment of "locked", or out of an "unlocked" that
        stood, it is `twistlock_locked` that is wrong: it reads "locked" while they switch.
        """
        before, stood = self.contacts, now_us - self.since_us >= debounce_us
        self.contacts = contacts
        if contacts in (UNLOCKED, TWO_SPREADERS + UNLOCKED):
            self.inverted, self.polarity_age = False, 0
        elif contacts == BOTH:
            self.suspect = before == UNLOCKED if stood else before == LOCKED and not self.first
            if self.inverted and self.suspect:
                self.polarity_age = 0
        if contacts >= TWO_SPREADERS:
            return contacts - TWO_SPREADERS
        if not self.inverted:
            return contacts
        return INVERTED.get(contacts, contacts)

    def switch(self, code: int, now_us: int) -> None:
        """They have switched."""
        self.first = self.code == UNKNOWN
        self.code, self.since_us = code, now_us

    def settle(self, now_us: int, debounce_us: int) -> int | None:
        """Accept a code other than the stable one that has stood for the debounce time; it is returned, else None."""
        if now_us - self.since_us < debounce_us:
            return None
        if self.code == BOTH and self.suspect:
            self.code, self.inverted, self.polarity_age = UNLOCKED, True, 0
            if self.stable == UNLOCKED:
                return None
        if self.code not in (LOCKED, UNLOCKED):
            return None
        self.stable = self.code
        return self.code

    def assume_locked(self) -> None:
        """A lock was not seen: the next unlock ends it."""
        self.stable = LOCKED

    def age_polarity(self, most_moves: int, *, counts: bool) -> None:
        """A move has come; after so many without a sign of it, the polarity is not known any more.

        `counts`: whether it is known to be a move of its own.
        """
        self.polarity_age += 1
        if self.polarity_age >= most_moves:
            self.inverted = None
        self.polarity_moves = 0 if self.inverted is None else min(2, self.polarity_moves + counts)
