"""Small reports for the tests that hold editions side by side: a ledger and a record."""

import csv
import hashlib
import json
from pathlib import Path

from analysis.contracts import RESULTS

ROW = {
    "id": "access.lot_share", "chapter": "20", "version": "1", "period": "2024", "group": "all",
    "definition": "startup-5", "perimeter": "flemish-public", "value": "0.25", "low": "",
    "high": "", "interval": "none", "unit": "share", "n": "8", "denominator": "awarded-lots",
    "unknown": "0", "grade": "D", "kind": "real", "inputs": "2-deliveries@aaaaaaaaaaaa",
}  # fmt: skip
STARTUP, CURVE = (
    f"src/analysis/companies/definitions/{name}.yml" for name in ("startup_5", "age_curve")
)
INDICATOR = "src/analysis/indicators/access_shares.py"


def given(name, digit, kind="real"):
    """An input, as a record tells it."""
    about = dict.fromkeys(("title", "publisher", "licence", "period"), "x")
    about |= {"kind": kind, "what": "notices"}
    return {"name": name, "sha256": digit * 64, "bytes": 1, "files": 1, **about}


def run(*, year=2024, inputs=(), code=None):
    """How a report was made, but for its stages."""
    return {
        "parameters": {"year": year, "languages": ["nl"]},
        "inputs": list(inputs) or [given("notices.tar", "a")],
        "code": {STARTUP: "1", CURVE: "1", INDICATOR: "1"} | (code or {}),
    }


def ledger(path: Path, *rows) -> None:
    """Write a ledger; `rows` say what differs from ROW."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(RESULTS.columns), lineterminator="\n")
        table.writeheader()
        table.writerows(ROW | row for row in rows)


def written(folder: Path, *rows, **how) -> Path:
    """Write the folder of a report: its rows, and how it was made, as of `run`."""
    folder.mkdir(parents=True)
    ledger(folder / "results.csv", *rows)
    signed(folder, run(**how) | {"stages": {}})
    return folder


def signed(folder: Path, told: dict) -> None:
    """Write the record, with the sha256 of the ledger as it is."""
    files = {"results.csv": hashlib.sha256((folder / "results.csv").read_bytes()).hexdigest()}
    record = {"key": "k", "files": files, "run": told}
    (folder / "report.json").write_text(json.dumps(record), "utf-8")
