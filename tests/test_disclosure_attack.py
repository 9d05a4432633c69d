"""What an attacker knows: what lies within what, who is behind a figure, what follows from it."""

import math
from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
import pytest
from access_world import NO, UNKNOWN, YES, lot, relations
from blocks_world import given as delivered
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from test_startups import ALL, COLUMNS, POOL, told

from analysis.cells import access_cells
from analysis.companies.perimeters import known_perimeters
from analysis.disclosure import of_access, of_programme, protect
from analysis.disclosure.implying import implied
from analysis.disclosure.knowledge import Knowledge
from analysis.disclosure.limits import Rows
from analysis.disclosure.nesting import atoms, covers, within, years_of
from analysis.disclosure.reading import facts
from analysis.disclosure.totals import totals
from analysis.indicators.access import access
from analysis.indicators.opportunities import results
from analysis.results import number

FLEMISH = ("belgium", "flemish-public")


# What lies within what.


def test_what_the_files_of_definitions_imply():
    assert {
        ("eu-micro", "eu-small"),
        ("eu-micro", "eu-medium"),
        ("wvv-micro", "wvv-small"),
        ("gber-22", "eu-small"),
        ("gber-22", "younger-than-5"),
        ("vlaio-innovative-starter-2022", "vlaio-innovative-starter-2021"),
        ("vlaio-innovative-starter-2021", "younger-than-3"),  # the group is younger, and the firm
        ("tax-shelter-scale-up", "wvv-small"),
    } <= implied()
    assert ("gber-22", "younger-than-6") not in implied()  # five is nearer
    assert not {("wvv-small", "eu-small"), ("eu-small", "eu-micro")} & implied()
    assert not [pair for pair in implied() if "startup-10" in pair]


@st.composite
def implied_of_firms(draw):
    """A pair of definitions, and firms near the example firms of either."""
    narrow, wide = draw(st.sampled_from(sorted(implied())))
    examples = [*ALL[narrow].examples, *ALL[wide].examples]
    firms = []
    for example in draw(st.lists(st.sampled_from(examples), min_size=5, max_size=20)):
        changed = draw(st.sets(st.sampled_from(list(COLUMNS)), max_size=4))
        changes = {column: draw(POOL[COLUMNS[column]]) for column in sorted(changed)}
        firms.append(dict.fromkeys(COLUMNS) | example.firm | changes)
    since = date(2016, 1, 1)  # before, some limits are not known
    return narrow, wide, [firm for firm in firms if firm["on_date"] and firm["on_date"] >= since]


@settings(max_examples=10, deadline=None)
@given(implied_of_firms())
def test_yes_to_the_narrower_is_yes_to_the_wider_and_no_to_the_wider_is_no_to_the_narrower(drawn):
    narrow, wide, firms = drawn
    if firms:
        for inner, outer in zip(told(*firms, by=narrow), told(*firms, by=wide), strict=True):
            assert inner is not True or outer is True
            assert outer is not False or inner is False


def test_perimeters_lie_within_each_other_as_their_files_say():
    bodies = {
        one.id: {b for b, inside in one.bodies.items() if inside} for one in known_perimeters()
    }
    for inner, outer in (("flemish-administration", "flemish-public"), FLEMISH[::-1]):
        assert within(inner, outer)
        assert bodies[inner] <= bodies[outer]
    assert within("located-in-flanders", "belgium")
    assert not within("located-in-flanders", "flemish-public")
    assert not within("belgium", "belgium")


def test_years_and_what_has_no_date_are_a_period():
    assert years_of("2024-2026") == ("2024", "2025", "2026")
    assert years_of("unknown") == ()
    assert atoms("2024-2025", ["2024", "2024-2025"]) == ("2024", "2025", "undated")
    assert atoms("2024-2025", ["2023-2025", "2024-2025"]) == ("2024", "2025")  # not the longest
    assert atoms("unknown", ["unknown"]) == ("undated",)
    assert covers("2020-2020", "2020")
    assert not covers("2020", "2020-2020")


# Rows as facts.


def row(id, **stated):
    usual = {"chapter": "20", "period": "2020", "definition": "wvv-small", "perimeter": "belgium"}
    usual |= {"value": 0.25, "low": 0.2, "high": 0.4, "interval": "bounds", "unit": "share", "n": 8}
    usual |= {"denominator": "awarded-lots", "kind": "simulated", "inputs": "test"}
    return number(id, **(usual | stated))


def test_a_share_tells_yes_unknown_and_no_once_the_total_is_known():
    # 10 lots: 2 yes, 6 no, 2 unknown; the total stands in the figures of another definition.
    other = {"definition": "startup-10", "value": 5, "low": 5, "high": 5, "unit": "lots"}
    share = {"definition": "startup-10", "value": 0.5, "low": 0.5, "high": 0.5}
    rows = [
        row("access.lot_share"),
        row("access.lots_won", **other),
        row("access.lot_share", **share),
    ]
    found = {
        tuple((q.answer, round(weight, 9)) for q, weight in fact.terms): round(fact.value, 9)
        for fact in facts(rows)
    }
    assert found == {
        (("*", 1),): 10,
        (("yes", 1),): 2,
        (("yes", 1), ("unknown", 1)): 4,
        (("yes", 1), ("unknown", 0.25)): 2.5,  # yes/(yes + no) = 0.25
    }


def test_what_is_withheld_tells_nothing_and_neither_do_figures_of_headlines():
    assert facts([row("access.lot_share", value=None, low=None, high=None, interval="none")]) == []
    assert facts([row("access.lot_share", definition="startup-5")]) == []


def test_totals_stand_in_figures_of_their_own_or_follow_from_a_number_and_its_share():
    won = {"value": 2, "low": 2, "high": 5, "unit": "lots"}
    rows = [
        row("access.lots_won", **won),
        row("access.lot_share", low=0.2, high=0.5),
        row("access.lots", definition="awarded-lots", value=11, period="2021", low=None, high=None,
            interval="none"),
        row("opportunities.value", value=90, low=None, high=None, interval="none", unit="EUR"),
        row("opportunities.value", group="largest=1", value=9, low=None, high=None,
            interval="none", unit="EUR"),
        row("buying.consulted_class_share", definition="firm-class", group="firm_class=unknown",
            low=None, high=None, interval="none", n=40),
    ]  # fmt: skip
    assert totals(rows) == {
        ("access", "lots", "belgium", "2020"): 10.0,
        ("access", "lots", "belgium", "2021"): 11.0,
        ("pio", "euros", "belgium", "2020"): 90.0,
        ("pio-classes", "euros", "belgium", "2020"): 90.0,
        ("consulted", "lots", "belgium", "2020"): 40.0,
    }


# Who stands behind figures.


def test_the_contributors_of_access_are_the_winners_of_known_answer():
    lots = [
        lot("1", YES, value_eur=100),
        lot("2", YES, NO, value_eur=50),
        lot("3", NO, value_eur=70, is_framework=True),
        lot("4", UNKNOWN),
        lot("5", YES, year=None, flags=(None, None, None, True)),
    ]
    engine, given_ = relations(*lots, definitions=("wvv-small",))
    access_cells(engine, given_, ["wvv-small"])
    found = of_access(engine, given_["answers"]).to_pandas()
    assert set(found["theme"]) == {"access"}
    all_ = found[found["definition"] == "wvv-small"]
    assert set(all_["group"]) == {"all"}
    inside = "belgium+flemish-public+located-in-flanders"
    assert {
        (one.answer, one.perimeters, one.year, one.lots, one.euros) for one in all_.itertuples()
    } == {
        ("yes", inside, "2020", 1.5, 125.0),
        ("no", inside, "2020", 1.5, 25.0),  # a framework's euros stand apart
        ("yes", "belgium", "undated", 1.0, 0.0),
    }
    classed = found[(found["definition"] == "firm-class") & (found["group"] == "all")]
    assert classed["lots"].sum() == 5  # of whatever class: where a lot lies is public record


@settings(max_examples=3, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from([YES, NO, UNKNOWN]), min_size=1, max_size=3, unique=True),
            st.integers(2019, 2021),
            st.booleans(),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_contributors_add_up_to_the_figures(drawn):
    lots = [
        lot(str(n), *members, year=year, value_eur=10 * n + 1, flags=(False, inside, inside, True))
        for n, (members, year, inside) in enumerate(drawn)
    ]
    engine, given_ = relations(*lots, definitions=("wvv-small", "startup-10"))
    cells = access_cells(engine, given_, ["wvv-small", "startup-10"])
    told_ = access(cells, kind="simulated", inputs="test")
    sums = defaultdict(list)
    for one in of_access(engine, given_["answers"]).to_pylist():
        if (one["group"], one["answer"], one["definition"]) == ("all", "yes", "wvv-small"):
            for perimeter in one["perimeters"].split("+"):
                sums[perimeter, one["year"]].append(one["lots"])
    for figure in told_:
        if (figure.id, figure.definition) == ("access.lots_won", "wvv-small"):
            years = set(years_of(figure.period))
            behind = [x for (p, y), of in sums.items() if p == figure.perimeter and y in years
                      for x in of]  # fmt: skip
            assert math.fsum(behind) == pytest.approx(figure.low)
    left = protect(told_, of_access(engine, given_["answers"]))
    for figure in left:  # one firm that says yes and one that says no: nothing of it is told
        if figure.definition == "wvv-small" and figure.id == "access.lots_won":
            assert figure.denominator == "withheld" or not (figure.low or figure.n)


def test_the_contributors_of_the_programme_are_its_winners_on_their_day():
    world = delivered(
        pio_contracts=[{"contract": "a", "value_eur": 90}],
        pio_bidders=[
            {"contract": "a", "bidder": "A", "company_id": YES, "won": True},
            {"contract": "a", "bidder": "B", "company_id": None, "won": True},
            {"contract": "a", "bidder": "C", "company_id": NO, "won": True},
            {"contract": "a", "bidder": "D", "company_id": UNKNOWN, "won": False},
        ],
        answers=[(YES, "2021-06-01", "wvv-small", True), (NO, "2021-06-01", "wvv-small", False),
                 (NO, "2021-06-01", "startup-10", False), (YES, "2021-06-02", "eu-small", True)],
    )  # fmt: skip
    found = of_programme(world).to_pylist()
    assert {(one["theme"], one["definition"], one["answer"], one["year"]) for one in found} == {
        ("pio", "wvv-small", "yes", "2021"),
        ("pio", "wvv-small", "no", "2021"),
    }
    assert {one["lots"] for one in found} == {1 / 3}
    assert {one["euros"] for one in found} == {30.0}
    assert len({one["who"] for one in found}) == 2
    protect(results(world), of_programme(world))  # who wins is who stands behind: not refused


def test_of_classes_those_that_are_judged_by_size_have_contributors():
    world = delivered(
        pio_projects=[{"project": "p1", "application": "a", "consulted": "2020-09-01"}],
        pio_consulted=[
            {"participant": "A", "company_id": YES},
            {"participant": "B", "company_id": NO},
            {"participant": "C", "company_id": UNKNOWN, "participant_kind": "other"},
        ],
    )
    day = date(2020, 9, 1)
    kinds = [(YES, "scale-up"), (NO, "start-up"), (UNKNOWN, "scale-up")]
    classes = pd.DataFrame(
        [(firm, day, kind, None, "flanders") for firm, kind in kinds], columns=world.classes.columns
    )
    found = of_programme(world._replace(classes=classes)).to_pylist()
    assert [(one["theme"], one["answer"], one["year"], one["lots"]) for one in found] == [
        ("consulted", "scale-up", "2020", 1.0)
    ]


# What follows.


@st.composite
def systems(draw):
    """Rows that some values keep, with some of the variables known."""
    many = draw(st.integers(2, 6))
    truth = np.array(draw(st.lists(st.integers(0, 9), min_size=many, max_size=many)), dtype=float)
    entries, low, high = [], [], []
    for _ in range(draw(st.integers(1, 8))):
        weights = draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=many, max_size=many))
        if not any(weights):
            continue
        value = float(np.array(weights) @ truth)
        exact = draw(st.booleans())
        entries += [(len(low), n, weight) for n, weight in enumerate(weights) if weight]
        low.append(value if exact else -np.inf)
        high.append(value if exact else value + draw(st.integers(0, 2)))
    return truth, entries, np.array(low), np.array(high)


@settings(max_examples=12, deadline=None)
@given(systems())
def test_ends_are_those_of_one_plain_linear_program(drawn):
    truth, entries, low, high = drawn
    if not entries:
        return
    row, variable, weight = (np.array(part) for part in zip(*entries, strict=True))
    rows = Rows(row, variable, weight.astype(float), low, high, len(truth))
    known = Knowledge(rows, np.ones(len(low), dtype=bool))
    matrix = np.zeros((len(low), len(truth)))
    matrix[row, variable] = weight
    exact = low == high
    for place, side in ((n, side) for n in range(len(truth)) for side in (-1, 1)):
        target = np.eye(len(truth))[place]
        plain = linprog(
            -side * target,
            A_ub=matrix[~exact] if (~exact).any() else None,
            b_ub=high[~exact] if (~exact).any() else None,
            A_eq=matrix[exact] if exact.any() else None,
            b_eq=high[exact] if exact.any() else None,
        )
        expected = side * np.inf if plain.status == 3 else target @ plain.x
        found, _ = known.end(target, side)
        assert found == pytest.approx(expected, abs=1e-5)
        assert side * known.outer(target, side) >= side * found - 1e-5
        assert side * (found - truth[place]) >= -1e-5


def test_a_sum_without_an_end_is_no_contradiction():
    """Three rows of five lots that all hold where nobody won; HiGHS' presolve denied it once."""
    signs = np.array([[-1, -1, -1, 1, -1], [-1, 1, 1, -1, 1], [1, -1, -1, -1, -1]], dtype=float)
    row, variable = (part.ravel() for part in np.indices(signs.shape))
    free, most = np.full(3, -np.inf), np.array([0.0, 0.0, 1.0])
    rows = Rows(row, variable, signs.ravel(), free, most, 5)
    known = Knowledge(rows, np.ones(3, dtype=bool))
    assert known.end(np.eye(5)[0], 1)[0] == np.inf
    assert known.end(np.eye(5)[0], -1)[0] == 0


@settings(max_examples=12, deadline=None)
@given(systems())
def test_an_end_does_not_move_by_rows_that_do_not_give_it(drawn):
    truth, entries, low, high = drawn
    if not entries:
        return
    row, variable, weight = (np.array(part) for part in zip(*entries, strict=True))
    rows = Rows(row, variable, weight.astype(float), low, high, len(truth))
    known = Knowledge(rows, np.ones(len(low), dtype=bool))
    for place, side in ((n, side) for n in range(len(truth)) for side in (-1, 1)):
        target = np.eye(len(truth))[place]
        end, _ = known.end(target, side)
        given_by = np.isin(np.arange(len(low)), list(known.why(target, side)))
        assert Knowledge(rows, given_by).end(target, side)[0] == pytest.approx(end, abs=1e-4)
