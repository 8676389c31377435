"""Grid factors in the site file: with validity, and every problem with its line."""

import pytest

from infra.site_file.reader import read
from ingest.store.site_configuration import to_json
from processing.energy.grid import GridFactor
from processing.site.configuration import Site
from tests.unit.test_site_file import NOVEMBER_US, problems_of

TWO = """
[default]
grid = [{ kg_co2_per_kwh = 0.4 }]
[[terminal.pechy.grid]]
kg_co2_per_kwh = 0.21
from = 2026-11-01T00:00:00Z
[[terminal.pechy.grid]]
kg_co2_per_kwh = 0.25
until = 2026-11-01T00:00:00Z
"""


def test_a_factor_follows_another_one() -> None:
    """In order of time, whatever order they stand in; others take the default."""
    sites = read(TWO, "site.toml")
    assert sites.of("pechy").grid == (GridFactor(0, NOVEMBER_US, 250_000), GridFactor(NOVEMBER_US, None, 210_000))
    assert [sites.of("pechy").grid_factor(NOVEMBER_US + us) for us in (-1, 0)] == [250_000, 210_000]
    assert sites.of("elsewhere").grid_factor(0) == 400_000
    assert Site().grid_factor(0) is None


def test_kpis_are_recomputed_where_a_factor_changes() -> None:
    """And are not where no terminal has any: what was stored before there were factors stays equal."""
    assert '"grid":[[0,' in to_json(read(TWO, "site.toml").of("pechy"))
    assert "grid" not in to_json(Site())


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("kg_co2_per_kwh = 210", "grid[0].kg_co2_per_kwh: 210 must be a number from 0 to 5"),
        ('kg_co2_per_kwh = "low"', "grid[0].kg_co2_per_kwh: 'low' must be a number"),
        ("kg_co2 = 0.2", "grid[0].kg_co2: this key is not known here; did you mean kg_co2_per_kwh?"),
        ("kg_co2_per_kwh = 0.2\nfrom = 2026-11-01T00:00:00", "grid[0].from: 2026-11-01 00:00:00 has no offset"),
    ],
)
def test_problems_are_reported_with_line_and_field(table: str, words: str) -> None:
    found = problems_of(f"[[terminal.pechy.grid]]\n{table}\n")
    assert any(words in one for one in found), found


def test_two_factors_at_the_same_time_are_refused() -> None:
    factor = "[[terminal.pechy.grid]]\nkg_co2_per_kwh = 0.2\n"
    (found,) = problems_of(factor + "from = 2026-11-01T00:00:00Z\n" + factor)
    assert "grid[1].from: this factor is valid at the same time as one before" in found
