"""Texts of the native encoding: what can be stored, and how a wrong value is shown to its sender."""

import json
import math
import re
from typing import Any

from ingest.decode.address import InputError
from ingest.decode.row_types import MAX_TEXT


class SampleError(InputError):
    """A sample is refused."""


def shown(value: Any) -> str:
    """A value in a message to the sender, not the whole of a long one."""
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else text[:57] + "..."


def short(name: str, text: str) -> str:
    """A text that is short enough, and storable."""
    if len(text) > MAX_TEXT:
        raise SampleError("bad_text", f"{name} has {len(text)} characters; send at most {MAX_TEXT}")
    return storable(name, text)


def storable(name: str, text: str) -> str:
    """A text that PostgreSQL can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise SampleError("bad_text", f"{name} holds half a surrogate pair; send valid Unicode") from None
    if "\0" in text:
        raise SampleError("bad_text", f"{name} holds U+0000; leave it out")
    return text


def holds_nul(text: str) -> bool:
    """Whether JSON text holds U+0000, which is more than a backslash before `u0000`."""
    return re.search(r"(?<!\\)(?:\\\\)*\\u0000", text) is not None


def extra_json(rest: dict[str, Any]) -> bytes | None:
    """JSON of the keys that are no signals, None where there are none."""
    if not rest:
        return None
    text = json.dumps(_without_nan(rest), ensure_ascii=False)
    storable("a key that is no signal", text + "\0" * holds_nul(text))
    return text.encode()


def _without_nan(value: Any) -> Any:
    """JSON at rest knows no NaN: such numbers become their names."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    return value
