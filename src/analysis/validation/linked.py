"""W5: winners whose number is mistyped or missing, and whose name is not always as registered.

All invented: a register of 5,000 firms, names corrupted in known ways. Of the winners 5 % state a
number with one digit wrong, and 10 % none.
"""

import atexit
import datetime as dt
from functools import cache
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from analysis.companies.linkage import link
from analysis.companies.name_index import prepare
from analysis.companies.numbers import enterprise_number
from analysis.inference.bounds import Tally, no_assumption, observed_share
from analysis.notices.stages import Engine, Relation
from analysis.simulate import register, register_cases
from analysis.simulate.register_corruptions import Case
from analysis.simulate.worlds.claims import Claim, Outcome, World, bounds, covers, fails

FIRMS, WINNERS, EACH, SEED = 5_000, 300, 60, 20160101
NUMBER = {"right": 0.85, "mistyped": 0.05, "missing": 0.10}
AS_REGISTERED = 0.7  # names that are stated as the register has them, or nearly so
PLAIN = ("exact", "form changed", "accents and marks")
TELLS_NOTHING = (
    *("not in the register", "former name, not", "foreign", "number of", "partnership"),
    "group name only",
)
DAY, YEARS = dt.date(2024, 6, 1), 5


class Register(NamedTuple):
    """The engine, the register and its names, and winners to draw from, plain and corrupted."""

    engine: Engine
    tables: dict[str, Relation]
    names: Relation
    plain: list[Case]
    corrupted: list[Case]
    young: frozenset[str]


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Three hundred winners, linked by the rules of the product."""
    held = _register()
    plain = int(random.binomial(WINNERS, AS_REGISTERED))
    cases = [
        pool[place]
        for pool, many in ((held.plain, plain), (held.corrupted, WINNERS - plain))
        for place in random.integers(len(pool), size=many)
    ]
    numbers = [_stated(random, case.truth[0]) for case in cases]
    found = _linked(held, cases, numbers)
    truth = [case.truth[0] for case in cases]
    links = [one for one in found if one is not None]
    right = sum(one == true for one, true in zip(found, truth, strict=True))
    by_number = sum(said == true for said, true in zip(numbers, truth, strict=True))
    share = float(np.mean([true in held.young for true in truth]))
    tally = _tally(held, found)
    return {
        "linkage, precision": Outcome(1.0, right / len(links)),
        "linkage, recall": Outcome(1.0, right / WINNERS),
        "number only, recall": Outcome(1.0, by_number / WINNERS),
        "share of young firms, bounds": bounds(share, *no_assumption(tally)),
        "share of young firms, linked": Outcome(share, observed_share(tally)),
    }


def _stated(random: np.random.Generator, number: str) -> str | None:
    """The number as it can be read from the notice: one with wrong check digits is none."""
    how = random.choice(list(NUMBER), p=list(NUMBER.values()))
    if how == "missing":
        return None
    if how == "right":
        return number
    place, more = int(random.integers(1, 10)), int(random.integers(1, 10))
    digit = (int(number[place]) + more) % 10
    return enterprise_number(f"{number[:place]}{digit}{number[place + 1 :]}", "BE").digits


def _linked(held: Register, cases: list[Case], numbers: list[str | None]) -> list[str | None]:
    """The company to which each winner is linked, in their order."""
    columns = {
        "name": [case.name for case in cases],
        "number": numbers,
        "postcode": [case.postcode for case in cases],
        "country": [case.country for case in cases],
    }
    stated = pa.table(columns | {"is_natural_person": [False] * len(cases)})
    links = link(held.engine, held.engine.from_arrow(stated), held.tables, index=held.names)
    company = {tuple(row[name] for name in columns): row["company_id"] for row in links.to_pylist()}
    return [company[row] for row in zip(*columns.values(), strict=True)]


def _tally(held: Register, found: list[str | None]) -> Tally:
    known = [one in held.young for one in found if one is not None]
    return Tally(yes=sum(known), no=len(known) - sum(known), unknown=len(found) - len(known))


@cache
def _register() -> Register:
    """The same register in every replication, made once a process."""
    atexit.register(_register.cache_clear)  # DuckDB complains of an engine that outlives Python
    engine = duckdb.connect()
    engine.execute("set threads = 1")
    tables = register.build(engine, FIRMS, SEED)
    drawn = register_cases.draw_cases(engine, EACH, SEED)
    cases = [case for case in drawn if not case.kind.startswith(TELLS_NOTHING)]
    since = DAY.replace(year=DAY.year - YEARS)
    young = tables["companies"].filter(f"start_date > date '{since}'").project("number")
    return Register(
        engine,
        tables,
        prepare(engine, tables),
        [case for case in cases if case.kind in PLAIN],
        [case for case in cases if case.kind not in PLAIN],
        frozenset(number for (number,) in young.fetchall()),
    )


WORLD = World(
    "W5",
    "Names and numbers that err",
    "Every winner is in the register; 5 % mistype their number and 10 % state none.",
    replicate,
    (
        Claim("A link is right.", "linkage, precision", "mean", low=0.98),
        Claim("A winner is found.", "linkage, recall", "mean", low=0.93),
        covers("Bounds hold the share.", "share of young firms, bounds", least=0.95),
        fails("The number alone finds too few.", "number only, recall", "mean", high=0.9),
    ),
)
