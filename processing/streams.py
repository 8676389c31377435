"""The table of streams and signals: the one place where a signal is defined.

Decoder, hypertable columns, COPY encoder, JSON Schema, simulator and `docs/signals.md` derive from it or are tested
against it. Adding a signal is one row here and one migration.
Ranges: plausibility, wider than any real device.
"""

from dataclasses import dataclass
from functools import cached_property

from processing.signals import Signal


@dataclass(frozen=True)
class Stream:
    """A device family.

    Attributes:
        name: as it stands in the topic.
        table: its hypertable.
        signals: in column order.
    """

    name: str
    table: str
    signals: tuple[Signal, ...]

    @cached_property
    def by_name(self) -> dict[str, Signal]:
        """Signals by canonical name."""
        return {signal.name: signal for signal in self.signals}

    @cached_property
    def numeric(self) -> tuple[Signal, ...]:
        """Signals carried as float64 columns, in column order."""
        return tuple(s for s in self.signals if s.numeric)

    @cached_property
    def numeric_index(self) -> dict[str, int]:
        """Row of each numeric signal in `Samples.numbers`."""
        return {signal.name: row for row, signal in enumerate(self.numeric)}

    @cached_property
    def textual(self) -> tuple[Signal, ...]:
        """Signals carried as text or lists of text, in column order."""
        return tuple(s for s in self.signals if not s.numeric)


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
        Signal(
            "state",
            "",
            "enum",
            values=("off", "standby", "idle", "working", "fault"),
            tic="working.status",
            text="Operating state, TIC4.0 terms",
        ),
        Signal("logged_on", "", "bool", text="An operator is logged on"),
        Signal("move_count", "moves", "int", 0, 2**53, tic="cycle.move.totalcounter", text="Move counter of the PLC"),
        Signal("boom_down", "", "bool", tic="boom.down.status", text="The boom is down over the ship"),
        Signal("container_ids", "", "texts", tic="cycle.cargo.id", text="Containers read by the crane's OCR"),
    ),
)

GATE = Stream(
    "gate",
    "gate_event",
    (
        Signal(
            "event",
            "",
            "enum",
            values=(
                "queue_enter",
                "lane_enter",
                "ocr",
                "rfid",
                "weigh",
                "kiosk",
                "trouble_start",
                "trouble_end",
                "barrier_open",
                "lane_exit",
            ),
            text="What happened in the lane",
        ),
        Signal("direction", "", "enum", values=("in", "out"), text="Into the terminal or out of it"),
        Signal("visit_id", "", "text", text="Visit as the gate system numbers it"),
        Signal("plate", "", "text", text="Licence plate of the truck"),
        Signal("container_ids", "", "texts", text="Containers read, ISO 6346"),
        Signal("iso_codes", "", "texts", text="Size and type codes read, ISO 6346"),
        Signal("confidence", "", "float", 0, 1, text="Confidence of the OCR reading"),
        Signal("gross_weight_kg", "kg", "float", 0, 200_000, text="Weighbridge, truck and load"),
        Signal("appointment_id", "", "text", text="Appointment of the truck"),
        Signal("queue_length", "trucks", "int", 0, 10_000, text="Trucks waiting before the lane, after the event"),
    ),
)

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
)

STREAMS: dict[str, Stream] = {stream.name: stream for stream in (CRANE, GATE, REEFER)}
