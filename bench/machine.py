"""Which machine and which versions a result belongs to."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

PACKAGES = ("paho-mqtt", "asyncpg", "numpy", "msgspec")


def describe(database_url: str) -> dict[str, str]:
    """Facts of the machine, the day, and the versions of what took part."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version'), extversion FROM pg_extension WHERE extname = 'timescaledb'"
        ).fetchone()
    postgres, timescale = row or ("?", "?")
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _first("/proc/cpuinfo", "model name"),
        "cores": str(os.cpu_count()),
        "memory": _first("/proc/meminfo", "MemTotal"),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "postgresql": str(postgres).split()[0],
        "timescaledb": str(timescale),
        **{name: version(name) for name in PACKAGES},
    }


def one_line(machine: dict[str, str]) -> str:
    """The same as a sentence."""
    where = f"{machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}"
    versions = f"Python {machine['python']}, PostgreSQL {machine['postgresql']}, TimescaleDB {machine['timescaledb']}"
    packages = ", ".join(f"{name} {machine[name]}" for name in PACKAGES)
    return f"Measured {machine['measured_at']} on {where}; {versions}, {packages}."


def _first(path: str, key: str) -> str:
    for line in Path(path).read_text().splitlines():
        if line.startswith(key):
            return line.split(":", 1)[1].strip()
    return "?"
