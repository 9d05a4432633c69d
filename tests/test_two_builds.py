"""The same report from two clean clones that have nothing in common but the project."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_verify import clone

pytestmark = pytest.mark.slow
_PIO = "from analysis.cli import main; main()"
_ONE_CORE = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); "
HERE = {"TZ": "Europe/Brussels", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "2"}
THERE = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "4711", "OMP_NUM_THREADS": "1"}


def report(project: Path, code: str, environment: dict[str, str]) -> Path:
    """What `pio report` makes in a clone, all of it, the invented Flanders included."""
    own = os.environ | {"PYTHONPATH": str(project / "src")} | environment
    subprocess.run([sys.executable, "-c", code, "report"], env=own, cwd=project, check=True)
    return project / "reports" / "2025"


def sums(folder: Path) -> dict[str, str]:
    """The sha256 of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_two_clean_clones_give_the_same_bytes(tmp_path):
    """Other folders, time zones, locales, hash seeds and numbers of threads and cores."""
    one = sums(report(clone(tmp_path / "one"), _PIO, HERE))
    other = sums(report(clone(tmp_path / "a much longer name" / "two"), _ONE_CORE + _PIO, THERE))
    assert len(one) > 300
    assert {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} == set()
