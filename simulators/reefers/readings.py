"""What the controllers and modems of reefers send."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from simulators.reefers.parameters import CARGOES, NOISE_K, RATES, VENDORS
from simulators.reefers.plugs import BoolArray, FloatArray, Plugs

PROBES = np.array([cargo.probes for cargo in CARGOES])
O2_PCT = np.array([cargo.o2_pct for cargo in CARGOES])
CO2_PCT = np.array([cargo.co2_pct for cargo in CARGOES])
PROBE_K = (-0.15, 0.05, 0.2)
"""Pulp probes differ from each other by where they are. [K]"""
VENDOR_NAMES = tuple(VENDORS)
KW = {"full_cool": 8.5, "modulated": 3.2, "defrost": 2.2, "heat": 2.0, "fan": 0.9, "off": 0.0}
MODES, MODE_KW = np.array(list(KW)), np.array(list(KW.values()))
MODE_PLACES = {name: place for place, name in enumerate(KW)}
FAR_K = 1.5
Columns = dict[str, NDArray[Any]]


def drift_k(p: Plugs) -> FloatArray:
    """How much too much the recording probe reads: more and more, until somebody notices. [K]."""
    left, whole = p.left_min["drift"], RATES["drift"].median_min
    return np.where(left > 0, p.drift_k * np.clip(1 - left / whole, 0, 1), 0.0)


def reports(p: Plugs, minute: int) -> BoolArray:
    """Which plugs report in a minute since 1970 UTC."""
    due = (minute + np.arange(len(p))) % p.interval_min == 0
    return np.asarray(due & (p.left_min["offline"] <= 0))


def mode(p: Plugs) -> NDArray[np.intp]:
    """Modes of the controllers, as places in `MODES`."""
    off_k = p.air_degc - p.setpoint_degc
    conditions = [~(p.plugged & p.powered), ~p.running, p.defrost_min > 0, off_k > FAR_K, off_k < -FAR_K]
    found = np.full(len(p), MODE_PLACES["modulated"])
    for name, condition in zip(("heat", "full_cool", "defrost", "fan", "off"), reversed(conditions), strict=True):
        found[condition] = MODE_PLACES[name]
    return found


def readings(p: Plugs, rng: Generator, outside_degc: float) -> Columns:
    """Signals by name, each of shape (n,); NaN and None are absent. Those of a plug without a box are ambient air only.

    Args:
        p: the plugs.
        rng: draws noise.
        outside_degc: ambient air. [°C]
    """
    n, modes = len(p), mode(p)
    noise = rng.normal(0, NOISE_K, (5, n))
    wrong_k = drift_k(p)
    probed = PROBES[p.cargo]
    power_kw = MODE_KW[modes] * rng.uniform(0.92, 1.08, n)
    columns: Columns = {
        "setpoint_degc": p.setpoint_degc,
        "supply_degc": np.round(p.supply_degc + wrong_k + noise[0], 2),
        "return_degc": np.round(p.return_degc + wrong_k + noise[1], 2),
        **{
            f"usda{k}_degc": np.where(probed, np.round(p.pulp_degc + offset + noise[1 + k], 2), np.nan)
            for k, offset in enumerate(PROBE_K, 1)
        },
        "humidity_pct": np.round(85 + noise[0] * 20),
        "o2_pct": np.where(O2_PCT[p.cargo] > 0, np.round(O2_PCT[p.cargo] + noise[2], 1), np.nan),
        "co2_pct": np.where(CO2_PCT[p.cargo] > 0, np.round(CO2_PCT[p.cargo] + noise[3], 1), np.nan),
        "power_kw": np.round(power_kw, 2),
    }
    columns = {name: np.where(p.plugged, values, np.nan) for name, values in columns.items()}
    columns |= {
        "ambient_degc": np.full(n, round(outside_degc, 1)),
        "plugged": p.plugged,
        "powered": p.powered,
        "compressor_on": p.running & (p.defrost_min <= 0),
        "mode": MODES[modes],
    }
    return columns


def alarms(p: Plugs, at: int) -> tuple[str, ...]:
    """Active alarms of one unit, as vendor, `:`, code."""
    vendor = VENDOR_NAMES[int(p.vendor[at])]
    codes = VENDORS[vendor]
    active = [codes[0]] if p.left_min["cooling"][at] > 0 else []
    active += [codes[-1]] if p.alarm_min[at] > 0 else []
    return tuple(f"{vendor}:{code}" for code in active)
