"""Who a terminal is in events of DCSA: a part of its site configuration."""

from dataclasses import dataclass
from typing import Literal

from processing.dcsa.documents import Location, Publisher, PublisherRole


@dataclass(frozen=True, slots=True)
class Party:
    """A terminal as DCSA names it; what is None is not known, and left out of events.

    Attributes:
        name: of who runs the terminal; None: the terminal's id.
        role: party function of the publisher.
        code, code_list: of the publisher, SMDG or NMFTA.
        un_location: UN/LOCODE of the port.
        facility, facility_list: code of the terminal, and who issued it: SMDG or BIC.
    """

    name: str | None = None
    role: PublisherRole = "SVP"
    code: str | None = None
    code_list: Literal["SMDG", "NMFTA"] | None = None
    un_location: str | None = None
    facility: str | None = None
    facility_list: Literal["SMDG", "BIC"] | None = None

    def publisher(self, terminal: str) -> Publisher:
        """It as the sender of an event."""
        return Publisher(self.name or terminal, self.code, self.code_list)

    def location(self, terminal: str) -> Location | None:
        """It as the place of an event, None where it has no code."""
        if self.facility is None and self.un_location is None:
            return None
        kind: Literal["FACI", "UNLO"] = "UNLO" if self.facility is None else "FACI"
        return Location(kind, self.name or terminal, self.un_location, self.facility, self.facility_list)
