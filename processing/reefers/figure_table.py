"""The figures of a box, one row each: the API's answer and its explanation come from this table."""

from collections.abc import Callable
from dataclasses import dataclass

from processing.model.times import HOUR_US, MINUTE_US
from processing.reefers.figures import BoxFigures

Number = float | None


@dataclass(frozen=True, slots=True)
class FigureTerm:
    """A number with a name and a unit, of which formulas are made."""

    name: str
    label: str
    unit: str
    of: Callable[[BoxFigures], Number]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        id: contract, as in the answer.
        title, unit: for people.
        terms: of which it is made, names in `TERMS`; None in any of them makes it None.
        value: makes it of the terms.
        formula: the same in words, the terms in braces.
        source: where the definition comes from.
        text: what a person reads from it.
    """

    id: str
    title: str
    unit: str
    terms: tuple[str, ...]
    value: Callable[..., Number]
    formula: str
    source: str
    text: str

    def of(self, found: BoxFigures) -> Number:
        """Its value; None where nothing is known."""
        values = [TERMS[name].of(found) for name in self.terms]
        return None if None in values else self.value(*values)


TERMS = {
    one.name: one
    for one in (
        FigureTerm("known_min", "minutes with known air", "min", lambda found: found.known_us / MINUTE_US),
        FigureTerm("unknown_min", "minutes without known air", "min", lambda found: found.unknown_us / MINUTE_US),
        FigureTerm("out_min", "minutes out of range", "min", lambda found: found.out_us / MINUTE_US),
        FigureTerm("mean_degc", "mean temperature", "°C", lambda found: found.mean_degc),
        FigureTerm("kinetic_degc", "mean kinetic temperature", "°C", lambda found: found.kinetic_degc),
        FigureTerm("cycles", "cycles of 60 to 120 min", "cycles", lambda found: float(found.cycles)),
        FigureTerm("energy_kwh", "energy", "kWh", lambda found: found.energy_kwh),
        FigureTerm("powered_h", "hours with known power", "h", lambda found: found.powered_us / HOUR_US),
    )
}


def _ratio(part: float, whole: float) -> Number:
    return part / whole if whole else None


FIGURES = (
    Figure(
        "out_of_range_share",
        "Out of range",
        "%",
        ("out_min", "known_min"),
        lambda out, known: 100 * out / known if known else None,
        "100 × {out_min} ÷ {known_min}",
        "quaystream: sum of the time beyond the tolerance, gaps over two report intervals left out",
        "Share of the time for which the air is known; defrosts and pull-downs count too.",
    ),
    Figure(
        "unknown_min",
        "Not known",
        "min",
        ("unknown_min",),
        lambda unknown: unknown,
        "{unknown_min}, from the first reading on, while the box was on the plug",
        "quaystream: gaps over two report intervals, and readings without air",
        "For so long nobody knows whether it was in range.",
    ),
    Figure(
        "mean_kinetic_degc",
        "Mean kinetic temperature",
        "°C",
        ("kinetic_degc", "mean_degc"),
        lambda kinetic, _mean: kinetic,
        "{kinetic_degc} of the controlled air; {mean_degc}",
        "USP <1079>: 10,000 K ÷ −ln(mean of exp(−10,000 K ÷ T) over time)",
        "The steady temperature at which cargo would age as it did: warm hours count more than cold ones.",
    ),
    Figure(
        "cycles",
        "Starts and stops",
        "cycles",
        ("cycles",),
        lambda cycles: cycles,
        "{cycles}: air that swings by more than 0.8 K",
        "docs/sources.md, Reefers: swings of a unit that starts and stops",
        "Many of them wear the machinery, and the cargo is warm in each.",
    ),
    Figure(
        "mean_power_kw",
        "Mean power",
        "kW",
        ("energy_kwh", "powered_h"),
        _ratio,
        "{energy_kwh} ÷ {powered_h}",
        "quaystream: power as reported, over time",
        "What the box takes from the grid.",
    ),
)
