"""A report folder as a Workflow Run RO-Crate: what went in, what was done, what came out.

`report.json` holds the record of the run (parameters, inputs, digests of code and stages), which
`pio verify` reads; `ro-crate-metadata.json` says the same to other programs. Neither holds a time
of the clock: a crate is dated, as the pages are, by the last day of its year, so that the same
report gives the same bytes.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.report import crate_graph, crate_inputs, crate_stages, folder, plan
from analysis.report.crate_stages import Digests
from analysis.store import Lake


def run(
    lake: Lake, *, year: int, languages: list[str], decisions: Path | None, sources: Iterable[Path]
) -> dict[str, Any]:
    """What a run is made from: `parameters`, `inputs`, and the sha256 of every source in `code`."""
    return {
        "parameters": {"year": year, "languages": languages},
        "inputs": crate_inputs.inputs(lake, decisions),
        "code": {_place(path): folder.sha256(path.read_bytes()) for path in sorted(sources)},
    }


def stages(stage: Path, noted: Digests) -> Digests:
    """The digests of the stages up to the ledger; those of the pages are the files themselves.

    `noted` are those up to the cells.
    """
    found = dict(noted)
    for ledger in stage.glob("results.csv"):
        found["ledger"] = crate_stages.families(ledger)
    return found


def write(stage: Path, told: dict[str, Any]) -> None:
    """Write the workflow and the crate beside the outputs in `stage`; `told` as of `run`."""
    (stage / crate_graph.WORKFLOW).write_bytes(plan.PLAN.read_bytes())
    given = [*told["inputs"], *crate_inputs.facts()]
    made = crate_graph.graph(told, folder.contents(stage), given)
    text = json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (stage / crate_graph.NAME).write_text(text, encoding="utf-8", newline="\n")


def _place(path: Path) -> str:
    """Name of a source: its place in the project, also where the package is installed elsewhere."""
    if path.is_relative_to(plan.ROOT):
        return path.relative_to(plan.ROOT).as_posix()
    return "src/analysis/" + path.as_posix().rsplit("/analysis/", 1)[-1]
