"""Mosquitto's configuration is read as Mosquitto reads it, and each unsafe option is named."""

import re
from pathlib import Path

import pytest

from infra.doctor import configuration
from infra.machine.broker import TEMPLATE
from infra.machine.persistence import configuration as persistence
from infra.settings import load

SETTINGS = load({})
BLOCKS = re.findall(r"```\n(.*?)```", (Path(__file__).parents[2] / "docs" / "broker.md").read_text("utf-8"), re.DOTALL)
SAFE = BLOCKS[0]


def reported(tmp_path: Path, text: str) -> list[str]:
    """The findings about a file."""
    path = tmp_path / "mosquitto.conf"
    path.write_text(text)
    return [str(check) for check in configuration.checks("mqtt://elsewhere:1883", path, SETTINGS)]


def test_the_documented_example_is_safe(tmp_path: Path) -> None:
    (line,) = reported(tmp_path, SAFE)
    assert line.startswith("ok   config")


def test_the_documented_example_for_2_0_warns_of_its_persistence_only(tmp_path: Path) -> None:
    (line,) = reported(tmp_path, BLOCKS[1])
    assert re.match(r"warn config +persistence by a file that is written every 1000 changes", line)


def test_the_shipped_profiles(tmp_path: Path) -> None:
    def shipped(text: str) -> list[str]:
        filled = {"user": "u", "folder": "/f", "port": 1, "dynamic_security": "/lib/d.so", "users": "/f/users.json"}
        filled |= {"network_listener": ""}
        return reported(tmp_path, TEMPLATE.read_text().format(persistence=text, **filled))

    durable = persistence("durable", Path("/lib/mosquitto_persist_sqlite.so"), tmp_path)
    assert [line[:4] for line in shipped(durable)] == ["ok  "]
    assert [line[:4] for line in shipped(persistence("durable", None, tmp_path))] == ["warn"]
    (line,) = shipped(persistence("memory", None, tmp_path))
    assert "persistence false" in line


@pytest.mark.parametrize(
    ("was", "changed", "word"),
    [
        ("plugin_opt_flush_period 0", "", "writes every 5 s"),
        ("plugin_opt_flush_period 0", "plugin_opt_flush_period 2", "writes every 2 s"),
        ("plugin_opt_sync full", "", "sync is normal"),
        ("plugin_opt_sync full", "plugin_opt_sync off", "sync is off"),
        ("plugin_opt_sync full", "plugin_opt_sync full\npersistence true", "takes one only"),
        ("max_queued_messages 5000000", "", "max_queued_messages 1000"),
        ("max_queued_messages 5000000", "max_queued_messages 0", "max_queued_messages 0"),
        ("max_queued_bytes 2000000000", "max_queued_bytes 1000000", "max_queued_bytes 1000000"),
        ("max_inflight_messages 10000", "", "max_inflight_messages 20"),
        ("max_inflight_messages 10000", "max_inflight_messages 0", "max_inflight_messages 0"),
        ("max_packet_size 2000000", "max_packet_size 0", "max_packet_size 0"),
        ("max_packet_size 2000000", "max_packet_size 1000", "cut off"),
        ("sys_interval 10", "sys_interval 0", "sys_interval"),
        ("sys_interval 10", "message_size_limit 1000", "message_size_limit"),
        ("sys_interval 10", "memory_limit 1000000", "memory_limit"),
        ("sys_interval 10", "max_qos 0", "QoS"),
        ("sys_interval 10", "retain_available false", "retain_available"),
        ("queue_qos0_messages false", "queue_qos0_messages true", "queue_qos0_messages"),
        ("allow_anonymous false", "allow_anonymous true", "allow_anonymous"),
        ("listener 1883\nallow_anonymous false", "", "no listener, so allow_anonymous is true"),
        ("persistent_client_expiration 7d", "", "not set"),
        ("persistent_client_expiration 7d", "persistent_client_expiration 6d", "6d"),
    ],
)
def test_one_unsafe_option_is_one_finding(tmp_path: Path, was: str, changed: str, word: str) -> None:
    assert was in SAFE
    (line,) = reported(tmp_path, SAFE.replace(was, changed))
    assert line.startswith(("warn config", "fail config"))
    assert word in line
    assert "→" in line


def test_the_file_that_debian_ships_is_unsafe_in_four_ways(tmp_path: Path) -> None:
    """Its included folder is read too, and what stands there counts."""
    folder = tmp_path / "conf.d"
    folder.mkdir()
    (folder / "own.conf").write_text("listener 1884\nmax_packet_size  2000000\n")
    shipped = f"persistence true\npersistence_location /var/lib/mosquitto/\n# a remark\ninclude_dir {folder}\n"
    lines = reported(tmp_path, shipped)
    words = ["every 1800 s", "max_queued_messages 1000", "max_inflight_messages 20", "persistent_client_expiration"]
    assert len(lines) == len(words)
    assert all(word in line for word, line in zip(words, lines, strict=True))
    assert configuration.read(tmp_path / "mosquitto.conf").ports == {1884}


def test_options_of_another_plugin_are_not_those_of_the_queue(tmp_path: Path) -> None:
    other = "\nplugin /lib/mosquitto_dynamic_security.so\nplugin_opt_sync off\nplugin_opt_flush_period 9\n"
    (line,) = reported(tmp_path, SAFE + other)
    assert line.startswith("ok")


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (check,) = configuration.checks("mqtt://127.0.0.1:1", tmp_path / "none.conf", SETTINGS)
    assert check.state == "fail"


def test_a_broker_elsewhere_needs_its_file() -> None:
    (check,) = configuration.checks("mqtt://broker.example:1883", None, SETTINGS)
    assert (check.state, "--broker-config" in check.advice) == ("warn", True)
