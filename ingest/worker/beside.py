"""Work that goes on beside the batches: a defect in it must keep no sample from being stored."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

from processing.model.errors import QuaystreamError

log = logging.getLogger(__name__)
AGAIN_S: Final = 5.0
"""Work that a defect has ended begins again after this. [s]"""


async def keep_going(name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do work until it is done; where a defect of ours ends it, it is logged and begun once more.

    Args:
        name: what the work is, for the log.
        work: begins it.

    Raises:
        QuaystreamError: it cannot be done as things are; the message has what to change.
    """
    while True:
        try:
            await work()
        except QuaystreamError:
            raise
        except Exception:
            log.exception("%s: begun once more in %.0f s; please report this", name, AGAIN_S)
            await asyncio.sleep(AGAIN_S)
        else:
            return
