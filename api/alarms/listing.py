"""Alarms read: lists, one with its acts, the table of conditions."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

from api.alarms.answers import Alarm, AlarmAct, AlarmDetail, Alarms, ConditionAnswer, Conditions
from api.database.database import Database
from api.database.queries import Reader, queries
from api.http.context import Context
from api.http.errors import BadRequestError, NotFoundError
from api.http.parameters import Begin, End, Limit, TerminalId
from api.http.rows import build, rfc3339, structs
from api.http.spans import Span, facts_span
from infra.clock import from_us, utc_now
from processing.alarms.facts import SEVERITIES, Severity
from processing.alarms.name import PATTERN, key_of
from processing.alarms.overrides import conditions as changed
from processing.model.times import EPOCH, SECOND_US
from processing.site.configuration import Site, Sites

RAW = queries(__file__)
SQL = {name: text.format(selected=RAW["selected"]) for name, text in RAW.items()}
Key = tuple[str, str, str, datetime]
"""Terminal, alarm, subject, when raised."""


class AlarmsQuery(Struct, frozen=True):
    """Which alarms: those that touch the span."""

    terminal: TerminalId | None = None
    begin: Begin | None = field(default=None, name="from")
    end: End | None = field(default=None, name="to")
    active: Annotated[bool, Meta(description="only active ones, whenever raised; false: only cleared ones")] | None = (
        None
    )
    acknowledged: bool | None = None
    severity: (
        Annotated[Severity, Meta(description="critical, high, medium or low: this one, or more severe")] | None
    ) = None
    alarm: Annotated[str, Meta(max_length=64, description="only of this condition")] | None = None
    limit: Limit = 1_000


class AlarmPath(Struct, frozen=True):
    """One alarm."""

    id: Annotated[str, Meta(pattern=PATTERN, description="as /api/v1/alarms lists it")]

    @property
    def terminal(self) -> str:
        """Whose alarm it is."""
        return key_of(self.id)[0]

    @property
    def key(self) -> Key:
        """What it names.

        Raises:
            BadRequestError: the time in it is none.
        """
        terminal, alarm, subject, raised_us = key_of(self.id)
        try:
            return terminal, alarm, subject, from_us(raised_us)
        except (OverflowError, ValueError):
            raise BadRequestError(f"parameter id: {self.id} names no time") from None


class AlarmList:
    """Alarms as live clients get them; see `api.live.facts`."""

    table = "alarm"

    async def fetch(self, database: Database, terminal: str, span: Span, limit: int) -> list[Alarm]:
        """Those of a terminal that touch a span, newest first.

        Raises:
            BusyError, DatabaseAwayError, QueryTooSlowError, SchemaMissingError: as `Database.fetch`.
        """
        rows = await database.fetch(SQL["alarms"], terminal, span.begin, span.end, None, None, None, None, limit)
        return await structs(Alarm, rows)


ALARMS = AlarmList()


async def alarms(context: Context[AlarmsQuery, None]) -> Struct:
    """Alarms that touch a span."""
    query = context.query
    wanted = facts_span(query.begin, query.end, utc_now())
    begin = EPOCH if query.active and query.begin is None else wanted.begin
    severe = None if query.severity is None else list(SEVERITIES[: SEVERITIES.index(query.severity) + 1])
    asked = query.active, query.acknowledged, severe, query.alarm, query.limit
    rows = await context.database.fetch(SQL["alarms"], query.terminal, begin, wanted.end, *asked)
    return Alarms(await structs(Alarm, rows))


async def alarm(context: Context[AlarmPath, None]) -> Struct:
    """One alarm with all that people did about it."""
    return await detail(context.database, context.query.key)


class ConditionsQuery(Struct, frozen=True):
    """Where."""

    terminal: Annotated[TerminalId | None, Meta(description="as it is there; without: of terminals of no section")] = (
        None
    )


async def conditions(context: Context[ConditionsQuery, None]) -> Struct:
    """The table of conditions as it holds at a terminal, storms and KPI targets among them."""
    sites, terminal = context.services[Sites], context.query.terminal
    site = sites.default if terminal is None else sites.of(terminal)
    return Conditions(listed(site))


def listed(site: Site) -> list[ConditionAnswer]:
    """Alarms that there may be under a configuration; what is switched off is none."""
    found: list[ConditionAnswer] = []
    for one in (*changed(site.alarms).values(), *(target.condition for target in site.kpi_targets)):
        if not one.enabled:
            continue
        hold_s, suppressed = one.hold_us / SECOND_US, list(one.suppressed_by)
        times = one.delay_us / SECOND_US, hold_s
        found.append(ConditionAnswer(one.id, one.severity, one.text, one.response, *times, suppressed))
        storm = one.storm
        if storm is not None and storm.enabled:
            times = storm.delay_us / SECOND_US, hold_s
            found.append(ConditionAnswer(storm.id, storm.severity, storm.text, storm.response, *times, []))
    return found


async def detail(reader: Reader, key: Key) -> AlarmDetail:
    """An alarm and its acts.

    Raises:
        NotFoundError: there is none; the message has the newest of its name and subject.
    """
    rows = await reader.fetch(SQL["alarm"], *key)
    if not rows:
        newest = await reader.fetch(SQL["newest"], *key[:3])
        hint = f"the newest was raised at {rfc3339(newest[0][0])}" if newest else "there never was one"
        raise NotFoundError(f"terminal {key[0]} has no alarm {key[1]} of {key[2]} raised at {rfc3339(key[3])}; {hint}")
    row = rows[0]
    acts = await reader.fetch(SQL["acts"], *key[:3], row["began_at"], row["cleared_at"])
    return AlarmDetail(build(Alarm, row), [build(AlarmAct, one) for one in acts])
