"""Messages that were rejected."""
