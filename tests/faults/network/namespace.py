"""A network namespace for one worker: one way into it can be cut or made bad, another stays good."""

import os
import secrets
import shutil
import subprocess
from types import TracebackType
from typing import Self

BURST_BYTES = 4096
LATENCY_MS = 400
TABLE = "inet quaystream"


def needs_namespace() -> str | None:
    """Why there can be no such namespace here."""
    if os.geteuid() != 0:
        return "needs root, to make a network namespace"
    missing = [name for name in ("ip", "tc", "nft") if shutil.which(name) is None]
    return f"needs {', '.join(missing)}: Debian's packages iproute2 and nftables" if missing else None


class Namespace:
    """From `with` to its end; the machine's own network stays as it is, but for two links that end with it.

    Attributes:
        bad: address of this machine by the way that can be made bad.
        good: address of this machine by the way that stays good.
        inside: address of the worker by that way.
    """

    def __init__(self) -> None:
        self._name = f"qs{secrets.token_hex(4)}"
        net = f"198.18.{secrets.randbelow(256)}"  # of the block for tests of networks, RFC 2544
        block = 8 * secrets.randbelow(32)
        self.bad, self._worker = f"{net}.{block + 1}", f"{net}.{block + 2}"
        self.good, self.inside = f"{net}.{block + 5}", f"{net}.{block + 6}"

    def __enter__(self) -> Self:
        _run("ip", "netns", "add", self._name)
        try:
            self._link("bad", self.bad, self._worker)
            self._link("good", self.good, self.inside)
            self._in("ip", "link", "set", "lo", "up")
            self._in("nft", "add", "table", *TABLE.split())
            for hook in ("input", "output"):
                chain = f"{{ type filter hook {hook} priority 0; }}"
                self._in("nft", "add", "chain", *TABLE.split(), hook, chain)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The kernel takes the links away some time after the namespace; a new run has other names and addresses.
        _run("ip", "netns", "delete", self._name)

    def command(self, argv: list[str]) -> list[str]:
        """What starts a program in here."""
        return ["ip", "netns", "exec", self._name, *argv]

    def cut(self) -> None:
        """Let nothing through, both ways, without an error to either side."""
        self._filter("drop")

    def lose(self, percent: int) -> None:
        """Let so many packets of a hundred get lost, both ways."""
        self._filter("numgen", "random", "mod", "100", "<", str(percent), "drop")

    def slow(self, kbit_s: int) -> None:
        """Let so much through, both ways [kbit/s]."""
        limit = ("root", "tbf", "rate", f"{kbit_s}kbit", "burst", str(BURST_BYTES), "latency", f"{LATENCY_MS}ms")
        _run("tc", "qdisc", "add", "dev", f"{self._name}bad", *limit)
        self._in("tc", "qdisc", "add", "dev", "bad", *limit)

    def heal(self) -> None:
        """All as it was."""
        self._in("nft", "flush", "table", *TABLE.split())
        for inside in (True, False):
            command = ("tc", "qdisc", "del", "dev", "bad" if inside else f"{self._name}bad", "root")
            subprocess.run(self.command([*command]) if inside else command, capture_output=True, check=False)

    def _filter(self, *verdict: str) -> None:
        for hook, device in (("input", "iifname"), ("output", "oifname")):
            self._in("nft", "add", "rule", *TABLE.split(), hook, device, "bad", *verdict)

    def _link(self, name: str, outside: str, inside: str) -> None:
        own = f"{self._name}{name}"
        _run("ip", "link", "add", own, "type", "veth", "peer", "name", name, "netns", self._name)
        _run("ip", "address", "add", f"{outside}/30", "dev", own)
        _run("ip", "link", "set", own, "up")
        self._in("ip", "address", "add", f"{inside}/30", "dev", name)
        self._in("ip", "link", "set", name, "up")

    def _in(self, *argv: str) -> None:
        _run(*self.command([*argv]))


def _run(*argv: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)}: {done.stderr.strip()}")
