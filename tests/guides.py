"""The code in docs/guides, so that tests run what the guides show."""

import re
import sys
import textwrap
from pathlib import Path
from types import ModuleType

GUIDES = Path(__file__).parents[1] / "docs" / "guides"


def blocks(guide: str, language: str = "python") -> list[str]:
    """The blocks of code in a guide, in order."""
    text = (GUIDES / f"{guide}.md").read_text()
    return [
        textwrap.dedent(block)
        for block in re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    ]


def module(name: str, source: str, **known: object) -> ModuleType:
    """A module made of such a block, under a name of its own; `known` is what stands in the file around it."""
    made = ModuleType(f"guide_{name}")
    sys.modules[made.__name__] = made  # dataclasses and annotations look their module up
    vars(made).update(known)
    exec(compile(source, f"{name} in docs/guides", "exec"), vars(made))  # noqa: S102 - the project's own documents
    return made
