"""How fast, and in how much memory, a package of notices is read: python read_notices.py PACKAGE.

The floor is `lxml.etree.parse` of every file of the package, from memory. Ours is `ingest.add`:
take in, unpack, parse, read, write every table. The steps take turns and the fastest turn of each
counts, because the machine may have other work.
"""

import contextlib
import io
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from analysis import ingest
from analysis.sources import notices, packages
from analysis.sources.packages import Found
from analysis.store import Store

ROUNDS = 5
COPIES = 20
LIMIT = 600  # MB
ADD = (
    "import sys; from pathlib import Path; from analysis import ingest; "
    "from analysis.store import Store; ingest.add(Store(Path(sys.argv[1])), [Path(sys.argv[2])])"
)


def fastest(steps: dict[str, Callable[[], None]], clock: Callable[[], float]) -> dict[str, float]:
    """Seconds of the fastest turn of every step."""
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            start = clock()
            step()
            taken[name].append(clock() - start)
    return {name: min(seconds) for name, seconds in taken.items()}


def files(package: Path) -> list[Found]:
    return [file for file in packages.files(package, package.name) if isinstance(file, Found)]


def parse(found: list[Found]) -> None:
    for file in found:
        etree.parse(io.BytesIO(file.data))


def read(found: list[Found]) -> None:
    for start in range(0, len(found), 128):
        notices.tables(found[start : start + 128], "0" * 16)


def unpack(package: Path) -> None:
    for _ in packages.files(package, package.name):
        pass


def add(package: Path, *, processes: int) -> None:
    ingest.WORKERS = processes
    with tempfile.TemporaryDirectory() as home, contextlib.redirect_stderr(io.StringIO()):
        ingest.add(Store(Path(home)), [package])


def speed(package: Path) -> None:
    found = files(package)
    steps = {
        "lxml.etree.parse": lambda: parse(found),
        "unpack": lambda: unpack(package),
        "parse and read": lambda: read(found),
        "everything": lambda: add(package, processes=1),
    }
    seconds = fastest(steps, time.process_time)
    floor = seconds["lxml.etree.parse"]
    size = sum(len(file.data) for file in found) / 1e6
    print(f"{len(found)} files, {size:.0f} MB; CPU seconds on one core, and as times the parse")
    for name, taken in seconds.items():
        print(f"  {name:20}{taken:6.2f}{taken / floor:7.2f}")
    print(
        f"  everything / (unpack + parse){seconds['everything'] / (floor + seconds['unpack']):5.2f}"
    )


def two_processes(package: Path) -> None:
    steps = {str(n): lambda n=n: add(package, processes=n) for n in (1, 2)}
    one, two = fastest(steps, time.perf_counter).values()
    print(f"wall seconds: one process {one:.2f}, two {two:.2f}; {one / two:.2f} times as fast")


def repeated(package: Path, into: Path) -> Path:
    """The package COPIES times over, every copy in other bytes."""
    with tarfile.open(into / "repeated.tar.gz", "w:gz", compresslevel=1) as archive:
        for copy in range(COPIES):
            for file in files(package):
                data = file.data + f"\n<!-- {copy} -->".encode()
                entry = tarfile.TarInfo(f"{copy}/{file.name}")
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
    return into / "repeated.tar.gz"


def memory(package: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        large = repeated(package, Path(place))
        start, resident, shared = time.perf_counter(), 0.0, 0.0
        process = subprocess.Popen([sys.executable, "-c", ADD, f"{place}/home", str(large)])
        while process.poll() is None:
            tree = family(process.pid)
            resident = max(resident, sum(megabytes(pid, "Rss:") for pid in tree))
            shared = max(shared, sum(megabytes(pid, "Pss:") for pid in tree))
            time.sleep(0.1)
        seconds = time.perf_counter() - start
    print(f"{COPIES} times the package, two processes: {seconds:.0f} s")
    print(f"  peak of all processes {resident:.0f} MB, {resident / LIMIT:.2f} of {LIMIT} MB;")
    print(f"  with the pages that they share counted once {shared:.0f} MB")


def family(pid: int) -> list[int]:
    """A process and its children; each thread of a process lists the children it started."""
    children: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            children += map(int, thread.read_text().split())
    return [pid, *(each for child in children for each in family(child))]


def megabytes(pid: int, key: str) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    speed(Path(sys.argv[1]))
    two_processes(Path(sys.argv[1]))
    memory(Path(sys.argv[1]))
