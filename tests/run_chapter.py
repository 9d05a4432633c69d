"""The blocks that a chapter shows of a ledger, without a kernel."""

import json
from pathlib import Path

import pandas as pd

from analysis import results
from analysis.present import blocks

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def shown(name: str, ledger: pd.DataFrame, folder: Path, monkeypatch, *, year: int) -> list[dict]:
    """Run the code cells of a notebook on a ledger and return what they show, in order."""
    results.write(ledger, folder / "results.csv")
    told: list[dict] = []
    monkeypatch.setattr(blocks, "show", lambda block, language="nl": told.append(block))
    names: dict = {}
    for cell in json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names |= {"year": year, "folder": str(folder)}
    return told


def words(told: list[dict], language: str) -> str:
    """Everything that is said, captions and cells of tables included."""
    parts: list[str] = []
    for block in told:
        parts += [block[part][language] for part in ("text", "caption", "alt") if part in block]
        parts += [cell[language] for row in block.get("rows", []) for cell in row]
        parts += [item[part][language] for item in block.get("items", []) for part in item]
    return "\n".join(parts)
