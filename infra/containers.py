"""Facts that show something of boxes, and the events that follow from them, read back from their tables."""

from infra.clock import from_us
from infra.connection import Connection
from infra.facts.rows import decode
from infra.facts.statements import statement
from infra.history import FOREVER
from processing.containers.derivation import OF_TERMINALS, FactOf, of_device
from processing.containers.facts import CONTAINER_EVENT, ContainerEvent
from processing.containers.sources import SOURCES
from processing.model.device import Device
from processing.streams import BY_NAME


async def facts(
    connection: Connection, terminal: str, devices: list[Device], since_us: int, until_us: int | None
) -> list[FactOf]:
    """Facts of a terminal that show something of boxes, with the time of their keys in [since, until).

    Args:
        connection: to the database.
        terminal: its id.
        devices: all of them, or those of the terminal at least.
        since_us: beginning of the span. [µs since 1970 UTC]
        until_us: its end; None: there is no later fact. [µs since 1970 UTC]
    """
    since, until = from_us(since_us), FOREVER if until_us is None else from_us(until_us)
    own = {device.device_id: device for device in devices if device.terminal == terminal}
    found: list[FactOf] = []
    for source in SOURCES.values():
        of_terminal = OF_TERMINALS.get(source.of.record)
        if of_terminal is not None:
            rows = await connection.fetch(statement(source.of, "between"), [terminal], since, until)
            found += map(of_terminal, decode(source.of, rows))
            continue
        ids = [one.device_id for one in own.values() if source.of in BY_NAME[one.stream].facts]
        if ids:
            rows = await connection.fetch(statement(source.of, "between"), ids, since, until)
            found += [of_device(own[fact.device_id], fact) for fact in decode(source.of, rows)]
    return found


async def events(connection: Connection, terminal: str, since_us: int, until_us: int) -> list[ContainerEvent]:
    """Stored events of a terminal that follow from facts with the time of their keys in [since, until)."""
    span = from_us(since_us), from_us(until_us)
    return decode(CONTAINER_EVENT, await connection.fetch(statement(CONTAINER_EVENT, "between"), [terminal], *span))
