"""Parameters of containers: numbers as people write them."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.errors import BadRequestError
from api.http.parameters import TerminalId
from processing.containers.announcement import identify

Number = Annotated[str, Meta(max_length=40, description="container number, for example MSKU9070323")]


class ContainerPath(Struct, frozen=True):
    """One container of a terminal."""

    container_id: Number
    terminal: TerminalId

    @property
    def number(self) -> str:
        """The number as it is stored.

        Raises:
            BadRequestError: it is none.
        """
        try:
            return identify(self.container_id)
        except ValueError as error:
            raise BadRequestError(f"parameter container_id: {error}") from None
