"""All settings: read once from the environment, every problem reported at once, before any connection."""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from processing.model.errors import SettingsError

PREFIX = "QUAYSTREAM_"


def _text(raw: str) -> str:
    return raw


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        try:
            parts = urlsplit(raw)
            whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:  # its words would quote what may be a password
            whole = False
        if not whole:
            raise ValueError(f"must look like {schemes[0]}://user:password@host:port")
        return raw

    return parse


def _source_url(raw: str) -> str:
    try:
        scheme = urlsplit(raw).scheme
    except ValueError:
        scheme = ""
    if not scheme:
        raise ValueError("must be a URL whose scheme names a source")
    if scheme == "mqtt":
        raise ValueError(f"the broker is {PREFIX}MQTT_URL; leave this unset to read from it")
    return raw


def _address(raw: str) -> tuple[str, int]:
    host, _, port = raw.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise ValueError("must be host:port, for example 127.0.0.1:8080")
    return host.strip("[]"), int(port)


def _number(low: float, high: float) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        try:
            value = int(raw)
        except ValueError:
            raise ValueError("must be a whole number") from None
        if not low <= value <= high:
            raise ValueError(f"must be from {low:g} to {high:g}")
        return value

    return parse


def _level(raw: str) -> str:
    if raw.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("must be one of debug, info, warning, error")
    return raw.upper()


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return raw

    return parse


def _default_cache() -> str:
    if os.geteuid() == 0:
        return "/var/cache/quaystream"
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return f"{base}/quaystream"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table of settings.

    Attributes:
        name: name in the environment, without the prefix.
        default: as it would be written in the environment; None: not set.
        parse: makes the value; raises ValueError with what to change.
        text: one line for the documentation.
    """

    name: str
    default: str | None
    parse: Callable[[str], Any]
    text: str


TABLE: tuple[Setting, ...] = (
    Setting("DATABASE_URL", None, _url("postgresql", "postgres"), "TimescaleDB; not set: `up` runs a private one"),
    Setting("MQTT_URL", None, _url("mqtt"), "Broker; not set: `up` runs a private one"),
    Setting(
        "SOURCE_URL",
        None,
        _source_url,
        "Where the worker reads messages, if not from the broker; its scheme names a row of ingest/source/registry.py",
    ),
    Setting("HTTP", "127.0.0.1:8080", _address, "Where the API and the dashboard listen"),
    Setting("INGEST_HTTP", "127.0.0.1:8081", _address, "Where the ingest worker serves its metrics and readiness"),
    Setting("STATE_DIR", "./.quaystream", Path, "Data of the private stack and of the simulators"),
    Setting("CACHE_DIR", "", Path, "Unpacked programs of the private stack; empty: a per-user cache folder"),
    Setting(
        "CLIENT_ID",
        "quaystream-ingest",
        _text,
        "MQTT client id of the worker; its session and queue hang on it; for its own broker `up` makes one that nobody "
        "can guess",
    ),
    Setting(
        "DISK_RESERVE_MB",
        "200",
        _number(0, 1_000_000),
        "While less than this is left on the disk, the broker of `up` refuses senders [MB]: docs/broker.md",
    ),
    Setting(
        "UNREGISTERED",
        "accept",
        _one_of("accept", "quarantine", "refuse"),
        "What becomes of messages of devices without an account: accept, quarantine, or refuse, where the broker of "
        "`up` takes messages of devices from their accounts only: docs/broker.md",
    ),
    Setting("RETENTION_DAYS", "30", _number(1, 3650), "Raw samples older than this are refused and dropped [days]"),
    Setting(
        "ENERGY_DAYS",
        "1100",
        _number(1, 36_500),
        "Energy by quarters of an hour is kept for so long, and never shorter than raw samples [days]",
    ),
    Setting("FUTURE_S", "60", _number(0, 86_400), "Samples further ahead of the clock than this are refused [s]"),
    Setting("RECEIVE_MAXIMUM", "10000", _number(1, 65_535), "MQTT window: messages unacknowledged at a time"),
    Setting("BATCH_MESSAGES", "2000", _number(1, 60_000), "Most messages in one transaction"),
    Setting(
        "BATCH_LINGER_MS",
        "20",
        _number(0, 10_000),
        "Longest wait for a batch to fill [ms]; batches of fewer than 32 messages in a row begin ten times that apart",
    ),
    Setting("SESSION_EXPIRY_S", "604800", _number(60, 4_294_967_294), "How long the broker keeps our queue [s]"),
    Setting(
        "SITE",
        None,
        Path,
        "Site file: zones, shifts, what counts, calibrations; not set: infra/site_file/site.toml, see docs/site.md",
    ),
    Setting("LOG_LEVEL", "info", _level, "debug, info, warning or error"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, checked. Names as in the environment, in lower case; addresses split in host and port."""

    database_url: str | None
    mqtt_url: str | None
    source_url: str | None
    http: tuple[str, int]
    ingest_http: tuple[str, int]
    state_dir: Path
    cache_dir: Path
    client_id: str
    disk_reserve_mb: int
    unregistered: str
    retention_days: int
    energy_days: int
    future_s: int
    receive_maximum: int
    batch_messages: int
    batch_linger_ms: int
    session_expiry_s: int
    site: Path | None
    log_level: str

    @property
    def http_host(self) -> str:
        """Host the API listens on."""
        return self.http[0]

    @property
    def http_port(self) -> int:
        """Port the API listens on."""
        return self.http[1]

    @property
    def ingest_http_host(self) -> str:
        """Host the worker's metrics listen on."""
        return self.ingest_http[0]

    @property
    def ingest_http_port(self) -> int:
        """Port the worker's metrics listen on."""
        return self.ingest_http[1]

    def require_database(self) -> str:
        """The database's URL.

        Raises:
            SettingsError: it is not set.
        """
        return self._require("DATABASE_URL", self.database_url)

    def require_mqtt(self) -> str:
        """The broker's URL.

        Raises:
            SettingsError: it is not set.
        """
        return self._require("MQTT_URL", self.mqtt_url)

    @staticmethod
    def _require(name: str, value: str | None) -> str:
        if value is None:
            raise SettingsError(
                f"{PREFIX}{name} is not set. Start `quaystream up`, then run "
                'eval "$(quaystream env)" in this shell, or set it yourself.'
            )
        return value


def load(environ: Mapping[str, str]) -> Settings:
    """Read every setting.

    Raises:
        SettingsError: lists all problems, one a line, unknown names included.
    """
    problems: list[str] = []
    values: dict[str, Any] = {}
    for row in TABLE:
        raw = environ.get(PREFIX + row.name) or row.default
        try:
            values[row.name.lower()] = None if raw is None else row.parse(raw)
        except ValueError as error:
            problems.append(f"{PREFIX}{row.name}={_shown(row.name, raw or '')}: {error}")
    problems += _unknown(environ)
    if values.get("cache_dir") == Path():
        values["cache_dir"] = Path(_default_cache())
    problems += _contradictions(values)
    if problems:
        raise SettingsError("these settings need a change:\n  " + "\n  ".join(problems))
    return Settings(**values)


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = [PREFIX + row.name for row in TABLE]
    found = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.85)
            hint = f"did you mean {near[0]}?" if near else "see docs/settings.md"
            found.append(f"{name}: no such setting; {hint}")
    return found


def _shown(name: str, raw: str) -> str:
    """A value as messages may show it: without anything that may hold a password."""
    if not name.endswith("_URL") and "@" not in raw:
        return repr(raw)
    scheme, sign, rest = raw.partition("://")
    hidden = f"…@{rest.rpartition('@')[2]}" if "@" in rest else rest
    return repr(f"{scheme}://{hidden.partition('?')[0]}" if sign else "…")


def _contradictions(values: dict[str, Any]) -> list[str]:
    batch, window = values.get("batch_messages"), values.get("receive_maximum")
    if batch is not None and window is not None and batch > window:
        return [
            f"{PREFIX}BATCH_MESSAGES={batch} is larger than {PREFIX}RECEIVE_MAXIMUM={window}: such a batch never fills"
        ]
    return []
