"""What is answered about crane moves."""

from typing import Annotated

from msgspec import Meta, Struct

from api.http.rows import Time


class Move(Struct, frozen=True):
    """One crane move. Its cycle begins where the move before ended; null where that is not known."""

    terminal: str
    device: str
    began_at: Time | None
    locked_at: Time
    lifted_at: Time
    landed_at: Time
    unlocked_at: Time
    kind: Annotated[str, Meta(description="load, discharge, shift, rehandle, hatch_cover or gear")]
    boxes: Annotated[int, Meta(description="containers carried; 0 for hatch covers and gear")]
    teu: float
    inferred: Annotated[bool, Meta(description="part of it was not seen and follows from the rest")]
    confidence: Annotated[float, Meta(description="1 where everything was seen and agrees, less for each doubt")]
    from_trolley_m: float | None
    to_trolley_m: float | None
    gantry_m: float | None
    peak_load_t: float | None
    size_ft: int | None
    twin: bool
    container_ids: Annotated[list[str], Meta(description="as the crane's OCR read them")]
    energy_kwh: Annotated[float | None, Meta(description="what the drives took in the whole cycle [kWh]")]
    waited_empty_s: Annotated[float | None, Meta(description="standing still in the air before locking [s]")]
    waited_laden_s: Annotated[float | None, Meta(description="the same between lifting and landing [s]")]


class Moves(Struct, frozen=True):
    """Crane moves, newest first."""

    moves: list[Move]
