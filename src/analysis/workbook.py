"""From what was received to the ledger: the steps of the yearly report, in order."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa

from analysis import delivered, disclosure, elsewhere, results
from analysis.cells import access_cells, cells, notice_cells
from analysis.cells.barriers import barrier_cells
from analysis.cells.firm_cells import firm_cells
from analysis.cells.market import market_cells
from analysis.cells.panel_cells import panel_cells
from analysis.cells.series_cells import series_cells
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
    effects,
    effects_firms,
    effects_plan,
    effects_scores,
    effects_series,
    judgement,
    linking,
    method,
    norm,
    norm_signals,
    opportunities_market,
    partners,
    programme,
)
from analysis.indicators.given import Given, Origin
from analysis.innovation.lots import lot_signals
from analysis.notices import Kept, apply_rules
from analysis.sources.facts import RAW, published
from analysis.store import Lake
from analysis.store.raw import KINDS
from analysis.store.years import YEAR
from analysis.store.years import reporting_year as reporting_year

Describe = Callable[[str], str]
Engine = duckdb.DuckDBPyConnection
T = TypeVar("T")


class Note(Protocol):
    """Told what a step of a stage (rules, companies, cells) gives, it gives that back."""

    def __call__(self, stage: str, step: str, found: T) -> T: ...  # noqa: D102


def unnoted(stage: str, step: str, found: T) -> T:
    """Take no note."""
    return found


def ledger(
    lake: Lake,
    year: int,
    decisions: Path | None = None,
    note: Note = unnoted,
    aside: elsewhere.Aside = elsewhere.here,
) -> pd.DataFrame:
    """Every published number of the report of a year, as one RESULTS table.

    Parameters
    ----------
    lake : what was read; what is dated after `year` is left out
    year : last year evaluated
    decisions : file of what persons decided about doubtful names, where there is one
    note : called with what every step from the notices to the cells gives
    aside : asked for what takes long and needs little of the rest
    """
    with elsewhere.engine() as engine:
        programmes = aside(delivered.told, lake, year, published())
        world = world_of(engine, lake, year, decisions, note)
        asked, market = _of_firms(engine, lake, world, aside)
        of_notices = _of_notices(engine, lake, world)
        given, told = programmes.result()
        both = _of_both(engine, lake, world, given)
        linked = disclosure.of_access(engine, world.found.relations["answers"])
        behind = pa.concat_tables([linked, disclosure.of_programme(given)])
        linked_how = linking.linking(world.found.births_log.to_pandas(), **world.rests_on)
        rows = [*of_notices, *_rows(asked.result()), *market, *linked_how, *_rows(told)]
        for theme in (norm, partners, programme, judgement):
            rows += theme.results(published())
        barriers = world.cells(barrier_cells, engine, world.relations)  # the last cells of all
        so_far = results.ledger(row for row in rows if row[0] in buying.ASKED)
        rows += buying.results(given, so_far, barriers, **world.rests_on)
    rows = disclosure.control([*rows, *both], behind, year=year)
    return results.ledger([*rows, *method.results(rows, year=year)])


def _rows(told: list[tuple]) -> list[tuple]:
    """Rows of RESULTS that travelled between processes as plain tuples."""
    return [RESULTS.Row(*row) for row in told]


def doubtful(lake: Lake, year: int, decisions: Path | None = None) -> tuple[pd.DataFrame, Describe]:
    """Names of winners that a person should look at, and a function that tells of a company.

    Returns
    -------
    cases as `companies.review.to_review` gives them, with the lots that each name won as `weight`
    """
    with duckdb.connect() as engine:
        _, kept, found, *_ = world_of(engine, lake, year, decisions)
        stated = ["name", "number", "postcode", "country"]
        won = kept.winners.aggregate(f"{', '.join(stated)}, sum(lot_weight) as weight").df()
        cases = review.to_review(found.links.to_pandas().merge(won, on=stated, how="left"))
        tell = review.describer(engine, lake.registers.relations(engine))
        told = {name: tell(name) for name in sorted(set(cases["runner_up"].dropna()))}
    return cases, told.__getitem__


class World(NamedTuple):
    """The notices up to a year, what the rules kept of them, and who won as companies."""

    tables: dict[str, duckdb.DuckDBPyRelation]
    kept: Kept
    found: WhoWon
    origin: Origin  # of notices and registers together
    note: Note

    @property
    def rests_on(self) -> dict[str, str]:
        """`kind` and `inputs` of a number on companies."""
        return {"kind": self.origin.kind, "inputs": results.inputs(self.origin.deliveries)}

    @property
    def relations(self) -> dict[str, duckdb.DuckDBPyRelation]:
        """Lots and winners as the rules left them; notices, buyers, lots as read; companies."""
        found = {name: self.tables[name] for name in ("notices", "organisations")}
        found |= {"described": self.tables["lots"], **self.found.relations}
        return {"lots": self.kept.lots, "winners": self.kept.winners, **found}

    def cells(self, step: Callable[..., T], *given: Any, **named: Any) -> T:
        """What a step of `analysis.cells` makes of what is given; it is told to `note`."""
        return self.note("cells", step.__name__, step(*given, **named))


def world_of(
    engine: Engine, lake: Lake, year: int, decisions: Path | None, note: Note = unnoted
) -> World:
    """What is known up to a year, as `World`; `decisions` and `note` as of `ledger`."""
    tables = _until(engine, lake, year)
    kept = note("rules", "apply_rules", apply_rules(engine, tables))
    decided_on = engine.from_arrow(decided.read(decisions)) if decisions else None
    register = lake.registers.relations(engine)
    found = note("companies", "who_won", who_won(engine, tables, kept, register, decided_on))
    kind = min(lake.kind, lake.registers.kind, key=KINDS.index)
    return World(tables, kept, found, Origin(kind, (*lake.inputs, *lake.registers.inputs)), note)


def _of_notices(engine: Engine, lake: Lake, world: World) -> list[tuple]:
    """Rows that need the notices only."""
    rests_on = {"kind": lake.kind, "inputs": results.inputs(lake.inputs)}
    read = coverage.coverage(
        world.cells(notice_cells, world.tables["notices"]),
        rejects=lake.relation(engine, "rejects").df(),
        signals=lake.relation(engine, "signals").df(),
        rule_log=world.kept.log.to_pandas(),
        **rests_on,
    )
    counted = world.cells(cells, world.kept.lots, world.kept.winners)
    return [*read, *competition.competition(counted, **rests_on)]


def _of_firms(
    engine: Engine, lake: Lake, world: World, aside: elsewhere.Aside
) -> tuple[Future[list[tuple]], list[tuple]]:
    """Rows on access: those on winners, asked as plain tuples, and those on the market."""
    small = world.cells(access_cells, engine, world.relations, list(definitions()))
    asked = aside(access.told, small, world.rests_on)
    years = sorted(small.lots["year"].dropna().unique())
    firms = population(engine, lake.registers.relations(engine), years)
    return asked, access.of_market(small, firms, **world.rests_on)


def _of_both(engine: Engine, lake: Lake, world: World, given: Given) -> list[tuple]:
    """Rows that hold what the programmes delivered beside the notices."""
    plan = effects_plan.read(RAW / "plan")  # recorded before outcomes are read, or refused
    buyers = _buyers(engine, world, given)
    own, until = effects.own_contracts(given), effects_series.last(plan)
    series = world.cells(series_cells, engine, world.relations, own, until=until)
    pio = given.tables["pio_contracts"]
    signals = lot_signals(world.kept.lots, world.tables["lots"], pio)
    known = {**world.relations, **lake.registers.relations(engine)}
    of_pio, bidders = set(pio["notice_id"].dropna()), given.tables["pio_bidders"]["company_id"]
    asked = opportunities_market.firms(given)
    market = world.cells(market_cells, engine, known, own=of_pio, firms=asked)
    firms = world.cells(firm_cells, engine, known, own=of_pio, named=set(bidders.dropna()))
    notices = {"notices": Origin(lake.kind, tuple(lake.inputs))}
    rests_on = given._replace(origins={**given.origins, **notices}).rests_on
    on_both = rests_on("notices", "pio_contracts")
    return [
        *norm_signals.results(signals, **rests_on("notices"), of_pio=on_both),
        *opportunities_market.results(given, market, world.origin),
        *effects.results(buyers, given, plan, **world.rests_on),
        *effects_firms.results(given, firms, plan.laid, world.origin),
        *effects_scores.results(buyers, given, plan.laid, world.origin),
        *effects_series.results(series, plan, year=given.year, **world.rests_on),
    ]


def _buyers(engine: Engine, world: World, given: Given) -> pd.DataFrame:
    """What Flemish public buyers awarded and announced, by year."""
    return world.cells(panel_cells, engine, world.relations, effects.own_contracts(given))


def power(
    lake: Lake, year: int, decisions: Path | None = None
) -> tuple[pd.DataFrame, effects_plan.Plan]:
    """What the panel of buyers could show of every outcome, and the plan; nothing is estimated."""
    plan = effects_plan.read(RAW / "plan")
    with duckdb.connect() as engine:
        world = world_of(engine, lake, year, decisions)
        given = delivered.given(engine, lake, year, published())
        buyers = _buyers(engine, world, given)
    return effects.power(buyers, given, plan), plan


def _until(engine: Engine, lake: Lake, year: int) -> dict[str, duckdb.DuckDBPyRelation]:
    """The canonical tables without what was published after the year."""
    chosen = lake.relation(engine, "notices").filter(f"not coalesce({YEAR} > {year}, false)")
    chosen.create("chosen")
    tables = {}
    for table in NOTICE_TABLES:
        rows = lake.relation(engine, table.name).set_alias("rows_")
        keys = engine.table("chosen").project("notice_id, document").set_alias("chosen_")
        tables[table.name] = rows.join(keys, "notice_id, document", how="semi")
    return tables
