"""Messages about boxes: golden cases of files, which messages hold, and odd files.

`python -m tests.unit.test_tos_events` writes what is read now; look at every difference before it is kept.
"""

from itertools import permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.tos import messages
from processing.containers import iso6346
from processing.reconcile.report import utc
from processing.tos import times
from processing.tos.event import Function, TosEvent, TosMessage, held
from processing.tos.reading import Reading, ReadMessage
from processing.tos.segments import time_of

CASES = Path(__file__).parents[1] / "cases" / "tos_events"
NOW_US = times.read("2026-11-24T00:00:00Z", None)
LIMA = Reading("pechy", ZoneInfo("America/Lima"), NOW_US)


def report(case: Path) -> str:
    """What is read of a case."""
    (file,) = case.glob("file.*")
    return "\n".join(line for one in messages.read(file.read_bytes(), LIMA) for line in lines(one)) + "\n"


def lines(one: ReadMessage) -> list[str]:
    """One message as text."""
    head = [] if one.message is None else [shown(one.message)]
    return [*head, *(f"  {stated(event)}" for event in one.events), *(f"! {problem}" for problem in one.problems)]


def shown(message: TosMessage) -> str:
    prepared = "-" if message.prepared_us is None else utc(message.prepared_us)
    whole = "" if message.complete else ", breaks off"
    number = f"{message.document or '-'} version {message.version}"
    return (
        f"{message.ordinal}: {message.kind} of {message.sender or '-'}, {number} {message.function}, {prepared}{whole}"
    )


def stated(event: TosEvent) -> str:
    at = "-" if event.time_us is None else utc(event.time_us)
    right = "" if event.check_ok else " faulty"
    box = event.container_id + (f" ({event.container_raw})" if event.container_raw != event.container_id else "")
    names = ("place", "vessel", "voyage", "stowage", "plate", "empty_indicator", "size_type", "gross_weight_kg")
    values = [f"{name}={getattr(event, name)}" for name in names if getattr(event, name) is not None]
    values += [*event.reference_numbers, *event.seals]
    return " ".join(
        [f"{event.line}: {at} {box}{right} {event.event}", *values, *(f"[{one}]" for one in event.problems)]
    )


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_a_file_is_read_as_far_as_it_can_be(case: Path) -> None:
    assert report(case) == (case / "expected.txt").read_text()


def message(
    name: str, function: Function = "adds", version: int = 0, at: int = 0, ordinal: int = 1, *, complete: bool = True
) -> TosMessage:
    return TosMessage("t", name, "s", "coarri", "1", version, function, complete, at, ordinal)


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([message("a"), message("b", at=1)], "ab"),  # senders who give every message the same number lose none
        ([message("a"), message("b", "replaces", at=1)], "b"),
        ([message("z"), message("b", "replaces")], "b"),  # prepared in the same minute
        ([message("a", at=2), message("b", "replaces", at=1)], "ab"),  # prepared before: what comes later adds to it
        ([message("a"), message("b", "cancels", at=1)], ""),
        ([message("a"), message("b", "cancels", at=1), message("c", at=2)], "c"),
        ([message("a", version=1, at=9), message("b", version=2, at=3)], "b"),
        ([message("a", "replaces", 1, 9), message("b", "adds", 2, 3), message("c", "replaces", 2, 4)], "c"),
        ([message("a"), message("b", ordinal=2), message("c", "replaces", at=0, ordinal=3)], "c"),
        ([message("a", complete=False), message("b")], "b"),  # the same file once more, whole
        ([message("a", complete=False), message("b", at=1)], "ab"),
        ([message("a", complete=False, ordinal=2), message("b")], "ab"),
        ([message("a"), message("b", "replaces", at=1, complete=False)], "ab"),  # nothing is lost with what broke off
        ([message("a"), message("b", version=1, at=1, complete=False)], "ab"),
        ([], ""),
    ],
)
def test_which_messages_of_a_document_hold(messages: list[TosMessage], expected: str) -> None:
    for some in permutations(messages):
        assert "".join(sorted(held(some))) == expected


def test_a_message_is_the_same_in_another_interchange_and_another_file() -> None:
    raw = (CASES / "codeco-whole" / "file.edi").read_bytes()
    later = (
        raw.replace(b"20261123:1905+4712", b"20261125:0000+9999")
        .replace(b"UNH+7", b"UNH+9")
        .replace(b"UNT+9+7", b"UNT+9+9")
    )
    assert ids(raw) == ids(later)
    assert ids(raw) != ids(raw.replace(b"22G1", b"42G1"))
    table = b"container,event,time\nMSCU1234566,in,2026-11-23 09:10\n"
    assert ids(table) == ids(table.replace(b"time\n", b"time\nCSQU3054383,in,\n"))[1:]


def test_interchanges_are_read_the_same_however_they_are_bundled() -> None:
    first = b"UNB+UNOA:2+A+B+261123:1900+1'UNH+1+CODECO'BGM+34+1+9'EQD+CN+MSCU1234566'"
    second = b"UNB+UNOA:2+C+B+wrong+2'UNH+1+CODECO'BGM+34+1+9'EQD+CN+MSCU1234566'UNT+4+1'UNZ+1+2'"
    together = [one for one in messages.read(first + second, LIMA) if one.message is not None]
    apart = [one for raw in (first, second) for one in messages.read(raw, LIMA) if one.message is not None]
    assert [one.message for one in together] == [one.message for one in apart]
    assert [(one.message.sender, one.message.ordinal) for one in together if one.message] == [("A", 1), ("C", 1)]
    problems = [str(problem) for one in messages.read(first + second, LIMA) for problem in one.problems]
    assert "segment 2, UNT: this message has no end (UNT) before the next interchange begins (UNH+1+CODECO)" in problems
    assert "segment 4, UNZ: this interchange has no end (UNZ): another one begins" in problems
    assert not any("there is no message" in one for one in problems)


def test_of_a_message_that_stands_twice_in_a_file_the_first_counts() -> None:
    message = b"UNH+1+CODECO'BGM+34+1+9'EQD+CN+MSCU1234566'UNT+4+1'"
    raw = b"UNB+UNOA:2+A+B+261123:1900+1'%bUNZ+1+1'UNB+UNOA:2+A+B+261123:1859+1'%b%bUNZ+1+1'"
    (head,) = messages.heads_of(messages.read(raw % (message, message, message), LIMA)).values()
    assert (utc(head.prepared_us or 0), head.ordinal) == ("2026-11-23 23:59:00Z", 1)


def test_a_long_number_is_stored_as_it_is_read_later() -> None:
    raw = b"container,event,version\nMSCU1234566 OF THE SHIP OF TUESDAY,in,0\n"
    (found,) = messages.read(raw, LIMA)
    (event,) = found.events
    assert event.container_id == iso6346.read(event.container_raw).number
    assert [one.field for one in found.problems] == ["time", "container"]  # version 0 is one


def test_a_time_that_should_have_an_offset_is_local_without() -> None:
    assert time_of("202611231405", "303", LIMA.zone) == time_of("202611231405-05", "303", None)
    assert time_of("202611231405UTC", "303", LIMA.zone) == time_of("202611231405+00", "303", None)
    with pytest.raises(ValueError, match="has no offset; name the zone"):
        time_of("202611231405", "303", None)


def ids(raw: bytes) -> list[str]:
    return [one.message.message_id for one in messages.read(raw, LIMA) if one.message is not None]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "file: is empty; its first line names the columns"),
        (b"container,what\n", "line 1, event: no column of that name (or event_type, kind"),
        (b"event,what\n", "line 1, container: no column of that name"),
        (b'"container,event\n', "line 1, row: is no CSV"),
        (b"\xff", "file: is not UTF-8 (line 1, byte 0)"),
        (b"UNA", "file: begins with UNA, which must name six different signs"),
        (b"UNB+UNOA:2+A+B+261123:1900+1'UNZ+0+1'", "UNH: there is no message in it"),
        (b"UNB+UNOA:2+A+B+26:1+1'UNZ+0+1'", "segment 1, UNB: time of preparation: '261' does not have the 10 digits"),
    ],
)
def test_a_file_without_a_message_states_why(raw: bytes, expected: str) -> None:
    found = list(messages.read(raw, LIMA))
    assert not any(one.message for one in found)
    assert str(found[0].problems[0]).startswith(expected)


def test_local_times_need_a_zone() -> None:
    raw = (CASES / "codeco-whole" / "file.edi").read_bytes()
    first, second = messages.read(raw, Reading("pechy", None, NOW_US))
    assert (first.problems, first.events[0].time_us is not None) == ([], True)  # it has an offset
    assert str(second.problems[0]).startswith("segment 14, DTM: 2026-11-23 19:30 has no offset; name the zone")


@given(st.text(alphabet="UNABHTZEQDCOGMLS+:.?' \n1203459", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    begins = "UNB+UNOA:2+A+B+261123:1900+1'UNH+1+CODECO'BGM+34+1+9'EQD+CN+A'"
    for raw in (text, begins + text):
        found = list(messages.read(raw.encode(), LIMA))
        assert any(one.message or one.problems for one in found)


if __name__ == "__main__":
    for folder in CASES.iterdir():
        (folder / "expected.txt").write_text(report(folder))
