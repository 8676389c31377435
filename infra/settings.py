"""All settings: read once from the environment, every problem reported at once, before any connection."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from infra import setting_values as read
from infra.access import oidc
from infra.mqtt import broker_url
from infra.tls import client_context, server_context
from processing.model.errors import SettingsError

PREFIX = "QUAYSTREAM_"


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
    Setting("DATABASE_URL", None, read.url("postgresql", "postgres"), "TimescaleDB; not set: `up` runs a private one"),
    Setting("MQTT_URL", None, read.url("mqtt", "mqtts"), "Broker; not set: `up` runs a private one"),
    Setting("MQTT_CA", None, read.ca_file, "CA file of a broker at mqtts://; not set: what the system trusts"),
    Setting("MQTT_CERT", None, Path, "Certificate that programs show to the broker [PEM file]"),
    Setting("MQTT_KEY", None, Path, "Its private key; not set: it stands in the same file [PEM file]"),
    Setting(
        "SOURCE_URL",
        None,
        read.source_url,
        "Where the worker reads messages, if not from the broker; its scheme names a row of ingest/source/registry.py",
    ),
    Setting("HTTP", "127.0.0.1:8080", read.address, "Where the API and the dashboard listen"),
    Setting(
        "TLS_CERT",
        None,
        Path,
        "Certificate of this machine [PEM file]: with it the API speaks https, and `up --listen` shows it to devices",
    ),
    Setting("TLS_KEY", None, Path, "Its private key; not set: it stands in the same file [PEM file]"),
    Setting("INGEST_HTTP", "127.0.0.1:8081", read.address, "Where the ingest worker serves its metrics and readiness"),
    Setting("STATE_DIR", "./.quaystream", Path, "Data of the private stack and of the simulators"),
    Setting("CACHE_DIR", "", Path, "Unpacked programs of the private stack; empty: a per-user cache folder"),
    Setting(
        "CLIENT_ID",
        "quaystream-ingest",
        read.text,
        "MQTT client id of the worker; its session and queue hang on it; for its own broker `up` makes one that nobody "
        "can guess",
    ),
    Setting(
        "OIDC_ISSUER",
        None,
        read.issuer,
        "OpenID Connect provider whose tokens the API takes; then this machine needs a credential too: docs/access.md",
    ),
    Setting("OIDC_AUDIENCE", None, read.text, "Application that its tokens must be for"),
    Setting("OIDC_CLAIM", "roles", read.text, "Claim with the roles; dots lead into objects: realm_access.roles"),
    Setting(
        "OIDC_ROLES",
        None,
        oidc.grants,
        "What its values give here, for all terminals or one: quay-admins=admin, quay-ops=operator@demo",
    ),
    Setting(
        "DISK_RESERVE_MB",
        "200",
        read.number(0, 1_000_000),
        "While less than this is left on the disk, the broker of `up` refuses senders [MB]: docs/broker.md",
    ),
    Setting(
        "UNREGISTERED",
        "accept",
        read.one_of("accept", "quarantine", "refuse"),
        "What becomes of messages of devices without an account: accept, quarantine, or refuse, where the broker of "
        "`up` takes messages of devices from their accounts only: docs/broker.md",
    ),
    Setting("RETENTION_DAYS", "30", read.number(1, 3650), "Raw samples older than this are refused and dropped [days]"),
    Setting(
        "ENERGY_DAYS",
        "1100",
        read.number(1, 36_500),
        "Energy by quarters of an hour is kept for so long, and never shorter than raw samples [days]",
    ),
    Setting("FUTURE_S", "60", read.number(0, 86_400), "Samples further ahead of the clock than this are refused [s]"),
    Setting("RECEIVE_MAXIMUM", "10000", read.number(1, 65_535), "MQTT window: messages unacknowledged at a time"),
    Setting("BATCH_MESSAGES", "2000", read.number(1, 60_000), "Most messages in one transaction"),
    Setting(
        "BATCH_LINGER_MS",
        "20",
        read.number(0, 10_000),
        "Longest wait for a batch to fill [ms]; batches of fewer than 32 messages in a row begin ten times that apart",
    ),
    Setting("SESSION_EXPIRY_S", "604800", read.number(60, 4_294_967_294), "How long the broker keeps our queue [s]"),
    Setting(
        "SITE",
        None,
        Path,
        "Site file: zones, shifts, what counts, calibrations; not set: infra/site_file/site.toml, see docs/site.md",
    ),
    Setting("LOG_LEVEL", "info", read.level, "debug, info, warning or error"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, checked. Names as in the environment, in lower case; addresses split in host and port."""

    database_url: str | None
    mqtt_url: str | None
    mqtt_ca: Path | None
    mqtt_cert: Path | None
    mqtt_key: Path | None
    source_url: str | None
    http: tuple[str, int]
    tls_cert: Path | None
    tls_key: Path | None
    ingest_http: tuple[str, int]
    state_dir: Path
    cache_dir: Path
    client_id: str
    oidc_issuer: str | None
    oidc_audience: str | None
    oidc_claim: str
    oidc_roles: dict[str, oidc.Grant] | None
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
        """The broker's URL, with the files that settings name for it.

        Raises:
            SettingsError: it is not set.
        """
        return broker_url.with_files(self._require("MQTT_URL", self.mqtt_url), self.mqtt_files)

    @property
    def mqtt_files(self) -> dict[str, Path | None]:
        """Files of TLS to the broker, by their names in its URL."""
        return {"ca": self.mqtt_ca, "cert": self.mqtt_cert, "key": self.mqtt_key}

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
        values["cache_dir"] = Path(read.default_cache())
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
    found = []
    if batch is not None and window is not None and batch > window:
        found.append(
            f"{PREFIX}BATCH_MESSAGES={batch} is larger than {PREFIX}RECEIVE_MAXIMUM={window}: such a batch never fills"
        )
    needed = [name for name in ("OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_ROLES") if values.get(name.lower()) is None]
    if 0 < len(needed) < 3:
        found.append(f"{', '.join(PREFIX + name for name in needed)}: tokens of a provider need this too; set it")
    return [*found, *_certificates(values)]


def _certificates(values: dict[str, Any]) -> Iterator[str]:
    """Problems of certificates and keys, which only make sense together."""
    for name, context in (("MQTT", partial(client_context, None)), ("TLS", server_context)):
        certificate, key = values.get(f"{name.lower()}_cert"), values.get(f"{name.lower()}_key")
        if certificate is not None:
            try:
                context(certificate, key)
            except ValueError as error:
                yield f"{PREFIX}{name}_CERT: {error}"
        elif key is not None:
            yield f"{PREFIX}{name}_KEY is set without {PREFIX}{name}_CERT: set both, or neither"
