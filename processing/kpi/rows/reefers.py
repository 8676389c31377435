"""KPIs of reefers."""

from processing.kpi.definition import Kpi, Scopes, same
from processing.kpi.subjects import RACK, TERMINAL
from processing.kpi.terms.reefers import touched
from processing.kpi.windows import DAY, HOUR, NOW, SHIFT
from processing.model.facts import DeviceFact
from processing.reefers.facts import REEFER_TIME, ReeferExcursion, ReeferOffPower, ReeferSilence

MOMENT: Scopes = ((TERMINAL, (NOW,)),)
RACK_MOMENT: Scopes = (*MOMENT, (RACK, (NOW,)))
SPANS: Scopes = ((TERMINAL, (HOUR, SHIFT, DAY)), (RACK, (HOUR, SHIFT, DAY)))


def _share(out_min: float, plugged_min: float, silence_min: float) -> float | None:
    known_min = plugged_min - silence_min
    return 100 * out_min / known_min if known_min > 0 else None


def _minutes(name: str, title: str, record: type[DeviceFact], term: str, source: str, text: str) -> Kpi:
    """Minutes of all boxes together, of spans that touch the window as far as they lie in it."""
    kind = "" if record.seen is None or record.seen.kind is None else record.seen.kind
    formula = f"{{{term}}}, of all boxes together"
    return Kpi(name, title, "min", kind, SPANS, (term,), same, formula, source, text, busy=touched(record))


REEFER_KPIS: tuple[Kpi, ...] = (
    Kpi(
        "reefers_plugged",
        "Reefers plugged",
        "reefers",
        "plugged",
        RACK_MOMENT,
        ("plugs_in_use",),
        same,
        "{plugs_in_use}: plugs whose last state is plugged",
        "TIC4.0 reefer monitoring: plugged and powered are two states",
        "Containers whose cable is in a plug.",
        per_minute=True,
    ),
    Kpi(
        "reefers_out_of_range",
        "Reefers out of range",
        "reefers",
        "excursion",
        RACK_MOMENT,
        ("excursions",),
        same,
        "{excursions} begun and not ended; delay, hysteresis, defrost and pull-down as in docs/detectors.md",
        "quaystream: set-point, tolerance and delay as reefer monitoring systems configure them",
        "Reefers too warm or too cold for longer than their delay.",
        per_minute=True,
    ),
    Kpi(
        "reefers_unpowered",
        "Reefers unpowered",
        "reefers",
        "unpowered",
        RACK_MOMENT,
        ("plugs_without_power",),
        same,
        "{plugs_without_power}: plugs whose last state is plugged and not powered",
        "TIC4.0 reefer monitoring: plugged and powered are two states",
        "Plugged containers without power: they warm up.",
        per_minute=True,
    ),
    Kpi(
        "reefers_running",
        "Reefers running",
        "reefers",
        "running",
        MOMENT,
        ("plugs_running",),
        same,
        "{plugs_running}: plugs whose last state is plugged, powered, and in a mode other than off",
        "TIC4.0 reefer monitoring: plugged, powered and running are three states",
        "Containers whose machinery is on: it cools, heats, defrosts or only fans.",
        per_minute=True,
    ),
    Kpi(
        "reefers_wrong_setpoint",
        "Reefers, setpoint not as booked",
        "reefers",
        "wrong_setpoint",
        MOMENT,
        ("wrong_setpoints",),
        same,
        "{wrong_setpoints}, of boxes for which the site file has a booking",
        "quaystream: setpoint against booking, as terminal operating systems check it",
        "Boxes that are cooled to another temperature than the shipper has booked.",
        per_minute=True,
    ),
    _minutes(
        "reefer_out_of_range_min",
        "Reefers out of range, minutes",
        ReeferExcursion,
        "out_of_range_min",
        "quaystream: excursions as in docs/detectors.md, from leaving the range to coming back",
        "How long boxes were too warm or too cold.",
    ),
    _minutes(
        "reefer_off_power_min",
        "Reefers without power, minutes",
        ReeferOffPower,
        "off_power_min",
        "TIC4.0 reefer monitoring: plugged and powered are two states",
        "How long boxes were on plugs without power.",
    ),
    _minutes(
        "reefer_unknown_min",
        "Reefers not heard, minutes",
        ReeferSilence,
        "silence_min",
        "quaystream: silence of more than two report intervals, and more than 5 min",
        "How long nothing was known of boxes: neither in range nor out of it.",
    ),
    Kpi(
        "reefer_out_of_range_share",
        "Reefers out of range, share",
        "%",
        REEFER_TIME,
        SPANS,
        ("out_known_min", "plugged_min", "silence_min"),
        _share,
        "100 × {out_known_min} ÷ ({plugged_min} − {silence_min})",
        "quaystream: time of excursions over the time for which boxes were on plugs and heard",
        "Which part of the known time boxes were too warm or too cold; what was not heard is in neither.",
        busy=touched(ReeferExcursion),
    ),
)
