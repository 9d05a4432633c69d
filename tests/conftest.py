"""Where the tests find the real data that are not part of the project."""

import gc
import os
from pathlib import Path

import pytest

# Before NumPy is imported, and for the processes that tests start: on the small matrices of the
# tests a second thread of linear algebra waits for work, busily, thirty times as long as it works.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with real notices and documents beside the checkout; absent for outside clones."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs the real notices in ../shared/data, which are not part of the project")
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the file that takes longest, so that no worker waits for it at the end."""
    items.sort(key=lambda item: item.path.name != "test_report.py")


def pytest_collection_finish() -> None:
    """What was imported lives on: the collector of garbage need not look at it time and again."""
    gc.collect()
    gc.freeze()
