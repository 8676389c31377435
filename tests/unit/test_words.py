"""Names of the product are made of the glossary's words.

`python -m tests.unit.test_words` lists the names that are not, by file; with `--shrink` it takes off the list of names
yet to be changed those that are no more.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.unit.sources import nodes

ROOT = Path(__file__).parents[2]
FOLDERS = ("processing", "ingest", "infra", "api", "simulators", "bench")
BANNED = {"told", "tell", "tells", "telling", "retell", "untold", "say", "says", "saying", "said", "gone", "anew"}
BANNED |= {"keeper", "keepers", "bookkeeper", "book", "board", "remake", "recall", "replay", "quiet"}
"""Words that stand for many things, or for one that has another name: see docs/glossary.md."""
CONTRACTS = {
    "recall": "of a detector, beside its precision: the field's word, and a field of bench/results/score.json",
}
"""Names that others rely on, and why."""
LEFT = Path(__file__).with_name("words_left.txt")
"""Names yet to be changed: a file and its names on each line. It may only shrink."""
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def words(name: str) -> list[str]:
    """The words of a name, split at `_` and at capitals, in lower case."""
    return [word.lower() for word in WORD.findall(name)]


def definitions(module: Iterable[ast.AST]) -> Iterator[str]:
    """Names that a module defines: of functions, classes, parameters, variables and attributes."""
    for node in module:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.asname or ""
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            yield node.name or ""


def banned(names: Iterator[str]) -> list[str]:
    """Names with a banned word in them, each once."""
    return sorted({name for name in names if BANNED.intersection(words(name)) and name not in CONTRACTS})


@cache
def offenders() -> dict[str, list[str]]:
    """Names to be changed by file; a module's own name is one of them."""
    found = {}
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))):
        if "node_modules" not in path.parts:
            names = banned(iter([path.stem, *definitions(nodes(path.read_text()))]))
            if names:
                found[str(path.relative_to(ROOT))] = names
    return found


def left() -> dict[str, list[str]]:
    """What is on the list of names yet to be changed."""
    return {name: rest for name, *rest in map(str.split, LEFT.read_text().splitlines())}


def written(names: dict[str, list[str]]) -> str:
    """The list as text."""
    return "".join(f"{file} {' '.join(listed)}\n" for file, listed in sorted(names.items()))


def test_no_name_has_a_banned_word() -> None:
    listed = left()
    new = {file: [name for name in names if name not in listed.get(file, ())] for file, names in offenders().items()}
    assert {file: names for file, names in new.items() if names} == {}, "use a word of docs/glossary.md"


def test_the_list_of_names_yet_to_be_changed_shrinks() -> None:
    found = offenders()
    done = {file: [name for name in names if name not in found.get(file, ())] for file, names in left().items()}
    assert {file: names for file, names in done.items() if names} == {}, "python -m tests.unit.test_words --shrink"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def tell(): pass", ["tell"]),
        ("class KpiBoard: pass", ["KpiBoard"]),
        ("def f(told, *, said=1): pass", ["said", "told"]),
        ("self.told_us: int = 1\n_untold = 2", ["_untold", "told_us"]),
        ("for gone, (book, _) in x: pass", ["book", "gone"]),
        ("import a as keeper", ["keeper"]),
        ("try: pass\nexcept E as told: pass", ["told"]),
        ("recall = keyboard = retold = told_by.hand = 'told'", []),
        ("print(told, x.told)", []),
    ],
)
def test_definitions_with_banned_words_are_found(source: str, expected: list[str]) -> None:
    assert banned(definitions(nodes(source))) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("_toldUs", ["told", "us"]), ("MQTTBoard2", ["mqtt", "board", "2"]), ("keyboard", ["keyboard"])],
)
def test_names_are_split_into_words(name: str, expected: list[str]) -> None:
    assert words(name) == expected


if __name__ == "__main__":
    present = offenders()
    if sys.argv[1:] == ["--shrink"]:
        kept = {file: [name for name in names if name in present.get(file, ())] for file, names in left().items()}
        LEFT.write_text(written({file: names for file, names in kept.items() if names}))
    sys.stdout.write(written(present))
