"""The product's sources as tests of its names and its structure look at them."""

import ast
from functools import cache


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    """All nodes of a module, outer ones first; each module is parsed and walked once for all tests."""
    return tuple(ast.walk(ast.parse(source)))
