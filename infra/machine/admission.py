"""Keeps senders out of the private broker while the disk is short of room: refused is better than lost."""

import asyncio
from collections.abc import Callable
from typing import Final

from infra.machine.broker_control import admit
from infra.machine.device_users import DeviceUsers
from infra.machine.disk import Reserve
from infra.mqtt.connection import MqttError

LOOK_S: Final = 0.1
"""A look costs microseconds; at 1 GB/s, what a fast disk takes, 100 MB are written between two. [s]"""
AGAIN_S: Final = 1.0


class Admission:
    """Looks at the disk, and makes the broker follow; after each start of it too.

    Args:
        reserve: what is to be left on the disk.
        users: of the broker.
        url: of the broker, for who manages its users.
        broker_pid: process id of the broker that runs now, 0 where none does.
        report: takes a line for each change.
    """

    def __init__(
        self,
        reserve: Reserve,
        users: DeviceUsers,
        url: str,
        broker_pid: Callable[[], int],
        report: Callable[[str], None],
    ) -> None:
        self._reserve = reserve
        self._users = users
        self._url = url
        self._broker_pid = broker_pid
        self._report = report
        self._reported = True

    async def run(self) -> None:
        """Look until cancelled."""
        in_force: tuple[int, object] | None = None
        while True:
            has_room = self._reserve.has_room()
            # Users who come while there is room are let in anyway.
            kept_out = None if has_room else (self._users.senders(), self._users.certified())
            wanted = (self._broker_pid(), kept_out)
            if wanted != in_force and wanted[0]:
                try:
                    await admit(
                        self._url,
                        self._users.senders(),
                        admitted=has_room,
                        certified_names=self._users.certified(),
                    )
                except MqttError:  # it has just ended, say, or the disk does not take its list of users
                    await asyncio.sleep(AGAIN_S)
                    continue
                in_force = wanted
                self._report_change(admitted=has_room)
            await asyncio.sleep(LOOK_S)

    def _report_change(self, *, admitted: bool) -> None:
        if admitted == self._reported:
            return
        self._reported = admitted
        reserve = f"{self._reserve.reserve_bytes / 1e6:.0f} MB"
        if admitted:
            self._report("there is room on the disk again: senders may connect")
        else:
            self._report(
                f"the disk of {self._reserve.where} has less than {reserve} left: senders are refused, so that all "
                "that is acknowledged can be stored; make room there"
            )
