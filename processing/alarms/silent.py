"""Conditions of devices that were heard of and are silent.

Gates have none: a lane reports what happens, and says nothing for hours where no truck comes.
"""

from processing.alarms.condition import Condition, SilenceSpans, Storm
from processing.model.silence import DEVICE_SILENCE
from processing.model.times import MINUTE_US
from processing.reefers.facts import SILENCE
from processing.reefers.intervals import LEAST_GAP_US

RESPONSE = "look at the device, its gateway and the network"
REEFER_SILENCE = SilenceSpans(SILENCE, "reefer", needs="plugged", limit_min="silence_min", least_us=LEAST_GAP_US)

SILENT: tuple[Condition, ...] = (
    Condition(
        "crane_silent",
        SilenceSpans(DEVICE_SILENCE, "crane", unless="switched_off"),
        "high",
        "a crane sends nothing, though it was not switched off",
        RESPONSE,
        delay_us=5 * MINUTE_US,
        storm=Storm(
            "cranes_silent",
            by="stream",
            least=3,
            within_us=MINUTE_US,
            delay_us=5 * MINUTE_US,
            severity="critical",
            text="many cranes have been silent since the same time",
            response="look at the network",
        ),
        origin="domain.md §9: a heartbeat, and a time for each kind of device; the time assumed",
    ),
    Condition(
        "vehicle_silent",
        SilenceSpans(DEVICE_SILENCE, "vehicle"),
        "medium",
        "a vehicle sends nothing",
        RESPONSE,
        delay_us=5 * MINUTE_US,
        storm=Storm(
            "vehicles_silent",
            by="stream",
            least=10,
            within_us=MINUTE_US,
            delay_us=5 * MINUTE_US,
            severity="high",
            text="many vehicles have been silent since the same time",
            response="look at the network",
        ),
        origin="domain.md §9; the time assumed",
    ),
    Condition(
        "reefer_silent",
        REEFER_SILENCE,
        "medium",
        "a plug with a box on it has not reported for more than two of its report intervals",
        "look at the box, the modem and the monitor",
        storm=Storm(
            "rack_silent",
            by="rack",
            least=5,
            within_us=5 * MINUTE_US,
            delay_us=0,
            severity="high",
            text="many plugs of a rack became silent at once",
            response="look at the monitor of the rack",
        ),
        origin="domain.md §7.4: more than twice the report interval, as the plug's own reports show it",
    ),
)
