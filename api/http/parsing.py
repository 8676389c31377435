"""Parameters of a request: parsed and checked by the Struct of its route; every refusal names the parameter."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from api.http.errors import BadRequestError

T = TypeVar("T", bound=Struct)


def parse(kind: type[T], path: Mapping[str, str], query: Iterable[tuple[str, str]]) -> T:
    """Read the parameters of a request.

    Args:
        kind: the Struct they make.
        path: parameters taken from the path.
        query: pairs of the query string.

    Raises:
        BadRequestError: one is unknown, given twice, missing or wrong; the message explains what to change.
    """
    allowed = [name for name in kind.__struct_encode_fields__ if name not in path]
    values: dict[str, str] = dict(path)
    for name, value in query:
        if name not in allowed:
            raise BadRequestError(f"query parameter {name[:80]!r} is not known here; {_known(allowed)}")
        if name in values:
            raise BadRequestError(f"query parameter {name} is given twice; give it once")
        values[name] = value
    for name, value in values.items():
        if "\0" in value:  # no text in the database can hold it
            raise BadRequestError(f"parameter {name} holds a NUL character; leave it out")
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
