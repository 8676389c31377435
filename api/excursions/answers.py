"""What is answered about reefer excursions."""

from msgspec import Struct

from api.http.rows import Time


class Excursion(Struct, frozen=True):
    """A reefer out of range; `ended_at` is null while it lasts."""

    terminal: str
    device: str
    container_id: str | None
    probe: str
    began_at: Time
    ended_at: Time | None
    setpoint_degc: float | None
    worst_degc: float | None


class Excursions(Struct, frozen=True):
    """Reefer excursions, newest first."""

    excursions: list[Excursion]
