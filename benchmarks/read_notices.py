"""How fast, and in how much memory, a package of notices is read.

    python read_notices.py PACKAGE [speed] [cores] [memory]

The floor is `lxml.etree.parse` of every file of the package, from memory. Ours is measured twice:
from the same bytes in memory to all tables on disk, and `ingest.add`, which also takes the package
in and unpacks it. Steps take turns and the fastest turn of each counts, because the machine may
have other work; only figures of one run can be compared.
"""

import contextlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
from lxml import etree

from analysis import ingest
from analysis.sources import notices, packages
from analysis.sources.packages import Found
from analysis.store import Store, lake

BAR = 2.5  # times the parse, on one core
LIMIT = 600  # MB
ADD = (
    "import sys; from pathlib import Path; from analysis import ingest; "
    "from analysis.store import Store; ingest.add(Store(Path(sys.argv[1])), [Path(sys.argv[2])])"
)


def fastest(
    steps: dict[str, Callable[[], None]], clock: Callable[[], float], *, rounds: int
) -> dict[str, float]:
    """Seconds of the fastest turn of every step."""
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
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


def tables(found: list[Found]) -> Iterator[dict[str, pa.Table]]:
    for start in range(0, len(found), 128):
        yield notices.tables(found[start : start + 128], "0" * 16)


def write(found: list[Found]) -> None:
    with tempfile.TemporaryDirectory() as place, lake.writing(Path(place) / "part") as written:
        for rows in tables(found):
            written(rows)


def unpack(package: Path) -> None:
    for _ in packages.files(package, package.name):
        pass


def add(package: Path, *, processes: int) -> None:
    ingest.WORKERS = processes
    with tempfile.TemporaryDirectory() as home, contextlib.redirect_stderr(io.StringIO()):
        ingest.add(Store(Path(home)), [package])


def paired(found: list[Found]) -> float:
    """Tables over the parse, batch by batch in turns: both meet the same moods of the machine."""
    floor = ours = 0.0
    for start in range(0, len(found), 64):
        batch = found[start : start + 64]
        begun = time.process_time()
        parse(batch)
        parsed = time.process_time()
        notices.tables(batch, "0" * 16)
        floor, ours = floor + parsed - begun, ours + time.process_time() - parsed
    return ours / floor


def speed(package: Path) -> None:
    found = files(package)
    turns = ", ".join(f"{paired(found):.2f}" for _ in range(4))
    print(f"all tables over the parse, in turns batch by batch, four times: {turns} (bar {BAR})")
    steps = {
        "lxml.etree.parse, the floor": lambda: parse(found),
        "tables in memory": lambda: deque(tables(found), maxlen=0),
        "tables on disk": lambda: write(found),
        "unpack": lambda: unpack(package),
        "all, with unpacking": lambda: add(package, processes=1),
    }
    seconds = fastest(steps, time.process_time, rounds=7)
    floor = seconds["lxml.etree.parse, the floor"]
    size = sum(len(file.data) for file in found) / 1e6
    print(
        f"{len(found)} files, {size:.0f} MB; CPU seconds on one core, times the floor (bar {BAR})"
    )
    for name, taken in seconds.items():
        print(f"  {name:28}{taken:6.2f}{taken / floor:7.2f}")
    sys.stdout.flush()


def cores(package: Path, *, copies: int = 5) -> None:
    with tempfile.TemporaryDirectory() as place:
        large = repeated(package, Path(place), copies)
        steps = {str(n): lambda n=n: add(large, processes=n) for n in (1, 2)}
        one, two = fastest(steps, time.perf_counter, rounds=2).values()
        busy_one, busy_two = fastest(steps, busy, rounds=1).values()
    print(f"{copies} times the package, wall seconds: one process {one:.1f}, two {two:.1f}")
    print(f"  two are {one / two:.2f} times as fast, for {busy_two / busy_one:.2f} times the CPU")
    print(f"  (load of the machine: {os.getloadavg()[0]:.1f})", flush=True)


def busy() -> float:
    """CPU seconds of this process and of those that it started and that ended."""
    return sum(os.times()[:4])


def repeated(package: Path, into: Path, copies: int) -> Path:
    """The package several times over, every copy in other bytes."""
    with tarfile.open(into / "repeated.tar.gz", "w:gz", compresslevel=1) as archive:
        for copy in range(copies):
            for file in files(package):
                data = file.data + b"\n" * (copy + 1)
                entry = tarfile.TarInfo(f"{copy}/{file.name}")
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
    return into / "repeated.tar.gz"


def memory(package: Path, *, copies: int = 20) -> None:
    with tempfile.TemporaryDirectory() as place:
        large = repeated(package, Path(place), copies)
        start, resident, shared = time.perf_counter(), 0.0, 0.0
        process = subprocess.Popen([sys.executable, "-c", ADD, f"{place}/home", str(large)])
        while process.poll() is None:
            tree = family(process.pid)
            resident = max(resident, sum(megabytes(pid, "Rss:") for pid in tree))
            shared = max(shared, sum(megabytes(pid, "Pss:") for pid in tree))
            time.sleep(0.1)
        seconds = time.perf_counter() - start
    print(f"{copies} times the package, two processes: {seconds:.0f} s")
    print(f"  peak of all processes {resident:.0f} MB, {resident / LIMIT:.2f} of {LIMIT} MB;")
    print(f"  with the pages that they share counted once {shared:.0f} MB", flush=True)


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
    parts = {"speed": speed, "cores": cores, "memory": memory}
    for part in sys.argv[2:] or parts:
        parts[part](Path(sys.argv[1]))
