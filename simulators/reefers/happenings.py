"""What befalls reefers in a minute: power, machinery, doors, modems, probes, boxes that come and go."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from simulators.reefers.parameters import (
    AWAY_MIN,
    DEFROST_EVERY_H,
    DEFROST_MIN,
    LEAVE_PER_DAY,
    LOG_ALARM_PER_DAY,
    MOST_DRIFT_K,
    RACK_OFF,
    RATES,
    VESSEL_EVERY_MIN,
    VESSEL_MIN,
    VESSEL_TIMES,
)
from simulators.reefers.plugs import BoolArray, Plugs, arrive

DAY_MIN = 1440
LOG_ALARM_MIN = 60.0


def pass_minute(p: Plugs, rng: Generator, minute: int, times: float, stays: float = 1.0) -> NDArray[np.intp]:
    """Let a minute's chances happen.

    Args:
        p: the plugs; they change.
        rng: draws.
        minute: since 1970 UTC.
        times: how many times as often as usual power and machinery fail.
        stays: how many times as often as usual boxes leave.

    Returns: plugs to which another box came, or which a box left.
    """
    n, healthy = len(p), p.plugged.copy()
    for name, rate in RATES.items():
        left = p.left_min[name]
        healthy &= left <= 0
        often = times if name in ("power", "cooling") else 1.0
        begins = p.plugged & (left <= 0) & (rng.random(n) < rate.per_day * often / DAY_MIN)
        length = rng.lognormal(np.log(rate.median_min), rate.sigma, n)
        p.left_min[name] = np.where(begins, length, np.maximum(left - 1, 0))
        if name == "drift":
            p.drift_k = np.where(begins, rng.uniform(-MOST_DRIFT_K, MOST_DRIFT_K, n), p.drift_k)
    racks = len(p.rack_min)
    begins = (p.rack_min <= 0) & (rng.random(racks) < RACK_OFF.per_day * times / DAY_MIN)
    length = rng.lognormal(np.log(RACK_OFF.median_min), RACK_OFF.sigma, racks)
    p.rack_min = np.where(begins, length, np.maximum(p.rack_min - 1, 0))
    alarmed = rng.random(n) < LOG_ALARM_PER_DAY / DAY_MIN
    p.alarm_min = np.where(alarmed, LOG_ALARM_MIN, np.maximum(p.alarm_min - 1, 0))
    _defrost(p, rng)
    _correct(p)
    p.treated_min = np.maximum(p.treated_min - 1, 0)
    return _come_and_go(p, rng, minute, healthy & p.powered & (p.treated_min <= 0), stays)


def _defrost(p: Plugs, rng: Generator) -> None:
    """Coils are defrosted now and then, as long as the machinery runs."""
    n, running = len(p), p.running
    begins = running & (p.next_defrost_min <= 0)
    length, pause = rng.uniform(*DEFROST_MIN, n), rng.uniform(*DEFROST_EVERY_H, n) * 60
    p.defrost_min = np.where(begins, length, np.where(running, np.maximum(p.defrost_min - 1, 0), 0))
    p.next_defrost_min = np.where(begins, pause, np.maximum(p.next_defrost_min - 1, 0))


def _correct(p: Plugs) -> None:
    """Somebody puts wrong setpoints right, in the end."""
    due = (p.wrong_min > 0) & (p.wrong_min <= 1)
    p.setpoint_degc = np.where(due, p.booked_degc, p.setpoint_degc)
    p.wrong_min = np.maximum(p.wrong_min - 1, 0)


def _come_and_go(p: Plugs, rng: Generator, minute: int, free: BoolArray, stays: float) -> NDArray[np.intp]:
    """Boxes that are free to go leave plugs, others come to free ones, most while a vessel is worked."""
    n = len(p)
    times = stays * (VESSEL_TIMES if minute % VESSEL_EVERY_MIN < VESSEL_MIN else 0.5)
    leaving = free & (rng.random(n) < LEAVE_PER_DAY * times / DAY_MIN)
    free_min = rng.uniform(*AWAY_MIN, n)
    away_min = np.where(leaving, free_min, p.away_min - 1)
    arriving = ~p.plugged & (away_min <= 0)
    p.plugged = (p.plugged & ~leaving) | arriving
    p.away_min = np.maximum(away_min, 0)
    arrived = np.flatnonzero(arriving)
    if len(arrived):
        arrive(p, arrived, rng)
        for left in p.left_min.values():
            left[arrived] = 0
    return np.flatnonzero(leaving | arriving)
