"""Signals of reefer plugs. Ranges: plausibility, wider than any real device."""

import numpy as np

from processing.model.contradiction import Contradiction
from processing.model.signal import Signal
from processing.model.stream import Stream

DRAWS_KW = 0.2
"""More is drawn by machinery only, not by a modem. [kW] Assumed."""
_DRAWS = ("power_kw", np.nextafter(DRAWS_KW, np.inf), np.inf)
_COMPRESSOR = ("compressor_on", 1, 1)

REEFER = Stream(
    "reefer",
    "reefer_telemetry",
    (
        Signal("container_id", "", "text", text="Container on the plug, ISO 6346"),
        Signal("setpoint_degc", "°C", "float", -70, 40, tic="reefer.setpoint", text="Temperature asked for"),
        Signal("supply_degc", "°C", "float", -80, 80, tic="reefer.supply", text="Air leaving the unit"),
        Signal("return_degc", "°C", "float", -80, 80, tic="reefer.return", text="Air coming back to the unit"),
        Signal("ambient_degc", "°C", "float", -60, 80, tic="reefer.ambient", text="Outside air"),
        Signal("usda1_degc", "°C", "float", -80, 80, text="Pulp probe 1"),
        Signal("usda2_degc", "°C", "float", -80, 80, text="Pulp probe 2"),
        Signal("usda3_degc", "°C", "float", -80, 80, text="Pulp probe 3"),
        Signal("cargo_degc", "°C", "float", -80, 80, text="Cargo probe"),
        Signal("humidity_pct", "%", "float", 0, 100, text="Relative humidity inside"),
        Signal("o2_pct", "%", "float", 0, 100, text="Oxygen inside"),
        Signal("co2_pct", "%", "float", 0, 100, text="Carbon dioxide inside"),
        Signal("plugged", "", "bool", tic="reefer.plugged", text="A container's cable is in the plug"),
        Signal("powered", "", "bool", tic="reefer.powered", text="The plug has power"),
        Signal("compressor_on", "", "bool", text="Compressor runs"),
        Signal(
            "mode",
            "",
            "enum",
            values=("full_cool", "modulated", "fan", "heat", "defrost", "off", "pti"),
            text="Mode of the controller",
        ),
        Signal("power_kw", "kW", "float", 0, 100, text="Power drawn"),
        Signal("alarms", "", "texts", text="Active alarm codes, as the controller names them"),
    ),
    (
        Contradiction((("plugged", 0, 0), _DRAWS), "a free plug draws power"),
        Contradiction((("plugged", 0, 0), _COMPRESSOR), "a compressor runs at a free plug"),
        Contradiction((("powered", 0, 0), _DRAWS), "power is drawn from a plug without power"),
        Contradiction((("powered", 0, 0), _COMPRESSOR), "a compressor runs without power"),
    ),
)
