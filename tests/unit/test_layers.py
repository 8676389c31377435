"""Imports go one way; `processing` is pure. See docs/architecture.md."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT: dict[str, set[str]] = {
    "processing": set(),
    "infra": {"processing"},
    "ingest": {"processing", "infra"},
    "api": {"processing", "infra"},
    "simulators": {"processing", "infra"},
}
PURE_PACKAGES = {"numpy", "msgspec"}
IMPURE = {"asyncio", "builtins", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets"}
IMPURE |= {"select", "shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time"}
IMPURE |= {"urllib", "uuid"}
IMPURE_CALLS = {"open", "print", "input", "eval", "exec"}
CLOCKS = {"now", "utcnow", "today"}
IMPORT_NAMES = {"paho-mqtt": "paho", "prometheus-client": "prometheus_client", "yoyo-migrations": "yoyo"}


def imports(tree: ast.AST) -> Iterator[str]:
    """Names of imported modules, dotted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def violations(folder: str, source: str, packages: set[str]) -> list[str]:
    """What a module of a folder must not do."""
    tree, found = ast.parse(source), []
    for name in imports(tree):
        top = name.partition(".")[0]
        if not top:
            found.append(f"relative import {name}")
        elif top in MAY_IMPORT or top == "tests":
            if top != folder and top not in MAY_IMPORT[folder]:
                found.append(f"{folder} imports {name}")
        elif top not in sys.stdlib_module_names and top not in packages:
            found.append(f"{name} is not declared in pyproject.toml")
        elif folder == "processing" and (top in IMPURE or (top not in sys.stdlib_module_names | PURE_PACKAGES)):
            found.append(f"processing imports {name}")
    return found + (list(_impure(tree)) if folder == "processing" else [])


def _impure(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            yield f"processing calls {node.func.id}"
        if isinstance(node.func, ast.Attribute) and (node.func.attr in CLOCKS or node.func.attr == "default_rng"):
            yield f"processing calls .{node.func.attr}"


def declared() -> set[str]:
    """Packages that the project declares, by the name they are imported with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {match[0] for line in project["dependencies"] if (match := re.match(r"[a-z0-9-]+", line))}
    return {IMPORT_NAMES.get(name, name) for name in names}


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_go_one_way(folder: str) -> None:
    paths = [path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts]
    assert paths
    found = {path.name: violations(folder, path.read_text(), declared()) for path in paths}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("processing", "import infra.clock"),
        ("processing", "from time import time_ns"),
        ("processing", "import logging"),
        ("processing", "from datetime import datetime\nx = datetime.now()"),
        ("processing", "x = open('a')"),
        ("processing", "import aiohttp"),
        ("infra", "from simulators.parameters import PRESETS"),
        ("ingest", "import api.server"),
        ("api", "from ingest import store"),
        ("simulators", "from . import cranes"),
        ("api", "import requests"),
    ],
)
def test_the_rule_can_fail(folder: str, source: str) -> None:
    assert violations(folder, source, declared())
