"""The whole yearly report on a small invented Flanders, built once for all tests that look at it.

It takes minutes: the processes of a test run share it, and the first that asks builds it.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analysis import simulate
from analysis.present.language import LANGUAGES
from analysis.report import build, run

SEED, SCALE = 20160101, 0.05


def shared(factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this test run share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def delivered(folder: Path) -> list[Path]:
    """The deliveries of a small invented Flanders: notices first, then the registers."""
    with _alone(folder / "world.lock"):
        world = folder / "world"
        if not world.is_dir():
            simulate.write(_fresh(folder / "world.part"), SEED, SCALE)
            (folder / "world.part").rename(world)
    return [path for name in simulate.DELIVERIES for path in sorted(world.glob(name))]


def built(folder: Path, deliveries: list[Path]) -> Path:
    """The folder of the report, built with one kernel, of hash seed 1."""
    with _alone(folder / "report.lock"):
        done = folder / "report.done"
        if not done.is_file():
            done.write_text(str(_build(_fresh(folder / "report"), deliveries)), encoding="utf-8")
    return Path(done.read_text(encoding="utf-8"))


def _build(folder: Path, deliveries: list[Path]) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONHASHSEED", "1")
        patch.setenv("TZ", "Europe/Brussels")
        patch.setattr(run, "JOBS", 1)
        time.tzset()
        made = build.build(
            year=2025,
            languages=list(LANGUAGES),
            data=deliveries,
            out=folder / "2025",
            home=folder / "home",
        )
    time.tzset()
    assert made.is_new
    return made.folder


def _fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
