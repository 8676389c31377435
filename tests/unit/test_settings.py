"""Settings: everything wrong is told at once, with what to change."""

import pytest

from infra.cli import main
from infra.settings import load
from processing.errors import SettingsError


def test_defaults() -> None:
    settings = load({})
    assert settings.http == ("127.0.0.1", 8080)
    assert settings.database_url is None
    assert settings.retention_days == 30


def test_all_problems_are_told_at_once() -> None:
    wrong = {
        "QUAYSTREAM_DATABASE_URL": "mysql://somewhere",
        "QUAYSTREAM_HTTP": "8080",
        "QUAYSTREAM_RETENTION_DAYS": "a month",
        "QUAYSTREAM_FUTURE_S": "-1",
        "QUAYSTREAM_LOG_LEVEL": "chatty",
        "QUAYSTREAM_RETENTOIN_DAYS": "30",
        "OTHER": "is not ours",
    }
    with pytest.raises(SettingsError) as told:
        load(wrong)
    lines = str(told.value).splitlines()[1:]
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
    with pytest.raises(SettingsError) as told:
        load({"QUAYSTREAM_MQTT_URL": "http://user:secret-word@host:1"})
    assert "secret-word" not in str(told.value)


def test_a_wrong_setting_ends_with_code_2_and_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUAYSTREAM_HTTP", "nowhere")
    assert main(["env"]) == 2
    told = capsys.readouterr().err
    assert "QUAYSTREAM_HTTP='nowhere': must be host:port" in told
    assert "Traceback" not in told


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
