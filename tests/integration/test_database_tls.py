"""A database that is reached with TLS: verified by both drivers, from the URL alone."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from infra.database import DatabaseError, connected, migrate
from infra.machine.authority import Authority
from infra.machine.database_users import DATABASE_USERS, OWNER, SUPERUSER
from infra.machine.postgres import PrivatePostgres
from infra.machine.processes import owner_of, private_file
from infra.machine.stack import Stack


@dataclass(frozen=True, slots=True)
class Secured:
    """A database with TLS; the name in its certificate is localhost."""

    server_url: str
    authority: Authority

    def url(self, ca: Path, host: str = "localhost") -> str:
        """URL that verifies it with a CA."""
        place = self.server_url.replace("@127.0.0.1:", f"@{host}:")
        return f"{place}?sslmode=verify-full&sslrootcert={quote(str(ca))}"


@pytest.fixture(scope="module")
def secured(stack: Stack) -> Iterator[Secured]:
    """A server of the test's own."""
    with tempfile.TemporaryDirectory(prefix="quaystream-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = PrivatePostgres(
            stack.binaries, folder / "postgres", owner_of(folder), dict.fromkeys(DATABASE_USERS, "secret")
        )
        authority = Authority(folder / "state")
        try:
            server.start()
            pair = authority.server(["localhost"])
            own = folder / "postgres"
            private_file(own / "server.pem", pair.certificate, owner_of(folder))
            private_file(own / "server.key", pair.key, owner_of(folder))
            with psycopg.connect(server.url_of(SUPERUSER), autocommit=True) as connection:
                for option, value in {
                    "ssl_cert_file": str(own / "server.pem"),
                    "ssl_key_file": str(own / "server.key"),
                    "ssl": "on",
                }.items():
                    connection.execute(f"ALTER SYSTEM SET {option} = '{value}'")
                connection.execute("SELECT pg_reload_conf()")
            until_secure(server.url_of(SUPERUSER))
            yield Secured(server.url_of(OWNER), authority)
        finally:
            server.stop()


def until_secure(url: str) -> None:
    """Wait until the server has read its settings again."""
    deadline = time.monotonic() + 60
    while True:
        with psycopg.connect(url) as connection:
            if connection.execute("SHOW ssl").fetchone() == ("on",):
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def test_both_drivers_verify_it(secured: Secured) -> None:
    """Migrations go by psycopg, all else by asyncpg."""
    url = secured.url(secured.authority.certificate_file)
    assert migrate(url)
    async with connected(url, "test") as connection:
        assert await connection.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") is True


@pytest.mark.parametrize("wrong", ["CA", "name"])
async def test_one_that_is_another_is_refused(secured: Secured, wrong: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path) if wrong == "CA" else secured.authority
    url = secured.url(authority.certificate_file, "127.0.0.1" if wrong == "name" else "localhost")
    with pytest.raises(DatabaseError, match="certificate"):
        migrate(url)
    with pytest.raises(DatabaseError, match="certificate"):
        async with connected(url, "test"):
            pass
