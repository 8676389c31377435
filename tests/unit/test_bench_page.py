"""The pure parts of the measurement of the page."""

import pytest

from bench.page import assets, frames
from bench.page.terminal import Run


def test_scripts_and_styles_are_found_in_the_html() -> None:
    """Not the icon, which is neither; nothing of another server."""
    index = """
        <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
        <script type="module" crossorigin src="/assets/index-Du_Z-1.js"></script>
        <link rel="stylesheet" crossorigin href="/assets/index-Ch.css">
        <script src="https://elsewhere.example/assets/a.js"></script>
    """
    assert assets.named(index) == ["/assets/index-Du_Z-1.js", "/assets/index-Ch.css"]


def test_a_body_that_was_sent_compressed_has_its_own_size() -> None:
    one = assets.asset("/assets/a.js", b"a" * 700, "gzip")
    assert (one.served_bytes, one.encoding, one.compressed_bytes) == (700, "gzip", 700)


def test_a_body_that_was_sent_as_it_is_has_the_size_that_gzip_would_give_it() -> None:
    one = assets.asset("/assets/a.js", b"a" * 100_000, "")
    assert (one.served_bytes, one.encoding) == (100_000, "")
    assert 50 < one.compressed_bytes < 500


def test_a_move_ends_in_time_for_its_unlock_to_count() -> None:
    """Samples ascend to the end given, and the rest after the unlock is longer than two seconds."""
    samples = frames.move_samples(100_000)
    assert [one["ts"] for one in samples] == [93_800, 94_600, 95_400, 96_200, 97_000, 97_800, 100_000]
    assert [one.get("twistlock_locked") for one in samples] == [False, True, None, None, None, False, False]


@pytest.mark.parametrize(("kib", "reached"), [(120, True), (121, False)])
def test_without_a_browser_the_other_figures_are_given(kib: int, reached: bool) -> None:
    """What is not measured is in the table as such, and neither reached nor missed."""
    run = Run([assets.Asset("/assets/a.js", 400 * 1024, "", kib * 1024)], None, [10.0, 20.0, 90.0])
    size, first, script, frame = run.figures()
    assert (size.measured, size.beside, size.reached) == (f"{kib} KiB", "served: 400 KiB, not compressed", reached)
    assert (
        first.measured == script.measured == "not measured, no Chromium here: apt-get install chromium chromium-driver"
    )
    assert first.reached is script.reached is None
    assert frame.measured == "p50 20, p99 89, highest 90 ms"
