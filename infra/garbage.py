"""Python's collector of cyclic garbage, for programs that hold much and answer at any moment."""

import gc
from typing import Final

YOUNG: Final = 5_000
"""New containers of Python between two looks at the youngest. The default is 700, which is a batch."""


def settle() -> None:
    """Leave what start-up has made out of the collector's looks: nearly all of it stays until the program ends.

    Looks at everything would stop the program for tens of milliseconds each, and find nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
