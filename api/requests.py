"""Query parameters: one Struct per kind of request; parsing, checks and the OpenAPI text derive from its fields."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from api.errors import BadRequestError

Id = Annotated[str, Meta(pattern="^[a-z0-9_-]{1,64}$")]
TerminalId = Annotated[Id, Meta(description="terminal id, for example demo")]
DeviceId = Annotated[Id, Meta(description="device id, for example sts1")]
KpiId = Annotated[Id, Meta(description="KPI id as /api/v1/kpis lists it")]
StreamName = Annotated[Literal["crane", "gate", "reefer"], Meta(description="device family: crane, gate or reefer")]
Moment = Annotated[
    str,
    Meta(max_length=40, description="RFC 3339 with offset, or milliseconds since 1970 UTC"),
]
Limit = Annotated[int, Meta(ge=1, le=10_000, description="most rows in the answer, 1 to 10000")]

T = TypeVar("T", bound=Struct)


class NoQuery(Struct, frozen=True):
    """Takes no parameters."""


class DevicesQuery(Struct, frozen=True):
    """Which devices."""

    terminal: TerminalId | None = None
    stream: StreamName | None = None


class DevicePath(Struct, frozen=True):
    """One device."""

    terminal: TerminalId
    stream: StreamName
    device: DeviceId


class TerminalQuery(Struct, frozen=True):
    """All terminals, or one."""

    terminal: TerminalId | None = None


WindowId = Annotated[Literal["PT1H", "shift", "day", "call", "now"], Meta(description="PT1H, shift, day, call or now")]


class LiveKpisQuery(Struct, frozen=True):
    """Which KPI values."""

    terminal: TerminalId | None = None
    window: (
        Annotated[
            Literal["PT1H", "shift", "day", "call", "now", "all"],
            Meta(description="PT1H, shift, day, call, now, or all; the main window of each when left out"),
        ]
        | None
    ) = None


class LiveQuery(Struct, frozen=True):
    """Whose frames."""

    terminal: TerminalId


class HistoryQuery(Struct, frozen=True):
    """One KPI over time."""

    kpi: KpiId
    terminal: TerminalId
    subject: Annotated[Id, Meta(description="crane, berth, call or terminal; the terminal when left out")] | None = None
    window: WindowId | None = None
    begin: Annotated[Moment, Meta(description="start, a time; 6 h before `to` when left out")] | None = field(
        default=None, name="from"
    )
    end: Annotated[Moment, Meta(description="end, a time; now when left out")] | None = field(default=None, name="to")
    step: Annotated[int, Meta(ge=1, le=86_400, description="seconds between points, 1 to 86400")] = 60


class FactsQuery(Struct, frozen=True):
    """Which facts of a span of time."""

    terminal: TerminalId | None = None
    device: DeviceId | None = None
    begin: Annotated[Moment, Meta(description="start, a time; 24 h before `to` when left out")] | None = field(
        default=None, name="from"
    )
    end: Annotated[Moment, Meta(description="end, a time; now when left out")] | None = field(default=None, name="to")
    limit: Limit = 100


class VisitsQuery(Struct, frozen=True):
    """Which visits of a span of time."""

    terminal: TerminalId | None = None
    begin: Annotated[Moment, Meta(description="start, a time; 24 h before `to` when left out")] | None = field(
        default=None, name="from"
    )
    end: Annotated[Moment, Meta(description="end, a time; now when left out")] | None = field(default=None, name="to")
    limit: Limit = 100


class QuarantineQuery(Struct, frozen=True):
    """Which quarantined messages."""

    terminal: TerminalId | None = None
    reason: Annotated[Id, Meta(description="reason code as `by_reason` lists it")] | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000, description="most rows in the answer, 1 to 1000")] = 50


def parse(kind: type[T], path: Mapping[str, str], query: Iterable[tuple[str, str]]) -> T:
    """Read the parameters of a request.

    Args:
        kind: the Struct they make.
        path: parameters taken from the path.
        query: pairs of the query string.

    Raises:
        BadRequestError: one is unknown, given twice, missing or wrong; the message says what to change.
    """
    allowed = [name for name in kind.__struct_encode_fields__ if name not in path]
    values: dict[str, str] = dict(path)
    for name, value in query:
        if name not in allowed:
            raise BadRequestError(f"query parameter {name[:80]!r} is not known here; {_known(allowed)}")
        if name in values:
            raise BadRequestError(f"query parameter {name} is given twice; give it once")
        values[name] = value
    try:
        found = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise BadRequestError(_explain(kind, str(error))) from None
    for attribute, name in zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True):
        if name in values and getattr(found, attribute) is None:  # msgspec reads the word null as nothing
            raise BadRequestError(f"parameter {name}: null is no value; leave it out ({_described(kind, name)})")
    return found


def _known(allowed: list[str]) -> str:
    return f"known are {', '.join(allowed)}" if allowed else "this route takes none"


def _explain(kind: type[Struct], message: str) -> str:
    """Name the parameter and what it must be, instead of msgspec's path."""
    problem, _, place = message.partition(" - at `$.")
    if not place:
        return "query parameter missing: " + problem.removeprefix("Object missing required field ").strip("`")
    name = place.rstrip("`")
    about = _described(kind, name)
    return f"parameter {name}: {problem[0].lower()}{problem[1:]}" + (f" ({about})" if about else "")


def _described(kind: type[Struct], name: str) -> str:
    properties: dict[str, Any] = msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"]
    described = [properties[name], *properties[name].get("anyOf", ())]
    return next((str(one["description"]) for one in described if "description" in one), "")
