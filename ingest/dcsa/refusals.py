"""Which terminals' events the broker refuses: they wait ever longer, and those of others do not."""

from dataclasses import dataclass
from typing import Final

FIRST_US: Final = 3_000_000
LONGEST_US: Final = 600_000_000


@dataclass(slots=True)
class _Pause:
    length_us: int
    until_us: int


class Refusals:
    """Pauses of terminals, by the time of the clock. Rights of a broker go by topic, thus by terminal."""

    def __init__(self) -> None:
        self._pauses: dict[str, _Pause] = {}

    def refuse(self, terminal: str, now_us: int) -> bool:
        """An event was refused; whether none of the terminal was before. All during a pause are of one attempt."""
        pause = self._pauses.get(terminal)
        if pause is None:
            self._pauses[terminal] = _Pause(FIRST_US, now_us + FIRST_US)
        elif now_us >= pause.until_us:
            pause.length_us = min(2 * pause.length_us, LONGEST_US)
            pause.until_us = now_us + pause.length_us
        return pause is None

    def take(self, terminal: str, now_us: int) -> bool:
        """An event was taken; whether this ends the refusals. During a pause it may be one among refused ones."""
        pause = self._pauses.get(terminal)
        if pause is None or now_us < pause.until_us:
            return False
        del self._pauses[terminal]
        return True

    def waiting(self, now_us: int) -> list[str]:
        """Terminals whose events are not to be sent now."""
        return [terminal for terminal, pause in self._pauses.items() if now_us < pause.until_us]
