"""Freeze a report as a published edition: its ledger and its record, whole or not at all."""

import shutil
from pathlib import Path

from analysis.refusal import ReportError
from analysis.report.compare_edition import FILES, PUBLISHED
from analysis.report.verify import Verdict, verify
from analysis.report.verify_bundle import Record, opened, record
from analysis.store import HOME


def publish(
    report: Path, data: list[Path], *, home: Path = HOME, published: Path = PUBLISHED
) -> Path:
    """Make a report again and, if it is the same, keep its ledger and record as an edition.

    Parameters
    ----------
    report : folder or zip of a report
    data : what it rests on; what the store has if empty
    home : the store
    published : folder of the published editions

    Returns
    -------
    The folder of the edition, `published/<year>`

    Raises
    ------
    ReportError
        It rests on invented data, its year was published before, or it is not reproduced.
    """
    with opened(report) as folder:
        said = record(folder)
        _refuse(said, published)
        verdict = verify(folder, data, home)
        if not verdict.is_same:
            raise _not_the_same(report, verdict)
        return freeze(folder, published / str(said.run.parameters.year))


def freeze(report: Path, edition: Path) -> Path:
    """Copy the ledger and the record of a report; whole or not at all."""
    stage = edition.with_name(f".{edition.name}.new")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        for name in FILES:
            shutil.copyfile(report / name, stage / name)
        return stage.rename(edition)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _refuse(said: Record, published: Path) -> None:
    """What is never published, seen before the minutes that making it again takes."""
    year = said.run.parameters.year
    if (published / str(year)).exists():
        raise ReportError(
            f"the edition of {year}",
            found="an edition of that year that is published",
            expected="a year that is published once",
            do="state in reports/published/causes.yml why its numbers are no longer the same",
        )
    if invented := sorted(one.name for one in said.run.inputs if one.kind == "simulated"):
        raise ReportError(
            f"the report of {year}",
            found=f"invented data: {', '.join(invented)}",
            expected="a report on real data",
            do="build it on received files; an exercise needs no publication",
        )


def _not_the_same(report: Path, verdict: Verdict) -> ReportError:
    first = next(iter(verdict.stages), "")
    absent = f"; absent: {', '.join(verdict.absent)}" if verdict.absent else ""
    counts = ", ".join(f"{count:,} {status}" for status, count in verdict.counts.items() if count)
    named = ", ".join(f"{one.which} {one.found}" for one in verdict.findings if one.what == "file")
    stage = f"; first stage that differs: {first}" if first else ""
    return ReportError(
        str(report),
        found="; ".join(filter(None, [counts or "no numbers", named])) + stage + absent,
        expected="a report that is reproduced number by number",
        do=f"see `pio verify {report}`, build the report again, then publish it",
    )
