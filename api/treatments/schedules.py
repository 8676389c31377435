"""Schedules of cold treatments, as they hold here."""

from msgspec import Struct

from api.http.context import Context
from api.http.parameters import NoQuery
from api.http.rows import rfc3339
from api.treatments.answers import ScheduleLevel, TreatmentSchedule, TreatmentSchedules
from infra.clock import from_us
from processing.model.times import ALWAYS_US, MINUTE_US
from processing.site.configuration import Sites
from processing.treatments.schedules import Schedule


async def schedules(context: Context[NoQuery, None]) -> Struct:
    """Built-in ones and those of the site file."""
    known = sorted(context.services[Sites].schedules, key=lambda one: (one.id, one.from_us))
    return TreatmentSchedules([schedule_answer(one) for one in known])


def schedule_answer(schedule: Schedule) -> TreatmentSchedule:
    """One version."""
    return TreatmentSchedule(
        id=schedule.id,
        text=schedule.text,
        levels=[ScheduleLevel(level.limit_degc, level.days) for level in schedule.levels],
        gap_min=schedule.gap_us / MINUTE_US,
        start_degc=schedule.start_degc,
        source=schedule.source,
        verified=schedule.verified,
        valid_from=None if schedule.from_us == ALWAYS_US else rfc3339(from_us(schedule.from_us)),
        valid_until=None if schedule.until_us is None else rfc3339(from_us(schedule.until_us)),
    )
