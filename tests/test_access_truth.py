"""The invented Flanders has a truth: bounds hold it, and artefacts are where they are known to be.

What is true is worked out here from truth.csv, firms.csv and sizes.csv alone.
"""

import csv
import datetime as dt
from copy import copy
from functools import partial
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd
import pytest

from analysis import contracts, simulate
from analysis.cells import AccessCells, access_cells
from analysis.companies.chain import who_won
from analysis.companies.definitions import definitions
from analysis.contracts.access_cells import PERIMETERS, WIDE
from analysis.indicators import access_change, access_shares
from analysis.ingest import open_lake
from analysis.notices import Kept, apply_rules
from analysis.results import ledger, number
from analysis.simulate.firms import population
from analysis.simulate.people import WORLD
from analysis.simulate.sizes import size_rows
from analysis.store import Store

SEED, SCALE, BIG = 20160101, 0.5, 6
ERRORS = 2.58  # standard errors within which chance keeps 99 % (methods 9)
MAATSCHAP = dt.date(2018, 11, 1)
LOT = ["notice_id", "lot_id"]
CLASSES = ("micro", "small", "medium", "large")
# Answered from sources that the world has; of all others no source tells every part.
DECIDED = {f"younger-than-{n}" for n in range(1, 16)} | {
    *("digiwhist-new-company", "startup-5", "startup-10", "oecd-high-growth")
}
GIVEN = ("award", "unpublished", "not yet")  # each contract that was truly given, once


class Read(NamedTuple):
    """What the chain made of the deliveries of a folder."""

    engine: duckdb.DuckDBPyConnection
    tables: dict[str, duckdb.DuckDBPyRelation]
    kept: Kept
    given: dict[str, duckdb.DuckDBPyRelation]
    links: pd.DataFrame
    cells: AccessCells

    def frame(self, name: str) -> pd.DataFrame:
        return self.given[name].df()


def read(
    folder: Path, extracts: list[Path], asked: list[str], *, notices_of: Read | None = None
) -> Read:
    """Read the deliveries; the notices only where no other reading of theirs is given."""
    paths = [folder / "notices.tar", *extracts, folder / "sizes.csv", folder / "buyers.csv"]
    lake = open_lake(Store(folder.parent / "store"), paths)
    if notices_of:
        engine, tables, kept, *_ = notices_of
    else:
        engine = duckdb.connect()
        engine.execute("set enable_progress_bar = false")
        tables = {t.name: lake.relation(engine, t.name) for t in contracts.NOTICE_TABLES}
        kept = apply_rules(engine, tables)
    found = who_won(engine, tables, kept, lake.registers.relations(engine))
    given = {"lots": kept.lots, "winners": kept.winners, "described": tables["lots"]}
    given |= found.relations
    return Read(
        engine, tables, kept, given, found.links.to_pandas(), access_cells(engine, given, asked)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("truth") / "world"
    simulate.write(made, SEED, SCALE)
    return made


@pytest.fixture(scope="module")
def world(folder) -> Read:
    return read(folder, sorted(folder.glob("KboOpenData_*")), list(definitions()))


@pytest.fixture(scope="module")
def newest(folder, world) -> Read:
    """The same, read with the newest extract of the register and without those before."""
    only = sorted(folder.glob("KboOpenData_*"))[-1:]
    return read(folder, only, ["startup-5", "startup-10"], notices_of=world)


# What is true.


class Firm(NamedTuple):
    """A firm that won, under the number that it had on the day."""

    number: str
    day: dt.date
    born: dt.date
    since: dt.date
    size: str
    is_project: bool  # a company made for this one contract


class Truth:
    """What files beside the deliveries tell of the firms of a world."""

    def __init__(self, folder: Path, scale: float) -> None:
        self.rows = _rows(folder / "truth.csv")
        self.firms = {row["number"]: row for row in _rows(folder / "firms.csv")}
        self.days = [_day(path) for path in sorted(folder.glob("KboOpenData_*"))]
        self.stated = {
            (row["company_id"], int(row["year"])): (
                float(row["employees_fte"]),
                float(row["turnover_eur"] or 0),
                float(row["balance_eur"]),
            )
            for row in _rows(folder / "sizes.csv")
        }
        with pytest.MonkeyPatch.context() as patch:  # the accounts of those too that show none
            patch.setitem(WORLD["firms"], "accounts", 100)
            every = size_rows(population(SEED, scale))
            self.workers = {(n, int(y)): (float(w), float(b)) for n, y, w, _, b in every}

    def stood(self, number: str) -> bool:
        """Whether an extract of the register shows the number."""
        firm = self.firms[number]
        return firm["country"] == "BE" and any(
            firm["since"] <= day and (not firm["until"] or day < firm["until"]) for day in self.days
        )

    def is_plain(self, firm: Firm) -> bool:
        """It bears its first number, and was not made for one contract."""
        return self.firms[firm.number]["origin"] == firm.number and not firm.is_project

    def winners(self) -> pd.DataFrame:
        """One row a firm that truly won a lot of which a notice tells, with its weight 1/m."""
        made = [
            (row["notice"], row["lot"], place, firm, weight)
            for row in self.rows
            if row["outcome"] == "awarded" and row["notice"]
            for place, contract in enumerate(self.contracts(row), 1)
            for firm, weight in contract
        ]
        return pd.DataFrame(made, columns=["notice_id", "lot", "award", "firm", "weight"])

    def contracts(self, row: dict[str, str]) -> list[list[tuple[Firm, float]]]:
        """The firms of each contract of a lot; who is named by itself weighs 1/m, others share."""
        firms, ways = iter(self._firms(row)), _cells(row, "told_as")
        sizes, parts = [], [int(w.split("/")[1]) // len(ways) for w in _cells(row, "weights")]
        while parts:
            sizes.append(parts[0])
            parts = parts[parts[0] :]
        units = sum(n if way == "group" else 1 for way, n in zip(ways, sizes, strict=True))
        return [
            [(next(firms), 1 / units / (1 if way == "group" else n)) for _ in range(n)]
            for way, n in zip(ways, sizes, strict=True)
        ]

    def _firms(self, row: dict[str, str]) -> list[Firm]:
        """A partnership is its members; a company made for the contract won it itself."""
        day, told = dt.date.fromisoformat(row["date"]), row["vehicles"].split(" + ")
        made = [n for n in told if n and " PPS " in self.firms[n]["name"]]
        columns = ("winner_numbers", "winner_born", "winner_since", "winner_sizes")
        firms = [
            Firm(n, day, dt.date.fromisoformat(b), dt.date.fromisoformat(s), size, False)
            for n, b, s, size in zip(*(_cells(row, name) for name in columns), strict=True)
        ]
        if made and row["told_as"] == "vehicle":
            began = dt.date.fromisoformat(self.firms[made[0]]["since"])
            return [Firm(made[0], day, began, began, firms[0].size, True)]
        return firms

    def could(self, firm: Firm, *, shown: bool) -> dict[str, bool]:
        """By definition, whether the firm is one; where no source decides, whether it may be.

        `shown`: as far as an extract shows it, which may lack the older number of a re-birth: then
        the firm is new. That a company was made for one contract, its name says.
        """
        born = firm.born
        if shown and not self.stood(self.firms[firm.number]["origin"]):
            born = firm.since
        small = firm.size in CLASSES[:2]
        company = small and self._is_company(firm.number)
        new = not self._large(firm) and not firm.is_project
        age = {n: firm.day < _birthday(firm.since, n) for n in range(1, 16)}
        started = {n: new and firm.day < _birthday(born, n) for n in (5, 10)}
        return {
            **{f"younger-than-{n}": age[n] for n in age},
            "digiwhist-new-company": (firm.day - firm.since).days < 365,
            **{f"startup-{n}": started[n] for n in started},
            **{f"startup-{n}-independent": started[n] for n in started},
            **{f"eu-{c}": firm.size in CLASSES[: n + 1] for n, c in enumerate(CLASSES[:3])},
            "gber-22": small and age[5],
            "vlaio-innovative-starter-2021": small and firm.day < _birthday(firm.born, 3),
            "vlaio-innovative-starter-2022": small and firm.day < _birthday(firm.born, 2),
            "wvv-small": company,
            "wvv-micro": company and self._within(firm, workers=10, balance=420_000),
            "tax-shelter-startup": company and age[4] and firm.since >= dt.date(2013, 1, 1),
            "tax-shelter-scale-up": company
            and age[10]
            and not age[4]
            and self._grew(firm, 2, 1.1, at_the_end=10),
            "young-innovative-company": company
            and dt.date(firm.day.year, 1, 1) < _birthday(firm.since, 10),
            "oecd-high-growth": self._grew(firm, 3, 1.2, at_first=10),
        }

    def _is_company(self, number: str) -> bool:
        firm = self.firms[number]
        person = firm["is_person"] == "yes" or firm["country"] != "BE"
        return not person and not {"VZW", "ASBL"} & set(firm["name"].split())

    def _large(self, firm: Firm) -> bool:
        """By the accounts that it shows: large from the start (F03), or no SME in the last ones."""
        first = [self.stated.get((firm.number, firm.since.year + n)) for n in (0, 1)]
        last = [self.stated.get((firm.number, firm.day.year - n)) for n in (1, 2)]
        at_birth, now = (next(filter(None, some), (0, 0, 0)) for some in (first, last))
        is_large = now[0] >= 250 or (now[1] > 50_000_000 and now[2] > 43_000_000)
        return at_birth[0] >= 20 or at_birth[2] >= 5_000_000 or is_large

    def _within(self, firm: Firm, *, workers: float, balance: float) -> bool:
        """Two years in a row; turnover is five thirds of the balance sheet in this world."""
        years = [self.workers.get((firm.number, firm.day.year - n)) for n in (1, 2)]
        return all(year and year[0] <= workers and year[1] <= balance for year in years)

    def _grew(
        self, firm: Firm, years: int, yearly: float, at_first: float = 0, at_the_end: float = 0
    ) -> bool:
        last = self.workers.get((firm.number, firm.day.year - 1))
        first = self.workers.get((firm.number, firm.day.year - 1 - years))
        if not (first and last) or first[0] < at_first or last[0] < at_the_end:
            return False
        return last[0] > round(first[0] * yearly**years, 6)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _cells(row: dict[str, str], name: str) -> list[str]:
    return row[name].split(" + ")


def _day(extract: Path) -> str:
    [day] = [d for d, n in WORLD["registers"] if f"_{n:04d}_{d:%Y_%m}_" in extract.name]
    return str(day.isoformat())


def _birthday(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


class Won(NamedTuple):
    """True winners of the lots that the rules count, and what could be said of each."""

    winners: pd.DataFrame  # a row a firm and lot, with the columns of its lot
    strictly: pd.DataFrame  # a column a definition, on the same index
    shown: pd.DataFrame

    def share(self, definition: str, inside: pd.Series, *, shown: bool = False) -> float:
        """Of the lots of the rows inside."""
        could = (self.shown if shown else self.strictly)[definition]
        weight = self.winners["weight"].where(inside, 0)
        return float((weight * could).sum() / weight.sum())

    def sums(self, perimeter: str, *, shown: bool) -> pd.DataFrame:
        """Lots, and those won by definition, of each year and of `all`."""
        rows = (self.shown if shown else self.strictly).assign(lots=1.0)
        rows = rows.astype(float).mul(self.winners["weight"], axis=0)[self.winners[perimeter]]
        by_year = rows.groupby(self.winners["year"].astype(int).astype(str)).sum()
        by_year.loc["all"] = rows.sum()
        return by_year


@pytest.fixture(scope="module")
def truth(folder) -> Truth:
    return Truth(folder, SCALE)


@pytest.fixture(scope="module")
def won(truth, world) -> Won:
    return counted(truth, world)


def counted(truth: Truth, world: Read) -> Won:
    lots = awarded(world)
    numbered = lots["lot_id"].str.startswith("award")  # lots without a number: one a contract
    last = lots["lot_id"].str.extract(r"(\d+)$", expand=False).astype(int)
    lots = lots.assign(lot=last.astype(str).mask(numbered), award=last.where(numbered))
    rows = truth.winners()
    found = pd.concat(
        [
            lots.loc[~numbered].drop(columns="award").merge(rows, on=["notice_id", "lot"]),
            lots.loc[numbered].drop(columns="lot").merge(rows, on=["notice_id", "award"]),
        ],
        ignore_index=True,
    )
    assert len(found[LOT].drop_duplicates()) == len(lots)
    found["weight"] /= found.groupby(LOT)["weight"].transform("sum")
    found["company_id"] = [firm.number for firm in found["firm"]]
    could = [
        pd.DataFrame([truth.could(firm, shown=shown) for firm in found["firm"]])
        for shown in (False, True)
    ]
    return Won(found, *could)


def awarded(world: Read) -> pd.DataFrame:
    lots = world.frame("lots").query("outcome == 'awarded'")
    flags = world.frame("perimeters")[[*LOT, *PERIMETERS.values()]].fillna(False)
    kept = lots[[*LOT, "year", "date"]].merge(flags, on=LOT)
    return kept.astype(dict.fromkeys(PERIMETERS.values(), bool))


def answered(world: Read, definition: str) -> pd.DataFrame:
    """Members of the winners of awarded lots, with `answer`."""
    said = world.frame("answers").query("definition == @definition")
    keys = ["company_id", "on_date"]
    rows = world.frame("members").merge(said[[*keys, "answer"]], on=keys, how="left")
    return rows.merge(awarded(world), on=LOT)


def told(cells: AccessCells, theme=access_shares) -> pd.DataFrame:
    row = partial(number, chapter="20", kind="simulated", inputs="test")
    return ledger(theme.rows(cells, row)).query("group == 'all'")


def outside(rows: pd.DataFrame, won: Won, *, shown: bool) -> list[tuple]:
    """Rows of shares and of lots whose bounds the truth leaves."""
    sums = {perimeter: won.sums(PERIMETERS[perimeter], shown=shown) for perimeter in WIDE}
    found = []
    for row in rows.itertuples():
        true = sums[row.perimeter].loc["all" if "-" in row.period else row.period]
        high = true[row.definition] / (1 if row.id == "access.lots_won" else true["lots"])
        low = high if row.definition in DECIDED else 0
        if not row.low - 1e-6 <= low <= high <= row.high + 1e-6:
            found.append((row.id, row.definition, row.perimeter, row.period, low, high))
    return found


def bounded(cells: AccessCells) -> pd.DataFrame:
    rows = told(cells)
    of_lots = rows["id"].isin(["access.lot_share", "access.lots_won"])
    return rows[of_lots & rows["perimeter"].isin(WIDE)]


# What must hold.


def test_the_truth_lies_within_the_bounds_of_every_year_and_definition(world, won):
    """What no source decides may be so or not for every firm: the bounds hold both."""
    rows = bounded(world.cells)
    assert set(rows["definition"]) == set(definitions()) == set(won.strictly)
    assert len(rows) == 2 * len(WIDE) * len(definitions()) * 11  # ten years and all of them
    assert outside(rows, won, shown=False) == []


@pytest.mark.parametrize("definition", ["startup-5", "startup-10"])
def test_no_sure_answer_about_a_true_winner_is_wrong(world, won, definition):
    right = won.winners[[*LOT, "company_id", "firm"]].assign(true=won.strictly[definition])
    rows = answered(world, definition).merge(right, on=[*LOT, "company_id"], how="left")
    rows = rows[rows["answer"].notna()]
    no_winner = rows["firm"].isna()  # a wrong link
    assert rows["weight"].where(no_winner, 0).sum() < 0.01 * rows["weight"].sum()
    assert (rows["answer"] == rows["true"])[~no_winner].all()


def _chance(won: Won, definition: str, chosen: pd.Series, inside: pd.Series) -> float:
    """Standard error of the share among the chosen of the rows inside, firms being clusters.

    sqrt(sum over firms of (sum w (S - p))^2)/n, times sqrt(1 - n/N) since n lots are drawn of N.
    """
    p, weight = won.share(definition, inside), won.winners["weight"]
    n, everything = weight[chosen & inside].sum(), weight[inside].sum()
    residuals = (weight * (won.strictly[definition] - p))[chosen & inside]
    by_firm = residuals.groupby(won.winners["company_id"]).sum()
    return float(sqrt((by_firm**2).sum() * (1 - n / everything)) / n)


def complete(world: Read, won: Won, truth: Truth, *, renumbered: bool) -> pd.DataFrame:
    """Lots of which every winner is a company of the register that states its number rightly."""
    known = won.winners[LOT].assign(
        number=won.winners["company_id"],
        ok=[
            truth.stood(firm.number)
            and truth.firms[firm.number]["is_person"] == "no"
            and (renumbered or truth.is_plain(firm))
            for firm in won.winners["firm"]
        ],
    )
    stated = world.frame("winners")[[*LOT, "number"]].merge(
        known, on=[*LOT, "number"], how="outer", indicator=True
    )
    stated["ok"] = (stated["_merge"] == "both") & stated["ok"].eq(True)
    whole = stated.groupby(LOT)["ok"].all()
    return whole[whole].reset_index()[LOT]


def of_lots(world: Read, lots: pd.DataFrame, asked: list[str]) -> pd.DataFrame:
    """Shares by definition that the chapter tells of some lots only, in Belgium, of all years."""
    some = world.engine.from_df(lots)
    given = world.given | {
        name: world.given[name].join(some, ", ".join(LOT), how="semi")
        for name in ("lots", "winners", "members", "perimeters")
    }
    rows = told(access_cells(world.engine, given, asked)).query("id == 'access.lot_share'")
    whole = rows["period"].str.contains("-") & (rows["perimeter"] == "belgium")
    return rows[whole].set_index("definition")


@pytest.mark.parametrize("renumbered", [True, False])
def test_shares_are_unbiased_where_the_data_are_complete(world, won, truth, renumbered):
    """Exact for the lots themselves, and within chance of all lots that are counted.

    Of a firm under a second number, or made for one contract, it is not sure whether it is a
    start-up: start-ups are compared among all other firms.
    """
    ages = [f"younger-than-{n}" for n in (1, 5, 10, 15)]
    asked = ages if renumbered else [*ages, "startup-5", "startup-10"]
    lots = complete(world, won, truth, renumbered=renumbered)
    rows = of_lots(world, lots, asked)
    inside = won.winners["belgium"]
    if not renumbered:
        plain = won.winners.assign(plain=[truth.is_plain(firm) for firm in won.winners["firm"]])
        inside &= plain.groupby(LOT)["plain"].transform("all")
    chosen = pd.MultiIndex.from_frame(won.winners[LOT]).isin(pd.MultiIndex.from_frame(lots))
    for definition in asked:
        row = rows.loc[definition]
        assert row["n"] > 800
        assert row["unknown"] == 0
        assert row["value"] == pytest.approx(won.share(definition, inside & chosen))
        p = won.share(definition, inside)
        assert abs(row["value"] - p) < ERRORS * _chance(won, definition, chosen, inside)


# Artefacts of methods 0.


def known_lots(world: Read, definition: str) -> pd.Index:
    rows = answered(world, definition)
    known = rows.assign(known=rows["answer"].notna()).groupby(LOT)["known"].all()
    return known[known].index


def survivors(world: Read, newest: Read, won: Won) -> dict[int, tuple[float, ...]]:
    """True start-up shares of 2016-2018 and of 2025, and the standard error of the last of them.

    Of all lots, of those known with all extracts, and of those known with the newest alone. Each
    winner is judged rightly here, so that a difference is due to who is known.
    """
    at = pd.MultiIndex.from_frame(won.winners[LOT])
    with_all, with_newest = (at.isin(known_lots(one, "startup-5")) for one in (world, newest))
    found = {}
    for first, last in ((2016, 2018), (2025, 2025)):
        inside = won.winners["belgium"] & won.winners["year"].between(first, last)
        shares = (won.share("startup-5", inside & some) for some in (inside, with_all, with_newest))
        found[first] = (*shares, _chance(won, "startup-5", with_newest, inside))
    return found


def test_only_the_newest_extract_loses_young_winners_that_ceased(world, newest, won, truth):
    """The bounds hold the truth all the same (methods 0-3)."""
    found = survivors(world, newest, won)
    (true, seen, survived, _), (_, _, late, _) = found[2016], found[2025]
    assert survived < min(seen, true)
    assert late > survived + 0.01  # a rise that is none
    rows = bounded(newest.cells)
    one = copy(truth)
    one.days = truth.days[-1:]
    assert outside(rows, counted(one, newest), shown=True) == []
    years = ["2016", "2017", "2018"]
    rows = rows[(rows["id"] == "access.lots_won") & rows["period"].isin(years)]
    for (definition, perimeter), some in rows.groupby(["definition", "perimeter"]):
        lots = won.sums(PERIMETERS[perimeter], shown=False).loc[years, definition].sum()
        assert some["low"].sum() < lots < some["high"].sum()


def test_new_numbers_of_old_firms_jump_in_november_2018_and_start_ups_do_not(world, won, truth):
    """Partnerships had no number before; the naive series takes every new one for a start-up."""
    naive = _by_number(world, truth)
    series = answered(world, "startup-5")
    series = series[series["belgium"] & series["answer"].notna()]
    known_rows = pd.MultiIndex.from_frame(won.winners[LOT]).isin(known_lots(world, "startup-5"))
    excess = {}
    for after in (False, True):
        true = won.winners["belgium"] & ((won.winners["date"] >= pd.Timestamp(MAATSCHAP)) == after)
        p = won.share("startup-5", true)
        rows = naive[(naive["date"] >= pd.Timestamp(MAATSCHAP)) == after]
        young = (rows["young"] * rows["lot_weight"]).sum() / rows["lot_weight"].sum()
        vehicles = (rows["is_partnership"] * rows["young"] * rows["lot_weight"]).sum()
        few = series[(series["date"] >= pd.Timestamp(MAATSCHAP)) == after]
        known = (few["answer"].astype(bool) * few["weight"]).sum() / few["weight"].sum()
        error = _chance(won, "startup-5", known_rows, true)
        assert abs(known - p) < ERRORS * error  # the headline series, in both periods
        assert young - p > ERRORS * error  # re-births at least
        rate, n = vehicles / rows["lot_weight"].sum(), rows["lot_weight"].sum()
        excess[after] = young - p, rate, sqrt(rate * (1 - rate) / n)
    (before, none, _), (since, new_numbers, error) = excess[False], excess[True]
    assert none == 0
    assert new_numbers > ERRORS * error  # of lots, to numbers that did not exist before
    assert since > before


def _by_number(world: Read, truth: Truth) -> pd.DataFrame:
    """Stated winners with `young`, as one takes it who looks up the number, else the name."""
    keys = ["name", "number", "postcode", "country"]
    alone = world.links.query("parts == 1")[[*keys, "company_id"]]
    rows = world.frame("winners").merge(alone, on=keys, how="left")
    rows = rows.merge(awarded(world), on=LOT).query("belgium")
    stood = {n for n in rows["number"].dropna() if n in truth.firms and truth.stood(n)}
    rows["linked"] = rows["number"].where(rows["number"].isin(stood), rows["company_id"])
    rows = rows[rows["linked"].notna()].copy()
    firms = [truth.firms[number] for number in rows["linked"]]
    rows["is_partnership"] = [
        firm["is_vehicle"] == "yes" and " PPS " not in firm["name"] for firm in firms
    ]
    rows["young"] = [
        day.date() < _birthday(dt.date.fromisoformat(firm["since"]), 5)
        for day, firm in zip(rows["date"], firms, strict=True)
    ]
    return rows


@pytest.fixture(scope="module")
def big(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("big") / "world"
    simulate.write(made, SEED, BIG)
    return made


@pytest.fixture(scope="module")
def big_world(big) -> Read:
    return read(big, sorted(big.glob("KboOpenData_*")), ["startup-5"])


@pytest.mark.slow
def test_the_share_of_published_lots_rises_by_law_and_the_comparable_one_does_not(big, big_world):
    """Coverage break of methods 0-2: small contracts are published since September 2023."""
    small = big_world.cells
    before, after = (
        pd.concat([told(cells), told(cells, access_change)])
        for cells in (_years(small, 2016, 2022), _years(small, 2024, 2025))
    )
    for perimeter in WIDE:
        for id, rises in (("access.lot_share", True), ("access.comparable_lot_share", False)):
            shares = [_whole(rows, id, perimeter) for rows in (before, after)]
            errors = _change(f"{perimeter} {id}", *shares)
            assert errors > ERRORS if rises else abs(errors) < ERRORS
    for bodies in ("flemish", ""):
        shares = [
            _all_contracts(big / "truth.csv", bodies, years)
            for years in (range(2016, 2023), range(2024, 2026))
        ]
        assert abs(_change(f"all contracts {bodies}", *shares)) < ERRORS


@pytest.mark.slow
def test_dead_winners_bend_the_series_of_the_newest_extract_alone(big, big_world):
    """Survivorship of methods 0-3: what is lost grows with the years since the contract."""
    only = sorted(big.glob("KboOpenData_*"))[-1:]
    alone = read(big, only, ["startup-5"], notices_of=big_world)
    found = survivors(big_world, alone, counted(Truth(big, BIG), big_world))
    for year, (true, seen, survived, error) in found.items():
        print(f"from {year}: {true:.4f} of all, {seen:.4f}, {survived:.4f}, error {error:.4f}")
    (true, seen, survived, error), (_, _, late, error_late) = found[2016], found[2025]
    assert survived < min(true, seen) - ERRORS * error
    assert late - survived > ERRORS * sqrt(error**2 + error_late**2)


def _change(what: str, old: tuple[float, int], new: tuple[float, int]) -> float:
    """The change of a share in standard errors, sqrt(sum of p (1 - p)/n)."""
    errors = (new[0] - old[0]) / sqrt(sum(p * (1 - p) / n for p, n in (old, new)))
    print(f"{what}: {old[0]:.4f} of {old[1]}, then {new[0]:.4f} of {new[1]}: {errors:.1f} errors")
    return errors


def _years(cells: AccessCells, first: int, last: int) -> AccessCells:
    tables = {name: table for name, table in cells._asdict().items() if "year" in table}
    return cells._replace(
        **{name: table[table["year"].between(first, last)] for name, table in tables.items()}
    )


def _whole(rows: pd.DataFrame, id: str, perimeter: str) -> tuple[float, int]:
    some = rows.query("id == @id and perimeter == @perimeter and definition == 'startup-5'")
    [found] = some[some["period"].str.contains("-")].itertuples()
    return found.value, found.n


def _all_contracts(path: Path, bodies: str, years: range) -> tuple[float, int]:
    """Share of truly young winners of all contracts, published or not, and their lots."""
    shares = [
        [row["date"] < _birthday(dt.date.fromisoformat(b), 5).isoformat()
         for b in _cells(row, "winner_born")]
        for row in _rows(path)
        if row["outcome"] == "awarded" and row["counts"] in GIVEN
        and row["body"].startswith(bodies) and int(row["date"][:4]) in years
    ]  # fmt: skip
    return sum(sum(won) / len(won) for won in shares) / len(shares), len(shares)
