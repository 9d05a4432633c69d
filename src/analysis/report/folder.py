"""The folder of a report: built aside, put in place whole, recognised when nothing changed."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.refusal import ReportError

RECORD = "report.json"


def sha256(data: bytes) -> str:
    """Digest of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(files: list[Path], **told: object) -> str:
    """One digest over file contents (in the order of their names) and what was asked."""
    parts = [f"{path.name} {sha256(path.read_bytes())}" for path in sorted(files)]
    return sha256(json.dumps([parts, told], sort_keys=True, default=str).encode())


def is_current(folder: Path, key: str) -> bool:
    """Whether the folder holds, undamaged, what was built from this very key."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return record["key"] == key and record["files"] == contents(folder)
    except (OSError, ValueError, LookupError, TypeError):
        return False


@contextmanager
def replaced(folder: Path, key: str, run: dict[str, Any] | None = None) -> Iterator[Path]:
    """Give an empty folder to build in; on success it takes the place of `folder`, else nothing.

    `run` is what else the record says; it is filled while the report is built.

    Raises
    ------
    ReportError
        If `folder` exists and is no report: it is never overwritten.
    """
    stage, old = _beside(folder, "building"), _beside(folder, "replaced")
    _recover(folder, old)
    _refuse_other(folder)
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        yield stage
        record = {"key": key, "files": contents(stage), "run": run or {}}
        text = json.dumps(record, indent=1, sort_keys=True) + "\n"
        (stage / RECORD).write_text(text, encoding="utf-8")
        if folder.exists():
            folder.replace(old)
        stage.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _beside(folder: Path, word: str) -> Path:
    return folder.with_name(f".{folder.name}.{word}")


def _recover(folder: Path, old: Path) -> None:
    """Put the earlier report back if a run was cut off between the two renames."""
    if old.exists() and not folder.exists():
        old.replace(folder)


def _refuse_other(folder: Path) -> None:
    is_file = folder.is_file()
    if is_file or (folder.exists() and any(folder.iterdir()) and not (folder / RECORD).is_file()):
        raise ReportError(
            str(folder),
            found="a file" if is_file else "a folder with files that are no report",
            expected="a new or empty folder, or an earlier report",
            do="give another folder with --out",
        )


def prune(folder: Path, kept: int) -> None:
    """Remove what stands in a folder, but for the files and folders that were touched last."""
    found = sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name))
    for path in found[: max(0, len(found) - kept)]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file of a report but its record, by name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != RECORD)
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()) for path in files}
