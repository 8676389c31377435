"""KPIs of cranes, and of what cranes did for calls and terminals."""

from processing.kpi.definition import MIN_HOURS, Kpi, Scopes, Value, of_counted, per_hour, ratio, same
from processing.kpi.subjects import BERTH, CRANE, TERMINAL, VESSEL_CALL
from processing.kpi.terms.cranes import FOUND
from processing.kpi.windows import CALL, DAY, HOUR, SHIFT

CRANES: Scopes = (
    (CRANE, (HOUR, SHIFT, DAY, CALL)),
    (TERMINAL, (HOUR, SHIFT, DAY)),
    (VESSEL_CALL, (CALL,)),
    (BERTH, (CALL, DAY)),
)
TIC_CYCLE = "TIC4.0 cycle: from one delivery to the next"
GCR = "Goussiatiner, Systematic approach to quayside crane productivity"


def _share_left(whole: float, lost: float) -> float | None:
    return (whole - lost) / whole if whole >= MIN_HOURS else None


def _net(count: float, hours: float, less: float) -> float | None:
    return per_hour(count, hours - less)


def _share_of_cycles(pairs: float, moves: float) -> float | None:
    return ratio(pairs, moves - pairs)


def _crane(
    name: str, title: str, unit: str, terms: tuple[str, ...], value: Value, formula: str, source: str, text: str
) -> Kpi:
    return Kpi(name, title, unit, "move", CRANES, terms, value, formula, source, text)


def _cycle_parts() -> tuple[Kpi, ...]:
    rows = (
        ("laden_travel", "Laden travel", "from lift to landing, standing still in the air left out"),
        ("positioning", "Positioning", "from lock to lift, and from landing to unlock"),
        ("empty_travel", "Empty travel", "from unlock to the next lock, standing still in the air left out"),
        ("waiting", "Waiting in the cycle", "hoist and trolley stand still in the air"),
    )
    source = "active and inactive intervals of a cycle: quay crane productivity at ECT, TU Delft 2008"
    return tuple(
        Kpi(
            f"{part}_{name}",
            f"{title}, {name}",
            "s",
            "move",
            CRANES,
            (f"{part}_count", f"{part}_{name}_s"),
            of_counted,
            f"{words} of the seconds in each of {{{part}_count}} cycles: {text}",
            source,
            f"Part of the cycle: {text}.",
        )
        for part, title, text in rows
        for name, words in (("median", "median"), ("p90", "90th percentile"))
    )


def _delays() -> tuple[Kpi, ...]:
    source = "taxonomy of delays: docs/causes.md"
    rows = [(f"idle_{cause}", cause.replace("_", " "), f"idle_{cause}_min") for cause in FOUND]
    rows.append(("idle_said", "a cause that only people state", "idle_said_min"))
    return tuple(
        Kpi(
            f"{name}_minutes",
            f"Delay: {text}",
            "min",
            "stop",
            CRANES,
            (term,),
            same,
            f"{{{term}}}, in allocated crane time",
            source,
            f"Minutes in which hoist and trolley stood still for two minutes or longer; cause: {text}.",
            stated_causes=True,
        )
        for name, text, term in rows
    )


CRANE_KPIS: tuple[Kpi, ...] = (
    Kpi(
        "boxes",
        "Boxes",
        "boxes",
        "move",
        CRANES,
        ("boxes",),
        same,
        "{boxes} of all counted moves unlocked in the window",
        "TIC4.0 cycle: one delivered cycle may carry several boxes; which kinds count is the site's choice",
        "Containers moved; the terminal counts its quay cranes: load, discharge and shift.",
        per_minute=True,
    ),
    Kpi(
        "gross_crane_rate",
        "Gross crane rate",
        "boxes/h",
        "move",
        CRANES,
        ("boxes", "allocated_h"),
        per_hour,
        "{boxes} ÷ {allocated_h}; allocated: assigned to a vessel, or else logged on; delays are not subtracted",
        f"{GCR}; TIC4.0 KPI crane productivity",
        "How fast a crane works the ship, waits included.",
        per_minute=True,
    ),
    Kpi(
        "net_crane_rate",
        "Net crane rate",
        "boxes/h",
        "stop",
        CRANES,
        ("boxes", "allocated_h", "excluded_h"),
        _net,
        "{boxes} ÷ ({allocated_h} − {excluded_h}); left out: delays with a cause that is deducted, hatch covers, gear",
        GCR,
        "How fast a crane works the ship when nothing keeps it from working.",
        per_minute=True,
        stated_causes=True,
    ),
    Kpi(
        "median_cycle_time",
        "Median cycle time",
        "s",
        "move",
        CRANES,
        ("cycles", "cycle_median_s"),
        of_counted,
        "median of {cycles} unlock-to-unlock times; pauses over 30 min are left out",
        TIC_CYCLE,
        "The usual time from one delivered lift to the next.",
        per_minute=True,
    ),
    _crane(
        "cycle_time_p90",
        "Cycle time, p90",
        "s",
        ("cycles", "cycle_p90_s"),
        of_counted,
        "90th percentile of {cycles} unlock-to-unlock times; pauses over 30 min are left out",
        TIC_CYCLE,
        "Nine of ten cycles were faster than this.",
    ),
    *_cycle_parts(),
    _crane("lifts", "Lifts", "lifts", ("lifts",), same, "{lifts}: counted moves", "TIC4.0 cycle", "Counted moves."),
    _crane("teu", "TEU", "TEU", ("teu",), same, "{teu} of all counted moves", "TIC4.0 units", "Moved, in 20 ft units."),
    _crane(
        "crane_productivity",
        "Crane productivity",
        "boxes/h",
        ("boxes", "logged_on_h"),
        per_hour,
        "{boxes} ÷ {logged_on_h}",
        "TIC4.0 KPI crane productivity: moves in boxes ÷ logged-on time",
        "Boxes an hour while an operator was logged on.",
    ),
    _crane(
        "twin_ratio",
        "Twin ratio",
        "share",
        ("twin_lifts", "lifts"),
        ratio,
        "{twin_lifts} ÷ {lifts}",
        "twin cycles ÷ laden cycles: common practice",
        "Share of the lifts that carried two 20 ft boxes.",
    ),
    _crane(
        "dual_cycle_share",
        "Dual-cycle share",
        "share",
        ("dual_pairs", "moves"),
        _share_of_cycles,
        "{dual_pairs} ÷ ({moves} − {dual_pairs}): a load and a discharge right after each other share a cycle",
        "cycles with a laden leg in both directions ÷ cycles: common practice",
        "Share of the cycles that were laden both ways.",
    ),
    Kpi(
        "utilisation",
        "Utilisation",
        "share",
        "stop",
        CRANES,
        ("allocated_h", "stopped_h"),
        _share_left,
        "({allocated_h} − {stopped_h}) ÷ {allocated_h}",
        "working time ÷ available time, TIC4.0 terms",
        "Share of the allocated time without delays.",
        stated_causes=True,
    ),
    Kpi(
        "availability",
        "Availability",
        "share",
        "stop",
        CRANES,
        ("allocated_h", "down_h"),
        _share_left,
        "({allocated_h} − {down_h}) ÷ {allocated_h}",
        "(scheduled − down) ÷ scheduled: Siemens, crane life cycle cost, PTI",
        "Share of the allocated time in which the crane was not broken down.",
        stated_causes=True,
    ),
    Kpi(
        "mtbf",
        "Mean time between failures",
        "h",
        "stop",
        CRANES,
        ("allocated_h", "down_h", "failures"),
        lambda hours, down, failures: ratio(hours - down, failures),
        "({allocated_h} − {down_h}) ÷ {failures}",
        "operating hours ÷ failures: common practice",
        "Hours of operation for each breakdown; nothing where none began in the window.",
        stated_causes=True,
    ),
    Kpi(
        "mmbf",
        "Mean moves between failures",
        "moves",
        "stop",
        CRANES,
        ("moves", "failures"),
        ratio,
        "{moves} ÷ {failures}",
        "moves ÷ failures: common practice",
        "Moves for each breakdown; nothing where none began in the window.",
        stated_causes=True,
    ),
    _crane(
        "energy_per_move",
        "Energy per move",
        "kWh",
        ("energy_kwh", "energy_moves"),
        ratio,
        "{energy_kwh} ÷ {energy_moves}",
        "Σ kWh ÷ moves: common practice; by the crane's counter",
        "What the drives take for a counted move, its empty way included.",
    ),
    Kpi(
        "idle_minutes",
        "Delays",
        "min",
        "stop",
        CRANES,
        ("idle_min",),
        same,
        "{idle_min} in allocated crane time",
        "taxonomy of delays: docs/causes.md",
        "Minutes in which hoist and trolley stood still for two minutes or longer.",
        stated_causes=True,
    ),
    *_delays(),
)
