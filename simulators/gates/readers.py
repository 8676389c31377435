"""What the readers of a lane make of a truck: an OCR portal that misreads, tags that are read twice or not at all."""

from typing import Any

from numpy.random import Generator

from simulators.gates.parameters import GateParameters
from simulators.gates.trucks import Truck

CONFUSED = {
    "0": "OD8", "1": "I7", "2": "Z7", "3": "8", "4": "A", "5": "S6", "6": "G8", "7": "1T", "8": "B3", "9": "8P",
    "A": "4", "B": "8", "C": "G", "D": "0O", "E": "F", "F": "E", "G": "6C", "H": "N", "I": "1", "J": "U", "K": "X",
    "L": "I", "M": "N", "N": "M", "O": "0Q", "P": "R", "Q": "O", "R": "P", "S": "5", "T": "7", "U": "V", "V": "U",
    "W": "V", "X": "K", "Y": "V", "Z": "2",
}  # fmt: skip # one line a group of characters is easier to read
"""Characters that look alike. Source: docs/sources.md, container numbers; the rest assumed."""
SURE, UNSURE = (0.9, 0.999), (0.55, 0.93)
"""Confidence of a right reading, and of any other."""


def ocr(truck: Truck, direction: str, p: GateParameters, rng: Generator) -> tuple[dict[str, Any], bool]:
    """Signals of the portal's event, and whether all of it is right."""
    plate = _read(truck.plate.replace("-", ""), p, rng)
    boxes = truck.load(direction)
    numbers = [_read(box.number, p, rng) for box in boxes]
    right = plate == truck.plate.replace("-", "") and numbers == [box.number for box in boxes]
    signals: dict[str, Any] = {"confidence": round(float(rng.uniform(*(SURE if right else UNSURE))), 3)}
    if plate is not None:
        signals["plate"] = plate
    if any(number is not None for number in numbers):
        signals["container_ids"] = [number for number in numbers if number is not None]
    if boxes:
        signals["iso_codes"] = [box.iso_code for box in boxes]
    return signals, right


def tag_reads_s(p: GateParameters, rng: Generator) -> list[float]:
    """Seconds after the first one at which a truck's tag is read; none where it is not read."""
    missed, further = rng.random() < p.rfid_missed, rng.uniform(0.1, 4.0, int(rng.integers(p.rfid_duplicates + 1)))
    return [] if missed else [0.0, *sorted(further.tolist())]


def visit_number(truck: Truck, p: GateParameters, rng: Generator) -> str | None:
    """What the gate system reports: mostly the number, sometimes nothing, or that of the truck before."""
    drawn = rng.random()
    if drawn < p.visit_absent:
        return None
    return truck.previous if drawn < p.visit_absent + p.visit_stale else truck.visit


def _read(text: str, p: GateParameters, rng: Generator) -> str | None:
    if rng.random() < p.ocr_right:
        return text
    if rng.random() < p.ocr_missed:
        return None
    at = int(rng.integers(len(text)))
    alike = CONFUSED[text[at]]
    return text[:at] + alike[int(rng.integers(len(alike)))] + text[at + 1 :]
