"""Signals of cranes. Ranges: plausibility, wider than any real device."""

from processing.model.contradiction import Contradiction
from processing.model.signal import STATE, Signal
from processing.model.stream import Stream

CRANE = Stream(
    "crane",
    "crane_telemetry",
    (
        Signal("hoist_height_m", "m", "float", -30, 80, tic="hoist.hoisting.height", text="Spreader above the quay"),
        Signal(
            "trolley_position_m",
            "m",
            "float",
            -60,
            100,
            tic="trolley.trolleying.reach",
            text="Trolley from the waterside rail, + towards the sea",
        ),
        Signal("gantry_position_m", "m", "float", -100, 10_000, tic="location.coordinate", text="Crane along the quay"),
        Signal("load_t", "t", "float", -10, 150, tic="hoist.weightload.net", text="Net load below the spreader"),
        Signal("twistlock_locked", "", "bool", tic="spreader.locked.status", text="All twistlocks needed are locked"),
        Signal("twistlock_unlocked", "", "bool", tic="spreader.unlocked.status", text="All twistlocks are unlocked"),
        Signal("landed", "", "bool", tic="spreader.landed.status", text="Spreader rests on a box"),
        Signal(
            "spreader_size_ft",
            "ft",
            "int",
            20,
            45,
            values=("20", "30", "40", "45"),
            tic="spreader.size40foot",
            text="Length the spreader is set to",
        ),
        Signal("twin", "", "bool", tic="spreader.twin", text="Spreader carries two 20 ft boxes end to end"),
        Signal("wind_speed_mps", "m/s", "float", 0, 75, text="Wind at the crane"),
        Signal("power_kw", "kW", "float", -5_000, 10_000, tic="energy.flowin", text="Drive power, negative feeds back"),
        Signal("energy_kwh", "kWh", "float", 0, 1e10, tic="energy.consumed", text="Energy counter"),
        STATE,
        Signal("logged_on", "", "bool", text="An operator is logged on"),
        Signal("move_count", "moves", "int", 0, 2**53, tic="cycle.move.totalcounter", text="Move counter of the PLC"),
        Signal("boom_down", "", "bool", tic="boom.down.status", text="The boom is down over the ship"),
        Signal(
            "tandem",
            "",
            "bool",
            tic="spreader.tandem",
            text="Two spreaders side by side below the headblock are in use",
        ),
        Signal(
            "spreader2_locked",
            "",
            "bool",
            tic="spreader.locked.status",
            text="The same of the second spreader: all locked",
        ),
        Signal(
            "spreader2_unlocked",
            "",
            "bool",
            tic="spreader.unlocked.status",
            text="The same of the second spreader: all unlocked",
        ),
        Signal("container_ids", "", "texts", tic="cycle.cargo.id", text="Containers read by the crane's OCR"),
    ),
    (
        Contradiction(
            (("twistlock_locked", 1, 1), ("twistlock_unlocked", 1, 1)), "twistlocks are locked and unlocked at once"
        ),
        Contradiction(
            (("spreader2_locked", 1, 1), ("spreader2_unlocked", 1, 1)), "those of the second spreader are both at once"
        ),
    ),
)
