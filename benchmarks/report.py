"""How fast a report is built, and built again after a change: python report.py.

In a copy of the project with a store of its own: first everything (the notices are invented and
read, which is not held to a bar); then the same with data in the lake, but nothing made of them;
then with nothing changed; then with one cell of one notebook, and then one rule of the style sheet
changed. Each is a process of its own and stands beside the bare import of pandas, DuckDB and
Arrow in the same run; the bars are those of issue 6, in seconds by the clock on two cores that
have nothing else to do. The run fails above a bar, or if more was made again than had to be.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("src", "notebooks", "reports", "data", "requirements.lock")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "[0-9][0-9][0-9][0-9]", ".[0-9]*")
BARE = "import pandas, duckdb, pyarrow"
REPORT = "from analysis.cli import main; main()"
CHAPTER = "15_competition.ipynb"
BARS = {"with data in the lake": 60.0, "nothing changed": 3.0}


class Seconds(NamedTuple):
    """What a process and the processes that it started took."""

    clock: float
    cpu: float


def measured(code: str, home: Path, *arguments: str) -> Seconds:
    start = time.perf_counter()
    path = {"PYTHONPATH": str(home / "src")}
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.Popen(command, cwd=home, env=os.environ | path, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("the process failed")
    return Seconds(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)


def kept(home: Path) -> dict[str, int]:
    """How many ledgers and chapters the store has."""
    return {name: len(list((home / ".pio" / name).iterdir())) for name in ("ledgers", "chapters")}


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    if old not in text:
        raise SystemExit(f"{path.name} has no {old!r} to change")
    path.write_text(text.replace(old, new, 1), "utf-8")


def copy(home: Path) -> None:
    """The project, compiled as `make setup` leaves it."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, home / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, home / name)
    subprocess.run([sys.executable, "-m", "compileall", "-q", home / "src"], check=True)


def built(home: Path) -> dict[str, Seconds]:
    """Build one after the other; refuse if a change made more again than it had to."""
    report = (REPORT, home, "report")
    found = {"bare import": measured(BARE, home), "everything": measured(*report)}
    for name in ("ledgers", "chapters", "reports.json"):
        path = home / ".pio" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in (home / "reports").glob("[0-9]*"):
        shutil.rmtree(path)  # or nothing has changed
    found["with data in the lake"] = measured(*report)
    before = kept(home)
    found["nothing changed"] = measured(*report)
    changed(home / "notebooks" / CHAPTER, '"source": [', '"source": [\n    "# changed\\n",')
    found["one chapter changed"] = measured(*report)
    changed(home / "reports" / "template" / "style.css", "{", "{ ")
    found["style changed"] = measured(*report)
    if kept(home) != before | {"chapters": before["chapters"] + 1}:
        raise SystemExit(f"made: {kept(home)}, before: {before}")
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        copy(home)
        found = built(home)
    bare, over = found["bare import"], []
    for name, one in found.items():
        bar = f"; {one.clock / BARS[name]:.2f} of the bar" if name in BARS else ""
        times = f"{one.cpu / bare.cpu:7.1f} x bare"
        print(f"  {name:24}{one.clock:7.1f} s clock {one.cpu:7.1f} s CPU {times}{bar}")
        over += [name] if one.clock > BARS.get(name, float("inf")) else []
    if over:
        raise SystemExit(f"above the bar: {', '.join(over)}")


if __name__ == "__main__":
    main()
