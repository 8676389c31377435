"""`make score`: the detectors of each stream beside the truth, kept in bench/results; `make docs` shows them."""

import sys

from bench.report import RESULTS
from infra.cli import main
from simulators.score.subjects import SUBJECTS


def reports(arguments: list[str]) -> int:
    """Score every subject, with arguments of `quaystream score`; 1 where a bar is missed."""
    return max(
        main(["score", "--of", name, "--out", str(RESULTS / f"{one.report}.json"), *arguments])
        for name, one in SUBJECTS.items()
    )


if __name__ == "__main__":
    sys.exit(reports(sys.argv[1:]))
