"""Topic names: the only place that puts them together; the codecs in `ingest.decode` takes them apart."""

import re

IDENTIFIER = re.compile(r"[a-z0-9_-]{1,64}")
"""Rule for terminals, devices, KPI subjects and call ids."""

KPI_FILTER = "kpi/#"
TRUTH_FILTER = "truth/#"


def telemetry(terminal: str, stream: str, device: str) -> str:
    """Topic of a device's samples."""
    return f"port/{terminal}/{stream}/{device}/telemetry"


def status(terminal: str, stream: str, device: str) -> str:
    """Topic of a device's retained status, also of its Will."""
    return f"port/{terminal}/{stream}/{device}/status"


def kpi(terminal: str, kpi_id: str, subject: str, window: str | None = None) -> str:
    """Topic of a retained KPI value; the window is named where it is not the main one of the subject."""
    main = f"kpi/{terminal}/{kpi_id}/{subject}"
    return main if window is None else f"{main}/{window}"


def alarm(terminal: str, alarm_id: str, subject: str) -> str:
    """Topic of an alarm, retained while it is active."""
    return f"alarm/{terminal}/{alarm_id}/{subject}"


def ack(terminal: str, stream: str, device: str) -> str:
    """Topic of the end-to-end acknowledgement to a device."""
    return f"ack/{terminal}/{stream}/{device}"


def document(terminal: str, family: str, document_id: str, name: str) -> str:
    """Topic of a retained document that people or other systems announce; see `processing.documents`."""
    return f"port/{terminal}/{family}/{document_id}/{name}"


def container_event(terminal: str, container_id: str) -> str:
    """Topic of what happened to a container, in the form of DCSA."""
    return f"event/{terminal}/container/{container_id}"


def truth(terminal: str, fact: str) -> str:
    """Topic on which a simulator publishes what really happened."""
    return f"truth/{terminal}/{fact}"
