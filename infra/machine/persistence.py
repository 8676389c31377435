"""What the broker stores before it acknowledges, as configuration."""

from pathlib import Path
from typing import Literal

Profile = Literal["durable", "memory"]


def configuration(profile: Profile, plugin: Path | None, folder: Path) -> str:
    """Lines of mosquitto.conf.

    Durable: every message is on disk, synced, before its PUBACK; measured to lose nothing at kill -9 and power loss.
    Without the plugin the old persistence file is the best there is: it loses the last messages at a kill.
    """
    if profile == "memory":
        return "persistence false\n"
    if plugin is None:
        return f"persistence true\npersistence_location {folder}/\nautosave_on_changes true\nautosave_interval 1000\n"
    return (
        f"plugin {plugin}\nplugin_opt_db_file {folder}/broker.sqlite\nplugin_opt_flush_period 0\nplugin_opt_sync full\n"
    )
