"""TLS of connections that programs make and take: 1.2 or newer, the other end always verified."""

import ssl
from pathlib import Path
from typing import Final

NO_TLS: Final = ("wrong version", "record layer", "unexpected eof")
"""Reasons that a server without TLS causes."""
CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of servers, with TLS 1.2: those with authenticated encryption and forward secrecy. Source: RFC 9325, 4.2."""
OLDEST: Final = ssl.TLSVersion.TLSv1_2


def client_context(ca: Path | None, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """What a client connects with.

    Args:
        ca: file of certificates, PEM, one of which has signed the server's; None: those that the system trusts.
        certificate: what the client shows for itself, PEM; None: nothing.
        key: its private key, PEM; None: it stands in the same file.

    Raises:
        ValueError: a file cannot be read or holds something else; the message says what to change.
    """
    try:
        context = ssl.create_default_context(cafile=ca)
    except OSError as error:  # ssl.SSLError too
        raise ValueError(f"{ca}: {_of_file(error, 'a certificate')}") from None
    context.minimum_version = OLDEST
    if certificate is not None:
        _load(context, certificate, key)
    return context


def server_context(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """What a server takes connections with.

    Args:
        certificate: its certificate and those between it and the CA, PEM.
        key: its private key, PEM; None: it stands in the same file.

    Raises:
        ValueError: a file cannot be read or holds something else; the message says what to change.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = OLDEST
    context.set_ciphers(CIPHERS)
    _load(context, certificate, key)
    return context


def _load(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    for path in (certificate, *([key] if key is not None else ())):
        try:
            path.read_bytes()
        except OSError as error:
            raise ValueError(f"{path}: {error.strerror}") from None
    try:
        # A password would be asked for on the terminal, of which a service has none.
        context.load_cert_chain(certificate, key, password=_no_password)
    except ssl.SSLError as error:
        what = "a certificate" if key is None else f"a certificate whose private key is in {key}"
        raise ValueError(f"{certificate}: {_of_file(error, what)}") from None
    except ValueError as error:
        raise ValueError(f"{key or certificate}: {error}") from None


def _no_password() -> str:
    raise ValueError("the private key has a password; give one without, readable by its user only")


def _of_file(error: OSError, what: str) -> str:
    if isinstance(error, ssl.SSLError):
        return f"does not hold {what} in PEM form"
    return error.strerror or str(error)


def explained(error: OSError) -> str:
    """Why a connection failed, with what to change where TLS is the reason."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {error.verify_message}; check the CA file, the name and the clock"
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or str(error)).lower().replace("_", " ")
        hint = "; does this port speak TLS?" if any(word in reason for word in NO_TLS) else ""
        return f"TLS failed: {reason}{hint}"
    return str(error)
