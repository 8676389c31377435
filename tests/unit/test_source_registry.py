"""The worker reads from the source that the settings name, and publishes to the broker whatever it is."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from infra.settings import load
from ingest.source.mqtt import MqttSource
from ingest.source.protocol import Receiver, Start, Token
from ingest.source.registry import SOURCES, chosen
from ingest.worker.broker_connection import BrokerConnection
from processing.model.errors import SettingsError

BROKER = {"QUAYSTREAM_MQTT_URL": "mqtt://127.0.0.1:1"}


class Nowhere:
    """A source without messages."""

    problem: str | None = None

    @asynccontextmanager
    async def receive(self, _receiver: Receiver) -> AsyncIterator[None]:
        """Deliver nothing."""
        yield

    def reading(self, on: bool) -> None:
        """There is nothing to read."""

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """There is nothing to acknowledge."""


def test_without_a_setting_it_is_the_broker() -> None:
    assert chosen(load(BROKER)) is SOURCES["mqtt"] is MqttSource


def test_a_scheme_that_no_source_has_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match=r"QUAYSTREAM_SOURCE_URL: no source reads 'carrier-pigeon'"):
        chosen(load({"QUAYSTREAM_SOURCE_URL": "carrier-pigeon://here"}))


@pytest.mark.parametrize("url", ["mqtt://other:1883", "/var/log/port", "http://[broken"])
def test_what_is_no_source_is_refused_with_all_other_settings(url: str) -> None:
    with pytest.raises(SettingsError, match=r"QUAYSTREAM_SOURCE_URL="):
        load({"QUAYSTREAM_SOURCE_URL": url})


async def test_the_broker_is_published_to_over_the_connection_that_is_read() -> None:
    source = MqttSource(Start(load(BROKER), ["port/#"], ran_before=False))
    assert BrokerConnection(load(BROKER), source).mqtt is source.connection


async def test_another_source_leaves_a_connection_of_its_own_for_publishing() -> None:
    connection = BrokerConnection(load(BROKER), Nowhere())
    assert not connection.mqtt.connected
