"""Signals of vehicles between quay and yard. Ranges: plausibility, wider than any real device."""

from processing.model.signal import STATE, Signal
from processing.model.stream import Stream

VEHICLE = Stream(
    "vehicle",
    "vehicle_telemetry",
    (
        Signal(
            "position_x_m",
            "m",
            "float",
            -2_000,
            10_000,
            tic="location.coordinate",
            text="Along the quay, on the axis of the cranes' gantry position",
        ),
        Signal(
            "position_y_m",
            "m",
            "float",
            -1_000,
            5_000,
            tic="location.coordinate",
            text="From the waterside rail, + towards the land",
        ),
        Signal("heading_deg", "°", "float", 0, 360, text="Heading in the terminal's grid"),
        Signal("speed_mps", "m/s", "float", 0, 25, tic="drive.driving.speed", text="Speed over ground"),
        Signal("laden", "", "bool", text="It carries a container"),
        Signal("container_ids", "", "texts", tic="cycle.cargo.id", text="Containers on it, ISO 6346"),
        Signal("battery_pct", "%", "float", 0, 100, text="State of charge of the battery"),
        Signal("charging", "", "bool", text="The battery is being charged"),
        Signal("power_kw", "kW", "float", -500, 500, tic="energy.flowin", text="Power, negative feeds back"),
        Signal("energy_kwh", "kWh", "float", 0, 1e10, tic="energy.consumed", text="Energy counter"),
        STATE,
        Signal("job_id", "", "text", text="Transport order that it works on"),
        Signal(
            "zone",
            "",
            "enum",
            values=("quay", "lane", "block", "charger", "parking", "gate", "workshop"),
            text="Part of the terminal that it is in",
        ),
    ),
)
