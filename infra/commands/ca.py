"""`quaystream ca`: the small private CA of the state folder."""

import argparse
import os
from pathlib import Path
from shlex import quote

from cryptography.hazmat.primitives.hashes import SHA256

from infra.access.device_name import DeviceName
from infra.commands.listen import host_name
from infra.machine.authority import LONGEST_NAME, SERVER_DAYS, Authority, Pair
from infra.machine.processes import Owner, private_file
from infra.settings import PREFIX, Settings
from processing.model.errors import SettingsError

HELP = "The private CA: show it, sign a certificate of a server or of a device."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("show", help="show where its certificate is, and what to compare", description=_show.__doc__)
    server = actions.add_parser("server", help="sign a certificate of a server", description=_server.__doc__)
    server.add_argument(
        "names", metavar="NAME", nargs="+", type=host_name, help="host name or address by which it is reached"
    )
    device = actions.add_parser("device", help="sign a certificate of a device", description=_device.__doc__)
    device.add_argument("device", metavar="DEVICE", help="TERMINAL/STREAM/DEVICE, as in its topics")
    for action in (server, device):
        action.add_argument("--days", type=_days, default=SERVER_DAYS, help="how long it holds; default %(default)s")
        action.add_argument("--out", metavar="DIR", type=Path, default=Path(), help="where to write; default: here")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do it."""
    actions = {"show": _show, "server": _server, "device": _device}
    actions[args.action](args, Authority(settings.state_dir))
    return 0


def _show(_args: argparse.Namespace, authority: Authority) -> None:
    """Show the file that clients verify this machine with, no secret, and its fingerprint. ca.key beside it is one."""
    fingerprint = authority.certificate.fingerprint(SHA256()).hex(":").upper()
    print(f"certificate  {authority.certificate_file}")
    print(f"SHA-256      {fingerprint}")
    print(f"holds until  {authority.certificate.not_valid_after_utc:%Y-%m-%d}")


def _server(args: argparse.Namespace, authority: Authority) -> None:
    """Sign a certificate for these names, and write it with its key and with what to set for the API to show it."""
    certificate, key = _write(args.out, args.names[0], authority.server(args.names, args.days))
    print(f"export {PREFIX}TLS_CERT={quote(str(certificate))}")
    print(f"export {PREFIX}TLS_KEY={quote(str(key))}")


def _device(args: argparse.Namespace, authority: Authority) -> None:
    """Sign a certificate that a device shows instead of a password, at the port of `up --listen-certificates`.

    The device needs an account too, which it ends with: `quaystream device add`.
    """
    name = DeviceName.read(args.device)
    if len(str(name)) > LONGEST_NAME:
        raise SettingsError(
            f"{name} has {len(str(name))} characters, and a certificate has room for {LONGEST_NAME}; "
            "let this device use its password"
        )
    certificate, key = _write(args.out, str(name).replace("/", "."), authority.device(str(name), args.days))
    print(f"certificate  {certificate}")
    print(f"key          {key}")


def _write(folder: Path, name: str, pair: Pair) -> tuple[Path, Path]:
    """Write both. A file that is there is not overwritten: it may be in use.

    Raises:
        SettingsError: one is there, or they cannot be written.
    """
    certificate, key = (folder.absolute() / f"{name}{ending}" for ending in (".pem", ".key"))
    ourselves = Owner(os.geteuid(), os.getegid(), "")
    for path in (certificate, key):
        if path.exists():
            raise SettingsError(f"{path} is there already; move it away, or choose another folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        private_file(key, pair.key, ourselves)
        certificate.write_text(pair.certificate)
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written: {error.strerror}; choose another with --out") from error
    return certificate, key


def _days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to 3650")
    return int(text)
