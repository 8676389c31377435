"""The table of alarms: one row a condition. Terminals change rows in the site file; see docs/alarms.md."""

from processing.alarms.condition import KPI_SAMPLES, Condition, FactSpans, LevelSpans, Storm, facts_of
from processing.alarms.silent import SILENT
from processing.alarms.system import SYSTEM
from processing.cranes.facts import PARTIAL_LOCK
from processing.model.times import MINUTE_US, SECOND_US
from processing.reefers.facts import EXCURSION, OFF_POWER
from processing.treatments.facts import COLD_TREATMENT

CONDITIONS: tuple[Condition, ...] = (
    Condition(
        "reefer_off_power",
        FactSpans(OFF_POWER),
        "high",
        "a box is on a plug without power",
        "look at plug and breaker; plug the box in elsewhere",
        delay_us=5 * MINUTE_US,
        hold_us=MINUTE_US,
        storm=Storm(
            "rack_off_power",
            by="rack",
            least=5,
            within_us=5 * MINUTE_US,
            delay_us=0,
            severity="critical",
            text="many plugs of a rack lost power at once",
            response="look at the feeder of the rack; send the electrician",
        ),
        origin="domain.md §7.4; delay assumed",
    ),
    Condition(
        "reefer_excursion",
        FactSpans(EXCURSION),
        "critical",
        "the air of a reefer is out of range for longer than its profile allows",
        "have the box looked at; inform the line",
        suppressed_by=("reefer_off_power",),
        origin="domain.md §7.4; the profile has the delay",
    ),
    Condition(
        "treatment_at_risk",
        FactSpans(COLD_TREATMENT, begin="at_risk_us", subject="container_id"),
        "high",
        "a cold treatment went above its level and went on at a longer one; until it is done, or fails",
        "look at the box at once; a further rise makes the treatment start over",
        origin="domain.md §7.5",
    ),
    Condition(
        "treatment_failed",
        FactSpans(COLD_TREATMENT, begin="ended_us", end=None, subject="container_id", only=("verdict", ("failed",))),
        "critical",
        "a run of a cold treatment failed: it starts over",
        "inform the line; plan the box again",
        origin="domain.md §7.5",
    ),
    Condition(
        "crane_partial_lock",
        FactSpans(PARTIAL_LOCK),
        "critical",
        "twistlocks are neither locked nor unlocked for longer than the crane's parameter allows",
        "stop the lift; look at the spreader",
        origin="domain.md §5.5: more than 5 s, by the detector",
    ),
    Condition(
        "crane_fault",
        LevelSpans("fault"),
        "high",
        "a crane reports a fault",
        "call the technicians",
        hold_us=10 * SECOND_US,
        origin="domain.md §5.5: the state fault; hold time assumed",
    ),
    Condition(
        "wind_limit",
        LevelSpans("windy", on=2, off=1),
        "critical",
        "the wind at a crane is above its limit, and no less than 85 % of it since",
        "stop work; secure the crane",
        hold_us=5 * MINUTE_US,
        origin="the limit is the crane's parameter stop_wind_mps; share and hold time assumed",
    ),
    Condition(
        "battery_low",
        LevelSpans("battery_low"),
        "medium",
        "the battery of a vehicle is low",
        "send the vehicle to a charger",
        delay_us=MINUTE_US,
        hold_us=MINUTE_US,
        origin="the level battery_low of vehicles; delay assumed",
    ),
    Condition(
        "gate_queue",
        LevelSpans("queue_length", on=10, off=7, limits=True),
        "medium",
        "many trucks wait before a lane",
        "open another lane",
        delay_us=5 * MINUTE_US,
        hold_us=MINUTE_US,
        origin="limits assumed",
    ),
    Condition(
        "reefer_stuck_air",
        LevelSpans("stuck_air"),
        "medium",
        "the probes of a reefer keep their values, though they changed with nearly every report before",
        "read the temperature at the box; have the probes looked at",
        hold_us=MINUTE_US,
        origin="docs/reefers.md: the detector of excursions",
    ),
    *SILENT,
    *SYSTEM,
)
"""In the order of importance to a reader, by room."""
BY_ID = {one.id: one for one in CONDITIONS}
FACTS = frozenset(facts_of(CONDITIONS)) | {KPI_SAMPLES}
"""Facts with which alarms change, as notes have them."""
