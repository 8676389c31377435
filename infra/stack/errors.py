"""What can go wrong with the one-machine stack."""

from processing.errors import QuaystreamError


class StackError(QuaystreamError):
    """The one-machine stack cannot be set up or started; the message says what to change."""
