"""The notices, lots and winners behind a number of chapter 15 or 20, as far as they may be shown.

Who won which lot for how much is public record and is shown, of withheld numbers too: it is the
same for every definition of a part. What a firm answers to a definition that looks at accounts is
never shown firm by firm, nor its class. A name is shown of a winner that is linked to a legal
person of the register and of no other, since it may be the name of a natural person.
"""

from typing import Any, NamedTuple

import duckdb
import pandas as pd

from analysis import workbook
from analysis.companies.definitions import definitions
from analysis.contracts.access_cells import PERIMETERS
from analysis.disclosure.implying import linked_definitions
from analysis.report.build import Found

GIVEN = "notices-given"
HIDDEN = "(not shown)"
_ALL_LOTS = ("competition.lots", "competition.notices", "competition.not_awarded_share")
_PLAIN = ("era", "country", "procedure", "buyer_type", "cpv_division", "value_band")
_GROUPS = {name: f"l.{name}" for name in _PLAIN} | {
    "framework": "case when l.is_framework then 'yes' when not l.is_framework then 'no' end",
}
_OF_WINNERS = _GROUPS | {"origin": "m.origin", "method": "m.method"}
_LOTS = """
select l.notice_id, l.lot_id, l.year, l.outcome, l.procedure, l.bids, l.bids_sme, l.sme_won,
    l.value_eur, f.delivery
from given_lots l left join given_files f using (document)
where {where} order by all
"""
_WINNERS = """
select l.notice_id, l.lot_id, l.year,
    case when {legal} then w.name else '{hidden}' end as winner,
    case when {legal} then m.company_id
         when m.company_id is not null then '{hidden}' end as company,
    m.method as linked_by, round(m.weight, 4) as weight,
    round(l.value_eur * coalesce(m.value_share, m.weight), 2)::decimal(24, 2) as value_eur,
    {answer} f.delivery
from given_members m
join given_lots l using (notice_id, document, lot_id)
left join given_winners w using (notice_id, document, lot_id, winner)
left join given_perimeters p using (notice_id, document, lot_id)
left join given_companies c on c.number = m.company_id
left join given_answers a on a.company_id = m.company_id and a.on_date = m.on_date
    and a.definition = $definition
left join given_files f on f.document = m.document
where {where} order by all
"""
_LEGAL = "c.is_natural_person is false and w.is_natural_person is not true"
_ANSWER = "case when a.answer then 'yes' when not a.answer then 'no' else 'unknown' end as answer,"


class Behind(NamedTuple):
    """What stands behind a number: rows, how many lots they are, and what is to be said of them."""

    rows: pd.DataFrame
    lots: int
    notes: list[str]


def laid(engine: duckdb.DuckDBPyConnection, found: Found) -> None:
    """Lay what a report is made of in views of the engine, for `behind`."""
    world = workbook.world_of(engine, found.lake, found.year, found.decisions)
    given = {**world.relations, "lots": world.kept.lots}
    given["companies"] = found.lake.registers.relations(engine)["companies"]
    given["files"] = _files(engine, found)
    for name, relation in given.items():
        relation.create_view(f"given_{name}", replace=True)


def behind(engine: duckdb.DuckDBPyConnection, row: Any) -> Behind:
    """The source rows of one number of chapter 15 or 20.

    Parameters
    ----------
    engine : after `laid`
    row : of RESULTS; an id of `competition` or `access`
    """
    is_of_lots = row.id.startswith("competition.")
    where, notes = _where(engine, row, is_of_lots=is_of_lots)
    if is_of_lots:
        rows = engine.sql(_LOTS.format(where=where or "true")).df()
    else:
        shown, told = _answers(row.definition)
        notes += told
        query = _WINNERS.format(where=where, hidden=HIDDEN, legal=_LEGAL, answer=shown)
        rows = engine.execute(query, {"definition": row.definition}).df()
    lots = len(rows[["notice_id", "lot_id"]].drop_duplicates())
    return Behind(rows.astype(object).where(rows.notna(), ""), lots, notes)


def _answers(definition: str) -> tuple[str, list[str]]:
    """The column of answers, if there is one that may be shown."""
    if definition in linked_definitions():
        return "", ["what firms answer to a definition that looks at accounts is not shown"]
    return (_ANSWER if definition in definitions() else ""), []


def _where(
    engine: duckdb.DuckDBPyConnection, row: Any, *, is_of_lots: bool
) -> tuple[str, list[str]]:
    conditions = [_perimeter(row.perimeter, is_of_lots=is_of_lots), _period(engine, row.period)]
    if row.id not in _ALL_LOTS:
        conditions.append("l.outcome = 'awarded'")
    known, notes = _GROUPS if is_of_lots else _OF_WINNERS, []
    for part in row.group.split(",") if row.group != "all" else []:
        name, _, value = part.partition("=")
        if name not in known:
            notes.append(f"rows are not told apart by {part}: shown is the whole it is part of")
        elif value == "not-stated":
            conditions.append(f"({known[name]}) is null")
        else:
            conditions.append(f"({known[name]}) = {_quoted(value)}")
    return " and ".join(filter(None, conditions)), notes


def _perimeter(name: str, *, is_of_lots: bool) -> str:
    if is_of_lots:
        return "l.country = 'BE'" if name == "belgium" else ""
    return f"p.{PERIMETERS[name]}" if name in PERIMETERS else ""


def _period(engine: duckdb.DuckDBPyConnection, period: str) -> str:
    """The whole period has the lots without a date too."""
    first, _, last = period.partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        return ""
    awarded = "select min(year), max(year) from given_lots"
    whole = engine.sql(awarded).fetchall()[0]
    if (int(first), int(last or first)) == whole and last:
        return ""
    return f"l.year between {int(first)} and {int(last or first)}"


def _files(engine: duckdb.DuckDBPyConnection, found: Found) -> duckdb.DuckDBPyRelation:
    """Which delivery has each document."""
    parts = [
        f"select document, {_quoted(part.delivery.name)} as delivery "
        f"from read_parquet({_quoted(str(part.folder / 'notices.parquet'))})"
        for part in found.lake.parts
    ]
    return engine.sql(
        f"select document, min(delivery) as delivery from ({' union all '.join(parts)}) group by 1"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
