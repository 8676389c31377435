"""Trips of one vehicle: from where it stood to where it stands next, and how long it waits there to be served."""

from dataclasses import dataclass, replace
from typing import Literal

from processing.vehicles.facts import VehicleTrip
from processing.vehicles.parameters import VEHICLE_PARAMETERS as P
from processing.vehicles.segments import Place, Segment
from processing.vehicles.signals import VEHICLE
from processing.vehicles.vehicle_columns import UNKNOWN

ZONES = VEHICLE.by_name["zone"].values
LANE = ZONES.index("lane")
TRIP_MM = round(P.trip_m * 1000)
Ids = tuple[str, ...]


@dataclass(slots=True)
class Way:
    """A way under way.

    Attributes:
        began_us: departure. [µs since 1970 UTC]
        origin: where it stood before.
        laden: 1, 0 or `UNKNOWN`, while it moved last.
        way_mm: so far. [1e-3 m]
        lost: whether part of that is unknown.
        fell: whether the energy counter fell.
    """

    began_us: int
    origin: Place
    laden: int
    way_mm: int = 0
    lost: bool = False
    fell: bool = False

    @property
    def is_trip(self) -> bool:
        """Whether it is too long for a correction of where the vehicle stands."""
        return self.lost or self.way_mm >= TRIP_MM


@dataclass(frozen=True, slots=True)
class Stop:
    """Where and when a way came to a stop, as it was then; see `Way`. `ids` are the containers on the vehicle."""

    time_us: int
    place: Place
    fell: bool
    ids: Ids


class TripDetector:
    """Follows one vehicle, segment by segment; silence ends what is known of it.

    Args:
        device_id: the vehicle.
    """

    __slots__ = (
        "_ids",
        "_ids_known",
        "_laden",
        "_last",
        "_mode",
        "_resolved",
        "_stop",
        "_waiting",
        "_way",
        "device_id",
    )

    def __init__(self, device_id: int) -> None:
        self.device_id = device_id
        self._mode: Literal["unknown", "stands", "under way"] = "unknown"
        self._way: Way | None = None
        self._stop: Stop | None = None
        self._waiting: VehicleTrip | None = None
        self._last: Place | None = None
        self._laden = UNKNOWN
        self._ids: Ids = ()
        self._ids_known = False
        self._resolved = False

    @property
    def synchronised(self) -> bool:
        """Whether everything is as if the vehicle's first sample had been seen."""
        return self._resolved and self._ids_known

    @property
    def final_us(self) -> int | None:
        """Trips that began earlier are final; None: all are. [µs since 1970 UTC]."""
        if self._waiting is not None:
            return self._waiting.began_us
        return None if self._way is None else self._way.began_us

    def feed(self, segment: Segment) -> list[VehicleTrip]:
        """Advance by one segment; of trips with the same key the last one counts."""
        trips: list[VehicleTrip] = []
        if segment.gap:
            self._forget()
        else:
            self._stand(segment.time_us, trips)
        switched = not segment.gap and UNKNOWN != self._laden != segment.laden
        if segment.moving:
            self._move(segment, trips)
        else:
            self._stop_at(segment)
            if switched:
                self._hand_over(segment, trips)
        self._load(segment, switched=switched)
        self._stand(segment.last_us, trips, segment.zone)
        self._laden, self._last = segment.laden, segment.last
        return trips

    def _forget(self) -> None:
        """Nothing is known of the time of silence: no trip is made across it, and nobody knows who served it."""
        self._mode, self._way, self._stop, self._waiting = "unknown", None, None, None
        self._ids, self._ids_known, self._resolved = (), True, True

    def _move(self, segment: Segment, trips: list[VehicleTrip]) -> None:
        """It moves: departs, goes on, or comes from somewhere unknown."""
        self._stop = None
        if self._mode == "stands" and self._last is not None:
            self._mode = "under way"
            self._way = Way(segment.time_us, self._last, segment.laden)
            if segment.laden == UNKNOWN:  # what it carries is what is reported on the way
                self._ids, self._ids_known = (), True
        way = self._way
        if way is None:
            return
        way.laden = segment.laden
        way.way_mm += segment.way_mm
        way.lost |= segment.lost
        way.fell |= segment.fell
        if way.is_trip:
            self._serve(way.began_us, trips)

    def _stop_at(self, segment: Segment) -> None:
        """It stands: note where it came to a stop; what comes after that row belongs to the way if it goes on."""
        way = self._way
        if self._mode != "stands" and self._stop is None:
            if way is not None:
                way.way_mm += segment.first_way_mm
                way.lost |= segment.first_lost
                way.fell |= segment.first_fell
            ids = self._ids if segment.first_ids is None or segment.laden != self._laden else segment.first_ids
            self._stop = Stop(segment.time_us, segment.first, way is not None and way.fell, ids)
        if way is not None:
            way.fell |= segment.fell

    def _stand(self, time_us: int, trips: list[VehicleTrip], zone: int | None = None) -> None:
        """It has stood up to a time: outside lanes it has arrived where that is long enough. [µs since 1970 UTC]."""
        if zone is None:
            zone = UNKNOWN if self._last is None else self._last.zone
        if self._stop is not None and zone != LANE and time_us - self._stop.time_us >= P.still_us:
            self._arrive(zone, trips)

    def _hand_over(self, segment: Segment, trips: list[VehicleTrip]) -> None:
        """Its load was put on or taken off while it stands: it has arrived, wherever that is."""
        if self._stop is not None:
            self._arrive(segment.zone, trips)
        self._serve(segment.time_us, trips)

    def _arrive(self, zone: int, trips: list[VehicleTrip]) -> None:
        way, stop = self._way, self._stop
        self._mode, self._way, self._stop = "stands", None, None
        if way is None or stop is None or not way.is_trip:
            return
        self._serve(way.began_us, trips)
        known = None not in (way.origin.energy_kwh, stop.place.energy_kwh) and not stop.fell
        self._waiting = VehicleTrip(
            self.device_id,
            way.began_us,
            stop.time_us,
            None,
            _word(way.origin.zone),
            _word(zone),
            way.origin.x_m,
            way.origin.y_m,
            stop.place.x_m,
            stop.place.y_m,
            None if way.laden == UNKNOWN else way.laden == 1,
            None if way.lost else way.way_mm / 1000,
            round((stop.place.energy_kwh or 0.0) - (way.origin.energy_kwh or 0.0), 6) if known else None,
            () if way.laden == 0 else stop.ids,
        )
        trips.append(self._waiting)

    def _serve(self, time_us: int, trips: list[VehicleTrip]) -> None:
        """The wait after the last trip ends, where it lasts. [µs since 1970 UTC]."""
        self._resolved = True
        if self._waiting is not None:
            trips.append(replace(self._waiting, served_us=time_us))
            self._waiting = None

    def _load(self, segment: Segment, *, switched: bool) -> None:
        """Which containers are on it: those reported last, since its load was put on."""
        if switched or segment.laden == 0:
            self._ids, self._ids_known = (), True
        if segment.ids is not None and segment.laden != 0:
            self._ids, self._ids_known = segment.ids, True


def _word(zone: int) -> str | None:
    return None if zone == UNKNOWN else ZONES[zone]
