"""Why a KPI has its value: read from the stored facts, by the functions that made the value."""

from datetime import timedelta
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct, field

from api.containers.stays import Stay, stay_of
from api.excursions.answers import Excursion
from api.facts.answers import FactAnswer
from api.gate.answers import Transaction
from api.gate.appointments import TruckAppointment
from api.http.context import Context
from api.http.errors import BadRequestError, NotFoundError
from api.http.parameters import Moment, TerminalId
from api.http.rows import Time, rfc3339_us
from api.http.spans import instant
from api.kpis.catalogue import known
from api.kpis.energy_evidence import DeviceEnergy, QuarterEnergy, device_energy, quarter_energy
from api.kpis.other_facts import OtherFacts, other_facts
from api.kpis.parameters import SUBJECT_KINDS, KpiId, SubjectId, WindowId
from api.moves.answers import Move
from api.reefers.answers import OffPower, Silence
from api.vehicles.answers import Charge, Trip
from api.visits.answers import Visit
from infra import history
from infra.clock import to_us, utc_now
from infra.devices import devices
from processing.facts.store import FactStore
from processing.kpi.crane_activity import DelayPart
from processing.kpi.definition import Kpi
from processing.kpi.evidence import CallOf, Evidence, MoveOf
from processing.kpi.explain import Explanation, explain, party
from processing.kpi.subjects import kind_of, subjects_of
from processing.kpi.view import View, look
from processing.kpi.windows import WINDOWS, Window
from processing.model.level import LevelChange
from processing.site.configuration import Sites

AHEAD = timedelta(minutes=1)
"""Devices' clocks may be ahead of ours by this, and with them the terminal's "now"."""
A = TypeVar("A", bound=FactAnswer)
MOST_FACTS = 2_000
"""Facts of one kind in an answer; of moves and visits the newest, of levels the largest."""


class ExplainQuery(Struct, frozen=True):
    """One value: of a KPI, a subject, a window, and when it ends."""

    kpi: KpiId
    terminal: TerminalId
    subject: SubjectId | None = None
    window: WindowId | None = None
    at: Annotated[Moment, Meta(description="end of the window, a time; now when left out")] | None = None


class Term(Struct, frozen=True):
    """One term of the formula."""

    name: str
    label: str
    value: float | None
    unit: str


class NotCounted(Struct, frozen=True):
    """A move that ended in the window and was not counted."""

    move: Move
    reason: str


class StopPart(Struct, frozen=True):
    """The part of a delay, or of a cycle that carried no cargo, that lies in the window."""

    device: str
    began_at: Time
    ended_at: Time
    minutes: float
    cause: str
    party: str
    stated: Annotated[bool, Meta(description="a person has stated the cause")] = field(name="said")


class Level(Struct, frozen=True):
    """A level of a device at the end of the window: a queue of a lane, a reefer at a plug."""

    device: str
    name: Annotated[str, Meta(description="what is level: a queue_length, whether plugged or charging")]
    since: Annotated[Time, Meta(description="from when on the device has had it")]
    value: float


class CallPart(Struct, frozen=True):
    """A vessel call that the value is about."""

    call: str
    vessel: str | None
    berth: str | None
    boxes: Annotated[int, Meta(description="moved for it in the window")]
    planned: Annotated[int | None, Meta(description="boxes planned in all")]
    listed: Annotated[int | None, Meta(description="boxes in the move list of the terminal operating system")]


class Explained(Struct, frozen=True):
    """Where a value comes from."""

    terminal: str
    kpi: str
    title: str
    subject: str
    window: str
    begin: Time
    end: Time
    value: float | None
    unit: str
    state: str | None
    formula: Annotated[str, Meta(description="in words")]
    filled: Annotated[str, Meta(description="with numbers, and the result")]
    definition: str
    source: str
    terms: list[Term]
    counted: list[Move]
    not_counted: list[NotCounted]
    excluded: Annotated[list[StopPart], Meta(description="time that is left out of the hours")]
    stops: Annotated[list[StopPart], Meta(description="delays that were counted")]
    visits: list[Visit]
    left_off: Annotated[int, Meta(description="moves that are not listed here, older than those listed")]
    excursions: Annotated[
        list[Excursion], Meta(description="reefers out of range: at the end of the window, or in it")
    ] = []
    levels: Annotated[list[Level], Meta(description="of each device that has one, largest first")] = []
    calls: list[CallPart] = []
    trips: Annotated[list[Trip], Meta(description="of vehicles, that ended in the window")] = []
    charges: Annotated[list[Charge], Meta(description="sessions of vehicles, that ended in the window")] = []
    off_power: Annotated[list[OffPower], Meta(description="boxes without power in the window")] = []
    transactions: Annotated[list[Transaction], Meta(description="of lanes, counted in the window")] = []
    silences: Annotated[list[Silence], Meta(description="gaps in the reports about boxes in the window")] = []
    stays: Annotated[list[Stay], Meta(description="of boxes that left in the window")] = []
    appointments: Annotated[list[TruckAppointment], Meta(description="settled in the window")] = []
    quarters: Annotated[list[QuarterEnergy], Meta(description="energy by quarters of an hour, in order")] = []
    energy: Annotated[list[DeviceEnergy], Meta(description="energy of devices, most first")] = []
    others: Annotated[list[OtherFacts], Meta(description="facts that have no list of their own here, by type")] = []


LISTS: dict[str, type[FactAnswer]] = {
    "excursions": Excursion,
    "trips": Trip,
    "charges": Charge,
    "off_power": OffPower,
    "transactions": Transaction,
    "silences": Silence,
}
"""Fields of an explanation that list facts of one type which last; those of other types are `others`."""
LISTED = frozenset(kind.columns.of.record for kind in LISTS.values())


async def explained(context: Context[ExplainQuery, None]) -> Struct:
    """Where a value of a KPI comes from."""
    query = context.query
    kpi = known(query.kpi)
    now = utc_now()
    at = now if query.at is None else instant("query parameter at", query.at)
    if at > now + AHEAD:
        raise BadRequestError("query parameter at: this lies in the future; leave it out for the value now")
    at_us = to_us(at)
    sites = context.services[Sites]
    site = sites.of(query.terminal)
    async with context.database.reading() as connection:
        own = await devices(connection, sites, query.terminal)
        if not own:
            raise NotFoundError(f"there is no terminal {query.terminal}")
        store = await history.fact_store(connection, site, query.terminal, own, at_us, at_us, [kpi.fact])
    view = _view(store, kpi, query.subject or query.terminal, query.window, at_us)
    names = {device.device_id: device.name for device in own}
    return _answer(query.terminal, kpi, view, explain(kpi, view), names)


def _view(store: FactStore, kpi: Kpi, subject: str, window_id: str | None, at_us: int) -> View:
    """What is to be explained.

    Raises:
        NotFoundError: the KPI is not evaluated for such a subject, or there is none.
        BadRequestError: not over this window.
    """
    kind = kind_of(store, subject)
    if kind is None:
        known = (f"{one.name} {', '.join(sorted(subjects_of(store, one))[:20]) or '-'}" for one in kpi.subjects)
        raise NotFoundError(
            f"{subject} is no {SUBJECT_KINDS} of {store.terminal} then; {kpi.id} is made for: {'; '.join(known)}"
        )
    windows = kpi.windows(kind)
    if not windows:
        kinds = ", ".join(one.name for one in kpi.subjects)
        raise NotFoundError(f"{kpi.id} is not made for a {kind.name}; it is made for: {kinds}")
    window: Window = windows[0] if window_id is None else WINDOWS[window_id]
    if window not in windows:
        listed = ", ".join(one.id for one in windows)
        raise BadRequestError(
            f"parameter window: for a {kind.name} {kpi.id} is made over {listed}, not over {window.id}"
        )
    view = look(store, subject, window, at_us)
    if view is None:
        raise NotFoundError(f"{subject} works no call then")
    return view


def _listed(facts: Evidence, terminal: str, names: dict[int, str], kind: type[A]) -> list[A]:
    newest = facts.of(kind.columns.of.record)[-MOST_FACTS:]
    return [kind.from_fact(one, terminal, names[one.device_id]) for one in newest]


def _answer(terminal: str, kpi: Kpi, view: View, found: Explanation, names: dict[int, str]) -> Explained:
    facts = found.evidence
    moves = facts.moves[-MOST_FACTS:]
    lists: dict[str, Any] = {name: _listed(facts, terminal, names, kind) for name, kind in LISTS.items()}
    return Explained(
        terminal=terminal,
        kpi=kpi.id,
        title=kpi.title,
        subject=view.subject,
        window=view.window.id,
        begin=rfc3339_us(found.begin_us),
        end=rfc3339_us(found.end_us),
        value=found.value,
        unit=kpi.unit,
        state=found.state,
        formula=found.formula,
        filled=found.filled,
        definition=kpi.description,
        source=kpi.source,
        terms=[Term(term.name, term.label, term.value, term.unit) for term in found.terms],
        counted=[_move(terminal, one) for one in moves if one.reason is None],
        not_counted=[NotCounted(_move(terminal, one), one.reason) for one in moves if one.reason is not None],
        excluded=[_stop(stop) for stop in facts.excluded],
        stops=[_stop(stop) for stop in facts.delays],
        visits=[Visit.from_fact(visit) for visit in facts.visits[-MOST_FACTS:]],
        left_off=len(facts.moves) - len(moves),
        levels=[_level(one, names) for one in facts.levels[:MOST_FACTS]],
        calls=[_call(one) for one in facts.calls],
        stays=[stay_of(one) for one in facts.stays[-MOST_FACTS:]],
        appointments=[TruckAppointment.from_fact(one) for one in facts.appointments[-MOST_FACTS:]],
        quarters=[quarter_energy(one) for one in facts.quarters],
        energy=[device_energy(one, names) for one in facts.uses[:MOST_FACTS]],
        others=other_facts(facts, LISTED, terminal, names, MOST_FACTS),
        **lists,
    )


def _move(terminal: str, one: MoveOf) -> Move:
    return Move.from_fact(one.move, terminal, one.crane)


def _stop(stop: DelayPart) -> StopPart:
    minutes = round(stop.length_us / 60e6, 3)
    return StopPart(
        stop.crane,
        rfc3339_us(stop.began_us),
        rfc3339_us(stop.ended_us),
        minutes,
        stop.cause,
        party(stop.cause),
        stop.stated,
    )


def _level(one: LevelChange, names: dict[int, str]) -> Level:
    return Level(names[one.device_id], one.name, rfc3339_us(one.time_us), one.value)


def _call(one: CallOf) -> CallPart:
    call = one.call
    return CallPart(call.call_id, call.vessel, call.berth, one.boxes, call.planned, one.listed)
