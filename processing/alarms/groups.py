"""Neighbours: what plugs of a rack, or devices of a stream, share."""


def rack_of(plug: str) -> str:
    """The rack of a plug: its device id before the last `-`; a plug without one is a rack of its own."""
    return plug.rpartition("-")[0] or plug
