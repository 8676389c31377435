"""Racks: plugs that share power and a monitor."""


def rack_of(plug: str) -> str:
    """The rack of a plug: its device id before the last `-`; of one without, the plug itself."""
    return plug.rpartition("-")[0] or plug
