"""Errors that are told to people; anything else is a bug and stays a built-in exception."""


class QuaystreamError(Exception):
    """Base of all: the message says in one or two sentences what happened and what to change."""


class SettingsError(QuaystreamError):
    """Settings do not make sense; the message lists every problem, one a line."""


class TopicError(QuaystreamError):
    """A topic that this system cannot place."""
