"""One package a resource; imports among the packages of the API form no circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from api.resources import RESOURCES
from tests.unit.sources import nodes

API = Path(__file__).parents[2] / "api"
PAGE = API / "dashboard"


def _package(path: Path) -> str:
    return path.relative_to(API).parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """Packages of the API, and modules beside them, that a module imports."""
    names: list[str] = []
    for node in nodes(path.read_text()):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "api":
            names += [f"api.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return {name.split(".")[1] for name in names if name.startswith("api.")}


def test_every_resource_is_served() -> None:
    """A package with routes cannot be forgotten."""
    assert sorted(path.parent.name for path in API.glob("*/routes.py")) == sorted(RESOURCES)


def test_packages_import_each_other_in_one_direction() -> None:
    """Among packages, not only among modules: each can be read without those that use it."""
    graph: dict[str, set[str]] = {}
    for path in API.rglob("*.py"):
        if not path.is_relative_to(PAGE):
            own = _package(path)
            graph.setdefault(own, set()).update(_imports(path) - {own})
    assert {"http", "live", *RESOURCES} <= set(graph)
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("resource", [name for name in RESOURCES if name != "live"])
def test_no_resource_imports_the_table_of_resources(resource: str) -> None:
    """What is shared stands in `api/http`; the program puts the parts together."""
    used = set().union(*(_imports(path) for path in (API / resource).glob("*.py")))
    assert not used & {"resources", "program", "command", "live"}
