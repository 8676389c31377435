"""Imports go one way; `processing` is pure. See docs/architecture.md."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.unit.sources import nodes

ROOT = Path(__file__).parents[2]
MAY_IMPORT: dict[str, set[str]] = {
    "processing": set(),
    "infra": {"processing"},
    "ingest": {"processing", "infra"},
    "api": {"processing", "infra"},
    "simulators": {"processing", "infra"},
}
PURE_PACKAGES = {"numpy", "msgspec"}
PURE_STDLIB = {
    "abc",
    "array",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
}
PURE_STDLIB |= {
    "csv",
    "fnmatch",
    "hashlib",
    "heapq",
    "itertools",
    "math",
    "operator",
    "re",
    "string",
    "struct",
    "textwrap",
}
PURE_STDLIB |= {"typing", "uuid"}
"""What `processing` may use; whatever is missing here does I/O, or nobody needed it yet."""
IMPURE_NAMES = {"open", "print", "input", "eval", "exec", "compile", "breakpoint", "__import__", "globals"}
IMPURE_ATTRIBUTES = {"now", "utcnow", "today", "random", "default_rng", "uuid1", "uuid4"}
IMPURE_ATTRIBUTES |= {"load", "save", "savez", "loadtxt", "savetxt", "genfromtxt", "fromfile", "tofile", "memmap"}
"""Clocks of datetime; randomness of uuid; randomness and files of numpy."""
IMPORT_NAMES = {"paho-mqtt": "paho", "prometheus-client": "prometheus_client", "yoyo-migrations": "yoyo"}
IMPORT_NAMES |= {"argon2-cffi": "argon2", "pyjwt": "jwt"}


def imports(module: Iterable[ast.AST]) -> Iterator[str]:
    """Names of imported modules, dotted; of a module's nodes."""
    for node in module:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def violations(folder: str, source: str, packages: set[str]) -> list[str]:
    """What a module of a folder must not do."""
    module, found = nodes(source), []
    for name in imports(module):
        top, *rest = name.split(".")
        if not top:
            found.append(f"relative import {name}")
        elif top in MAY_IMPORT or top == "tests":
            if top != folder and top not in MAY_IMPORT[folder]:
                found.append(f"{folder} imports {name}")
        elif top not in sys.stdlib_module_names and top not in packages:
            found.append(f"{name} is not declared in pyproject.toml")
        elif folder == "processing" and (top not in PURE_STDLIB | PURE_PACKAGES or "random" in rest):
            found.append(f"processing imports {name}")
    return found + (list(_impure(module)) if folder == "processing" else [])


def _impure(module: Iterable[ast.AST]) -> Iterator[str]:
    """Uses of a name, called or handed on."""
    for node in module:
        if isinstance(node, ast.Name) and node.id in IMPURE_NAMES:
            yield f"processing uses {node.id}"
        elif isinstance(node, ast.Attribute) and node.attr in IMPURE_ATTRIBUTES:
            yield f"processing uses .{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            yield from (f"processing imports {a.name}" for a in node.names if a.name in IMPURE_ATTRIBUTES)


@cache
def declared() -> set[str]:
    """Packages that the project declares, by the name they are imported with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {match[0] for line in project["dependencies"] if (match := re.match(r"[a-z0-9-]+", line))}
    return {IMPORT_NAMES.get(name, name) for name in names}


def test_every_package_has_its_rule() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert found == set(MAY_IMPORT)


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_go_one_way(folder: str) -> None:
    paths = [path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts]
    assert paths
    found = {str(path.relative_to(ROOT)): violations(folder, path.read_text(), declared()) for path in paths}
    assert {name: broken for name, broken in found.items() if broken} == {}


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("processing", "import infra.clock"),
        ("processing", "from time import time_ns"),
        ("processing", "import logging"),
        ("processing", "from datetime import datetime\nx = datetime.now()"),
        ("processing", "from datetime import datetime\nclock = datetime.now"),
        ("processing", "from datetime import date\nx = date.today()"),
        ("processing", "x = open('a')"),
        ("processing", "read = open"),
        ("processing", "import aiohttp"),
        ("processing", "import os.path"),
        ("processing", "import pathlib as p"),
        ("processing", "def f():\n    import socket"),
        ("processing", "import random"),
        ("processing", "from secrets import token_hex"),
        ("processing", "import numpy as np\nx = np.random.default_rng(1)"),
        ("processing", "from numpy import random"),
        ("processing", "from numpy.random import Generator"),
        ("processing", "import numpy as np\nnp.save('a', [1])"),
        ("processing", "import importlib"),
        ("processing", "import asyncio, subprocess"),
        ("processing", "from ingest import store"),
        ("processing", "from tests.unit import crane_signals"),
        ("infra", "import ingest.worker"),
        ("infra", "import api"),
        ("infra", "from simulators.parameters import PRESETS"),
        ("ingest", "import api.server"),
        ("api", "from ingest import store"),
        ("ingest", "from simulators import terminal"),
        ("api", "import simulators.cranes as c"),
        ("simulators", "import ingest"),
        ("simulators", "import api"),
        ("simulators", "from . import cranes"),
        ("api", "import requests"),
    ],
)
def test_the_rule_can_fail(folder: str, source: str) -> None:
    assert violations(folder, source, declared())


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        (
            "processing",
            "import numpy as np\nfrom collections.abc import Sequence\nfrom processing.streams import STREAMS",
        ),
        ("processing", "from datetime import UTC, datetime\nx = datetime.fromtimestamp(0, UTC)"),
        ("infra", "import os, psycopg\nfrom processing.errors import SettingsError\nfrom infra import clock"),
        ("ingest", "from infra.settings import Settings\nfrom processing import topics\nimport asyncpg"),
        ("api", "import prometheus_client, aiohttp.web\nfrom infra.clock import now_us"),
        ("simulators", "import random, time\nfrom simulators.cranes import Crane\nfrom infra.mqtt import Mqtt"),
    ],
)
def test_what_is_allowed_is_not_reported(folder: str, source: str) -> None:
    assert violations(folder, source, declared()) == []
