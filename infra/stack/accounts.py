"""Under which account the private servers run, and which folder that account can reach.

PostgreSQL refuses to run as root, and so should a broker.
"""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from infra.stack.errors import StackError

UNPRIVILEGED = ("postgres", "nobody")
"""In order of preference."""
SYSTEM_FOLDER = Path("/var/lib/quaystream")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the system."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the servers' data lies.

    Attributes:
        folder: holds `postgres/` and `broker/`.
        account: the servers run under it; None: the present one.
    """

    folder: Path
    account: Account | None


def place(state_dir: Path) -> Place:
    """Choose folder and account; an existing data folder's owner wins.

    Raises:
        StackError: the folder belongs to somebody else, or root finds no unprivileged account.
    """
    state_dir = state_dir.resolve()
    folder = state_dir / "stack"
    if os.geteuid() != 0:
        _check_owner(folder)
        return Place(folder, None)
    fallback = SYSTEM_FOLDER / hashlib.sha256(str(state_dir).encode()).hexdigest()[:16]
    for existing in (folder, fallback):
        owner = _owner(existing / "postgres")
        if owner is not None and owner.uid != 0 and can_enter(existing, owner):
            return Place(existing, owner)
    account = _unprivileged()
    return Place(folder if can_enter(state_dir, account) else fallback, account)


def can_enter(folder: Path, account: Account) -> bool:
    """Whether the account may pass through every folder down to `folder`, which need not exist itself."""
    for part in (folder, *folder.parents):
        try:
            found = part.stat()
        except FileNotFoundError:
            continue
        if found.st_uid == account.uid:
            bit = stat.S_IXUSR
        elif found.st_gid == account.gid:
            bit = stat.S_IXGRP
        else:
            bit = stat.S_IXOTH
        if not found.st_mode & bit:
            return False
    return True


def own(path: Path, account: Account | None) -> None:
    """Give a file or folder to the account."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _unprivileged() -> Account:
    for name in UNPRIVILEGED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid, name)
    raise StackError("PostgreSQL must not run as root, and there is no user postgres or nobody; run as another user")


def _owner(path: Path) -> Account | None:
    try:
        found = path.stat()
    except OSError:
        return None
    try:
        name = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        name = str(found.st_uid)
    return Account(found.st_uid, found.st_gid, name)


def _check_owner(folder: Path) -> None:
    owner = _owner(folder / "postgres") or _owner(folder)
    if owner is not None and owner.uid != os.geteuid():
        raise StackError(
            f"{folder} belongs to {owner.name}; run as that user, or name another folder in QUAYSTREAM_STATE_DIR"
        )
