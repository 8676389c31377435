"""Each unsafe option of Mosquitto's configuration is named, and a safe file gives no warning."""

from pathlib import Path

import pytest

from infra.checks import broker_file
from infra.machine import broker
from infra.machine.persistence import configuration

SAFE = """
# a comment
allow_anonymous false
plugin /usr/lib/mosquitto_persist_sqlite.so
plugin_opt_flush_period 0
plugin_opt_sync full
max_inflight_messages 10000
max_queued_messages 5000000
max_packet_size 2000000
persistent_client_expiration 7d
"""


def warnings(folder: Path, text: str) -> list[str]:
    """What is said of a file with this text."""
    path = folder / "mosquitto.conf"
    path.write_text(text)
    return [str(check) for check in broker_file.check(path) if check.state != "ok"]


def test_a_safe_file_gives_no_warning(tmp_path: Path) -> None:
    assert warnings(tmp_path, SAFE) == []
    (told,) = broker_file.check(tmp_path / "mosquitto.conf")
    assert str(told).startswith("ok")


def test_the_file_of_the_private_broker_gives_none_either(tmp_path: Path) -> None:
    values = {"user": "nobody", "folder": tmp_path, "port": 1883}
    durable = configuration("durable", Path("mosquitto_persist_sqlite.so"), tmp_path)
    assert warnings(tmp_path, broker.TEMPLATE.read_text().format(**values, persistence=durable)) == []
    (told,) = warnings(
        tmp_path,
        broker.TEMPLATE.read_text().format(**values, persistence=configuration("memory", None, tmp_path)),
    )
    assert "persistence is off" in told


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("allow_anonymous false", "allow_anonymous true", "anybody"),
        ("plugin_opt_flush_period 0", "", "every few seconds"),
        ("plugin_opt_sync full", "plugin_opt_sync normal", "power cut"),
        ("plugin /usr/lib/mosquitto_persist_sqlite.so", "persistence true", "now and then"),
        ("plugin /usr/lib/mosquitto_persist_sqlite.so", "", "persistence is off"),
        ("max_inflight_messages 10000", "", "max_inflight_messages is 20"),
        ("max_inflight_messages 10000", "max_inflight_messages 0", "no bound"),
        ("max_queued_messages 5000000", "", "max_queued_messages is 1000"),
        ("max_queued_messages 5000000", "max_queued_messages 0", "all memory"),
        ("max_packet_size 2000000", "", "256 MB"),
        ("max_packet_size 2000000", "max_packet_size 65536", "1 MiB"),
        ("max_packet_size 2000000", "max_packet_size 2000000\nmessage_size_limit 1000", "throws it away"),
        ("persistent_client_expiration 7d", "", "never expire"),
        ("persistent_client_expiration 7d", "persistent_client_expiration 7d\nsys_interval 0", "nobody is told"),
        ("persistent_client_expiration 7d", "persistent_client_expiration 7d\nmax_qos 0", "max_qos 0"),
    ],
)
def test_each_unsafe_option_is_named(tmp_path: Path, line: str, instead: str, told: str) -> None:
    (warning,) = warnings(tmp_path, SAFE.replace(line, instead))
    assert warning.startswith("warn")
    assert told in warning


def test_a_file_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    (told,) = broker_file.check(tmp_path / "none.conf")
    assert (told.state, "No such file" in told.seen) == ("fail", True)
