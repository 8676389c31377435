"""Settings: everything wrong is reported at once, with what to change."""

import pytest

from infra.cli import main
from infra.settings import load
from processing.model.errors import SettingsError


def test_defaults() -> None:
    settings = load({})
    assert settings.http == ("127.0.0.1", 8080)
    assert settings.database_url is None
    assert settings.retention_days == 30


def test_all_problems_are_reported_at_once() -> None:
    wrong = {
        "QUAYSTREAM_DATABASE_URL": "mysql://somewhere",
        "QUAYSTREAM_HTTP": "8080",
        "QUAYSTREAM_RETENTION_DAYS": "a month",
        "QUAYSTREAM_FUTURE_S": "-1",
        "QUAYSTREAM_LOG_LEVEL": "chatty",
        "QUAYSTREAM_RETENTOIN_DAYS": "30",
        "OTHER": "is not ours",
    }
    with pytest.raises(SettingsError) as raised:
        load(wrong)
    lines = str(raised.value).splitlines()[1:]
    assert [line.split("=")[0].split(":")[0].strip() for line in lines] == [
        "QUAYSTREAM_DATABASE_URL",
        "QUAYSTREAM_HTTP",
        "QUAYSTREAM_RETENTION_DAYS",
        "QUAYSTREAM_FUTURE_S",
        "QUAYSTREAM_LOG_LEVEL",
        "QUAYSTREAM_RETENTOIN_DAYS",
    ]


def test_a_batch_that_could_never_fill_is_refused() -> None:
    with pytest.raises(SettingsError, match="never fills"):
        load({"QUAYSTREAM_BATCH_MESSAGES": "500", "QUAYSTREAM_RECEIVE_MAXIMUM": "100"})


def test_a_wrong_url_does_not_show_its_password() -> None:
    with pytest.raises(SettingsError) as raised:
        load({"QUAYSTREAM_MQTT_URL": "http://user:secret-word@host:1"})
    assert "secret-word" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("MQTT_URL", "mqtt://user:secret-word@host:port"),
        ("DATABASE_URL", "mysql://user:secret-word@host:5432/db?sslmode=require"),
        ("DATABASE_URL", "postgresql://user:secret-word@:5432/db"),
        ("HTTP", "http://user:secret-word@host"),
    ],
)
def test_no_password_is_shown(name: str, url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load({f"QUAYSTREAM_{name}": url})
    assert f"QUAYSTREAM_{name}" in str(raised.value)
    assert "secret-word" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "mqtt://user:secret-word/x@host:1883",
        "mqtt://user:secret-word#x@host:1883",
        "user:secret-word@host:1883",
        "http://host/?password=secret-word",
    ],
)
def test_no_password_is_shown_of_a_url_that_is_none(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load({"QUAYSTREAM_MQTT_URL": url})
    assert "secret-word" not in str(raised.value)


def test_an_unknown_name_is_reported_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match=r"QUAYSTREAM_RETENTOIN_DAYS.*QUAYSTREAM_RETENTION_DAYS"):
        load({"QUAYSTREAM_RETENTOIN_DAYS": "30"})


def test_an_unknown_name_is_refused_without_its_value() -> None:
    with pytest.raises(SettingsError) as raised:
        load({"QUAYSTREAM_MQTT_PASSWORD": "secret-word"})
    assert "QUAYSTREAM_MQTT_PASSWORD: no such setting" in str(raised.value)
    assert "secret-word" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("RETENTION_DAYS", 1, 3_650),
        ("ENERGY_DAYS", 1, 36_500),
        ("FUTURE_S", 0, 86_400),
        ("RECEIVE_MAXIMUM", 2_000, 65_535),  # not less than a batch
        ("BATCH_LINGER_MS", 0, 10_000),
        ("SESSION_EXPIRY_S", 60, 4_294_967_294),
    ],
)
def test_numbers_hold_at_their_limits(name: str, lowest: int, highest: int) -> None:
    for value in (lowest, highest):
        assert getattr(load({f"QUAYSTREAM_{name}": str(value)}), name.lower()) == value
    for text in (str(lowest - 1), str(highest + 1), "1.5", "0x10"):
        with pytest.raises(SettingsError, match=f"QUAYSTREAM_{name}"):
            load({f"QUAYSTREAM_{name}": text})


@pytest.mark.parametrize(
    ("text", "host", "port"), [("10.0.0.1:80", "10.0.0.1", 80), ("[::1]:0", "::1", 0), ("box:65535", "box", 65_535)]
)
def test_addresses(text: str, host: str, port: int) -> None:
    settings = load({"QUAYSTREAM_HTTP": text, "QUAYSTREAM_INGEST_HTTP": text})
    assert (settings.http_host, settings.http_port) == (host, port)
    assert (settings.ingest_http_host, settings.ingest_http_port) == (host, port)


@pytest.mark.parametrize("text", [":80", "box:", "box:65536", "box:-1", "box"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(SettingsError, match="must be host:port"):
        load({"QUAYSTREAM_HTTP": text})


def test_an_empty_setting_is_one_that_is_not_set() -> None:
    assert load({"QUAYSTREAM_DATABASE_URL": "", "QUAYSTREAM_HTTP": ""}) == load({})


def test_a_missing_server_is_reported_when_it_is_needed() -> None:
    with pytest.raises(SettingsError, match="QUAYSTREAM_DATABASE_URL is not set"):
        load({}).require_database()
    with pytest.raises(SettingsError, match="QUAYSTREAM_MQTT_URL is not set"):
        load({}).require_mqtt()
    url = "postgresql://user:word@host:5432/db"
    assert load({"QUAYSTREAM_DATABASE_URL": url}).require_database() == url


def test_a_wrong_setting_ends_with_code_2_and_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUAYSTREAM_HTTP", "nowhere")
    assert main(["env"]) == 2
    raised = capsys.readouterr().err
    assert "QUAYSTREAM_HTTP='nowhere': must be host:port" in raised
    assert "Traceback" not in raised


@pytest.mark.parametrize("command", ["up", "migrate", "ingest", "api", "simulate", "doctor", "env"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 100


def test_an_unknown_command_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ingset"])
    assert ended.value.code == 2
    assert "ingest" in capsys.readouterr().err
