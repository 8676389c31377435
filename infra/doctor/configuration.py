"""A Mosquitto configuration file: found, read, and its unsafe options named."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from infra.doctor.check import Check, fail, ok, warn
from infra.mqtt import broker_url
from infra.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORT_QUEUE = 100_000
"""Ten minutes of a terminal as large as the chancay preset."""
SHORT_QUEUE_BYTES = 50_000_000
ONE_MIB = 1024 * 1024
SECONDS = {"": 1, "s": 1, "h": 3600, "d": 86_400, "w": 604_800, "m": 2_592_000, "y": 31_536_000}
SYNCED = ("full", "extra")


@dataclass(slots=True)
class Configuration:
    """The options of a file and of those that it includes.

    Attributes:
        path: the file.
        options: values of each option, in order.
        sqlite: options of the plugin persist_sqlite, None where it is not loaded.
    """

    path: Path
    options: dict[str, list[str]] = field(default_factory=dict)
    sqlite: dict[str, str] | None = None

    def last(self, name: str, default: str) -> str:
        """The value that counts."""
        return self.options.get(name, [default])[-1]

    def number(self, name: str, default: int) -> int:
        """The same as a whole number; the default where it is none."""
        value = self.last(name, "")
        return int(value) if re.fullmatch(r"-?\d+", value) else default

    @property
    def ports(self) -> set[int]:
        """Where a broker with this file listens."""
        ports = [value.split()[0] for name in ("listener", "port") for value in self.options.get(name, []) if value]
        return {int(port) for port in ports if port.isdigit()} or {1883}


def read(path: Path) -> Configuration:
    """Read a file.

    Raises:
        OSError: it, or one that it includes, cannot be read.
    """
    found = Configuration(path)
    plugin = ""
    for name, value in _lines(path):
        if "plugin" in name and not name.startswith("plugin_opt_"):
            plugin = value
            if re.search(r"persist.?sqlite", plugin):
                found.sqlite = {}
        elif name.startswith("plugin_opt_") and found.sqlite is not None and re.search(r"persist.?sqlite", plugin):
            found.sqlite[name.removeprefix("plugin_opt_")] = value
        found.options.setdefault(name, []).append(value)
    return found


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text("utf-8", errors="replace").splitlines():
        name, _, value = line.strip().partition(" ")
        if not name or name.startswith("#"):
            continue
        if name == "include_dir":
            for more in sorted(Path(value.strip()).glob("*.conf")):
                yield from _lines(more)
        else:
            yield name, value.strip()


def find(url: str) -> Configuration | None:
    """The file of the broker behind a URL, where that broker runs on this machine and the file can be read."""
    broker = broker_url.read(url)
    if broker.host not in LOOPBACK:
        return None
    for path in _named_by_processes():
        try:
            found = read(path)
        except OSError:
            continue  # another user's
        if broker.port in found.ports:
            return found
    return None


def _named_by_processes() -> Iterator[Path]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue  # it has ended
        if Path(words[0]).name == "mosquitto" and "-c" in words[:-1]:
            yield Path(words[words.index("-c") + 1])


def checks(url: str, given: Path | None, settings: Settings) -> Iterator[Check]:
    """Unsafe options of the file given, else of the one that is found."""
    try:
        configuration = read(given) if given is not None else find(url)
    except OSError as error:
        yield fail("config", f"cannot be read: {error}", "give a file that this user may read")
        return
    if configuration is None:
        seen = "nobody can see from outside whether the broker persists messages before it acknowledges them"
        yield warn("config", seen, "on its machine run `quaystream doctor --broker-config FILE`, see docs/broker.md")
        return
    found = [check for rule in RULES for check in rule(configuration, settings)]
    yield from found
    if not found:
        yield ok("config", f"no unsafe option in {configuration.path}")


def _persistence(conf: Configuration, _settings: Settings) -> Iterator[Check]:
    builtin = conf.last("persistence", "false") == "true"
    advice = "use Mosquitto 2.1 with the plugin persist_sqlite, plugin_opt_flush_period 0 and plugin_opt_sync full"
    if conf.sqlite is not None:
        if builtin:
            yield warn("config", "persistence true beside persist_sqlite: Mosquitto takes one only", "leave it out")
        flush_s = conf.sqlite.get("flush_period", "5")
        if flush_s != "0":
            seen = f"persist_sqlite writes every {flush_s} s: what was acknowledged since is lost when it is killed"
            yield warn("config", seen, "set plugin_opt_flush_period 0")
        sync = conf.sqlite.get("sync", "normal")
        if sync not in SYNCED:
            seen = f"persist_sqlite sync is {sync}: what was acknowledged last is lost at a power failure"
            yield warn("config", seen, "set plugin_opt_sync full")
    elif not builtin:
        yield warn("config", "persistence false: every message in the queue is lost when the broker stops", advice)
    elif conf.last("autosave_on_changes", "false") == "true":
        changes = conf.last("autosave_interval", "1800")
        seen = f"persistence by a file that is written every {changes} changes: those since are lost at a kill"
        yield warn("config", seen, advice)
    else:
        seconds = conf.last("autosave_interval", "1800")
        seen = f"persistence by a file that is written every {seconds} s: what came since is lost at a kill"
        yield warn("config", seen, advice)


def _queue(conf: Configuration, _settings: Settings) -> Iterator[Check]:
    messages = conf.number("max_queued_messages", 1000)
    advice = "set max_queued_messages to the longest outage times the rate, such as 5000000"
    if messages == 0:
        yield warn("config", "max_queued_messages 0: no limit but memory; up to 2.0.22 it drops all the same", advice)
    elif messages < SHORT_QUEUE:
        seen = f"max_queued_messages {messages}: while the worker is away, what is beyond is dropped silently"
        yield warn("config", seen, advice)
    size = conf.number("max_queued_bytes", 0)
    if 0 < size < SHORT_QUEUE_BYTES:
        seen = f"max_queued_bytes {size}: while the worker is away, what is beyond is dropped silently"
        yield warn("config", seen, "set it to the memory that the queue may take, such as 2000000000")
    if conf.last("queue_qos0_messages", "false") == "true":
        seen = "queue_qos0_messages true: messages that may be lost take the room of those that must not"
        yield warn("config", seen, "set queue_qos0_messages false")
    if conf.number("memory_limit", 0) > 0:
        seen = f"memory_limit {conf.number('memory_limit', 0)}: beyond it messages are refused or dropped"
        yield warn("config", seen, "limit the queue with max_queued_bytes instead")


def _window(conf: Configuration, settings: Settings) -> Iterator[Check]:
    window = conf.number("max_inflight_messages", 20)
    if window == 0:
        seen = "max_inflight_messages 0: a client without a Receive Maximum gets the whole queue at once"
    elif window < settings.batch_messages:
        seen = f"max_inflight_messages {window}: a client without a Receive Maximum (MQTT 3.1.1) never fills a batch"
    else:
        return
    yield warn("config", seen, f"set max_inflight_messages {settings.receive_maximum}")


def _sizes(conf: Configuration, _settings: Settings) -> Iterator[Check]:
    packet = conf.number("max_packet_size", 2_000_000)
    if packet < ONE_MIB:
        effect = "no limit: a few packets fill its memory" if not packet else "a device that sends more is cut off"
        yield warn("config", f"max_packet_size {packet}: {effect}", "set max_packet_size 2000000")
    if conf.number("message_size_limit", 0) > 0:
        seen = (
            f"message_size_limit {conf.number('message_size_limit', 0)}: larger messages are acknowledged and dropped"
        )
        yield warn("config", seen, "use max_packet_size instead")


def _access(conf: Configuration, _settings: Settings) -> Iterator[Check]:
    if "true" in conf.options.get("allow_anonymous", []):
        seen = "allow_anonymous true: anybody may connect, read and publish"
        yield warn("config", seen, "set allow_anonymous false, and a password_file")
    elif not conf.options.keys() & {"allow_anonymous", "listener", "port"}:
        seen = "no listener, so allow_anonymous is true: anybody on this machine may connect, read and publish"
        yield warn("config", seen, "set a listener, allow_anonymous false, and a password_file")
    if conf.number("max_qos", 2) < 1:
        yield fail("config", "max_qos 0: QoS 1 is refused, nothing is repeated or kept", "set max_qos 2")
    if conf.last("retain_available", "true") == "false":
        yield fail("config", "retain_available false: KPIs and statuses are retained messages", "set it to true")
    if conf.number("sys_interval", 10) == 0:
        yield warn("config", "sys_interval 0: nobody sees what the broker drops", "set sys_interval 10")


def _expiry(conf: Configuration, settings: Settings) -> Iterator[Check]:
    text = conf.last("persistent_client_expiration", "")
    advice = (
        f"set persistent_client_expiration 7d, or what QUAYSTREAM_SESSION_EXPIRY_S is: {settings.session_expiry_s} s"
    )
    parts = re.fullmatch(r"(\d+)([shdwmy]?)", text)
    if parts is None:
        seen = "persistent_client_expiration is not set: queues of clients that never come back are kept for ever"
        yield warn("config", seen, advice)
    elif int(parts[1]) * SECONDS[parts[2]] < settings.session_expiry_s:
        seen = f"persistent_client_expiration {text}: the queue of a worker that is away for longer is deleted"
        yield warn("config", seen, advice)


RULES: tuple[Callable[[Configuration, Settings], Iterator[Check]], ...] = (
    _persistence,
    _queue,
    _window,
    _sizes,
    _access,
    _expiry,
)
