"""Mosquitto's configuration file: options that lose messages, or let anybody in."""

from collections.abc import Iterator
from pathlib import Path

from infra.checks.check import Check

Options = dict[str, list[str]]
PAYLOAD_LIMIT = 1024 * 1024
ENOUGH_QUEUED = 100_000
"""Twenty seconds of a large terminal; the worker may be restarted for longer than that."""
EXAMPLES = "examples in docs/broker.md"


def check(path: Path) -> list[Check]:
    """What is unsafe in a configuration file of Mosquitto, or that nothing is."""
    try:
        options = parse(path.read_text(errors="replace"))
    except OSError as error:
        advice = "name a file that can be read, or run doctor as a user who may"
        return [Check("broker file", "fail", f"{path}: {error.strerror}", advice)]
    found = [*_persistence(options), *_limits(options), *_sizes(options), *_access(options)]
    return found or [Check("broker file", "ok", f"{path.name}: persistence, limits and access are safe")]


def parse(text: str) -> Options:
    """Values by option, in order; of an option that is set twice both."""
    options: Options = {}
    for line in text.splitlines():
        name, _, value = line.strip().partition(" ")
        if name and not name.startswith("#"):
            options.setdefault(name, []).append(value.strip())
    return options


def _last(options: Options, name: str, default: str) -> str:
    return options.get(name, [default])[-1]


def _number(options: Options, name: str, default: int) -> int:
    value = _last(options, name, str(default))
    return int(value) if value.lstrip("-").isdigit() else default


def _warn(seen: str, advice: str) -> Check:
    return Check("broker file", "warn", seen, f"{advice}; {EXAMPLES}")


def _persistence(options: Options) -> Iterator[Check]:
    plugins = [value for name in ("plugin", "global_plugin", "plugin_load") for value in options.get(name, [])]
    if any("persist_sqlite" in value for value in plugins):
        if _number(options, "plugin_opt_flush_period", 5) != 0:
            yield _warn(
                "persist_sqlite writes every few seconds: a kill of the broker loses what it has acknowledged since",
                "set plugin_opt_flush_period 0",
            )
        if _last(options, "plugin_opt_sync", "normal") not in ("full", "extra"):
            yield _warn(
                "persist_sqlite does not sync: acknowledged messages are lost at a power cut",
                "set plugin_opt_sync full",
            )
    elif _last(options, "persistence", "false") == "true":
        yield _warn(
            "persistence true writes the queue now and then: what was acknowledged since is lost when it is killed",
            "use Mosquitto 2.1 with persist_sqlite, or gateways that wait for ack/…",
        )
    else:
        yield _warn(
            "persistence is off: everything queued is lost when the broker ends",
            "use Mosquitto 2.1 with persist_sqlite, at the least persistence true",
        )


def _limits(options: Options) -> Iterator[Check]:
    queued = _number(options, "max_queued_messages", 1000)
    if 0 < queued < ENOUGH_QUEUED:
        yield _warn(
            f"max_queued_messages is {queued}: more than that for a worker that is away is dropped",
            "set max_queued_messages 5000000",
        )
    if queued == 0 and _number(options, "max_queued_bytes", 0) == 0:
        yield _warn(
            "max_queued_messages 0 without max_queued_bytes: the queue may take all memory, and 2.0 before 2.0.22 "
            "handles 0 wrongly",
            "set max_queued_messages 5000000 and max_queued_bytes",
        )
    flying = _number(options, "max_inflight_messages", 20)
    if flying == 0:
        yield _warn("max_inflight_messages 0 has no bound", "set max_inflight_messages 10000")
    elif flying < 1000:
        yield _warn(
            f"max_inflight_messages is {flying}: a consumer with MQTT 3.1.1 gets at most so many until it acknowledges",
            "set max_inflight_messages 10000",
        )


def _sizes(options: Options) -> Iterator[Check]:
    packet = _number(options, "max_packet_size", 0)
    if packet == 0:
        yield _warn("max_packet_size is not set: 2.0 takes messages of 256 MB", "set max_packet_size 2000000")
    elif packet < PAYLOAD_LIMIT:
        yield _warn(f"max_packet_size is {packet}: a message may have 1 MiB", "set max_packet_size 2000000")
    if _number(options, "message_size_limit", 0):
        yield _warn(
            "message_size_limit acknowledges what is too large, and throws it away", "use max_packet_size instead"
        )
    if "persistent_client_expiration" not in options:
        yield _warn(
            "sessions never expire: the queue of a client that never comes back grows up to its limit",
            "set persistent_client_expiration 7d",
        )
    if _number(options, "sys_interval", 10) == 0:
        yield _warn("sys_interval 0: nobody is told when messages are dropped", "set sys_interval 10")
    if "max_qos" in options and _number(options, "max_qos", 2) < 1:
        yield _warn("max_qos 0: nobody asks again for what was lost", "set max_qos 2")


def _access(options: Options) -> Iterator[Check]:
    if _last(options, "allow_anonymous", "false") == "true":
        yield _warn("allow_anonymous true: anybody may publish and read", "set allow_anonymous false, password_file")
