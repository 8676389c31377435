"""Quantiles of whole numbers."""

from collections.abc import Sequence


def quantile(ordered: Sequence[int], share: float) -> float | None:
    """Quantile of sorted values, linear between neighbours; None of none."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
