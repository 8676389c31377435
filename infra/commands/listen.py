"""`quaystream up --listen`: where its broker listens to a network."""

import argparse
import re
import socket
from collections.abc import Callable

from infra import setting_values
from infra.machine.authority import Authority
from infra.machine.network_listener import Given, NetworkListener, Place
from infra.settings import PREFIX, Settings
from processing.model.errors import SettingsError

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39}")
"""A host name (RFC 1123, 2.1) or an address."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and under which names."""
    parser.add_argument(
        "--listen", metavar="ADDRESS:PORT", type=_address, help="open the broker to a network, TLS only: 0.0.0.0:8883"
    )
    parser.add_argument(
        "--listen-certificates",
        metavar="ADDRESS:PORT",
        type=_address,
        help="the same for devices that show certificates instead of passwords (`quaystream ca device`)",
    )
    parser.add_argument(
        "--name",
        metavar="HOST",
        action="append",
        default=[],
        type=host_name,
        help="with --listen: a name or address by which devices reach this machine; for its certificate; repeatable",
    )


def listener(args: argparse.Namespace, settings: Settings, report: Callable[[str], None]) -> NetworkListener | None:
    """Where the broker is to listen to a network; None where nobody has asked for it.

    Raises:
        SettingsError: it cannot listen there.
    """
    wanted = {"--listen": args.listen, "--listen-certificates": args.listen_certificates}
    places = {option: Place(at[0], at[1], option != "--listen") for option, at in wanted.items() if at is not None}
    if not places:
        if args.name:
            raise SettingsError("--name is a name in the certificate of --listen; give both")
        return None
    if settings.mqtt_url is not None:
        raise SettingsError(
            f"{next(iter(places))} is for the broker that `up` runs, and {PREFIX}MQTT_URL names another one; open that "
            "one by its own configuration, or unset the setting"
        )
    for option, place in places.items():
        refuse_taken(place.address, place.port, f"{option} {place.address}:PORT")
    given = Given(settings.tls_cert, settings.tls_key) if settings.tls_cert is not None else None
    made = NetworkListener(list(places.values()), args.name, Authority(settings.state_dir), given)
    ca = f", which {made.ca_file} verifies" if made.ca_file is not None else ""
    for place in made.places:
        report(f"devices with {'certificates' if place.certificates else 'passwords'} connect to {made.url(place)}{ca}")
    return made


def refuse_taken(host: str, port: int, another: str) -> None:
    """Refuse an address that cannot be listened on, before anything starts.

    Args:
        host: name or address.
        port: TCP.
        another: how another one is chosen.

    Raises:
        SettingsError: it is taken, or not of this machine.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"{host}:{port} cannot be used: {error.strerror}. Choose another with {another}"
            ) from error


def _address(text: str) -> tuple[str, int]:
    try:
        host, port = setting_values.address(text)
    except ValueError:
        host, port = "", 0
    if not port or not HOST.fullmatch(host):
        raise argparse.ArgumentTypeError(f"{text!r} is no address to listen on; write 0.0.0.0:8883, say")
    return host, port


def host_name(text: str) -> str:
    """A host name or an address, as an argument.

    Raises:
        argparse.ArgumentTypeError: it is neither.
    """
    if not HOST.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no host name or address; write broker.port.example, say")
    return text
