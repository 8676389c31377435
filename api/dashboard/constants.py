"""What the page works with too, generated from where it is declared: parameters of detectors, kinds of subjects.

What the page shows of a sample and what the detectors find in it are then the same.
"""

from pathlib import Path

from processing.cranes.parameters import MOTION_M
from processing.kpi.subjects import KINDS
from processing.model.direction import DIRECTION_CONTROLS
from processing.vehicles.parameters import VEHICLE_PARAMETERS

MODULE = Path(__file__).resolve().parent / "src" / "shared" / "model" / "constants.ts"
HEAD = "/** Generated from api/dashboard/constants.py by `make docs`; change what it names instead. */\n"
CONSTANTS = (
    ("MOTION_M", MOTION_M, "Hoist or trolley that go further from one sample to the next are moving. [m]"),
    ("MOVING_MPS", VEHICLE_PARAMETERS.moving_mps, "From this speed on a vehicle moves. [m/s]"),
    ("LOW_PCT", VEHICLE_PARAMETERS.low_pct, "Below, a vehicle's battery is low. [%]"),
)
"""Name, value and meaning."""

CONTROLS = "Characters that turn the direction of text."
KINDS_OF_STREAMS = {kind.stream.name: kind.name for kind in KINDS if kind.stream is not None}
"""What devices of a stream are called as subjects of KPIs."""


def generate() -> str:
    """The module of constants."""
    numbers = (f"\n/** {text} */\nexport const {name} = {value:g};\n" for name, value, text in CONSTANTS)
    controls = "".join(f"\\u{ord(one):04x}" for one in DIRECTION_CONTROLS)
    kinds = "".join(f'  ["{stream}", "{kind}"],\n' for stream, kind in KINDS_OF_STREAMS.items())
    text = "What devices of a stream are called as subjects of KPIs: the kind that windows of the catalogue have."
    return (
        HEAD
        + "".join(numbers)
        + f'\n/** {CONTROLS} */\nexport const DIRECTION_CONTROLS = "{controls}";\n'
        + f"\n/** {text} */\nexport const KINDS_OF_STREAMS: ReadonlyMap<string, string> = new Map([\n{kinds}]);\n"
    )
