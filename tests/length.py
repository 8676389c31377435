"""How long a test lasts: as short as the unit level needs, which is run all the time, or long for `make test-long`.

Both lengths stand at the test: `length(70, 300)`. What is counted is the test's own: examples, seeds, hours.
"""

import os
from typing import TypeVar

LONG = os.environ.get("QUAYSTREAM_TEST_LONG") == "1"

Length = TypeVar("Length")


def length(short: Length, long: Length) -> Length:
    """The short length at the unit level, else the long one."""
    return long if LONG else short
