"""What a person at the terminal reads, or a log file keeps."""

import errno
import os
import sys
import time
from typing import TextIO

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def write_line(text: str, stream: TextIO) -> None:
    """Write a line at once; on a disk that is full it is left out: a log ends nothing.

    Past the stream's own buffer, which would keep what does not fit, and fail once more at the end.
    """
    try:
        os.write(stream.fileno(), f"{text}\n".encode(errors="replace"))
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise


class Console:
    """Shows each step, with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def show(self, text: str) -> None:
        """One line."""
        write_line(f"{time.monotonic() - self._began:6.1f} s  {text}", sys.stdout)
