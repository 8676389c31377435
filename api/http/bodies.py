"""Bodies of requests: read within limits, checked against a Struct; every refusal names the field."""

import asyncio
import json
from typing import Any, NoReturn, TypeVar

import msgspec
from aiohttp import web
from aiohttp.http import HttpProcessingError
from msgspec import Struct

from api.http.errors import BadRequestError, LengthRequiredError, MediaTypeError, SlowBodyError, TooLargeError

PATIENCE_S = 10.0
"""How long a client may take to send a body."""
MOST_DEPTH = 8
BLANK = r"Expected `str` matching regex '\\S'"
"""How msgspec puts it that a text has no sign in it."""
BROKEN = (ConnectionError, HttpProcessingError, web.RequestPayloadError)
"""The client went away, or its chunks are none."""

T = TypeVar("T")


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """What a JSON body is made of, nested parts too: a mistyped name is never ignored."""


async def read(request: web.Request, kind: type[T], takes: tuple[str, ...], most_bytes: int) -> T:
    """The body of a request.

    Args:
        request: it.
        kind: the Struct that its JSON makes, or `bytes`: the body as it is.
        takes: media types allowed.
        most_bytes: largest size. [bytes]

    Raises:
        BadRequestError, LengthRequiredError, TooLargeError, MediaTypeError, SlowBodyError: what to change.
    """
    _check_head(request, takes, most_bytes)
    raw = await _bytes(request, most_bytes)
    if not raw:
        raise BadRequestError(f"the body is empty; send {takes[0]}")
    return raw if kind is bytes else parse(kind, raw)  # type: ignore[return-value] # T is bytes there


def _check_head(request: web.Request, takes: tuple[str, ...], most_bytes: int) -> None:
    """See what can be seen before the body comes."""
    if request.content_length is None and "Transfer-Encoding" not in request.headers:
        raise LengthRequiredError(f"the body is missing; send {takes[0]} with its Content-Length")
    if request.content_length is not None and request.content_length > most_bytes:
        raise TooLargeError(f"the body has {request.content_length} bytes; at most {most_bytes} are taken")
    sent = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if sent not in takes:
        raise MediaTypeError(f"set Content-Type to {' or '.join(takes)}, not {sent[:80] or 'nothing'}")
    if (coding := request.headers.get("Content-Encoding", "identity").lower()) != "identity":
        raise MediaTypeError(f"send the body as it is, not with Content-Encoding {coding[:80]}")


async def _bytes(request: web.Request, most_bytes: int) -> bytes:
    raw = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for part in request.content.iter_any():
                raw += part
                if len(raw) > most_bytes:  # a body in chunks has no size in its head
                    raise TooLargeError(f"the body is too large; at most {most_bytes} bytes are taken")
    except TimeoutError:
        raise SlowBodyError(f"the body did not come within {PATIENCE_S:g} s; send it again") from None
    except BROKEN:
        raise BadRequestError("the body broke off; send it again") from None
    return bytes(raw)


def parse(kind: type[T], raw: bytes) -> T:
    """JSON as a Struct.

    Raises:
        BadRequestError: it is no JSON, or a field is missing, unknown, given twice or wrong.
    """
    try:
        values = json.loads(raw.decode(), object_pairs_hook=_object, parse_constant=_no_number)
        _check_values(values, "", MOST_DEPTH)
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BadRequestError(f"the body is no JSON in UTF-8: {why}") from None
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise BadRequestError(_explain(kind, str(error))) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadRequestError(f"body field {twice[:80]!r} is given twice; give it once")
    return found


def _no_number(word: str) -> NoReturn:
    raise BadRequestError(f"the body is no JSON: {word} is no number; write null where nothing is known")


def _check_values(value: Any, place: str, depth: int) -> None:
    """Refuse text and whole numbers that the database cannot store, wherever they stand."""
    if depth < 0:
        raise BadRequestError(f"the body is nested too deeply; at most {MOST_DEPTH} levels are taken")
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise BadRequestError(f"body field {place.lstrip('.')[:80]}: takes no NUL and no half of a surrogate pair")
    elif isinstance(value, int) and abs(value) >= 2**63:
        raise BadRequestError(f"body field {place.lstrip('.')[:80]}: {str(value)[:20]}… is too large a number")
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_values(name, f"{place}.{name}", depth)
            _check_values(part, f"{place}.{name}", depth - 1)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            _check_values(part, f"{place}[{number}]", depth - 1)


def _explain(kind: type[Any], message: str) -> str:
    """Name the field and what it must be, instead of msgspec's path."""
    problem, _, place = message.replace(BLANK, "must not be blank").partition(" - at `")
    field = place.removeprefix("key in `").rstrip("`").removeprefix("$").lstrip(".")
    for before, after in (("Object missing required field ", "is missing"), ("Object contains unknown", "")):
        if problem.startswith(before):
            name = problem.rpartition(" `")[2].rstrip("`")
            whole = f"{field}.{name}" if field else name
            return f"body field {whole[:160]} " + (after or f"is not known here{_known(kind, field)}")
    problem = problem[:1].lower() + problem[1:]
    if not field:
        return f"the body: {problem}; send a JSON object"
    about = _described(kind, field)
    return f"body field {field[:160]}: {problem}" + (f" ({about})" if about else "")


def _known(kind: type[Any], field: str) -> str:
    return "" if field else f"; known are {', '.join(kind.__struct_encode_fields__)}"


def _described(kind: type[Any], field: str) -> str:
    properties: dict[str, Any] = msgspec.json.schema(kind)["$defs"][kind.__name__]["properties"]
    found = properties.get(field, {})
    return next((str(one["description"]) for one in (found, *found.get("anyOf", ())) if "description" in one), "")
