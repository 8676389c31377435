"""No circle of imports, and modules and functions that fit on a screen or a few."""

import ast
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.unit.sources import nodes

ROOT = Path(__file__).parents[2]
FOLDERS = ("processing", "infra", "ingest", "api", "simulators", "bench", "docs")
MODULE_LINES, FUNCTION_LINES = 300, 40

LONG_MODULES: dict[str, int] = {}
"""Modules that are longer, with their length: none may grow, and one that fits leaves the list. [lines]"""
LONG_FUNCTIONS: dict[str, int] = {}
"""Functions that are longer, alike. [lines]"""

Graph = Mapping[str, set[str]]
"""What imports what."""


@cache
def modules() -> dict[str, Path]:
    """Files of the product by the name they are imported with."""
    found = {}
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))):
        if "node_modules" not in path.parts:
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """All nodes of a file."""
    return nodes(path.read_text())


@cache
def files() -> Graph:
    """Which module imports which."""
    return {name: imports(nodes_of(path), modules()) for name, path in modules().items()}


def imports(module: Iterable[ast.AST], known: Container[str]) -> set[str]:
    """Modules of ours that a module imports, at its top, in a function, or for its types only."""
    names: list[str] = []
    for node in module:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                names.append(whole if whole in known else node.module or "")
    return {name for name in names if name in known}


def package(module: str) -> str:
    """The folder of a module."""
    return module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]


def folders() -> Graph:
    """Which folder imports which; a folder and one inside it are not counted."""
    found: dict[str, set[str]] = {}
    for module, imported in files().items():
        here = package(module)
        for there in map(package, imported):
            if here != there and not f"{here}.".startswith(f"{there}.") and not f"{there}.".startswith(f"{here}."):
                found.setdefault(here, set()).add(there)
    return found


def circles(graph: Graph) -> list[set[str]]:
    """Sets of nodes that reach each other."""
    reached = {node: set(_reached(graph, node)) for node in graph}
    found: list[set[str]] = []
    for node in sorted(graph):
        circle = {other for other in reached[node] if node in reached.get(other, ())}
        if circle and circle not in found:
            found.append(circle)
    return found


def _reached(graph: Graph, node: str) -> Iterator[str]:
    seen: set[str] = set()
    waiting = list(graph.get(node, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            yield one
            waiting += graph.get(one, ())


def function_lengths(module: Iterable[ast.AST]) -> Iterator[tuple[str, int]]:
    """Names of functions and their lines, docstrings included."""
    for node in module:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def misfits(found: Mapping[str, int], limit: int, allowed: Mapping[str, int]) -> list[str]:
    """What is too long, has grown, or is on the list for nothing."""
    most = {name: allowed.get(name, limit) for name in found}
    long = [f"{name}: {n} lines, at most {most[name]}" for name, n in found.items() if n > most[name]]
    return long + [f"{name}: fits now, take it off the list" for name in allowed if found.get(name, 0) <= limit]


def test_no_circle_of_files() -> None:
    assert circles(files()) == []


def test_no_circle_of_folders() -> None:
    assert circles(folders()) == []


def test_modules_are_short() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules().values()}
    assert misfits(lines, MODULE_LINES, LONG_MODULES) == []


def test_functions_are_short() -> None:
    lines: dict[str, int] = {}
    for path in modules().values():
        for name, length in function_lengths(nodes_of(path)):
            key = f"{path.relative_to(ROOT)}:{name}"
            lines[key] = max(length, lines.get(key, 0))
    assert misfits(lines, FUNCTION_LINES, LONG_FUNCTIONS) == []


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"a"}}, [{"a", "b"}]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a", "e"}, "e": {"d"}}, [{"a", "b", "c"}, {"d", "e"}]),
    ],
)
def test_circles_are_found(graph: dict[str, set[str]], expected: list[set[str]]) -> None:
    assert circles(graph) == expected


def test_imports_are_found_wherever_they_stand() -> None:
    source = "import a.b\nfrom a import c\nfrom a.d import name\ndef f():\n    from e import g\nimport os"
    assert imports(nodes(source), ["a.b", "a.c", "a.d", "e", "e.g"]) == {"a.b", "a.c", "a.d", "e.g"}


def test_misfits_are_found() -> None:
    assert misfits({"a": 5, "b": 11, "c": 12, "d": 13}, 10, {"a": 11, "c": 12, "d": 12}) == [
        "b: 11 lines, at most 10",
        "d: 13 lines, at most 12",
        "a: fits now, take it off the list",
    ]
