"""Make a report again from what it says that it was made of, and hold the two side by side."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from analysis import workbook
from analysis.refusal import ReportError
from analysis.report import build, crate_graph, crate_stages, folder, ledgers, verify_inputs
from analysis.report.crate_stages import STAGES, Digests
from analysis.report.verify_bundle import Parameters, Record, opened, record
from analysis.report.verify_inputs import Matched
from analysis.report.verify_numbers import IDENTICAL, STATUSES, Key, Number, Row, compare, read
from analysis.store import HOME

LEDGER = "results.csv"
_CHAPTERS = ("tables/", "figures/")
_NOT_COMPARED = (LEDGER, crate_graph.NAME, crate_graph.WORKFLOW)


class Finding(NamedTuple):
    """Something that is not as the report says: what kind of thing, which, and what of it."""

    what: str
    which: str
    found: str


class Verdict(NamedTuple):
    """What became of a report that was made again.

    findings : files, parameters, inputs and code that are not as the report says
    numbers : every published number
    stages : the stages that differ, in order, and what of each
    absent : names of the inputs that are not there
    why : why nothing could be computed, if so
    """

    parameters: Parameters
    findings: list[Finding]
    numbers: list[Number]
    stages: dict[str, list[str]]
    absent: list[str]
    why: str

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers have each status."""
        counted = Counter(number.status for number in self.numbers)
        return {status: counted[status] for status in STATUSES}

    @property
    def is_same(self) -> bool:
        """Every number, file, input and stage is as published; the code alone may differ."""
        whole = self.counts[IDENTICAL] == len(self.numbers) > 0
        return whole and not self.stages and all(one.what == "code" for one in self.findings)


def verify(path: Path, data: list[Path], home: Path = HOME) -> Verdict:
    """Make a report again and say what is not the same.

    Parameters
    ----------
    path : folder or zip of a report
    data : what it rests on; what the store has if empty, else the invented Flanders
    home : the store

    Raises
    ------
    Refusal
        There is no report, the zip is hostile, or the data given cannot be read.
    """
    with opened(path) as report, tempfile.TemporaryDirectory(prefix="pio-verify-") as new:
        work, said = Path(new), record(report)
        inputs = said.run.inputs
        found = verify_inputs.match(inputs, verify_inputs.offered(data, home, work, inputs))
        published = read(report / LEDGER)
        made, why = _made_again(said, found, work)
        findings = [*_damage(report, said), *_parameters(report, said), *_inputs(said, found)]
        findings += _code(said, made)
        numbers = compare(
            published,
            _ledger(made),
            lacks=bool(found.absent),
            other_inputs=bool(found.changed),
        )
        return Verdict(
            said.run.parameters,
            findings,
            sorted(numbers),
            _stages(report, said, made, found),
            [one.name for one in found.absent],
            why,
        )


def _made_again(said: Record, found: Matched, work: Path) -> tuple[Path | None, str]:
    """The folder of the report made again, or why there is none."""
    again = verify_inputs.reopen(said.run.inputs, found, work)
    if again.lake is None:
        return None, again.why
    asked = said.run.parameters
    try:
        year = workbook.reporting_year(again.lake, asked.year)
    except ReportError as fault:
        return None, f"year {asked.year}: {fault.found}"
    target = work / "again"
    one = build.Found(again.lake, year, again.decisions)
    with ledgers.second_process() as aside:
        build.make(one, [*asked.languages], target, cache=work / "chapters", aside=aside)
    return target, ""


def _damage(report: Path, said: Record) -> Iterator[Finding]:
    """Files that were changed, lost or added after the report was built."""
    now = folder.contents(report)
    for name in sorted(said.files.keys() | now.keys()):
        if said.files.get(name) != now.get(name):
            is_new, is_gone = name not in said.files, name not in now
            word = "added" if is_new else "lost" if is_gone else "changed"
            yield Finding("file", name, f"{word} after the report was built")


def _parameters(report: Path, said: Record) -> Iterator[Finding]:
    """Parameters of which the record and the crate say different things."""
    try:
        graph = json.loads((report / crate_graph.NAME).read_bytes())["@graph"]
        crate = {node["@id"]: node for node in graph}
        told = {name: crate[f"#{name}"]["value"] for name in Parameters.model_fields}
        told |= {"command": crate["#run"]["description"]}
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as fault:
        yield Finding("file", crate_graph.NAME, f"cannot be read: {type(fault).__name__}")
        return
    own: dict[str, Any] = said.run.parameters.model_dump()
    written = {name: crate_graph.written(value) for name, value in own.items()}
    written |= {"command": crate_graph.command(own)}
    for name, value in written.items():
        if told[name] != value:
            other = f"{value} in {folder.RECORD}, {told[name]} in {crate_graph.NAME}"
            yield Finding("parameter", name, other)


def _inputs(said: Record, found: Matched) -> Iterator[Finding]:
    for one in found.changed:
        path = found.paths[said.run.inputs.index(one)]
        yield Finding("input", one.name, f"another file: {path.name} has not sha256 {one.sha256}")
    for one in found.absent:
        yield Finding("input", one.name, f"absent: sha256 {one.sha256}")
    for name in found.unused:
        yield Finding("given", name, "the report does not rest on it, so it was not used")


def _code(said: Record, made: Path | None) -> Iterator[Finding]:
    """Source files, definitions, notebooks and the lock that are not those of the report."""
    now = record(made).run.code if made else {}
    for name in sorted(said.run.code.keys() | now.keys()) if made else ():
        if said.run.code.get(name) != now.get(name):
            is_new, is_gone = name not in said.run.code, name not in now
            yield Finding("code", name, "is new" if is_new else "gone" if is_gone else "changed")


def _ledger(made: Path | None) -> dict[Key, Row] | None:
    return read(made / LEDGER) if made else None


def _stages(report: Path, said: Record, made: Path | None, found: Matched) -> dict[str, list[str]]:
    """Every stage that differs, in order, and what of it."""
    old = _digests(report, said)
    new = _digests(made, record(made)) if made else {}
    differ = {"inputs": [one.name for one in (*found.changed, *found.absent)]}
    for stage in STAGES[1:] if made else ():
        one, other = old.get(stage, {}), new.get(stage, {})
        differ[stage] = [n for n in sorted(one.keys() | other.keys()) if one.get(n) != other.get(n)]
    return {stage: names for stage, names in differ.items() if names}


def _digests(report: Path, said: Record) -> Digests:
    """Digests by stage; of the ledger as it is written now, of the pages as they were built."""
    found: Digests = {"chapters": {}, "pages": {}}
    found["ledger"] = dict(crate_stages.families(report / LEDGER))
    for name, digest in said.files.items():
        if name not in _NOT_COMPARED:
            found[_stage_of(name)][name] = digest
    return said.run.stages | found


def _stage_of(name: str) -> str:
    if name.startswith(_CHAPTERS):
        return "chapters"
    return "ledger" if name.endswith(".csv") else "pages"
