"""Which enterprises stand behind linked figures: of chapter 20, and of the programmes.

A row for each enterprise in each of the smallest parts that the figures of a theme tell apart.
"""

from collections.abc import Iterable

import duckdb
import pandas as pd
import pyarrow as pa

from analysis.contracts.access_cells import PERIMETERS
from analysis.disclosure.implying import CLASSED, SIZED_CLASSES, linked_definitions, near
from analysis.disclosure.nesting import UNDATED
from analysis.indicators.given import Given

_OF_PROGRAMME = "flemish-public"
COLUMNS = pa.schema(
    [
        ("theme", pa.string()),  # as indicators begin: access
        ("definition", pa.string()),
        ("answer", pa.string()),  # yes or no; of firm-class the class
        ("perimeters", pa.string()),  # all that hold the contract, sorted, joined by +
        ("year", pa.string()),  # or `undated`
        ("group", pa.string()),
        ("who", pa.int64()),  # the enterprise, by any number
        ("lots", pa.float64()),  # its parts of lots or contracts
        ("euros", pa.float64()),
    ]
)

_ACCESS = """
with lots as (
    select lot, framework is true as framework, coalesce(year::varchar, '{undated}') as year,
        concat_ws('+', {flags}) as perimeters
    from access_lots
), told as (
    select lot, who, weight, eur, origin, a.definition,
        case when a.answer then 'yes' else 'no' end as answer
    from access_members join given_answers a using (company_id, on_date)
    where a.answer is not null and a.definition in ({definitions})
    union all
    select lot, who, weight, eur, origin, '{classed}', firm_class from access_members
), grouped as (
    select *, 'all' as "group" from told
    union all
    select *, 'origin=' || origin from told
    where definition = '{classed}' and answer in ({classes})
)
select 'access' as theme, definition, answer, perimeters, year, "group",
    who::bigint as who, sum(weight)::double as lots,
    sum(case when framework then 0 else coalesce(eur, 0) end)::double as euros
from grouped join lots using (lot) group by all order by all
"""


def of_access(engine: duckdb.DuckDBPyConnection, answers: duckdb.DuckDBPyRelation) -> pa.Table:
    """The contributors of chapter 20, as COLUMNS.

    Parameters
    ----------
    engine : after `cells.access_cells`, which leaves its lots and winners behind
    answers : keeps ANSWERS

    Notes
    -----
    Groups are origins, of the classes that are judged by size. The other classes are there so that
    every lot is: in which perimeters a lot lies is public record.
    """
    asked = sorted(near() - {CLASSED})
    flags = ", ".join(f"case when {flag} then '{p}' end" for p, flag in sorted(PERIMETERS.items()))
    query = _ACCESS.format(
        undated=UNDATED,
        flags=flags,
        definitions=_quoted(asked),
        classed=CLASSED,
        classes=_quoted(SIZED_CLASSES),
    )
    answers.create_view("given_answers", replace=True)
    found = engine.sql(query).to_arrow_table().cast(COLUMNS)
    engine.execute("drop view given_answers")
    return found


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def of_programme(given: Given) -> pa.Table:
    """The contributors of the chapters on PIO, as COLUMNS.

    Winners of contracts by definition (theme `pio`) and by class (`pio-classes`), joint winners in
    equal parts; firms consulted by class (`consulted`), each once a consultation.
    """
    won, met = _winners(given), _consulted(given)
    frames = [
        _answered(given, won).assign(theme="pio"),
        _classed(given, won).assign(theme="pio-classes"),
        _classed(given, met).assign(theme="consulted"),
    ]
    found = pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True)
    found = found.assign(
        perimeters=_OF_PROGRAMME,
        group="all",
        who=pd.factorize(found["company_id"], sort=True)[0],
        year=[UNDATED if pd.isna(day) else str(day.year) for day in found["day"]],
    )
    return pa.Table.from_pandas(found[COLUMNS.names], schema=COLUMNS, preserve_index=False)


def _winners(given: Given) -> pd.DataFrame:
    """company_id, day, lots and euros of winners with a number."""
    awards = given.tables["pio_contracts"][["contract", "awarded", "value_eur"]].astype("object")
    listed = given.tables["pio_bidders"][["contract", "company_id", "won"]].astype("object")
    won = listed[listed["won"].fillna(False).astype(bool)]
    both = awards.merge(won, on="contract")
    parts = 1 / both.groupby("contract")["contract"].transform("size")
    euros = pd.to_numeric(both["value_eur"].map(_plain), errors="coerce").fillna(0.0)
    found = both.assign(lots=parts, euros=euros * parts, day=_days(both["awarded"]))
    return found[["company_id", "day", "lots", "euros"]].dropna(subset=["company_id"])


def _consulted(given: Given) -> pd.DataFrame:
    listed = given.tables["pio_consulted"].astype("object")
    table = listed[listed["participant_kind"].fillna("company").eq("company")]
    projects = given.tables["pio_projects"][["project", "consulted"]].astype("object")
    firms = table[["project", "company_id"]].dropna(subset=["company_id"])
    both = firms.merge(projects, on="project", how="left")
    return both.assign(lots=1.0, euros=0.0, day=_days(both["consulted"]))


def _answered(given: Given, firms: pd.DataFrame) -> pd.DataFrame:
    told = given.answers.dropna(subset=["answer", "company_id"])
    told = told[told["definition"].isin(linked_definitions())]
    said = told["answer"].astype(bool).map({True: "yes", False: "no"})
    keys = {"company_id": told["company_id"].astype("object"), "day": _days(told["on_date"])}
    answers = pd.DataFrame(keys | {"definition": told["definition"], "answer": said})
    return firms.merge(answers, on=["company_id", "day"])


def _classed(given: Given, firms: pd.DataFrame) -> pd.DataFrame:
    told = given.classes[given.classes["firm_class"].isin(SIZED_CLASSES)]
    keys = {"company_id": told["company_id"].astype("object"), "day": _days(told["on_date"])}
    classes = pd.DataFrame(keys | {"answer": told["firm_class"], "definition": CLASSED})
    return firms.merge(classes, on=["company_id", "day"])


def _days(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column.astype("object"))


def _plain(amount: object) -> float:
    return float("nan") if pd.isna(amount) else float(amount)  # type: ignore[call-overload,arg-type]
