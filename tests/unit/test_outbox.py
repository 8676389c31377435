"""The gateway's outbox: what it accepted is there until it is acknowledged end to end, and no longer."""

from pathlib import Path

import pytest

from simulators.gateway.outbox import Outbox, OutboxFullError, Record


def record(seq: int, boot: str = "b1", device: str = "sts1") -> Record:
    """A record of a crane."""
    return Record("crane", device, boot, seq, f"port/t/crane/{device}/telemetry", f"{boot} {seq}".encode())


def payloads(outbox: Outbox) -> list[bytes]:
    """All that it holds, oldest first."""
    return [payload for _, _, payload in outbox.after(0, 1_000)]


def test_exactly_what_is_acknowledged_is_dropped(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o") as outbox:
        outbox.put([record(n) for n in range(1, 6)] + [record(3, "b2"), record(3, device="sts2")])
        assert outbox.delivered("crane", "sts1", "b1", 2, 4) == 3
        assert payloads(outbox) == [b"b1 1", b"b1 5", b"b2 3", b"b1 3"]
        assert outbox.delivered("crane", "sts1", "b1", 2, 4) == 0
        assert outbox.delivered("reefer", "sts1", "b1", 1, 9) == 0
        assert outbox.delivered("crane", "sts1", None, 1, 9) == 0
        assert len(outbox) == 4


def test_it_goes_on_after_a_restart_and_takes_a_record_once(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o") as outbox:
        outbox.put([record(1), record(2)])
    with Outbox(tmp_path / "o") as outbox:
        outbox.put([record(2), record(3)])
        assert payloads(outbox) == [b"b1 1", b"b1 2", b"b1 3"]
        assert (len(outbox), outbox.oldest()) == (3, 1)
        outbox.delivered("crane", "sts1", "b1", 1, 3)
        assert (len(outbox), outbox.oldest()) == (0, None)


def test_what_does_not_fit_is_refused_whole_with_what_to_do(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o", most=3) as outbox:
        outbox.put([record(1), record(2)])
        with pytest.raises(OutboxFullError, match="holds 2 records, 3 fit"):
            outbox.put([record(3), record(4)])
        assert payloads(outbox) == [b"b1 1", b"b1 2"]
        outbox.put([record(3)])
