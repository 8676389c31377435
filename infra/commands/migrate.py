"""`quaystream migrate`: bring the database's schema to this version."""

import argparse

from infra.database import migrate
from infra.migration_draft import refuse_unmade
from infra.settings import Settings

HELP = "Bring the database's schema to this version; safe to run again."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which database it is comes from QUAYSTREAM_DATABASE_URL."""
    parser.add_argument(
        "--break-lock", action="store_true", help="remove the lock that a migration left behind which was killed"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Apply the migrations and name them."""
    refuse_unmade()
    applied = migrate(settings.require_database(), break_lock=args.break_lock, report=print)
    for name in applied:
        print(f"applied {name}")
    print("schema is up to date" if not applied else f"{len(applied)} migrations applied")
    return 0
