"""One line of the doctor."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, what was seen, and what to do about it."""

    name: str
    state: Literal["ok", "warn", "fail"]
    seen: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f" → {self.advice}" if self.advice else ""
        return f"{self.state:<5}{self.name:<13}{self.seen}{advice}"
