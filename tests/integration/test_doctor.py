"""`quaystream doctor` against real brokers and a real database: what is unsafe is named, what is safe is not."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

import infra.machine.broker
import infra.machine.postgres
from infra.database import migrate
from infra.doctor.visit import OWN_TOPICS, Visit, new_id
from infra.machine.broker import PrivateBroker
from infra.machine.broker_users import ADMIN
from infra.machine.database_users import DATABASE_USERS, OWNER
from infra.machine.persistence import Profile
from infra.machine.postgres import PrivatePostgres
from infra.machine.processes import owner_of, private_folder
from infra.machine.stack import Stack
from infra.mqtt.connection import MqttError

ROOT = Path(__file__).parents[2]


def doctor(mqtt_url: str, database_url: str, *arguments: str) -> tuple[int, dict[str, str]]:
    """Exit code, and what it says of each thing."""
    done = subprocess.run(
        [sys.executable, "-m", "infra", "doctor", *arguments],
        env=os.environ | {"QUAYSTREAM_MQTT_URL": mqtt_url, "QUAYSTREAM_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == "", done.stderr
    reported: dict[str, str] = {}
    for line in done.stdout.splitlines():
        state, name = line.split()[:2]
        reported[f"{state} {name}"] = reported.get(f"{state} {name}", "") + line
    return done.returncode, reported


def complaints(reported: dict[str, str]) -> set[str]:
    """What is not well, as state and name."""
    return {key for key in reported if not key.startswith("ok ")}


@contextmanager
def broker(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, options: Mapping[str, str | None], profile: Profile = "durable"
) -> Iterator[str]:
    """URL of a broker of the test's own, with other options than the shipped ones; None leaves one out."""
    own = infra.machine.broker.TEMPLATE.read_text().splitlines()
    lines = [line for line in own if line.split(" ")[0].strip("{}") not in options]
    with tempfile.TemporaryDirectory(prefix="quaystream-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        template = folder / "template"
        others = [f"{option} {value}" for option, value in options.items() if value is not None]
        template.write_text("\n".join([*lines, *others]) + "\n")
        monkeypatch.setattr(infra.machine.broker, "TEMPLATE", template)
        own_folder = private_folder(folder / "broker", owner_of(folder))
        write_passwords(stack, own_folder / "passwords")
        running = PrivateBroker(stack.binaries, own_folder, owner_of(folder), {ADMIN: "secret"}, profile)
        running.start()
        try:
            yield running.url_of(ADMIN)
        finally:
            running.kill()


def write_passwords(stack: Stack, path: Path) -> None:
    """A password file, for configurations without the plugin of our own: whoever may do everything is in it."""
    assert stack.binaries.clients is not None
    command = [str(stack.binaries.clients / "mosquitto_passwd"), "-b", "-c", str(path), ADMIN.name, "secret"]
    subprocess.run(command, check=True, capture_output=True)
    owner_of(path.parent).own(path)


def test_the_shipped_stack_gives_no_warning(stack: Stack, database_url: str) -> None:
    code, reported = doctor(stack.mqtt_url, database_url, "--strict")
    assert complaints(reported) - {"warn checkpoints"} == set(), (
        reported
    )  # tests that drop databases ask for checkpoints
    assert {"ok queue", "ok window", "ok config", "ok durability", "ok disk"} <= set(reported)
    assert code == 0 or "warn checkpoints" in reported


def test_the_memory_profile_is_warned_of(stack: Stack, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with broker(stack, monkeypatch, {}, "memory") as url:
        code, reported = doctor(url, database_url)
        assert (code, complaints(reported) - {"warn checkpoints"}) == (0, {"warn config"})
        assert "persistence false" in reported["warn config"]
        assert doctor(url, database_url, "--strict")[0] == 1


UNSAFE = [
    ({"max_queued_messages": "1000"}, {"warn queue": "max_queued_messages", "warn config": "max_queued_messages"}),
    ({"max_queued_messages": "50"}, {"warn queue": "max_queued_messages is 50", "warn config": "max_queued_messages"}),
    ({"allow_anonymous": "true"}, {"warn anonymous": "allow_anonymous", "warn config": "allow_anonymous"}),
    ({"max_qos": "0"}, {"fail qos": "QoS", "fail config": "max_qos"}),
    ({"retain_available": "false"}, {"fail retained": "retain", "fail config": "retain_available"}),
    ({"max_packet_size": "70000"}, {"warn packet": "70000", "warn config": "max_packet_size"}),
    ({"sys_interval": "0"}, {"warn config": "sys_interval"}),
    ({"persistent_client_expiration": "1h"}, {"warn config": "persistent_client_expiration"}),
    ({"queue_qos0_messages": "true"}, {"warn config": "queue_qos0_messages"}),
]


@pytest.mark.parametrize(("options", "wanted"), UNSAFE, ids=[" ".join(*options.items()) for options, _ in UNSAFE])
def test_each_unsafe_option_is_named(
    stack: Stack,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, str],
    wanted: dict[str, str],
) -> None:
    with broker(stack, monkeypatch, options) as url:
        _, reported = doctor(url, database_url)
    for key, word in wanted.items():
        assert word in reported[key]


def test_a_broker_with_the_documented_settings_gives_no_warning(
    stack: Stack, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Mosquitto takes the example as it stands, but for its paths and its port."""
    text = re.findall(r"```\n(.*?)```", (ROOT / "docs" / "broker.md").read_text("utf-8"), re.DOTALL)[0]
    text = re.sub(r"(?m)^plugin .*$", f"plugin {stack.binaries.persist_sqlite}", text)
    text = re.sub("/etc/mosquitto|/var/lib/mosquitto", "{folder}", text).replace("1883", "{port} 127.0.0.1")
    template = tmp_path / "template"
    template.write_text(f"user {{user}}\npid_file {{folder}}/mosquitto.pid\n{text}")
    monkeypatch.setattr(infra.machine.broker, "TEMPLATE", template)
    with broker(stack, monkeypatch, {}) as url:
        code, reported = doctor(url, database_url, "--strict")
    assert complaints(reported) - {"warn checkpoints"} == set(), reported
    assert code == 0 or "warn checkpoints" in reported


def test_what_the_topic_rules_forbid_is_reported(
    stack: Stack, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No `$SYS`, no topic of our own: it says so, and goes on."""
    tmp_path.chmod(0o755)
    with tempfile.TemporaryDirectory(prefix="quaystream-test-") as name:
        Path(name).chmod(0o755)
        rules = Path(name) / "acl"
        rules.write_text("user quaystream\ntopic readwrite port/#\n")
        rules.chmod(0o644)
        file_users = {"plugin": None, "plugin_opt_config_file": None, "password_file": "{folder}/passwords"}
        with broker(stack, monkeypatch, {"acl_file": str(rules), **file_users}) as url:
            code, reported = doctor(url, database_url)
    assert "$SYS" in reported["warn dropped"]
    assert "quaystream/doctor" in reported["warn queue"]
    assert "ok config" in reported
    assert code == 0


def test_nothing_of_the_doctor_stays_at_the_broker(
    stack: Stack, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with broker(stack, monkeypatch, {"max_queued_messages": "1000", "sys_interval": "1"}) as url:
        doctor(url, database_url)
        with Visit(url, "looks") as visit:
            visit.subscribe("$SYS/broker/clients/total")
            visit.subscribe("$SYS/broker/publish/messages/dropped")

            def reported(topic: str) -> list[int]:
                return [int(m.payload) for m in visit.received if m.topic == f"$SYS/broker/{topic}"]

            assert visit.until(lambda: reported("clients/total")[-1:] == [1], 8)
            assert visit.until(lambda: reported("publish/messages/dropped")[-1:] == [1], 8), (
                "one message shows the limit"
            )


def test_unsafe_settings_of_the_database_are_named(stack: Stack, database_url: str) -> None:
    name = database_url.rpartition("/")[2]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    code, reported = doctor(stack.mqtt_url, database_url)
    assert code == 1
    assert "synchronous_commit" in reported["fail durability"]


def test_unsafe_settings_of_a_database_server_are_named(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of the test's own, as the settings are read at its start only."""
    unsafe = {
        "fsync": "off",
        "full_page_writes": "off",
        "max_locks_per_transaction": "64",
        "max_connections": "22",
        "max_wal_size": "100TB",
    }
    monkeypatch.setattr(infra.machine.postgres, "SETTINGS", infra.machine.postgres.SETTINGS | unsafe)
    with tempfile.TemporaryDirectory(prefix="quaystream-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = PrivatePostgres(
            stack.binaries, folder / "postgres", owner_of(folder), dict.fromkeys(DATABASE_USERS, "secret")
        )
        try:
            server.start()
            url = server.url_of(OWNER)
            with psycopg.connect(url), psycopg.connect(url), psycopg.connect(url):
                code, before = doctor(stack.mqtt_url, server.url_of(OWNER, "postgres"))
                migrate(url)
                _, after = doctor(stack.mqtt_url, url)
        finally:
            server.stop()
    assert code == 1
    assert {"fail timescaledb", "fail migrations"} <= set(before) - set(after)
    for key, words in {
        "fail durability": ["fsync is off", "full_page_writes is off"],
        "warn locks": ["max_locks_per_transaction 64"],
        "warn connections": ["of 22 connections"],
        "warn disk": ["write-ahead log"],
    }.items():
        assert all(word in after[key] for word in words), (key, after)


def test_a_subscription_that_is_granted_less_is_seen(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the broker answers to the subscription itself, beside what it says of the connection."""
    with broker(stack, monkeypatch, {"max_qos": "0"}) as url, Visit(url, new_id()) as visit:
        assert visit.subscribe(f"{OWN_TOPICS}/any") == 0
    with Visit(stack.mqtt_url, new_id()) as visit:
        assert visit.subscribe(f"{OWN_TOPICS}/any") == 1


def test_a_broker_that_is_not_there_is_reported(database_url: str) -> None:
    code, reported = doctor("mqtt://127.0.0.1:1", database_url)
    assert code == 1
    assert {"fail broker", "warn config", "ok database"} <= set(reported)


def test_a_visit_that_is_refused_reports_it(stack: Stack) -> None:
    with pytest.raises(MqttError, match="refuses"), Visit(stack.mqtt_url, "nobody", user=False):
        pass


def test_a_calibration_of_an_unknown_crane_is_named(
    stack: Stack, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistyped id would have no effect, and nobody would see it."""
    site = tmp_path / "site.toml"
    calibration = "[[terminal.pechy.calibration]]\ntrolley_zero_m = 3\n"
    site.write_text(f'{calibration}crane = "sts1"\n{calibration}crane = "st2"\n')
    monkeypatch.setenv("QUAYSTREAM_SITE", str(site))
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO device (terminal, stream, device) VALUES ('pechy', 'crane', 'sts1')")
    _, reported = doctor(stack.mqtt_url, database_url)
    assert "names crane st2 of pechy, which has sent nothing so far → known there are sts1" in reported["warn site"]
    assert "sts1, which" not in reported["warn site"]
