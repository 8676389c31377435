"""`quaystream migrate`: bring the database's schema to this version."""

import argparse

from infra.database import migrate
from infra.settings import Settings

HELP = "Bring the database's schema to this version; safe to run again."


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No arguments: everything comes from QUAYSTREAM_DATABASE_URL."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Apply the migrations and name them."""
    applied = migrate(settings.require_database())
    for name in applied:
        print(f"applied {name}")
    print("schema is up to date" if not applied else f"{len(applied)} migrations applied")
    return 0
