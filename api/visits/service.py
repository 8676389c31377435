"""One visit and what it was made of: gate, waiting, service."""

from typing import Annotated

from msgspec import Meta, Struct

from api.database.queries import queries
from api.http.context import Context
from api.http.errors import NotFoundError
from api.http.parameters import DeviceId, Moment, TerminalId
from api.http.rows import Time, rfc3339, rfc3339_us
from api.http.spans import MS, instant
from api.visits.answers import Visit
from infra.clock import from_us_or_none, to_us
from infra.facts.rows import decode
from infra.facts.statements import selected
from processing.containers.facts import CONTAINER_EVENT, ContainerEvent
from processing.containers.service import HandOver, boxes_of, hand_overs, parts
from processing.gates.facts import VISIT, TruckVisit
from processing.model.times import EPOCH, MINUTE_US

SQL = {
    name: text.format(visit=selected(VISIT.columns), events=selected(CONTAINER_EVENT.columns))
    for name, text in queries(__file__, "service.sql").items()
}


class VisitPath(Struct, frozen=True):
    """One visit, by either of its passages."""

    lane: DeviceId
    time: Annotated[Moment, Meta(description="when the truck came into that lane, to the millisecond")]
    terminal: TerminalId


class ServedBox(Struct, frozen=True):
    """A box that a crane or vehicle took off the truck, or put on it."""

    container_id: str
    brought: Annotated[bool, Meta(description="whether the truck had brought it; else it took it away")]
    device: str
    stream: str
    began_at: Annotated[Time, Meta(description="when the device picked the box")]
    ended_at: Annotated[Time, Meta(description="when it placed the box")]
    after_min: Annotated[float, Meta(description="from gate-in to picking, minutes")]


class VisitService(Struct, frozen=True):
    """What a truck's stay was made of, from coming into the inbound lane to having left the outbound one."""

    visit: Visit
    whole_min: Annotated[float | None, Meta(description="all of it, minutes; null while a passage is not known")] = None
    gate_in_min: Annotated[float | None, Meta(description="in the inbound lane")] = None
    gate_out_min: Annotated[float | None, Meta(description="in the outbound lane")] = None
    service_min: Annotated[float | None, Meta(description="while a box was moved; null where no move is known")] = None
    waiting_min: Annotated[float | None, Meta(description="the rest: driving and waiting")] = None
    gate_share: Annotated[float | None, Meta(description="of all of it, 0 to 1")] = None
    service_share: float | None = None
    waiting_share: float | None = None
    served: Annotated[list[ServedBox], Meta(description="in order of time")] = []
    not_seen: Annotated[list[str], Meta(description="boxes of the truck that nobody was seen to move")] = []


async def service(context: Context[VisitPath, None]) -> Struct:
    """What one visit was made of."""
    query, database = context.query, context.database
    at = EPOCH + (instant("parameter time", query.time) - EPOCH) // MS * MS
    found = decode(VISIT, await database.fetch(SQL["visit"], query.terminal, query.lane, at))
    if not found:
        raise NotFoundError(
            f"no truck of terminal {query.terminal} came into lane {query.lane} at {rfc3339(at)} and passed; "
            f"/api/v1/visits?terminal={query.terminal} lists visits with lane and arrived_at"
        )
    visit = found[0]
    arrived, entered, left = map(from_us_or_none, (visit.arrived_us, visit.entered_us, visit.left_us))
    ((out,),) = await database.fetch(SQL["out_lane"], query.terminal, visit.lane_out, left)
    passages = visit.lane_in, arrived, visit.lane_out, out, entered, left
    rows = await database.fetch(SQL["events"], query.terminal, *passages)
    return _answer(visit, None if out is None else to_us(out), decode(CONTAINER_EVENT, rows))


def _answer(visit: TruckVisit, out_lane_us: int | None, events: list[ContainerEvent]) -> VisitService:
    served = hand_overs(visit, events)
    seen = {one.container_id for one in served}
    boxes = [_box(one, visit.entered_us or 0) for one in served]
    not_seen = [number for number in boxes_of(visit, events) if number not in seen]
    made = parts(visit, out_lane_us, served)
    if made is None:
        return VisitService(Visit.from_fact(visit), served=boxes, not_seen=not_seen)
    return VisitService(
        Visit.from_fact(visit),
        _minutes(made.whole_us),
        _minutes(made.gate_in_us),
        _minutes(made.gate_out_us),
        _minutes(made.service_us),
        _minutes(made.waiting_us),
        _share(made.gate_in_us + made.gate_out_us, made.whole_us),
        _share(made.service_us, made.whole_us),
        _share(made.waiting_us, made.whole_us),
        boxes,
        not_seen,
    )


def _box(one: HandOver, entered_us: int) -> ServedBox:
    times = rfc3339_us(one.began_us), rfc3339_us(one.ended_us)
    after_min = round((one.began_us - entered_us) / MINUTE_US, 3)
    return ServedBox(one.container_id, one.brought, one.device, one.stream, *times, after_min)


def _minutes(us: int | None) -> float | None:
    return None if us is None else round(us / MINUTE_US, 3)


def _share(part_us: int | None, whole_us: int) -> float | None:
    return None if part_us is None or not whole_us else round(part_us / whole_us, 4)
