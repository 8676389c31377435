"""Faults of reefers' probes, controllers and modems, beside those that any device can have.

Units are none of them: those of a device are declared where its messages are decoded.
"""

import numpy as np
from numpy.random import Generator

from processing.model.samples import Samples
from simulators.spoiling import FAULTS, Fault
from simulators.twistlock_faults import Span, inside

SILENCE, STUCK = "silence", "probes stuck"
HIDING = {SILENCE: "nothing of the unit is heard", STUCK: "what is sent is the air of before"}
"""Faults that leave nothing to find, and why: an excursion that began in one counts neither as found nor as missed."""
AIR = ("supply_degc", "return_degc")


def _silence(samples: Samples, spans: list[Span], _rng: Generator) -> Samples:
    """Nothing arrives, and nothing is kept."""
    return samples.take(np.flatnonzero(~inside(samples, spans)))


def _bad_values(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """Readings of -9999 or 32767 in every second sample: they are left out, as ingest does."""
    rows = inside(samples, spans) & (rng.random(len(samples)) < 0.5)
    for name in AIR:
        samples.number(name)[rows] = np.nan
    return samples


def _stuck(samples: Samples, spans: list[Span], _rng: Generator) -> Samples:
    """Both probes of the air keep their value."""
    for span in spans:
        rows = np.flatnonzero(inside(samples, [span]))
        for name in AIR if len(rows) else ():
            column = samples.number(name)
            column[rows] = column[rows[0]]
    return samples


def _plug_flickers(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """One sample in five reports no box, with the air of one."""
    rows = inside(samples, spans) & (rng.random(len(samples)) < 0.2)
    samples.number("plugged")[rows] = 0
    return samples


def _other_number(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """One sample in five has the number of another box, or none."""
    boxes = samples.texts["container_id"]
    for row in np.flatnonzero(inside(samples, spans) & (rng.random(len(samples)) < 0.2)).tolist():
        boxes[row] = None if boxes[row] is None or rng.random() < 0.5 else "TRIU0000000"
    return samples


OWN_FAULTS = (
    Fault(STUCK, 0.1, (1800, 14_400), "both probes of the air keep their value", _stuck, apart=True),
    Fault(
        "bad values", 0.3, (600, 14_400), "every second reading of the air is -9999 or 32767", _bad_values, apart=True
    ),
    Fault("plug flickers", 0.2, (600, 7200), "one sample in five reports no box", _plug_flickers, apart=True),
    Fault("other number", 0.2, (600, 7200), "one sample in five has another box, or none", _other_number, apart=True),
    Fault(SILENCE, 0.1, (1200, 14_400), "nothing arrives, and nothing is kept", _silence, apart=True),
)
REEFER_FAULTS = (*OWN_FAULTS, *(fault for fault in FAULTS if fault.any_stream))
"""In the order in which they are put in."""
