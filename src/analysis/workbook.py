"""From what was received to the ledger: the steps of the yearly report, in order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from analysis import delivered, disclosure, elsewhere, results
from analysis.cells import access_cells, cells, notice_cells
from analysis.cells.barriers import barrier_cells
from analysis.companies import decisions as decided
from analysis.companies import review
from analysis.companies.chain import WhoWon, who_won
from analysis.companies.definitions import definitions
from analysis.companies.population import population
from analysis.contracts import NOTICE_TABLES, RESULTS
from analysis.indicators import (
    access,
    buying,
    competition,
    coverage,
    judgement,
    linking,
    method,
    norm,
    norm_signals,
    partners,
    programme,
)
from analysis.indicators.given import Given
from analysis.innovation.lots import lot_signals
from analysis.notices import Kept, apply_rules
from analysis.refusal import ReportError
from analysis.sources import facts as sources_of_facts
from analysis.sources.facts import Facts
from analysis.store import Lake
from analysis.store.raw import KINDS

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
Describe = Callable[[str], str]
_YEAR = "year(coalesce(publication_date, dispatch_date))"


@cache
def facts() -> dict[str, Facts]:
    """The published figures kept by hand, by the name of their contract."""
    return sources_of_facts.read(RAW)


def reporting_year(lake: Lake, year: int | None) -> int:
    """The year asked for, or the newest year of which the lake holds a contract award notice.

    Raises
    ------
    ReportError
        If the lake holds no award notice of that year.
    """
    with duckdb.connect() as engine:
        awards = lake.relation(engine, "notices").filter(f"kind = 'award' and {_YEAR} is not null")
        years = [found for (found,) in awards.aggregate(f"{_YEAR} as y").order("y").fetchall()]
    if years and year in (None, *years):
        return year or years[-1]
    raise ReportError(
        "the year of the report",
        found=f"no contract award notice of {year or 'any year'} in what was given",
        expected=f"one of {', '.join(map(str, years)) or 'at least one year'}",
        do="choose another --year, or add notices with `pio data add`",
    )


def ledger(lake: Lake, year: int, decisions: Path | None = None) -> pd.DataFrame:
    """Every published number of the report of a year, as one RESULTS table.

    Parameters
    ----------
    lake : what was read; what is dated after `year` is left out
    year : last year evaluated
    decisions : file of what persons decided about doubtful names, where there is one
    """
    known = facts()
    with _programmes(lake, year) as programmes, duckdb.connect() as engine:
        tables = _until(engine, lake, year)
        kept = apply_rules(engine, tables)
        rests_on = {"kind": lake.kind, "inputs": results.inputs(lake.inputs)}
        rows = [
            *coverage.coverage(
                notice_cells(tables["notices"]),
                rejects=lake.relation(engine, "rejects").df(),
                signals=lake.relation(engine, "signals").df(),
                rule_log=kept.log.to_pandas(),
                **rests_on,
            ),
            *competition.competition(cells(kept.lots, kept.winners), **rests_on),
        ]
        access_rows, barriers, winners = _access(engine, lake, tables, kept, decisions)
        given, delivered_rows = programmes()
        signals = lot_signals(kept.lots, tables["lots"], given.tables["pio_contracts"])
    rows += access_rows
    for theme in (norm, partners, programme, judgement):
        rows += theme.results(known)
    rows += [RESULTS.Row(*row) for row in delivered_rows]
    rows += barriers(given, results.ledger(rows))
    rows += norm_signals.results(signals, **rests_on)
    behind = pa.concat_tables([winners, disclosure.of_programme(given)])
    rows = disclosure.control(rows, behind, year=year)
    return results.ledger([*rows, *method.results(rows, year=year)])


@contextmanager
def _programmes(lake: Lake, year: int) -> Iterator[Callable[[], tuple[Given, list[tuple]]]]:
    """What waits for what the programmes delivered and its rows; made beside the rest, if any."""
    if not lake.programme.added:
        yield partial(delivered.told, lake, year, facts())
        return
    with elsewhere.asked(delivered.told, lake, year, facts()) as answer:
        yield answer.result


def doubtful(lake: Lake, year: int, decisions: Path | None = None) -> tuple[pd.DataFrame, Describe]:
    """Names of winners that a person should look at, and a function that tells of a company.

    Returns
    -------
    cases as `companies.review.to_review` gives them, with the lots that each name won as `weight`
    """
    with duckdb.connect() as engine:
        tables = _until(engine, lake, year)
        kept = apply_rules(engine, tables)
        found = _who_won(engine, lake, tables, kept, decisions)
        stated = ["name", "number", "postcode", "country"]
        won = kept.winners.aggregate(f"{', '.join(stated)}, sum(lot_weight) as weight").df()
        cases = review.to_review(found.links.to_pandas().merge(won, on=stated, how="left"))
        names = sorted(set(cases["runner_up"].dropna()))
        tell = review.describer(engine, lake.registers.relations(engine))
        told = {name: tell(name) for name in names}
    return cases, told.__getitem__


def _who_won(
    engine: duckdb.DuckDBPyConnection,
    lake: Lake,
    tables: dict[str, duckdb.DuckDBPyRelation],
    kept: Kept,
    decisions: Path | None,
) -> WhoWon:
    """Who won and who bid, as companies of the registers of the lake."""
    rows = engine.from_arrow(decided.read(decisions)) if decisions else None
    return who_won(engine, tables, kept, lake.registers.relations(engine), rows)


def _access(
    engine: duckdb.DuckDBPyConnection,
    lake: Lake,
    tables: dict[str, duckdb.DuckDBPyRelation],
    kept: Kept,
    decisions: Path | None,
) -> tuple[list[tuple], Callable[..., list[tuple]], pa.Table]:
    """Rows on access and on how winners became companies; what gives those on barriers; winners.

    The winners are who stands behind what is told of firms' sizes, as `disclosure` asks it.
    """
    known = definitions()
    found = _who_won(engine, lake, tables, kept, decisions)
    given = {"lots": kept.lots, "winners": kept.winners, **found.relations}
    small = access_cells(engine, given, list(known))
    winners = disclosure.of_access(engine, found.relations["answers"])
    years = sorted(small.lots["year"].dropna().unique())
    rests_on = {
        "kind": min(lake.kind, lake.registers.kind, key=KINDS.index),
        "inputs": results.inputs(lake.inputs + lake.registers.inputs),
    }
    chapter = access.access(
        small,
        population=population(engine, lake.registers.relations(engine), years),
        **rests_on,
    )
    described = {"described": tables["lots"], "notices": tables["notices"]}
    counted = barrier_cells(engine, {"lots": kept.lots, **described, **found.relations})
    rows = [*chapter, *linking.linking(found.births_log.to_pandas(), **rests_on)]
    barriers = partial(
        buying.results, cells=counted, kind=rests_on["kind"], inputs=rests_on["inputs"]
    )
    return rows, barriers, winners


def listed(lake: Lake, name: str) -> pd.DataFrame:
    """The rejects or signals of a lake, row by row."""
    with duckdb.connect() as engine:
        return lake.relation(engine, name).order("all").df()


def _until(
    engine: duckdb.DuckDBPyConnection, lake: Lake, year: int
) -> dict[str, duckdb.DuckDBPyRelation]:
    """The canonical tables without what was published after the year."""
    chosen = lake.relation(engine, "notices").filter(f"not coalesce({_YEAR} > {year}, false)")
    chosen.create("chosen")
    tables = {}
    for table in NOTICE_TABLES:
        rows = lake.relation(engine, table.name).set_alias("rows_")
        keys = engine.table("chosen").project("notice_id, document").set_alias("chosen_")
        tables[table.name] = rows.join(keys, "notice_id, document", how="semi")
    return tables
