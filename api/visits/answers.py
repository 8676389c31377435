"""What is answered about truck visits."""

from msgspec import Struct

from api.http.rows import Time


class Visit(Struct, frozen=True):
    """One truck's stay: from the end of gate-in to the end of gate-out."""

    terminal: str
    visit: str
    plate: str | None
    entered_at: Time | None
    left_at: Time | None


class Visits(Struct, frozen=True):
    """Truck visits, newest first."""

    visits: list[Visit]
