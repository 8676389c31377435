"""What is answered about events of DCSA."""

from typing import Annotated

from msgspec import Meta, Struct

from processing.dcsa.documents import DcsaEvent


class DcsaEvents(Struct, frozen=True):
    """Events as they were published, oldest first: a later one with an id takes the place of an earlier one."""

    events: list[DcsaEvent]
    cursor: Annotated[int, Meta(description="query parameter `after` of the next page, when there is more")]
