"""The source of docs/guides/add-a-source.md does what the guide promises."""

import asyncio
import json
from pathlib import Path

import pytest

from infra.settings import load
from ingest.source import registry
from ingest.source.protocol import Inbound, Source, Start
from processing.model.errors import QuaystreamError
from tests.conftest import eventually
from tests.guides import blocks, module

FILE, ROW = blocks("add-a-source")
SOURCE = module("file_source", FILE)
REGISTRY = module("source_row", ROW, **{**vars(registry), "FileSource": SOURCE.FileSource})


class Taken:
    """A receiver that keeps what comes."""

    def __init__(self) -> None:
        self.messages: list[Inbound] = []

    def received(self, messages: list[Inbound]) -> None:
        """Keep them."""
        self.messages += messages

    def connected(self) -> None:
        """A file has no connections."""

    def lost(self) -> None:
        """A file forgets nothing."""
        pytest.fail("nothing was lost")

    @property
    def payloads(self) -> list[bytes]:
        """What came."""
        return [message.payload for message in self.messages]


def line(payload: str) -> str:
    """A line as the recorder writes it."""
    return json.dumps({"topic": "port/pechy/crane/sts1/telemetry", "payload": payload}) + "\n"


def append(path: Path, *lines: str) -> None:
    """What the recorder does."""
    with path.open("a") as file:
        file.writelines(lines)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A file with three messages."""
    path = tmp_path / "recorded.jsonl"
    append(path, line("a"), line("b"), line("ü"))
    return path


def source(path: Path, *, ran_before: bool = False) -> Source:
    """The source as the registry makes it."""
    start = Start(load({"QUAYSTREAM_SOURCE_URL": f"file://{path}"}), ["port/#"], ran_before)
    made: Source = REGISTRY.SOURCES["file"](start)
    return made


@pytest.fixture
def short_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is looked at without a pause."""
    monkeypatch.setattr(SOURCE, "POLL_S", 0.001)


@pytest.mark.usefixtures("short_polls")
async def test_lines_come_in_order_and_so_do_those_that_are_appended(recorded: Path) -> None:
    taken = Taken()
    async with source(recorded).receive(taken):
        await eventually(lambda: len(taken.messages) == 3)
        whole = line("d")
        append(recorded, "no JSON\n", whole[:10])
        await eventually(lambda: len(taken.messages) == 4)
        append(recorded, whole[10:])
        await eventually(lambda: len(taken.messages) == 5)
    assert taken.payloads == [b"a", b"b", "ü".encode(), b"no JSON", b"d"]
    assert [message.topic for message in taken.messages[2:4]] == ["port/pechy/crane/sts1/telemetry", str(recorded)]


@pytest.mark.usefixtures("short_polls")
async def test_a_restart_goes_on_behind_what_was_acknowledged(recorded: Path) -> None:
    """What may have come before is marked; what the recorder appended meanwhile is not."""
    taken, again = Taken(), Taken()
    first = source(recorded)
    async with first.receive(taken):
        await eventually(lambda: len(taken.messages) == 3)
        first.acknowledge([message.token for message in taken.messages[:2]])
    async with source(recorded, ran_before=True).receive(again):
        await eventually(lambda: len(again.messages) == 1)
        append(recorded, line("d"))
        await eventually(lambda: len(again.messages) == 2)
    assert again.payloads == ["ü".encode(), b"d"]
    assert [message.redelivered for message in taken.messages + again.messages] == [False] * 3 + [True, False]


@pytest.mark.usefixtures("short_polls")
async def test_nothing_comes_while_reading_is_off(recorded: Path) -> None:
    taken, one = Taken(), source(recorded)
    one.reading(False)
    async with one.receive(taken):
        for _ in range(20):
            await asyncio.sleep(0)
        assert taken.messages == []
        one.reading(True)
        await eventually(lambda: len(taken.messages) == 3)


async def test_a_file_that_is_not_there_ends_the_worker_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(QuaystreamError, match=r"QUAYSTREAM_SOURCE_URL: there is no file .*/missing"):
        async with source(tmp_path / "missing").receive(Taken()):
            pytest.fail("it is not there")
