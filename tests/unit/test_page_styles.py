"""The page's styles ask for attributes as its components write them: Preact leaves out what is undefined."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "api/dashboard/src"


def found(pattern: str, *endings: str) -> set[str]:
    """First groups of a pattern in all files of the page with these endings."""
    texts = (path.read_text() for path in PAGE.rglob("*") if path.suffix in endings)
    return {match[1] for text in texts for match in re.finditer(pattern, text)}


def test_true_and_false_are_written_where_styles_ask_for_them() -> None:
    """An open excursion is red: `data-open="true"`, not `data-open=""`."""
    asked = found(r'\[data-(\w+)="(?:true|false)"\]', ".css")
    assert {"open", "alarm", "ok"} <= asked
    assert asked - found(r"data-(\w+)=\{String\(", ".tsx") == set()


def test_every_attribute_that_styles_ask_for_is_written() -> None:
    """By a component, or by a script."""
    written = found(r"data-(\w+)=", ".tsx") | found(r'(?:"data-|dataset\[")(\w+)"', ".tsx")
    assert found(r"\[data-(\w+)", ".css") - written == set()
