"""Where the tests find the real data that are not part of the project."""

from pathlib import Path

import pytest

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
