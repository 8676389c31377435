"""Conditions of the system itself, and of what devices send, as the worker measures them."""

from processing.alarms.condition import Condition, MeasuredSpans

DISK, BROKER_HELD, BROKER_DROPS, BAD_SHARE = "disk_used_pct", "broker_held", "broker_drops", "bad_share_pct"

SYSTEM: tuple[Condition, ...] = (
    Condition(
        "data_quality",
        MeasuredSpans(BAD_SHARE, on=5, off=2, unit="%", of_devices=True),
        "low",
        "of what a device sent in the last ten minutes a large share was rejected, or had values out of range",
        "look at the device's line on the page and at the quarantine, which says what to change",
        origin="limits assumed",
    ),
    Condition(
        "system_disk",
        MeasuredSpans(DISK, on=90, off=85, unit="%"),
        "critical",
        "the disk of database and broker is nearly full",
        "make room: shorten QUAYSTREAM_RETENTION_DAYS, or enlarge the disk",
        origin="limits assumed",
    ),
    Condition(
        "system_broker_queue",
        MeasuredSpans(BROKER_HELD, on=2_500_000, off=1_000_000, unit="messages"),
        "critical",
        "the broker holds many messages: when its queue is full it drops them",
        "look why the worker does not take them; raise max_queued_messages",
        origin="docs/broker.md: half of max_queued_messages",
    ),
    Condition(
        "system_broker_drops",
        MeasuredSpans(BROKER_DROPS, on=1, off=1, unit="messages"),
        "critical",
        "the broker dropped messages within the last five minutes",
        "look at docs/broker.md: its queue is full; gaps in seq show what is missing",
        origin="any loss is worth an alarm",
    ),
)
