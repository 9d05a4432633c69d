"""Where the tests find the real data that are not part of the project."""

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Before NumPy is imported, and for the processes that tests start: on the small matrices of the
# tests a second thread of linear algebra waits for work, busily, thirty times as long as it works.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# What nbformat imports of it is a check of international addresses, which no notebook of ours has;
# its grammar is read anew in every process, which takes seconds.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# What is compiled is kept, as usual, also in a container that would rather not: pytest rewrites
# the tests in every process else, for ten seconds, and every process that they start compiles.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# The same examples in every run; `--hypothesis-profile default` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with real notices and documents beside the checkout; absent for outside clones."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs the real notices in ../shared/data, which are not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A small invented Flanders: notices first, then the registers."""
    import yearly_report  # here: of most tests the worker need not import all that it takes

    return yearly_report.delivered(yearly_report.shared(tmp_path_factory))


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory, deliveries: list[Path]) -> Path:
    """The folder of the whole yearly report on it. Nothing may be written there."""
    import yearly_report

    return yearly_report.built(yearly_report.shared(tmp_path_factory), deliveries)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the file that takes longest, and end with those that wait for what it builds."""
    order = {"test_report.py": -1, "test_pdf_structure.py": 1, "test_accessible.py": 1}
    items.sort(key=lambda item: order.get(item.path.name, 0))


def pytest_collection_finish() -> None:
    """What was imported lives on: the collector of garbage need not look at it time and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)  # rows come and go by the thousand: a fortieth of the time
