"""SQL lives in `sql/*.sql` as named blocks; this loads them, once, at import."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"
HEADING = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)


def blocks(text: str) -> dict[str, str]:
    """Split a file into its blocks; each begins with a line `-- name: some_name`."""
    parts = HEADING.split(text)
    return {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def load(folder: Path) -> dict[str, str]:
    """All blocks of a folder.

    Raises:
        ValueError: two blocks have the same name.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.sql")):
        for name, body in blocks(path.read_text(encoding="utf-8")).items():
            if name in found:
                raise ValueError(f"{path.name}: block {name} exists twice")
            found[name] = body
    return found


SQL: dict[str, str] = load(FOLDER)
"""Every query by its name."""
