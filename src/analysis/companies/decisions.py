"""Decisions of the clerical review: a small CSV file, one line a decision (contract DECISIONS).

They belong to the stated name and place, so that they survive a rebuild.
"""

import csv
import datetime as dt
import os
from pathlib import Path

import pyarrow as pa

from analysis.companies.name_index import Engine, Relation
from analysis.contracts.access import DECISIONS, VERDICTS
from analysis.contracts.table import keep
from analysis.refusal import SourceError

_CASE = DECISIONS.key
_COLUMNS = tuple(DECISIONS.columns)


def read(path: Path) -> pa.Table:
    """Read the file of decisions; a file that is not there holds none.

    Returns
    -------
    Arrow table
        DECISIONS

    Raises
    ------
    SourceError
        A column is missing or a cell is not as DECISIONS says: which line, what was found.
    """
    if not path.exists():
        return DECISIONS.schema.empty_table()
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        if tuple(lines.fieldnames or ()) != _COLUMNS:
            raise _refused(path, 1, f"columns {', '.join(lines.fieldnames or ['none'])}")
        rows = [_decision(path, at, line) for at, line in enumerate(lines, start=2)]
    seen: dict[tuple, int] = {}
    for at, row in enumerate(rows, start=2):
        first = seen.setdefault(row[: len(_CASE)], at)
        if first != at:
            raise _refused(path, at, f"a second decision on the case of line {first}")
    return keep(DECISIONS.arrow(rows), DECISIONS)


def _refused(path: Path, line: int, found: str) -> SourceError:
    return SourceError(
        f"{path.name}, line {line}",
        found=found,
        expected=f"columns {', '.join(_COLUMNS)}; a line is {DECISIONS.row}",
        do="correct the line, or decide anew with `pio link review`",
    )


def _decision(path: Path, at: int, line: dict[str, str | None]) -> tuple:
    """One line as a row of DECISIONS."""
    cells = {name: (line.get(name) or "").strip() or None for name in _COLUMNS}
    for name, column in DECISIONS.columns.items():
        if cells[name] is None and not column.may_be_missing:
            raise _refused(path, at, f"no {name}")
    if cells["verdict"] not in VERDICTS:
        raise _refused(path, at, f"verdict {cells['verdict']}, not {' or '.join(VERDICTS)}")
    if cells["verdict"] == "confirm" and not cells["company_id"]:
        raise _refused(path, at, "confirm without a company_id")
    digits = cells["company_id"]
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == 10):
        raise _refused(path, at, f"company_id {digits}, not ten digits")
    try:
        day = dt.date.fromisoformat(cells["when"] or "")
    except ValueError:
        raise _refused(path, at, f"when {cells['when']}, not as 2026-01-31") from None
    return tuple(day if name == "when" else cells[name] for name in _COLUMNS)


def decide(path: Path, decision: dict[str, str | dt.date | None]) -> None:
    """Add one decision to the file, in the place of an earlier one on the same case.

    The file is sorted and replaced in one step. `decision` has the columns of DECISIONS; what is
    not stated is missing.

    Raises
    ------
    SourceError
        The file or the decision is not as DECISIONS says.
    """
    kept = {row[: len(_CASE)]: row for row in _rows(read(path))}
    line = {name: None if decision.get(name) is None else str(decision[name]) for name in _COLUMNS}
    new = _decision(path, len(kept) + 2, line)
    kept[new[: len(_CASE)]] = new
    rows = [["" if cell is None else str(cell) for cell in row] for row in kept.values()]
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([_COLUMNS, *sorted(rows)])
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _rows(table: pa.Table) -> list[tuple]:
    return [tuple(row.values()) for row in table.to_pylist()]


def apply(engine: Engine, decisions: Relation, companies: Relation) -> None:
    """Put the decisions in the temp table `chosen_` of linkage, over what the cascade found.

    A refusal holds against its company only; without a company, against every one.

    Raises
    ------
    SourceError
        A confirmed company is not in the register: the decision no longer fits.
    """
    decisions_in, companies_in = decisions, companies  # noqa: F841
    gone = engine.sql(
        """select company_id, part_name, who, "when" from decisions_in anti join companies_in
        on companies_in.number = decisions_in.company_id where verdict = 'confirm' order by all"""
    ).fetchall()
    if gone:
        listed = "; ".join(f"{c} for {name} ({who}, {day})" for c, name, who, day in gone[:5])
        raise SourceError(
            "decisions of the clerical review",
            found=f"{len(gone)} confirmed companies that the register does not have: {listed}",
            expected="every confirmed company in the register of companies",
            do="decide these cases anew with `pio link review`, or add the extract that has them",
        )
    engine.execute(_DECIDED)


_DECIDED = """
create or replace temp table chosen_ as
with decided as (
    select c.*, d.company_id as named, verdict, case when verdict = 'confirm' then 'yes'
        when verdict is not null and (d.company_id is null or c.company_id = d.company_id
            or c.company_id is null and coalesce(c.runner_up = d.company_id, true)) then 'no'
        end as ruling
    from chosen_ c join parts_ p using (id, part) left join decisions_in d on d.name = p.name
        and d.postcode is not distinct from p.postcode and d.part_name = p.part_name
        and d.country is not distinct from p.country and not p.is_person)
select id, part,
    case ruling when 'yes' then 'linked' when 'no' then 'refused-in-review' else reason end
        as reason,
    case ruling when 'yes' then named when 'no' then null else company_id end as company_id,
    case ruling when 'yes' then 'review' when 'no' then 'none' else method end as method,
    if(ruling is null or named = company_id, score, null) as score,
    case ruling when 'no' then coalesce(company_id, runner_up)
        when 'yes' then nullif(coalesce(nullif(company_id, named), runner_up), named)
        else runner_up end as runner_up,
    if(ruling is null, runner_up_score, null) as runner_up_score
from decided
"""
