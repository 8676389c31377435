"""Start a program that ends when its parent does, under another account if asked.

Run as a script: `python -I -S leash.py PARENT SIGNAL ACCOUNT PROGRAM [ARGUMENT…]`. A script of its own instead of
`preexec_fn`, because Python code between fork and exec of a program with threads may dead-lock (Python 3.12 warns).
The order matters: a change of user clears the death signal, so it is asked for last, just before exec.
"""

import contextlib
import ctypes
import os
import resource
import sys

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal this process gets when its parent dies; kept through exec, not inherited by children."""
NOT_STARTED = 127


def main(parent: int, death_signal: int, account: str, program: list[str]) -> int:
    """Become the program.

    Args:
        parent: process id of the one who starts it; gone by now: nothing is started.
        death_signal: number of the signal to get when the parent dies.
        account: `uid:gid` to run under, empty: unchanged.
        program: path and arguments.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        # One descriptor a device: the soft limit of 1024 is for programs that use select().
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if account:
        uid, gid = (int(part) for part in account.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    if ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0):
        sys.stderr.write("leash: the system has no parent death signal\n")
        return NOT_STARTED
    if os.getppid() != parent:
        return NOT_STARTED
    try:
        os.execv(program[0], program)  # noqa: S606 - becoming the program is what this script is for
    except OSError as error:
        sys.stderr.write(f"{program[0]}: {error.strerror}\n")
        return NOT_STARTED


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
