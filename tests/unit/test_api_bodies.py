from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from api.http.bodies import Body, parse
from api.http.errors import BadRequestError


class Part(Body, frozen=True):
    """A part of a body."""

    crane: str


class Whole(Body, frozen=True):
    """A body with everything that can be wrong."""

    by: Annotated[str, Meta(min_length=1, description="who states it")]
    count: int = 0
    note: Annotated[str, Meta(max_length=5)] | None = None
    parts: tuple[Part, ...] = ()
    remark: Annotated[str, Meta(pattern=r"\S", description="what to know")] | None = None


def test_a_body() -> None:
    """Fields are taken, defaults fill the rest."""
    got = parse(Whole, '{"by": "Åse", "parts": [{"crane": "sts1"}]}'.encode())
    assert got == Whole(by="Åse", count=0, note=None, parts=(Part("sts1"),))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"{", "the body is no JSON in UTF-8: Expecting"),
        (b"\xff\xfe{}", "the body is no JSON in UTF-8"),
        (b"[]", r"the body: expected `object`, got `array`; send a JSON object"),
        (b"null", "the body: expected `object`"),
        (b'{"by": "x", "count": NaN}', "NaN is no number"),
        (b"{}", "body field by is missing"),
        (b'{"by": ""}', r"body field by: expected `str` of length >= 1 \(who states it\)"),
        (b'{"by": "x", "remark": " "}', r"body field remark: must not be blank \(what to know\)$"),
        (b'{"by": 7}', r"body field by: expected `str`, got `int` \(who states it\)"),
        (b'{"by": "x", "note": "too long"}', "body field note: expected `str` of length <= 5"),
        (b'{"by": "x", "count": "7"}', "body field count: expected `int`, got `str`"),
        (b'{"by": "x", "colour": 1}', "body field colour is not known here; known are by, count, note, parts, remark"),
        (b'{"by": "x", "by": "y"}', "body field 'by' is given twice"),
        (b'{"by": "x", "parts": [{}]}', r"body field parts\[0\].crane is missing"),
        (b'{"by": "x", "parts": [{"crane": "a", "b": 1}]}', r"body field parts\[0\].b is not known here$"),
        (b'{"by": "x", "parts": [{"crane": 1}]}', r"body field parts\[0\].crane: expected `str`, got `int`"),
        (b'{"by": "a\\u0000b"}', "body field by: takes no NUL"),
        (b'{"by": "\\ud800"}', "body field by: takes no NUL and no half"),
        (b'{"by": "x", "parts": [{"crane": "\\udfff"}]}', r"body field parts\[0\].crane: takes no NUL"),
        (b'{"by": ' + b"[" * 20 + b"]" * 20 + b"}", "nested too deeply"),
        (b"[" * 60_000, "nested too deeply"),
        (b'{"by": "x", "count": ' + b"9" * 5_000 + b"}", "the body"),
        (b'{"by": "x", "count": 99999999999999999999999}', "body field count: 99999999999999999999… is too large"),
    ],
)
def test_refused(raw: bytes, message: str) -> None:
    """A wrong body is refused with the field and what it must be."""
    with pytest.raises(BadRequestError, match=message):
        parse(Whole, raw)


@given(st.binary() | st.text().map(str.encode))
def test_any_body_is_taken_or_refused(raw: bytes) -> None:
    """Whatever is sent, the answer is a Struct or a BadRequestError."""
    try:
        got = parse(Whole, raw)
    except BadRequestError:
        return
    assert got.by
