"""Parameters of containers: numbers as people write them, and as cameras have read them."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.errors import BadRequestError
from api.http.parameters import TerminalId
from processing.containers import iso6346
from processing.containers.announcement import identify

LONGEST = 800
"""A sample has texts of 256 signs; some letters of other scripts are three in upper case."""
Number = Annotated[str, Meta(max_length=LONGEST, description="container number, for example MSKU9070323")]


class ContainerPath(Struct, frozen=True):
    """One container of a terminal, to read what is known of it, whatever was read for its number."""

    container_id: Number
    terminal: TerminalId

    @property
    def number(self) -> str:
        """The number as it is stored.

        Raises:
            BadRequestError: nothing is left of it.
        """
        return sought("container_id", self.container_id)


class AnnouncedPath(ContainerPath, frozen=True):
    """One container of a terminal, to announce something of it, or to withdraw that."""

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


def sought(name: str, text: str) -> str:
    """A number as it is stored: with any signs, as a camera may have read them.

    Args:
        name: of the parameter.
        text: its value.

    Raises:
        BadRequestError: nothing is left of it.
    """
    found = iso6346.normalise(text)
    if not found:
        raise BadRequestError(f"parameter {name}: write a container number, such as MSKU9070323")
    return found
