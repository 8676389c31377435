"""Limits and odd forms of move lists, beyond what the golden cases hold."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.tos import edifact
from infra.tos.files import Reading, ReadingError, format_of, names_of, read
from processing.reconcile import coarri, csv_list
from processing.reconcile.move_list import MOST_LINES, Cranes, TosError
from processing.tos.table import MOST_BYTES, separator
from tests.length import length

CRANES = Cranes({"sts1"})
ROW = "load,2026-11-23T14:00:00Z\n"


def problems(raw: bytes) -> list[str]:
    return [str(problem) for problem in csv_list.read(raw, CRANES, None).problems]


def test_fifty_thousand_lines_are_read_and_not_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit; it is reached at the unit level with fewer."""
    assert MOST_LINES == 50_000
    most = length(2_000, MOST_LINES)
    monkeypatch.setattr(csv_list, "MOST_LINES", most)
    whole = f"kind,time\n{ROW * most}".encode()
    assert len(csv_list.read(whole, CRANES, None).moves) == most
    assert problems(whole + ROW.encode()) == [f"line {most + 2}, file: has more than {most} lines; split it by call"]


def test_ten_megabytes_are_the_limit() -> None:
    assert problems(b"x" * (MOST_BYTES + 1)) == ["file: has 10000001 bytes; at most 10000000 are read"]
    with pytest.raises(TosError, match="has 10000001 bytes"):
        edifact.segments(b"x" * (MOST_BYTES + 1))


def test_the_first_fifty_problems_are_listed() -> None:
    found = csv_list.read(f"kind,time\n{'lift,2026-11-23T14:00:00Z' + chr(10)}".encode() * 1, CRANES, None)
    found.problems *= 60
    with pytest.raises(TosError) as raised:
        found.checked()
    assert str(raised.value).count("'lift' is unknown") == 50
    assert str(raised.value).endswith("… and 10 more")


@pytest.mark.parametrize(
    ("head", "sign"),
    [
        ("kind,time", ","),
        ("kind;time", ";"),
        ("kind\ttime", "\t"),
        ("kind", ","),
        ('"kind";"time"', ";"),
        ("kind;weight,kg;time", ";"),
        ("a,b,c,d;kind;time", ";"),
        ("Move Kind,Move-Time;x", ","),
    ],
)
def test_the_separator_is_the_one_that_finds_most_columns(head: str, sign: str) -> None:
    assert separator(head) == sign


def test_nul_and_utf_16_are_refused() -> None:
    assert "holds NUL" in problems(b"kind,time\n\0")[0]
    assert "is not UTF-8 (line 1, byte 0)" in problems("kind,time\n".encode("utf-16"))[0]


@pytest.mark.parametrize(
    ("raw", "format"),
    [
        (b"UNA:+.? '", "coarri"),
        (b"\r\n UNB+", "coarri"),
        (b"\xef\xbb\xbfUNB+", "coarri"),
        (b"unit,kind", "csv"),
        (b"", "csv"),
    ],
)
def test_the_format_shows_at_the_beginning(raw: bytes, format: str) -> None:  # noqa: A002 - its name
    assert format_of(raw) == format


def test_names_of_cranes() -> None:
    assert names_of(["QC01=sts1", " qc 2 = sts2 "]) == {"QC01": "sts1", "qc 2": "sts2"}
    for wrong in ("QC01", "=sts1", "QC01=", "="):
        with pytest.raises(ReadingError, match="THEIRS=OURS"):
            names_of([wrong])


@pytest.mark.parametrize("zone", ["Lima", "../../etc/passwd", "/etc/passwd", "a\0b", "America"])
def test_an_unknown_zone_is_reported(zone: str) -> None:
    with pytest.raises(ReadingError, match="time zone"):
        read(b"kind,time\n", Reading("csv", zone), {"sts1"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "does not begin with UNA or UNB"),
        ("UNA", "begins with UNA, which must name six different signs"),
        ("UNA++++++UNB'", "begins with UNA, which must name six different signs"),
        ("UNB+1\0'", "holds NUL"),
        ("UNB+1", "segment 1, syntax: ends without"),
        ("UNB+1'UNH+1?'", "segment 2, syntax: cannot be read"),
        (
            "UNB+1'XYZ+?\nEQD+CN'",
            'segment 2, syntax: cannot be read: Newlines after escape characters are not allowed ("XYZ+?\\nEQD+CN\'")',
        ),
        ("UNB+1'UN+1'", "segment 2, syntax: begins with 'UN', which is no tag"),
        ("UNB+1'+'", "segment 2, syntax: begins with ''"),
        ("UNB+1'UNH:1+1'", "segment 2, syntax: begins with"),
        ("UNB+1''UNH+1'", "segment 2, syntax: begins with"),
    ],
)
def test_malformed_edifact_is_reported_with_its_segment(text: str, expected: str) -> None:
    with pytest.raises(TosError) as error:
        edifact.segments(text.encode())
    assert expected in str(error.value)


@given(st.text(alphabet="UNABHT+:.?' \n1203CODTMEQ,\xe9", max_size=60), st.booleans())
def test_any_text_is_read_or_refused_as_edifact(text: str, begun: bool) -> None:
    raw = ("UNA:+.? 'UNB+UNOA:2'" + text if begun else text).encode()
    with contextlib.suppress(TosError):
        found = coarri.read(edifact.segments(raw), None)
        assert found.moves or found.problems


@given(st.text(alphabet='kindtmecraload,;\t"\n\r0123456789-:TZ\x0b\u2028\xe9', max_size=80), st.booleans())
def test_any_text_is_read_or_refused_as_csv(text: str, begun: bool) -> None:
    found = csv_list.read(("kind,time,container\n" + text if begun else text).encode(), CRANES, None)
    assert found.moves or found.problems
