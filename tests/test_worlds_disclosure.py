"""W21 of methods 8: nobody finds what is withheld, and anybody finds it where nothing else is."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from disclosure_world import PUBLIC, contributors, published, rows
from scipy.optimize import linprog

from analysis.disclosure import audit, protect
from analysis.results import ledger
from analysis.simulate.worlds import disclosure
from analysis.simulate.worlds.disclosure import DEFINITIONS, YEARS
from analysis.validation import withheld

RUNS = [2, pytest.param(100, marks=pytest.mark.slow)]
WHOLE = f"{YEARS[0]}-{YEARS[-1]}"


@cache
def _worlds(runs):
    seeds = np.random.SeedSequence(20160101).spawn(22)[21].spawn(runs)
    return [disclosure.world(seed) for seed in seeds]


@cache
def _left(runs, run, **options):
    wins = _worlds(runs)[run]
    return protect(rows(wins), contributors(wins), **options)


@cache
def _found(runs, run, **options):
    """How many sums an attacker finds in a world."""
    return len(audit(ledger(_left(runs, run, **options)), contributors(_worlds(runs)[run])))


@pytest.mark.parametrize("runs", RUNS)
def test_an_attacker_finds_nothing_in_any_world(runs):
    assert [_found(runs, run) for run in range(runs)] == [0] * runs


def test_where_nobody_has_an_answer_nobody_stands_behind_a_figure():
    """Draw 600 and some of the long validation: it ended the run."""
    assert withheld._contributors([]).num_rows == 0


@pytest.mark.parametrize("runs", RUNS)
def test_an_attacker_finds_what_is_withheld_alone_in_every_world(runs):
    assert all(_found(runs, run, secondary=False) for run in range(runs))


@pytest.mark.parametrize("runs", RUNS)
def test_an_attacker_finds_more_where_nothing_is_withheld_and_finds_the_truth(runs):
    for run, wins in enumerate(_worlds(runs)):
        open_ = audit(published(wins), contributors(wins))
        assert len(open_) > _found(runs, run, secondary=False)
        assert (open_["least"] <= open_["truth"] + 0.02).all()  # a cent or two is rounding
        assert (open_["most"] >= open_["truth"] - 0.02).all()


def test_a_seed_decides_a_world():
    assert disclosure.world(1) == disclosure.world(1) != disclosure.world(2)


def test_who_is_smaller_lies_within_every_larger_definition():
    for one in disclosure.world(3):
        micro, small, medium = (one.answers[f"eu-{size}"] for size in disclosure.SIZES[:3])
        assert micro is small is medium is None or micro <= small <= medium


# The same by another attacker: written for these tables alone, lots only, without any shortcut.

PLACES = {"belgium": ("in", "out"), "flemish-public": ("in",), "outside": ("out",)}
ANSWERS = ("yes", "no", "unknown")
NESTED = [("eu-micro", "eu-small"), ("eu-small", "eu-medium"), ("eu-micro", "eu-medium")]
VARIABLES = {
    one: place
    for place, one in enumerate(product(DEFINITIONS, ANSWERS, ("in", "out"), map(str, YEARS)))
}


def test_another_attacker_who_knows_all_rows_comes_no_nearer_than_15_percent():
    tried = 0
    for run, wins in enumerate(_worlds(2)):
        told, targets = rows(wins), list(sensitive(wins))
        public = facts_of([row for row in told if row.definition == PUBLIC])
        assert too_near(targets, facts_of(told), public)
        assert not too_near(targets, facts_of(_left(2, run)), public)
        tried += len(targets)
    assert tried > 30


def too_near(targets, told, public):
    """Targets that rows tell within 15 %, or one lot, on a side on which the public ones do not."""
    return [
        (lots, side)
        for target, lots in targets
        for side in (-1, 1)
        if side * (bound(target, told, side) - lots) < max(0.15 * lots, 1) - 0.01
        if side * (bound(target, public, side) - lots) >= max(0.15 * lots, 1) - 0.01
    ]


def facts_of(found):
    """Equalities (weights, value) and inequalities (weights, most) that rows tell of lots."""
    lots = [row for row in found if row.id == "access.lots_won" and row.low is not None]
    total = {(r.perimeter, r.period): r.high for r in lots if r.definition == PUBLIC}
    equal, most = [], []
    for row in lots:
        if row.definition != PUBLIC:
            equal.append((of(row.definition, ["yes"], row.perimeter, row.period), row.low))
            both = of(row.definition, ["yes", "unknown"], row.perimeter, row.period)
            equal.append((both, row.high))
    for definition, ((perimeter, period), value) in product(DEFINITIONS, total.items()):
        equal.append((of(definition, ANSWERS, perimeter, period), value))
    for (narrow, wide), place, year in product(NESTED, ("flemish-public", "outside"), YEARS):
        for answer, less, more in (("yes", narrow, wide), ("no", wide, narrow)):
            own, other = (of(d, [answer], place, str(year)) for d in (less, more))
            most.append((own - other, 0))
    return equal, most


def of(definition, answers, perimeter, period):
    weights = np.zeros(len(VARIABLES))
    years = map(str, YEARS) if period == WHOLE else [period]
    for answer, place, year in product(answers, PLACES[perimeter], list(years)):
        weights[VARIABLES[definition, answer, place, year]] = 1
    return weights


def bound(target, told, side):
    equal, most = told
    found = linprog(
        -side * target,
        A_eq=np.array([weights for weights, _ in equal]),
        b_eq=[value for _, value in equal],
        A_ub=np.array([weights for weights, _ in most]),
        b_ub=[value for _, value in most],
    )
    return np.inf * side if found.status == 3 else float(target @ found.x)


def sensitive(wins):
    """Every part of one or two firms, also of what a narrower definition leaves, and its lots."""
    places = {"belgium": (True, False), "flemish-public": (True,), "outside": (False,)}
    asked = [((definition, None), answer) for definition in DEFINITIONS for answer in (True, False)]
    asked += [((wide, narrow), True) for narrow, wide in NESTED]
    asked += [((narrow, wide), False) for narrow, wide in NESTED]
    for ((own, less), answer), place, period in product(asked, places, [*map(str, YEARS), WHOLE]):
        part = [
            one.firm
            for one in wins
            if one.answers[own] is answer
            and not (less and one.answers[less] is answer)
            and ("flemish-public" in one.perimeters) in places[place]
            and period in (str(one.year), WHOLE)
        ]
        if 0 < len(set(part)) < 3:
            at = (["yes" if answer else "no"], place, period)
            yield of(own, *at) - (of(less, *at) if less else 0), len(part)
