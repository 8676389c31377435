"""Names are made of the glossary's words, and comments use none of those that it replaces.

`python -m tests.unit.test_words` lists the names and the lines that do not, by file.
"""

import ast
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from tests.unit.sources import nodes

ROOT = Path(__file__).parents[2]
FOLDERS = ("processing", "ingest", "infra", "api", "simulators", "bench", "docs", "tests")
BANNED = {"told", "tell", "tells", "telling", "retell", "untold", "say", "says", "saying", "said", "gone", "anew"}
BANNED |= {"keeper", "keepers", "bookkeeper", "book", "board", "remake", "recall", "replay", "quiet"}
"""Words that stand for many things, or for one that has another name: see docs/glossary.md."""
CONTRACTS = {
    "recall": "of a detector, beside its precision: the field's word, and a field of bench/results/score.json",
}
"""Names that others rely on, and why."""
CONTRACT_FILES = {
    "infra/migrations/0009_calls.sql": "applied to databases, never edited; its functions lasted for a transaction",
    "api/dashboard/src/shared/api/schema.ts": "generated: fields of the API",
}
"""Files with such names only, and why."""
PROSE = re.compile(
    r"\b(told|tells?|telling|untold|retell|anew|bookkeepers?|keepers?|remak(?:e|es|ing)|remade)\b", re.IGNORECASE
)
"""Words that comments and docstrings do without; others of `BANNED` are plain English where a subject does them."""
IDENTIFIER = re.compile(r"[^\W\d]\w*")
SQL_ASIDE = re.compile(r"--[^\n]*|'[^']*'")
PAGE_ASIDE = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
"""Comments, and texts of SQL."""
PAGE_NAME = re.compile(r"\b(?:const|let|function|class|interface|type)\s+([\w$]+)|([\w$]+)\??:|\"([\w$]+)\"")
"""What the page defines: also properties, and texts of one word, which are values that code compares."""
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
    return sorted({name for name in names if _holds_banned(name) and name not in CONTRACTS})


@cache
def _holds_banned(name: str) -> bool:
    return not BANNED.isdisjoint(words(name))


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Comments and texts that stand alone, such as docstrings, with their line."""
    before = tokenize.NEWLINE
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
            continue
        if token.type == tokenize.STRING and before in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
            yield token.start[0], token.string
        if token.type != tokenize.NL:
            before = token.type


def files() -> Iterator[tuple[str, str]]:
    """Sources by their paths."""
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))):
        if "node_modules" not in path.parts:
            yield str(path.relative_to(ROOT)), path.read_text()


def named() -> dict[str, list[str]]:
    """Names to be changed by file; a module's own name is one of them.

    Only a module in which such a name stands at all, if as a word of prose, is parsed.
    """
    found = {
        file: banned(iter([Path(file).stem, *(definitions(nodes(source)) if _mentions_banned(source) else ())]))
        for file, source in files()
    }
    return {file: names for file, names in found.items() if names}


def _mentions_banned(source: str) -> bool:
    """Whether a word stands in a source at all, in which few files are looked at for names."""
    lower = source.lower()
    return any(word in lower for word in BANNED) and bool(banned(identifiers(source)))


def identifiers(source: str) -> Iterator[str]:
    """All words of a source that may be names, each once."""
    return iter(set(IDENTIFIER.findall(source)))


def page_names(source: str) -> Iterator[str]:
    """Names that a file of the page defines."""
    return (name for found in PAGE_NAME.findall(PAGE_ASIDE.sub(" ", source)) for name in found if name)


def sql_names(source: str) -> Iterator[str]:
    """All words of a file of SQL that may be names; those of its blocks are among them."""
    blocks = re.findall(r"^-- name: (\w+)", source, re.MULTILINE)
    return iter({*blocks, *identifiers(SQL_ASIDE.sub(" ", source))})


def named_elsewhere() -> dict[str, list[str]]:
    """Names to be changed of SQL and of the page, by file."""
    kinds = {".sql": sql_names, ".ts": page_names, ".tsx": page_names}
    found: dict[str, list[str]] = {}
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.*"))):
        file, aside = str(path.relative_to(ROOT)), {"node_modules", "dist"}.intersection(path.parts)
        if path.suffix in kinds and file not in CONTRACT_FILES and not aside:
            found[file] = banned(kinds[path.suffix](path.read_text()))
    return {file: names for file, names in found.items() if names}


def commented() -> list[str]:
    """Places of comments with words to be changed."""
    return [
        f"{file}:{line} {word[0]}"
        for file, source in files()
        if PROSE.search(source)
        for line, text in comments(source)
        for word in PROSE.finditer(text)
    ]


def test_no_name_has_a_banned_word() -> None:
    assert named() == {}, "use a word of docs/glossary.md"


def test_no_name_of_sql_or_of_the_page_has_a_banned_word() -> None:
    assert named_elsewhere() == {}, "use a word of docs/glossary.md"


def test_no_comment_has_a_word_that_the_glossary_replaces() -> None:
    assert commented() == [], "use a word of docs/glossary.md"


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
    ("source", "expected"),
    [
        ("const toldMs = 1; // const told", ["toldMs"]),
        ('type Standing = "found" | "said_by";', ["said_by"]),
        ("f({ gone: true }, (saying?: string) => /* tell: */ null);", ["gone", "saying"]),
        ('"who said so" + from.said', []),
    ],
)
def test_names_of_the_page_are_found(source: str, expected: list[str]) -> None:
    assert banned(page_names(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("-- name: quiet\n-- who tells\nSELECT told FROM board_use WHERE x = 'said'", ["board_use", "quiet", "told"]),
        ("-- name: calls\nSELECT call_id FROM vessel_call", []),
    ],
)
def test_names_of_sql_are_found(source: str, expected: list[str]) -> None:
    assert banned(sql_names(source)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("_toldUs", ["told", "us"]), ("MQTTBoard2", ["mqtt", "board", "2"]), ("keyboard", ["keyboard"])],
)
def test_names_are_split_into_words(name: str, expected: list[str]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""Module."""\nx = "text"  # why', ["Module", "why"]),
        ('def f():\n    """Docstring."""\n    return f("text")', ["Docstring"]),
        ('A = 1\n"""Of A."""\n\n"""More."""', ["Of A", "More"]),
        ('f(\n    "text",\n)', []),
    ],
)
def test_comments_are_found(source: str, expected: list[str]) -> None:
    assert [text.strip('"# .') for _, text in comments(source)] == expected


if __name__ == "__main__":
    listed = [f"{file} {' '.join(names)}" for file, names in (named() | named_elsewhere()).items()]
    sys.stdout.write("".join(f"{line}\n" for line in [*listed, *commented()]))
