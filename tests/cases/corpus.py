"""Reads the `.toml` files beside it: one table a case, named as the case, which is also the id of its device.

Keys of a case:

* `topic`: `TERMINAL` and `CASE` stand for ids of the test's own; without it `port/TERMINAL/crane/CASE/telemetry`.
* `payload`: the text; or `hex`: bytes in hexadecimal; or `parts`: a list of texts and of `[times, text]`, for what is
  too long to be written down. `NOW` is the clock in milliseconds, `NOW-250` and `NOW+250` are that far from it,
  `INSTANT` is the same second in UTC without offset, `LIMA` the same at -05:00, `YESTERDAY` and `TODAY` are dates;
  `COUNT` is a number that grows by one from text to text of a part.
* `stored`: samples that are stored, 0 without it; `quarantined`: reasons, of each refusal one,
  `"3 not_object"` is one three times; `duplicate`: samples that are there already.
* `out_of_range`: values left out; `row`: values of the first sample stored; `absent`: signals that it does not hold;
  `at`: its time, written as in the payload; `extra`: its keys that are no signals.
* `statuses`, `documents`: status messages, and documents such as vessel calls, that are taken.
* `cut_off`: the broker itself ends the connection, so that only the reader of topics can be tried.
* `why`: what a reader might ask.
"""

import itertools
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from infra.clock import from_us

FOLDER = Path(__file__).parent
LIMA = timezone(timedelta(hours=-5))
WORDS = re.compile(rb"NOW([+-]\d+)?|INSTANT|LIMA|YESTERDAY|TODAY")


@dataclass(frozen=True, slots=True)
class Case:
    """One message and what must become of it; see the module for the meaning of each."""

    name: str
    topic: str = "port/TERMINAL/crane/CASE/telemetry"
    payload: str | None = None
    hex: str | None = None
    parts: list[Any] | None = None
    stored: int = 0
    quarantined: list[str] = field(default_factory=list)
    duplicate: int = 0
    out_of_range: int = 0
    row: dict[str, Any] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    at: str | None = None
    extra: dict[str, Any] | None = None
    statuses: int = 0
    documents: int = 0
    cut_off: bool = False
    why: str = ""

    def topic_in(self, terminal: str) -> str:
        """The topic within a terminal."""
        return self.topic.replace("TERMINAL", terminal).replace("CASE", self.name)

    def bytes_at(self, now_ms: int) -> bytes:
        """The payload, as a device would send it at a time. [ms since 1970 UTC]."""
        if self.hex is not None:
            return bytes.fromhex(self.hex)
        if self.payload is not None:
            return _filled(self.payload.encode(), now_ms)
        assert self.parts is not None, f"{self.name} has no payload"
        return b"".join(_filled(_part(part), now_ms) for part in self.parts)

    def reasons(self) -> Counter[str]:
        """How often each reason for quarantine must be given."""
        found: Counter[str] = Counter()
        for expected in self.quarantined:
            times, _, reason = expected.rpartition(" ")
            found[reason] += int(times or 1)
        return found

    def instant(self, now_ms: int) -> datetime | None:
        """The time that its first sample must have, None where the case has none."""
        if self.at is None:
            return None
        text = _filled(self.at.encode(), now_ms).decode()
        return from_us(int(text) * 1000) if text.isdigit() else datetime.fromisoformat(text).astimezone(UTC)


def _part(part: Any) -> bytes:
    if isinstance(part, str):
        return part.encode()
    times, text = part
    if "COUNT" not in text:
        return bytes(text.encode() * times)
    return b"".join(text.replace("COUNT", str(n)).encode() for n in range(times))


def _filled(text: bytes, now_ms: int) -> bytes:
    now = from_us(now_ms * 1000)

    def word(found: re.Match[bytes]) -> bytes:
        if found[0].startswith(b"NOW"):
            return b"%d" % (now_ms + int(found[1] or 0))
        dates = {
            b"INSTANT": f"{now:%Y-%m-%dT%H:%M:%S}",
            b"LIMA": f"{now.astimezone(LIMA):%Y-%m-%dT%H:%M:%S}",
            b"YESTERDAY": f"{now - timedelta(days=1):%Y-%m-%d}",
            b"TODAY": f"{now:%Y-%m-%d}",
        }
        return dates[found[0]].encode()

    return WORDS.sub(word, text)


def load() -> list[Case]:
    """All cases, each name once."""
    files = sorted(FOLDER.glob("*.toml"))
    tables = itertools.chain.from_iterable(tomllib.loads(file.read_text("utf-8")).items() for file in files)
    cases = [Case(name, **table) for name, table in tables]
    names = [case.name for case in cases]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
    return cases


CASES = load()
