"""A lock that was not seen: a load hangs from the moment at which the spreader leaves the ground."""

from processing.cranes.crane_columns import UNLOCKED, CraneColumns
from processing.cranes.detector.lift import Lift
from processing.cranes.detector.memory import MoveMemory
from processing.cranes.parameters import CraneParameters


def watch_missed_lock(
    memory: MoveMemory, columns: CraneColumns, row: int, end: int, take_off_us: int, parameters: CraneParameters
) -> None:
    """Take in rows in the air, [row, end), of a crane that has no lift."""
    suspended, least_t = memory.suspended, memory.tare.tare_t + parameters.lift_load_t
    if suspended.since_us is None and int(columns.time_us[row]) - take_off_us > parameters.hold_us:
        return
    suspended.watch(columns, row, end, least_t, parameters)
    infer_lock(memory, take_off_us, parameters)
    if memory.lift is not None:
        memory.lift.watch_rise(columns, row, end, parameters)


def infer_lock(memory: MoveMemory, take_off_us: int, parameters: CraneParameters) -> None:
    """Begin a lift at the last landing where a load has hung since the take-off, and for long enough."""
    suspended, landing, tare, twistlocks = memory.suspended, memory.landing, memory.tare, memory.twistlocks
    if not suspended.heavy or suspended.first_us is None or landing is None or not tare.trusted:
        return
    if suspended.heavy_us != suspended.first_us or suspended.first_us - take_off_us > parameters.hold_us:
        return
    doubtful = twistlocks.stable == UNLOCKED == twistlocks.code
    memory.lift = Lift(landing, tare.tare_t, trusted=tare.trusted, inferred=True, doubtful=doubtful)
    memory.lift.air_us, memory.lift.proven = suspended.first_us, True
    memory.lift.peak_t, memory.lift.farthest_m = suspended.peak_t, suspended.farthest_m
    if not doubtful:
        twistlocks.assume_locked()
