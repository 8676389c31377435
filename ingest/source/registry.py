"""The sources: one row each, by the scheme of `QUAYSTREAM_SOURCE_URL`."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from infra.settings import PREFIX, Settings
from ingest.source.mqtt import MqttSource
from ingest.source.protocol import Source, Start
from processing.model.errors import SettingsError

BROKER = "mqtt"
"""Read where that setting is not set: the broker at `QUAYSTREAM_MQTT_URL`."""
SOURCES: Mapping[str, Callable[[Start], Source]] = {
    BROKER: MqttSource,
}


def chosen(settings: Settings) -> Callable[[Start], Source]:
    """What makes the source that the settings name.

    Raises:
        SettingsError: none has this scheme.
    """
    scheme = BROKER if settings.source_url is None else urlsplit(settings.source_url).scheme
    if scheme not in SOURCES:
        known = ", ".join(name for name in SOURCES if name != BROKER) or "none"
        raise SettingsError(
            f"{PREFIX}SOURCE_URL: no source reads {scheme!r}. Leave it unset to read from the broker at "
            f"{PREFIX}MQTT_URL; other sources: {known}."
        )
    return SOURCES[scheme]
