"""Errors whose message is for people; anything else is a bug and stays a built-in exception."""

from collections.abc import Sequence


class QuaystreamError(Exception):
    """Base of all: the message states in one or two sentences what happened and what to change."""


class SettingsError(QuaystreamError):
    """Settings do not make sense; the message lists every problem, one a line."""


class DocumentError(QuaystreamError):
    """A document that is announced contradicts itself, or cannot be read; the message names every field.

    Attributes:
        problems: one text a problem.
    """

    MOST = 20

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        shown = list(self.problems[: self.MOST])
        shown += [f"and {len(self.problems) - self.MOST} more"] if len(self.problems) > self.MOST else []
        super().__init__("; ".join(shown))
