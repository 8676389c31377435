"""Every query of the API by its name; the texts are in `sql/*.sql`."""

from infra.sql import blocks

FILES = (
    "devices.sql",
    "latest.sql",
    "facts.sql",
    "cranes.sql",
    "delays.sql",
    "calls.sql",
    "kpis.sql",
    "quarantine.sql",
)

SQL: dict[str, str] = {}
for _file in FILES:
    _found = blocks(__file__, _file)
    if twice := SQL.keys() & _found.keys():
        raise ValueError(f"{_file}: {', '.join(twice)} exists in another file too")
    SQL |= _found
