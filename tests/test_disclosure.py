"""What may be published of firms' sizes, and what has to go with what may not."""

import random
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from disclosure_world import GROWTH, contributors, grown, many, rows, win, withheld
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.companies.definitions import definitions, uses_sizes
from analysis.disclosure import audit, control, dominated, protect, too_few
from analysis.disclosure.counting import count
from analysis.disclosure.knowledge import Knowledge
from analysis.disclosure.limits import Differences, Rows
from analysis.disclosure.reading import Quantity, told
from analysis.disclosure.targets import reach
from analysis.refusal import ContractError
from analysis.results import ledger, number

KNOWN = definitions()
BELGIUM, FLANDERS = "belgium", "flemish-public"


def left_of(wins, **options):
    return protect(rows(wins), contributors(wins), **options)


# Rules.


@pytest.mark.parametrize(
    ("enterprises", "withheld"), [(0, False), (1, True), (2, True), (3, False)]
)
def test_three_enterprises_are_enough_and_none_tells_nothing(enterprises, withheld):
    assert too_few(enterprises) is withheld


@pytest.mark.parametrize(
    ("euros", "unsafe"),
    [
        ((100, 40, 30), False),
        ((100, 51, 9), True),  # one has more than half
        ((100, 44, 42), True),  # two have more than 85%
        ((100, 50, 35), False),
        ((0, 0, 0), False),
        ((100, 49, 48), True),  # 3 is left, a tenth of 49 is more
    ],
)
def test_one_or_two_that_make_up_nearly_all_are_unsafe(euros, unsafe):
    assert dominated(*euros) is unsafe


def test_fifteen_percent_is_left_on_either_side_and_a_whole_unit_of_what_is_counted():
    assert reach(100.0, step=1) == (85.0, 115.0)
    assert reach(2.0, step=1) == (1.0, 3.0)
    assert reach(0.5, step=1) == (0.0, 1.5)


def test_definitions_that_look_at_accounts_are_linked_and_those_of_age_are_not():
    assert uses_sizes(KNOWN["wvv-small"])
    assert uses_sizes(KNOWN["oecd-high-growth"])
    assert not uses_sizes(KNOWN["younger-than-5"])
    assert not uses_sizes(KNOWN["digiwhist-new-company"])
    assert not uses_sizes(KNOWN["startup-5"])


# Cells. In every world below all firms are micro and one in the crowd is known not to grow, so that
# growth is what is rare.


def test_figures_of_two_firms_go_in_every_form_and_say_no_more_than_that():
    wins = [*many(20), grown(1), grown(2)]
    gone = [row for row in left_of(wins) if row.denominator == "withheld"]
    assert {row.id for row in gone if row.definition == GROWTH} == {
        "access.lots_won", "access.lot_share", "access.startups", "access.amount",
        "access.amount_share",
    }  # fmt: skip
    for row in gone:
        assert (row.value, row.low, row.high, row.n, row.unknown) == (None,) * 5
        assert row.interval == "none"


def test_three_firms_are_told_and_none_too():
    wins = [*many(20), *(grown(n) for n in (1, 2, 3))]
    wins += [*many(20, 2022), win(100, 2022, oecd_high_growth=None)]
    assert withheld(left_of(wins), definition=GROWTH) == set()


def test_the_complement_is_a_cell_as_well():
    wins = [*(grown(n) for n in range(20)), win(100), win(101)]  # two that surely do not grow
    assert (GROWTH, FLANDERS, "2021") in withheld(left_of(wins))


def test_who_is_unknown_tells_nothing_of_a_firm():
    unknown = [win(100, oecd_high_growth=None), win(101, oecd_high_growth=None)]
    wins = [*(grown(n) for n in range(9)), *many(9), *unknown]
    assert withheld(left_of(wins), definition=GROWTH) == set()


def test_all_alike_tells_of_each_of_them():
    alike = [grown(n) for n in range(9)]
    assert (GROWTH, BELGIUM, "2021") in withheld(left_of(alike))
    one_unknown = [*alike, win(100, oecd_high_growth=None)]
    assert withheld(left_of(one_unknown), definition=GROWTH) == set()


def test_a_firm_that_wins_in_many_years_and_places_is_one_firm():
    wins = [grown(n, year, inner=inner, euros=10.0) for n in (1, 2)
            for year in (2021, 2022, 2023) for inner in (True, False)]  # fmt: skip
    wins += [one for year in (2021, 2022, 2023) for one in many(9, year)]
    counted = count(contributors(wins), told(rows(wins))).cells
    [whole] = [one for one in counted if one["of"] == Quantity(
        "access", GROWTH, "yes", BELGIUM, "2021-2023", "all")]  # fmt: skip
    assert (whole["firms"], whole["few"], whole["lots"], whole["paid"]) == (2, [1, 2], 12, 2)
    assert (whole["euros"], whole["first"], whole["second"]) == (120, 60, 60)
    assert (GROWTH, BELGIUM, "2021-2023") in withheld(left_of(wins))


def test_only_euros_go_where_one_firm_dominates():
    crowd = [grown(n, euros=1.0) for n in range(9)]
    wins = [*crowd, grown(9, euros=1000.0), *many(20)]
    left = left_of(wins)
    assert withheld(left, definition=GROWTH) == set()
    assert (GROWTH, BELGIUM, "2021") in withheld(left, "access.amount")


# What has to go with them.


def test_a_year_cannot_be_found_from_the_period_and_the_other_years():
    few = [grown(1), grown(2)]
    wins = [*few, *many(20)]
    for year, firms in ((2022, 3), (2023, 6), (2024, 12)):
        wins += [*(grown(year * 10 + n, year) for n in range(firms)), *many(20, year)]
    alone = withheld(left_of(wins, secondary=False), definition=GROWTH)
    assert {period for _, _, period in alone} == {"2021"}
    together = withheld(left_of(wins), definition=GROWTH)
    assert {period for _, _, period in together} == {"2021", "2022"}  # the smallest that is enough


def test_a_perimeter_cannot_be_found_from_the_one_around_it():
    # In 2021 five firms grow in Flanders and one elsewhere; in 2022 six and four.
    wins = [*many(20), *many(20, inner=False, first=5000)]
    wins += [*many(20, 2022), *many(20, 2022, inner=False, first=5000)]
    wins += [*(grown(n) for n in range(5)), grown(9, inner=False)]
    wins += [*(grown(10 + n, 2022) for n in range(6))]
    wins += [*(grown(20 + n, 2022, inner=False) for n in range(4))]
    assert withheld(left_of(wins, secondary=False), definition=GROWTH) == set()
    gone = withheld(left_of(wins), definition=GROWTH)
    assert {place for _, place, period in gone if period == "2021"} == {FLANDERS}  # the smaller


def test_a_definition_cannot_be_found_from_a_wider_one():
    # In 2021 nine micro firms, one small one and ten that are larger; in 2022 five of each.
    wins = [win(n) for n in range(9)]
    wins += [win(20, eu_micro=False)]
    wins += [win(30 + n, eu_micro=False, eu_small=False) for n in range(10)]
    wins += [win(50 + n, 2022) for n in range(5)]
    wins += [win(60 + n, 2022, eu_micro=False) for n in range(5)]
    wins += [win(70 + n, 2022, eu_micro=False, eu_small=False) for n in range(5)]
    sizes = ("eu-micro", "eu-small")
    assert {d for d, _, _ in withheld(left_of(wins, secondary=False))}.isdisjoint(sizes)
    gone = {(d, y) for d, p, y in withheld(left_of(wins)) if d in sizes and p == BELGIUM}
    assert len({d for d, y in gone if y == "2021"}) == 1


def test_what_two_definitions_leave_over_elsewhere_is_not_less_than_nothing():
    # Small and not micro: one firm with twenty lots in Flanders, two with one elsewhere. Who knows
    # the 22 of Belgium knows that the one has at most 22, which is within fifteen percent.
    wins = [*many(20), *many(20, inner=False, first=5000), *many(20, 2022)]
    wins += [*many(20, 2022, inner=False, first=5000)]
    wins += [win(500 + n, 2022, inner=n < 9, eu_micro=False) for n in range(18)]
    large = dict.fromkeys(("eu_micro", "eu_small"), False)
    wins += [win(y + n, y, inner=n < 9, **large) for y in (2021, 2022) for n in range(18)]
    wins += [win(1, eu_micro=False)] * 20
    wins += [win(2, inner=False, eu_micro=False), win(3, inner=False, eu_micro=False)]
    gone = {
        p for d, p, y in withheld(left_of(wins)) if d in ("eu-micro", "eu-small") and y == "2021"
    }
    assert gone == {BELGIUM, FLANDERS}


def test_lots_without_a_date_are_not_found_from_the_period_and_its_years():
    wins = [*(grown(n) for n in range(5)), *many(20), grown(9, "undated"), *many(9, 0)]
    wins += [*(grown(10 + n, 2022) for n in range(7)), *many(20, 2022)]
    wins = [one._replace(year="undated") if one.year == 0 else one for one in wins]
    assert withheld(left_of(wins, secondary=False), definition=GROWTH) == set()
    assert withheld(left_of(wins), definition=GROWTH, perimeter=FLANDERS)


def test_two_withheld_years_of_one_firm_are_not_told_by_their_sum():
    wins = [grown(1), *many(20), grown(1, 2022), *many(20, 2022)]
    wins += [*(grown(10 + n, 2023) for n in range(4)), *many(20, 2023)]
    wins += [*(grown(20 + n, 2024) for n in range(9)), *many(20, 2024)]
    behind = contributors(wins)
    assert {p for _, _, p in withheld(left_of(wins), definition=GROWTH)} > {"2021", "2022"}
    assert len(audit(ledger(protect(rows(wins), behind)), behind)) == 0


def test_most_of_a_series_gone_is_all_of_it():
    wins = []
    for year, firms in ((2021, 1), (2022, 2), (2023, 1), (2024, 7)):
        wins += [*(grown(year * 10 + n, year) for n in range(firms)), *many(20, year)]
    gone = {p for _, _, p in withheld(left_of(wins), definition=GROWTH)}
    assert gone == {"2021", "2022", "2023", "2024"}
    assert (GROWTH, BELGIUM, "2021-2024") not in withheld(left_of(wins))


def test_what_is_public_record_is_never_withheld():
    wins = [grown(1), *many(2)]
    assert not [
        row for row in left_of(wins) if row.definition == "startup-10" and row.value is None
    ]


def test_figures_that_nobody_stands_behind_are_refused():
    wins = [*many(9), *(grown(n) for n in range(4))]
    with pytest.raises(ContractError, match="no enterprise behind"):
        protect(rows(wins), contributors([]))
    assert protect([], contributors([])) == []


def test_a_buyer_inside_an_inner_perimeter_alone_does_not_stop_the_control():
    wins = [*many(20), grown(1)]
    odd = [one._replace(perimeters=(FLANDERS,)) for one in (grown(n) for n in (2, 3, 4, 5))]
    left = protect(rows([*wins, *odd]), contributors([*wins, *odd]))
    assert (GROWTH, BELGIUM, "2021") in withheld(left)


# Tables of classes, other specifications, other themes.


def class_row(name, value, high, period="2021", **stated):
    at = {"definition": "firm-class", "period": period, "perimeter": FLANDERS}
    at |= {"chapter": "20", "group": f"firm_class={name}", "kind": "simulated", "inputs": "test"}
    at |= {"value": value, "low": value, "high": high, "interval": "bounds", "unit": "share"}
    return number("access.class_share", n=100, denominator="winners", **at | stated)


def classed(**firms):
    listed = [
        ("access", "firm-class", name.replace("_", "-"), f"belgium+{FLANDERS}", "2021", "all", who)
        for name, who_all in firms.items()
        for who in who_all
    ]
    return behind(*((*one, 1.0, 0.0) for one in listed))


def behind(*listed):
    from analysis.disclosure import COLUMNS

    arrays = [
        pa.array(column, field.type)
        for column, field in zip(zip(*listed, strict=True), COLUMNS, strict=True)
    ]
    return pa.table(arrays, schema=COLUMNS)


def test_a_class_of_one_firm_is_not_found_from_the_other_classes():
    # 100 lots: 1 scale-up, 9 mature, 80 other SMEs, 10 start-ups; nobody unknown.
    found = [class_row(name, part, part) for name, part in (
        ("scale-up", 0.01), ("mature", 0.09), ("other-sme", 0.8), ("start-up", 0.1),
    )]  # fmt: skip
    whole = [
        number("access.lots_won", chapter="20", definition="startup-10", perimeter=FLANDERS,
               period="2021", value=10, low=10, high=10, interval="bounds", unit="lots", n=100,
               denominator="awarded-lots", kind="simulated", inputs="test"),
        number("access.lot_share", chapter="20", definition="startup-10", perimeter=FLANDERS,
               period="2021", value=0.1, low=0.1, high=0.1, interval="bounds", unit="share", n=100,
               denominator="awarded-lots", kind="simulated", inputs="test"),
    ]  # fmt: skip
    who = classed(scale_up=[1], mature=range(10, 19), other_sme=range(100, 180))
    left = protect([*found, *whole], who)
    gone = {row.group for row in left if row.denominator == "withheld"}
    assert gone == {"firm_class=scale-up", "firm_class=mature"}  # the smaller of those of size


def test_a_class_is_not_found_as_the_rest_of_a_total_that_another_indicator_states():
    # Of 1,000 euros 600 went to other SMEs, 300 to mature firms, of which one had nearly all.
    def told(id, group, value, unit, **ends):
        return number(id, chapter="21", group=group, value=value, unit=unit, perimeter=FLANDERS,
                      period="2020-2021", n=20, denominator="x", kind="simulated", inputs="test",
                      definition="firm-class" if unit == "share" else "value-without-vat",
                      **ends)  # fmt: skip

    shares = {"other-sme": 0.6, "mature": 0.3, "start-up": 0.1, "scale-up": 0.0}
    rows_ = [told("opportunities.value", "all", 1000, "EUR")]
    rows_ += [told("buying.pio_class_euro_share", f"firm_class={name}", part, "share",
                   low=part, high=part, interval="bounds")
              for name, part in shares.items()]  # fmt: skip
    euros = {"mature": [290, 5, 5], "other-sme": [60] * 10}
    listed = [
        ("pio-classes", "firm-class", name, FLANDERS, "2021", "all", 100 * place + who, 1.0, eur)
        for place, (name, of) in enumerate(euros.items())
        for who, eur in enumerate(map(float, of))
    ]
    gone = {row.group for row in protect(rows_, behind(*listed)) if row.denominator == "withheld"}
    assert gone == {"firm_class=mature", "firm_class=other-sme"}


def test_a_perimeter_is_not_found_from_two_others_that_are_the_rest_of_it():
    # All that is Flemish and public is administration or local: 10 mature firms, of which 1 and 9.
    places = {"flemish-administration": [1], "located-in-flanders": range(2, 11)}
    mature = {place: len(firms) for place, firms in places.items()} | {FLANDERS: 10, BELGIUM: 19}
    listed, found = [], []
    for place, many_ in mature.items():
        other, at = (25 if place in places else 50), {"perimeter": place}
        whole = 4 * other + many_  # the rest is of other classes
        for name, lots in (("mature", many_), ("other-sme", other)):
            found.append(class_row(name, lots / whole, lots / whole, **at))
        found += [number("access.lots", chapter="20", definition="awarded-lots", period="2021",
                         value=whole, unit="count", n=1, denominator="lots",
                         kind="simulated", inputs="test", **at)]  # fmt: skip
    for place, firms in places.items():
        inside = "+".join(sorted({BELGIUM, FLANDERS, place}))
        at = (inside, "2021", "all")
        listed += [("access", "firm-class", "mature", *at, who, 1.0, 0.0) for who in firms]
        listed += [("access", "firm-class", "other-sme", *at, 100 + who, 1.0, 0.0)
                   for who in range(25)]  # fmt: skip
    listed += [("access", "firm-class", "mature", BELGIUM, "2021", "all", who, 1.0, 0.0)
               for who in range(11, 20)]  # fmt: skip
    gone = {row.perimeter for row in protect(found, behind(*listed)) if "mature" in row.group
            and row.denominator == "withheld"}  # fmt: skip
    assert "flemish-administration" in gone
    assert gone & {"located-in-flanders", FLANDERS}


def specified(date, framework, value, definition="wvv-small"):
    group = f"joint=fractional,framework={framework},date={date}"
    return number("access.multiverse_share", chapter="20", definition=definition, period="2021",
                  perimeter=FLANDERS, group=group, value=value, low=value, high=value,
                  interval="bounds", unit="share", n=20, denominator="awarded-lots",
                  kind="simulated", inputs="test")  # fmt: skip


def test_no_specification_of_a_linked_definition_is_told_since_each_is_another_cut_of_the_same():
    told = [
        specified("contract", "in", 0.5),
        specified("publication", "out", 0.5, definition="startup-10"),
    ]
    left = protect(told, contributors(many(9)))
    assert [row.value for row in left] == [None, 0.5]


def test_contracts_of_two_cumulative_periods_do_not_tell_of_the_years_between():
    # 3 firms until 2022, a fourth in 2023: told for 2021-2022 and 2021-2023.
    def share(period, yes, n):
        return number("opportunities.startup_share", chapter="41", definition=GROWTH, value=yes / n,
                      low=yes / n, high=yes / n, interval="bounds", unit="share", n=n,
                      perimeter=FLANDERS, period=period, denominator="pio-contracts",
                      kind="simulated", inputs="test")  # fmt: skip

    def total(period, n):
        return number("opportunities.contracts", chapter="41", definition="awarded-contracts",
                      value=n, unit="count", n=n, perimeter=FLANDERS, period=period,
                      denominator="pio-contracts", kind="simulated", inputs="test")  # fmt: skip

    told = [share("2021-2022", 3, 20), share("2021-2023", 4, 40)]
    listed = [("pio", GROWTH, "yes", FLANDERS, year, "all", who, 1.0, 0.0)
              for who, year in enumerate(("2021", "2021", "2022", "2023"))]  # fmt: skip
    listed += [("pio", GROWTH, "no", FLANDERS, year, "all", 100 + who, 1.0, 0.0)
               for who, year in enumerate(["2021"] * 17 + ["2023"] * 19)]  # fmt: skip
    totals = [total("2021-2022", 20), total("2021-2023", 40)]
    left = protect([*told, *totals], behind(*listed))
    assert [row.value is None for row in left] == [True, False, False, False]


# The attack.


def test_the_planted_cells_are_found_when_nothing_goes_with_them_and_not_else():
    wins = [grown(1), *many(20)]
    for year in (2022, 2023):
        wins += [*(grown(year * 10 + n, year) for n in range(5)), *many(20, year)]
    who = contributors(wins)
    alone = audit(ledger(left_of(wins, secondary=False)), who)
    planted = f"+ access {GROWTH} yes belgium 2021 all"
    lots = alone[(alone["measure"] == "lots") & (alone["sum"] == planted)]
    assert [(one.least, one.most, one.truth) for one in lots.itertuples()] == [
        pytest.approx((1, 1, 1), abs=1e-4)
    ]
    assert len(audit(ledger(left_of(wins)), who)) == 0


def test_the_outcome_is_told_in_chapter_90():
    wins = [grown(1), *many(20)]
    told = control(rows(wins), contributors(wins), year=2021)
    assert told[:-2] == left_of(wins)
    by_id = {row.id: row for row in told[-2:]}
    gone = [row for row in told if row.denominator == "withheld"]
    assert by_id["disclosure.withheld"].value == len(gone) > 0
    assert by_id["disclosure.withheld"].n == 4 * 5 * 4  # definitions, figures, cells
    assert by_id["disclosure.recovered"].value == 0 < by_id["disclosure.recovered"].n
    assert len(ledger(told)) == len(rows(wins)) + 2
    assert len(audit(ledger(told), contributors(wins))) == 0  # who starts afresh finds no more


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=5, max_size=5),
    st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=2, max_size=8),
    st.lists(st.integers(0, 7), max_size=4),
)
def test_what_sums_leave_over_is_the_same_found_at_once_or_as_sums_are_withheld(truth, sums, fall):
    entries = [(row, one) for row, parts in enumerate(sums) for one in sorted(parts)]
    row, variable = (np.array(part) for part in zip(*entries, strict=True))
    value = np.array([float(sum(truth[one] for one in parts)) for parts in sums])
    system = Rows(row, variable, np.ones(len(row)), value, value, len(truth))
    before, live = Differences(system), np.ones(len(sums), dtype=bool)
    for gone in [None, *fall]:
        live &= np.arange(len(sums)) != gone
        kept, afresh = Knowledge(system, live, before), Knowledge(system, live)
        for target, side in product(np.eye(len(truth)), (-1, 1)):
            assert kept.end(target, side)[0] == pytest.approx(afresh.end(target, side)[0], abs=1e-5)


# Facts about all worlds.

FIRMS = st.tuples(
    st.integers(0, 6), st.integers(2021, 2023), st.booleans(), st.sampled_from([True, False, None])
)


def wins_of(drawn):
    """Each firm says one thing of itself."""
    said = {firm: answer for firm, _, _, answer in drawn}
    return [win(firm, year, inner=inner, oecd_high_growth=said[firm])
            for firm, year, inner, _ in drawn]  # fmt: skip


def tables(told):
    """Every table of whole numbers of yes, by perimeter and year, that a reader cannot exclude."""
    lots = [row for row in told if row.id == "access.lots_won"]
    public, own = (
        {(row.perimeter, row.period): row for row in lots if row.definition == definition}
        for definition in ("startup-10", GROWTH)
    )
    years = sorted({period for _, period in public if "-" not in period})
    inner = [int(public[FLANDERS, y].high) for y in years]
    outer = [int(public[BELGIUM, y].high) - n for y, n in zip(years, inner, strict=True)]
    whole = f"{years[0]}-{years[-1]}"
    for chosen in product(*(range(most + 1) for most in inner + outer)):
        yes = dict(zip(product((FLANDERS, "elsewhere"), years), chosen, strict=True))
        yes |= {(BELGIUM, y): yes[FLANDERS, y] + yes["elsewhere", y] for y in years}
        yes |= {(p, whole): sum(yes[p, y] for y in years) for p in (BELGIUM, FLANDERS)}
        if all(row.low is None or row.low == yes[at] for at, row in own.items()):
            yield yes


@settings(max_examples=10, deadline=None)
@given(st.lists(FIRMS, min_size=4, max_size=9))
def test_of_one_or_two_firms_nobody_can_tell_how_many_lots_they_won(drawn):
    """By trying every table that the published figures leave possible."""
    wins = wins_of(drawn)
    told = [
        row for row in protect(rows(wins, [GROWTH]), contributors(wins))
        if row.definition in (GROWTH, "startup-10")
    ]  # fmt: skip
    possible = list(tables(told))
    assert possible
    for place, year in product((BELGIUM, FLANDERS), ("2021", "2022", "2023")):
        part = [one for one in wins if place in one.perimeters and str(one.year) == year]
        firms = {one.firm for one in part if one.answers[GROWTH]}
        if 0 < len(firms) < 3:
            lots = sum(bool(one.answers[GROWTH]) for one in part)
            seen = {table[place, year] for table in possible}
            assert min(seen) <= lots - 1
            assert max(seen) >= min(lots + 1, len(part))


@settings(max_examples=2, deadline=None)
@given(st.lists(FIRMS, min_size=4, max_size=12), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_of_contributors_matters(drawn, shuffled):
    wins = wins_of(drawn)
    listed, who = rows(wins), contributors(wins)
    gone = {row for row in protect(listed, who) if row.denominator == "withheld"}
    shuffled.shuffle(listed)
    order = list(range(who.num_rows))
    random.Random(1).shuffle(order)
    again = protect(listed, who.take(pa.array(order, pa.int64())))
    assert {row for row in again if row.denominator == "withheld"} == gone
