"""How large a message of the native encoding may be. Source: docs/quarantine.md."""

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 8
MAX_SAMPLES = 10_000
EXACT_DIGITS = 300
"""Integers up to so long are kept as they are in keys that are no signals; longer ones take quadratic time to read."""
