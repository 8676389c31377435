"""What all tests without I/O share."""

import gc
import sys

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

gc.set_threshold(1_000_000, 50, 50)  # from here on, since imports make most of what stays

TOGETHER = {
    "test_tos_lists.py": "test_simulators.py",  # look at the same simulated hour
    "test_structure.py": "test_layers.py",  # parse all sources
    "test_api_layout.py": "test_layers.py",
}
"""Files whose tests run in the process of another file's, which has cached what they need."""


class SharedFiles(LoadFileScheduling):  # type: ignore[misc]  # no type information published
    """Gives whole files to workers, and those that share something to the same one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        folder, _, name = file.rpartition("/")
        return f"{folder}/{TOGETHER.get(name, name)}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharedFiles | None:
    """Distribute by file; None: by what else was asked for."""
    return SharedFiles(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """Spare the collector what is imported by now; looking through it again and again took a seventh of the time."""
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Collect once more, so that what is garbage warns, and spare pytest and Python to look at all that has stayed.

    What tests have cached goes first: sources parsed and terminals simulated are most of what is looked at otherwise.
    """
    for name in [name for name in sys.modules if name.startswith("tests.unit.")]:
        for one in list(vars(sys.modules[name]).values()):
            if hasattr(one, "cache_clear"):
                one.cache_clear()
    gc.collect()
    gc.freeze()
