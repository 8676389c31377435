"""What the broker may answer instead of taking a message."""

from processing.model.errors import QuaystreamError


class BrokerAwayError(QuaystreamError):
    """The broker cannot be reached now, or refuses; the message explains what to do."""
