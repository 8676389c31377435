"""What is answered about stays of boxes."""

from typing import Annotated

from msgspec import Meta

from api.facts.answers import FactAnswer, answers
from processing.containers.stays import CONTAINER_STAY, ContainerStay
from processing.model.times import HOUR_US


@answers(CONTAINER_STAY)
class Stay(FactAnswer, frozen=True):
    """A box's stay in the terminal."""

    dwell_h: Annotated[float | None, Meta(description="how long it was inside; null while it is, hours")]


def stay_of(stay: ContainerStay) -> Stay:
    """The answer about a stay in memory."""
    dwell_us = stay.dwell_us
    return Stay.from_fact(stay, dwell_h=None if dwell_us is None else round(dwell_us / HOUR_US, 6))
