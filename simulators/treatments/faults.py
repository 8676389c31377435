"""Faults of pulp probes, beside those that reefers' units and any device can have."""

import numpy as np
from numpy.random import Generator

from processing.model.samples import Samples
from processing.treatments.facts import PROBES
from simulators.reefer_faults import OWN_FAULTS, SILENCE
from simulators.spoiling import FAULTS, Fault
from simulators.twistlock_faults import Span, inside


def _bad_values(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """Readings of -9999 or 32767 of any probe in every second sample: they are left out, as ingest does."""
    rows = inside(samples, spans)
    for probe in PROBES:
        samples.number(f"{probe}_degc")[rows & (rng.random(len(samples)) < 0.5)] = np.nan
    return samples


def _probe_lost(samples: Samples, spans: list[Span], rng: Generator) -> Samples:
    """One probe is not read."""
    for span in spans:
        samples.number(f"{PROBES[rng.integers(len(PROBES))]}_degc")[inside(samples, [span])] = np.nan
    return samples


OF_PROBES = (
    Fault(
        "bad probe values",
        0.1,
        (600, 14_400),
        "half of the probes' readings are -9999 or 32767",
        _bad_values,
        apart=True,
    ),
    Fault("probe lost", 0.1, (600, 14_400), "one probe is not read", _probe_lost, apart=True),
)
OF_UNITS = ("plug flickers", "other number", SILENCE)
TREATMENT_FAULTS = (
    *OF_PROBES,
    *(fault for fault in OWN_FAULTS if fault.name in OF_UNITS),
    *(fault for fault in FAULTS if fault.any_stream),
)
"""In the order in which they are put in."""
