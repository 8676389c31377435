"""Parameters of cranes as they are kept beside their facts."""

from ingest.store.calibrations import from_json, to_json
from processing.cranes.parameters import STS, YARD, CraneParameters


def test_what_is_kept_is_read_back() -> None:
    schedule = ((0, STS), (1_793_491_200_000_000, CraneParameters(trolley_zero_m=0.1, tare_t=-1e-7)), (2**52, YARD))
    assert from_json(to_json(schedule)) == schedule


def test_parameters_of_another_version_are_read() -> None:
    """One that is not kept is as built in; one that no longer exists is left out."""
    assert from_json('[[0, {"idle_us": 1, "gone_since_m": 3}]]') == ((0, CraneParameters(idle_us=1)),)
