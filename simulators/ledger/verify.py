"""Ledger beside database, as Jepsen does it: ok, lost, duplicate, unexpected, recovered; order; facts.

Pure: `stored.py` reads the database, here it is compared.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulators.ledger.records import Records, key
from simulators.ledger.script import FIRST, SAMPLES, SETTLED, Move, move, seq_at

EXAMPLES = 3
"""Records of each set that a report names."""


@dataclass(frozen=True)
class Stored:
    """What the database holds of one ledger's terminal. Row arrays of shape (n,).

    Attributes:
        device: place in the ledger's head, -1 for one that it does not know, or for another boot.
        seq, digest, received_us: of each row.
        names: of the rows, for the examples.
        quarantined: (device, seq) of samples of the ledger in quarantine, one entry a row.
        messages: `message_digest` of every message in quarantine.
        moves: (device place, -1 unknown; move) of every row of v_crane_move.
    """

    device: NDArray[np.int64]
    seq: NDArray[np.int64]
    digest: NDArray[np.uint64]
    received_us: NDArray[np.int64]
    names: list[str]
    quarantined: list[tuple[int, int]] = field(default_factory=list)
    messages: Counter[int] = field(default_factory=Counter)
    moves: list[tuple[int, Move]] = field(default_factory=list)


@dataclass
class Report:
    """What the comparison found.

    Attributes:
        sent, acked: in the ledger.
        ok: acknowledged, and there once, as sent (or once in quarantine).
        lost: acknowledged, and neither a row nor in quarantine.
        duplicate: there more than once; rows beyond the first are counted.
        unexpected: rows that were never sent, or differ from what was sent.
        recovered: not acknowledged, and there.
        unheard: of the lost, those that the broker acknowledged with "no matching subscribers".
        quarantined: samples and poison messages of the ledger in quarantine.
        poison: poison messages acknowledged; a lost one is among `lost`, one stored as a row among `unexpected`.
        disorder: rows received before an earlier sample of their device.
        facts: moves that are as they must be.
        missing, invented, altered: moves that are not.
        examples: a few of each kind of fault.
    """

    sent: int = 0
    acked: int = 0
    ok: int = 0
    lost: int = 0
    duplicate: int = 0
    unexpected: int = 0
    recovered: int = 0
    unheard: int = 0
    quarantined: int = 0
    poison: int = 0
    disorder: int = 0
    facts: int = 0
    missing: int = 0
    invented: int = 0
    altered: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def zero(self) -> bool:
        """Nothing lost, nothing twice, nothing unexpected, nothing out of order, every fact as it must be."""
        return not self.faults

    @property
    def faults(self) -> dict[str, int]:
        """Sets that must be empty and are not."""
        names = ("lost", "duplicate", "unexpected", "disorder", "missing", "invented", "altered")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def __add__(self, other: "Report") -> "Report":
        """Of several ledgers together."""
        mine, theirs = asdict(self), asdict(other)
        return Report(**{name: mine[name] + theirs[name] for name in mine})


def compare(ledger: Records, stored: Stored) -> Report:
    """Compare one ledger with what the database holds."""
    report = Report(sent=len(ledger), acked=int(ledger.acked.sum()))
    rows = _rows_of(ledger, stored, report)
    present = _samples(ledger, stored, rows, report)
    _order(ledger, stored, rows, report)
    if ledger.head.step_ms:
        _facts(ledger, present, stored.moves, report)
    return report


def missing(ledger: Records, stored: Stored) -> NDArray[np.bool_]:
    """Which records the database holds neither as row nor in quarantine. Shape (n,)."""
    unused = Report()
    return ~_samples(ledger, stored, _rows_of(ledger, stored, unused), unused)


def _rows_of(ledger: Records, stored: Stored, report: Report) -> NDArray[np.int64]:
    """Record of each row, -1 for rows that were never sent; altered rows keep their record."""
    if not len(ledger):
        found = np.full(len(stored.device), -1)
    else:
        keys = key(ledger.device, ledger.seq)
        order = np.argsort(keys, kind="stable")
        wanted = key(stored.device, stored.seq)
        at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
        found = np.where((stored.device >= 0) & (keys[order][at] == wanted), order[at], -1)
        found = np.where((found >= 0) & ledger.poison[found], -1, found)
    _add_examples(report, "never sent", [stored.names[i] for i in np.flatnonzero(found < 0)])
    altered = (found >= 0) & (stored.digest != (ledger.digest[found] if len(ledger) else stored.digest))
    _add_examples(report, "altered", [stored.names[i] for i in np.flatnonzero(altered)])
    report.unexpected = int((found < 0).sum() + altered.sum())
    return np.asarray(found)


def _samples(ledger: Records, stored: Stored, rows: NDArray[np.int64], report: Report) -> NDArray[np.bool_]:
    """Count the sets; which records are there, as row or in quarantine."""
    times = np.bincount(rows[rows >= 0], minlength=len(ledger)) if len(ledger) else np.zeros(0, np.int64)
    place = (
        {(d, s): i for i, (d, s) in enumerate(zip(ledger.device.tolist(), ledger.seq.tolist(), strict=True))}
        if stored.quarantined
        else {}
    )
    for entry in stored.quarantined:
        if entry in place and not ledger.poison[place[entry]]:  # a poison message counts below, as a whole
            times[place[entry]] += 1
            report.quarantined += 1
    for i in np.flatnonzero(ledger.poison).tolist():
        count = stored.messages[int(ledger.digest[i])]
        times[i] += count
        report.quarantined += count
    altered = np.zeros(len(ledger), bool)
    of_rows = rows >= 0
    altered[rows[of_rows][stored.digest[of_rows] != ledger.digest[rows[of_rows]]]] = True
    lost = ledger.acked & (times == 0)
    _add_examples(report, "lost", [_name(ledger, int(i)) for i in np.flatnonzero(lost)])
    _add_examples(report, "twice", [_name(ledger, int(i)) for i in np.flatnonzero(times > 1)])
    report.lost = int(lost.sum())
    report.unheard = int((lost & ledger.unheard).sum())
    report.duplicate = int(np.maximum(times - 1, 0).sum())
    report.recovered = int((~ledger.acked & (times > 0)).sum())
    report.ok = int((ledger.acked & (times == 1) & ~altered).sum())
    report.poison = int((ledger.acked & ledger.poison).sum())
    return np.asarray(times > 0)


def _order(ledger: Records, stored: Stored, rows: NDArray[np.int64], report: Report) -> None:
    """Rows of a device must have been received in the order in which they were sent."""
    known = np.flatnonzero(rows >= 0)
    if not len(known):
        return
    known = known[np.lexsort((rows[known], ledger.device[rows[known]]))]
    same = np.diff(ledger.device[rows[known]]) == 0
    early = known[1:][same & (np.diff(stored.received_us[known]) < 0)]
    _add_examples(report, "received before an earlier one", [stored.names[i] for i in early])
    report.disorder = len(early)


def _facts(ledger: Records, present: NDArray[np.bool_], stored: list[tuple[int, Move]], report: Report) -> None:
    """Moves whose samples were all acknowledged must be there; those whose unlock was sent may be."""
    required, allowed = expected_moves(ledger, present)
    unsure = _unsure(ledger)
    stored = [(device, move) for device, move in stored if not _is_in(unsure, device, move.locked_ms)]
    required = {which for which in required if not _is_in(unsure, *which)}
    found: dict[tuple[int, int], Move] = {}
    for device, is_there in stored:
        which = device, is_there.locked_ms
        if which in allowed and which not in found:
            found[which] = is_there
        else:
            report.invented += 1
            _add_examples(report, "invented move", [f"{_device(ledger, device)} {is_there}"])
    missing = [which for which in required if which not in found]
    altered = [which for which, is_there in found.items() if is_there != allowed[which]]
    _add_examples(report, "missing move", [f"{_device(ledger, which[0])} {allowed[which]}" for which in missing])
    _add_examples(
        report, "altered move", [f"{_device(ledger, w[0])} {found[w]}, expected {allowed[w]}" for w in altered]
    )
    report.missing, report.altered = len(missing), len(altered)
    report.facts = len(found) - len(altered)


def _unsure(ledger: Records) -> dict[int, list[tuple[int, int]]]:
    """By device, spans of event time in which samples are excused: their cycle, and the ones before and after. [ms]."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for device, seqs in ledger.excused.items():
        for number in {(seq - 1) // SAMPLES for seq in seqs}:
            first, last = seq_at(number - 1, 0), seq_at(number + 2, 0)
            clock = ledger.head.clock
            spans.setdefault(device, []).append((clock.time_ms(device, first), clock.time_ms(device, last)))
    return spans


def _is_in(spans: dict[int, list[tuple[int, int]]], device: int, at_ms: int) -> bool:
    return any(begin <= at_ms < end for begin, end in spans.get(device, ()))


def expected_moves(
    ledger: Records, present: NDArray[np.bool_]
) -> tuple[set[tuple[int, int]], dict[tuple[int, int], Move]]:
    """Moves that must be there, and all that may be, by (device place, lock time [ms]).

    Args:
        ledger: of scripted samples.
        present: which records the database holds.
    """
    required: set[tuple[int, int]] = set()
    allowed: dict[tuple[int, int], Move] = {}
    for device in range(len(ledger.head.devices)):
        mine = (ledger.device == device) & ~ledger.poison
        sent = set(ledger.seq[mine].tolist())
        certain = set(ledger.seq[mine & (ledger.acked | present)].tolist())
        for number in range((max(sent, default=0) + SAMPLES - 1) // SAMPLES):
            is_due = move(device, number, ledger.head.clock)
            if is_due is None or seq_at(number, FIRST["unlock"]) not in sent:
                continue
            allowed[device, is_due.locked_ms] = is_due
            if all(seq_at(number, place) in certain for place in range(SETTLED + 1)):
                required.add((device, is_due.locked_ms))
    return required, allowed


def _add_examples(report: Report, what: str, names: list[str]) -> None:
    room = EXAMPLES - sum(text.startswith(f"{what}: ") for text in report.examples)
    report.examples += [f"{what}: {name}" for name in names[: max(room, 0)]]


def _device(ledger: Records, place: int) -> str:
    return ledger.head.devices[place] if place >= 0 else "unknown device"


def _name(ledger: Records, i: int) -> str:
    unheard = " (acknowledged as without subscriber)" if ledger.unheard[i] else ""
    return f"{_device(ledger, int(ledger.device[i]))} seq {ledger.seq[i]}{unheard}"
