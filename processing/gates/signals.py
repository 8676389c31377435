"""Signals of gate lanes: one sample an event. Ranges: plausibility, wider than any real device."""

from processing.model.signal import Signal
from processing.model.stream import Stream

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
