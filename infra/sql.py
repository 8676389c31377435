"""SQL lives in .sql files as named blocks: a line `-- name: NAME` begins one."""

from pathlib import Path


def blocks(module_file: str, name: str) -> dict[str, str]:
    """The named blocks of `sql/NAME` beside a module.

    Raises:
        ValueError: text before the first name, or a name twice.
    """
    return read(Path(module_file).parent / "sql" / name)


def read(path: Path) -> dict[str, str]:
    """The named blocks of a file.

    Raises:
        ValueError: text before the first name, or a name twice.
    """
    found: dict[str, str] = {}
    current: str | None = None
    for line in path.read_text().splitlines():
        if line.startswith("-- name:"):
            current = line.removeprefix("-- name:").strip()
            if current in found:
                raise ValueError(f"{path.name}: block {current} stands twice")
            found[current] = ""
        elif current is not None:
            found[current] += line + "\n"
        elif line.strip() and not line.startswith("--"):
            raise ValueError(f"{path.name}: text before the first block")
    return {key: text.strip() for key, text in found.items()}
