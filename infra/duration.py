"""Lengths of time as people give them to commands."""

import argparse
import re

UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def duration_s(text: str) -> float:
    """Seconds of `90s`, `10m`, `6h` or `1d`.

    Raises:
        argparse.ArgumentTypeError: the text is no time.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write 90s, 10m, 6h or 1d")
    return float(match[1]) * UNITS_S[match[2]]
