"""What handlers work with: everything that has a connection or a state."""

from typing import TypeVar, cast

S = TypeVar("S")


class Services:
    """Services by their type: a resource brings its own, and nothing here knows it.

    Args:
        services: one of each type, made by the program.
    """

    def __init__(self, *services: object) -> None:
        self._by_type = {type(service): service for service in services}

    def __getitem__(self, kind: type[S]) -> S:
        """The service of a type.

        Raises:
            KeyError: the program made none: a bug.
        """
        return cast("S", self._by_type[kind])
