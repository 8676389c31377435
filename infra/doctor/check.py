"""One finding."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, how it is, what was seen and why that matters, and what to do about it."""

    name: str
    state: State
    seen: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f" → {self.advice}" if self.advice else ""
        return f"{self.state:<5}{self.name:<12}{self.seen}{advice}"


def ok(name: str, seen: str) -> Check:
    """Nothing to do."""
    return Check(name, "ok", seen)


def warn(name: str, seen: str, advice: str) -> Check:
    """It works, and something may be lost or refused."""
    return Check(name, "warn", seen, advice)


def fail(name: str, seen: str, advice: str) -> Check:
    """It does not work, or loses for certain."""
    return Check(name, "fail", seen, advice)
