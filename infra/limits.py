"""Limits of a process."""

import resource


def many_files() -> None:
    """Allow as many open files as this user may: a connection a device needs one each."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
