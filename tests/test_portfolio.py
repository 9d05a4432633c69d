"""The funnel of the portfolio, its calls, what it is about, who leads it, and what it costs."""

import math

import pandas as pd
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from ledger_rows import only
from portfolio_given import application, call, given, ledger, project

from analysis.contracts.intake.pio import PHASES
from analysis.indicators import (
    portfolio,
    portfolio_funnel,
    portfolio_lines,
    portfolio_mix,
    portfolio_money,
)
from analysis.indicators.portfolio_funnel import reached, success, under_way
from analysis.indicators.portfolio_lines import admitted
from analysis.indicators.portfolio_mix import effective, representation

WHOLE = "2019-2022"
STEPS = ("submitted", "admissible", "consulted", "tendered", "awarded", "finished", "in_use")


def phase(rows, name, *, id="phase", period=WHOLE):
    return only(rows, id=f"portfolio.{id}", group=f"phase={name}", period=period)


def counts(rows, period=WHOLE):
    return [phase(rows, name, period=period)["value"] for name in STEPS]


def of(rows, id, **cells):
    return only(rows, id=f"portfolio.{id}", **({"period": WHOLE} | cells))


def flags(yes, no=0, unknown=0):
    return pd.Series([True] * yes + [False] * no + [pd.NA] * unknown, dtype="boolean")


def test_a_selected_project_is_not_yet_a_contract():
    rows = ledger(
        given(pio_applications=[application("A")], pio_projects=[project("A")]), portfolio_funnel
    )
    assert counts(rows) == [1, 1, 0, 0, 0, 0, 0]


def test_a_later_day_implies_earlier_phases_but_not_the_consultation():
    rows = ledger(
        given(
            pio_applications=[application("A")],
            pio_projects=[project("A", in_use="2022-03-01")],
        ),
        portfolio_funnel,
    )
    assert counts(rows) == [1, 1, 0, 1, 1, 1, 1]


def test_a_step_is_a_share_of_those_that_took_the_step_before():
    """Two consulted, one of which tendered; a third tendered without consultation."""
    rows = ledger(
        given(
            pio_applications=[application(name) for name in "ABC"],
            pio_projects=[
                project("A", consulted="2019-10-01", tendered="2020-01-01"),
                project("B", consulted="2019-10-01"),
                project("C", tendered="2020-01-01"),
            ],
        ),
        portfolio_funnel,
    )
    step = phase(rows, "tendered", id="step_share")
    assert (step["value"], step["n"], step["denominator"]) == (0.5, 2, "reached-consulted")
    assert phase(rows, "tendered", id="phase_share")["value"] == pytest.approx(2 / 3)


def test_an_admitted_application_without_a_project_is_unknown_and_not_a_no():
    rows = ledger(
        given(
            pio_applications=[application("A"), application("B")],
            pio_projects=[project("A", awarded="2020-05-01")],
        ),
        portfolio_funnel,
    )
    awarded = phase(rows, "awarded")
    assert (awarded["value"], awarded["low"], awarded["high"], awarded["unknown"]) == (1, 1, 2, 1)
    share = phase(rows, "awarded", id="phase_share")
    assert (share["value"], share["low"], share["high"]) == (1.0, 0.5, 1.0)


def test_nothing_is_known_of_phases_where_no_application_has_a_project():
    """The one project is of another year."""
    rows = ledger(
        given(
            pio_applications=[application("A", submitted="2020-02-01", decided="2020-04-01")],
            pio_projects=[project("B")],
        ),
        portfolio_funnel,
    )
    awarded = phase(rows, "awarded", period="2020")
    assert pd.isna(awarded["value"])
    assert (awarded["low"], awarded["high"]) == (0, 1)


def test_a_pending_application_may_still_be_admitted():
    rows = ledger(
        given(
            pio_applications=[
                application("A"),
                application("B", decision="inadmissible"),
                application("C", decision="pending"),
            ],
            pio_projects=[project("A")],
        ),
        portfolio_funnel,
    )
    admitted = phase(rows, "admissible")
    assert (admitted["value"], admitted["low"], admitted["high"]) == (1, 1, 2)
    assert of(rows, "success_rate", group="all")["value"] == 0.5
    assert of(rows, "success_rate", group="all")["unknown"] == 1


def test_what_came_after_the_last_day_had_not_come_then():
    """Decided, and awarded, in the year after the one evaluated."""
    rows = ledger(
        given(
            year=2020,
            pio_applications=[application("A"), application("B", decided="2021-02-01")],
            pio_projects=[
                project("A", tendered="2020-06-01", awarded="2021-03-01"),
                project("B", admissible="2021-02-01"),
            ],
        ),
        portfolio_funnel,
    )
    assert counts(rows, "2019-2020") == [2, 1, 0, 1, 0, 0, 0]
    assert phase(rows, "admissible", period="2019-2020")["unknown"] == 1
    assert phase(rows, "awarded", id="under_way", period="2019-2020")["value"] == 1


def test_an_application_with_two_projects_counts_once_and_stops_with_the_last():
    two = [
        project("A", project="P1", stopped="2020-05-01"),
        project("A", project="P2", awarded="2021-03-01"),
    ]
    rows = ledger(given(pio_applications=[application("A")], pio_projects=two), portfolio_funnel)
    assert counts(rows) == [1, 1, 0, 1, 1, 0, 0]
    assert phase(rows, "finished", id="under_way")["value"] == 1


def test_a_stopped_project_is_no_longer_under_way():
    rows = ledger(
        given(
            pio_applications=[application("A"), application("B")],
            pio_projects=[project("A", stopped="2020-05-01"), project("B")],
        ),
        portfolio_funnel,
    )
    assert phase(rows, "awarded", id="under_way")["value"] == 1


def test_the_call_year_is_that_of_the_deadline():
    rows = ledger(
        given(
            pio_calls=[call("winter", "2020-01-15")],
            pio_applications=[
                application("A", call="winter", submitted="2019-12-20", decided="2020-02-01"),
                application("B", call="not listed", submitted="2021-05-01", decided="2021-06-01"),
            ],
        ),
        portfolio_funnel,
    )
    submitted = rows[(rows["id"] == "portfolio.phase") & (rows["group"] == "phase=submitted")]
    assert dict(zip(submitted["period"], submitted["value"], strict=True)) == {
        "2020-2022": 2,
        "2020": 1,
        "2021": 1,
    }


def test_without_a_list_of_projects_later_phases_have_no_rows():
    rows = ledger(given(pio_applications=[application("A")]), portfolio_funnel)
    phases = rows.loc[rows["id"] == "portfolio.phase", "group"]
    assert set(phases) == {"phase=submitted", "phase=admissible"}


def test_projects_alone_say_nothing_of_what_was_submitted():
    rows = ledger(given(pio_projects=[project("A", awarded="2020-05-01")]), portfolio_funnel)
    phases = set(rows.loc[rows["id"] == "portfolio.phase", "group"])
    assert phases == {f"phase={name}" for name in PHASES[1:]}
    assert "portfolio.success_rate" not in set(rows["id"])


def test_what_was_not_delivered_gives_no_rows():
    assert portfolio.results(given()) == []


def test_a_withdrawn_application_was_not_admitted():
    decisions = ("admitted", "admitted", "withdrawn", "inadmissible")
    asked = [application(str(at), decision=name) for at, name in enumerate(decisions)]
    rows = ledger(given(pio_calls=[call()], pio_applications=asked), portfolio_funnel)
    at = {"group": "pio_call=open-2019", "period": "2019"}
    assert of(rows, "applications", **at)["value"] == 4
    assert of(rows, "admitted", **at)["value"] == 2
    assert of(rows, "success_rate", **at)["value"] == 0.5


@pytest.mark.parametrize(("yes", "n"), [(12, 18), (18, 29), (0, 5), (5, 5)])
def test_the_interval_of_a_success_rate_is_wilsons(yes, n):
    """(p + z2/2n +- z sqrt(p(1-p)/n + z2/4n2))/(1 + z2/n), Wilson 1927."""
    p, z = yes / n, 1.959963984540054
    middle = p + z * z / (2 * n)
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    found = success(flags(yes, n - yes, unknown=3))
    ends = ((middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n))
    assert (found.low, found.high) == pytest.approx(ends, abs=1e-12)
    assert (found.value, found.n, found.unknown) == (p, n, 3)


def test_a_year_without_a_call_is_a_zero_of_a_complete_list():
    calls = [call(), call("thema", "2021-12-15", call_kind="thematic-call")]
    rows = ledger(given(pio_calls=calls), portfolio_funnel)
    held = rows[(rows["id"] == "portfolio.calls") & (rows["group"] == "call_kind=open-call")]
    assert list(held["value"]) == [1, 0, 0, 0]
    assert of(rows, "calls", group="all", period="2021")["value"] == 1


def test_a_comma_in_the_name_of_a_call_does_not_part_a_group():
    rows = ledger(given(pio_applications=[application("A", call="open, 2019")]), portfolio_funnel)
    groups = rows.loc[rows["id"] == "portfolio.applications", "group"]
    assert [group.count(",") for group in groups] == [0]


def test_the_order_of_rows_decides_nothing():
    asked = [application("A"), application("B", decision="inadmissible"), application("C")]
    going = [project("A", awarded="2020-05-01"), project("C", stopped="2020-05-01")]
    first = ledger(given(pio_applications=asked, pio_projects=going), portfolio_funnel)
    again = ledger(given(pio_applications=asked[::-1], pio_projects=going[::-1]), portfolio_funnel)
    pd.testing.assert_frame_equal(first, again)


def test_ten_projects_over_three_themes_make_three_and_a_bit():
    """5, 3 and 2 of one theme: 10 x 9/(5 x 4 + 3 x 2 + 2 x 1) = 90/28."""
    themes = pd.Series(["water"] * 5 + ["energy"] * 3 + ["sport"] * 2 + [None])
    found = effective(themes)["simpson-corrected"]
    assert found.value == pytest.approx(90 / 28)
    assert (found.n, found.unknown) == (10, 1)
    assert effective(themes)["shannon"].value == pytest.approx(2.8001, abs=5e-5)


def test_projects_of_which_no_two_share_a_theme_have_no_corrected_number():
    found = effective(pd.Series(["water", "energy"]))["simpson-corrected"]
    assert found.value is None
    assert found.denominator == "no-two-share-a-kind"


def test_a_theme_that_was_not_filled_in_is_no_theme():
    asked = [application("A", theme="water"), application("B", theme="energy"), application("C")]
    rows = ledger(given(pio_applications=asked), portfolio_mix)
    water = of(rows, "theme_share", group="theme=water")
    ends = (water["value"], water["low"], water["high"])
    assert ends == pytest.approx((1 / 2, 1 / 3, 2 / 3))
    assert of(rows, "theme_share", group="theme=not-stated")["value"] == pytest.approx(1 / 3)


def test_only_admitted_applications_have_a_theme_of_the_portfolio():
    asked = [
        application("A", theme="water"),
        application("B", theme="energy", decision="withdrawn"),
    ]
    rows = ledger(given(pio_applications=asked), portfolio_mix)
    assert of(rows, "theme_share", group="theme=energy")["value"] == 0


def test_a_mix_that_turned_round_is_seen_and_one_that_stayed_is_not():
    """Five of water before 2020, five of energy after: 2 of the 252 deals are so extreme."""

    def p(theme):
        later = {"submitted": "2020-05-01", "decided": "2020-07-01", "call": "later"}
        old = [application(f"old{at}", theme="water") for at in range(5)]
        new = [application(f"new{at}", theme=theme, **later) for at in range(5)]
        rows = ledger(given(pio_applications=old + new), portfolio_mix)
        found = rows[rows["id"] == "portfolio.theme_change_p"]
        assert list(found["group"]) == ["before=2016-2019,after=2020-2022"]
        return found["value"].iloc[0]

    assert p("energy") == pytest.approx(2 / 252, abs=0.004)
    assert p("water") == 1


def test_a_second_priority_counts_and_a_blank_is_not_none():
    asked = [
        application("A", priority="digitalisation", priority_2="circular-economy"),
        application("B", priority="none"),
        application("C"),
    ]
    rows = ledger(given(pio_applications=asked), portfolio_mix)
    circular = of(rows, "priority_share", group="priority=circular-economy")
    ends = (circular["value"], circular["low"], circular["high"], circular["unknown"])
    assert ends == pytest.approx((1 / 2, 1 / 3, 2 / 3, 1))
    assert of(rows, "priority_share", group="priority=none")["value"] == 0.5
    assert of(rows, "priority_share", group="priority=circular-or-energy")["value"] == 0.5


def test_digital_and_other_are_the_whole():
    asked = [application("A", digital=True), application("B", digital=False), application("C")]
    rows = ledger(given(pio_applications=asked), portfolio_mix)
    shares = [of(rows, "solution_share", group=f"solution={name}") for name in ("digital", "other")]
    assert [share["value"] for share in shares] == [0.5, 0.5]
    assert shares[0]["high"] == pytest.approx(1 - shares[1]["low"])


def test_the_ratio_of_kinds_has_the_printed_interval():
    """Methods 2.9: 42 of 1,500 against 9,000 of 180,000 is 0.560 with 0.415 to 0.755."""
    found = representation(flags(42, 1458), 9000, 180_000)
    ends = (found.value, found.low, found.high)
    assert ends == pytest.approx((0.560, 0.415, 0.755), abs=5e-4)


def test_a_kind_without_any_eligible_buyer_has_no_ratio():
    found = representation(flags(2, 2), 0, 100)
    assert (found.value, found.denominator) == (None, "no-such-eligible-buyer")
    assert representation(flags(0, 4), 5, 100).value == 0


def eligible(company, year, kind):
    return {"company_id": company, "year": year, "organisation_type": kind}


def test_a_buyer_is_of_the_kind_that_the_register_of_that_year_gives():
    """An agency that later became a department; shares of the target group are of the last year."""
    register = [
        eligible("1000000001", 2018, "agency"),
        eligible("1000000001", 2021, "department"),
        eligible("1000000002", 2021, "municipality"),
    ]
    rows = ledger(
        given(pio_applications=[application("A")], eligible_buyers=register), portfolio_mix
    )
    shares = {
        name: of(rows, "type_share", group=f"organisation_type={name}")["value"]
        for name in ("agency", "department")
    }
    assert shares == {"agency": 1, "department": 0}
    department = {"group": "organisation_type=department"}
    assert of(rows, "eligible_share", **department)["value"] == 0.5
    assert of(rows, "eligible", period="2021")["value"] == 2
    assert set(rows.loc[rows["id"] == "portfolio.representation_ratio", "grade"]) == {"C"}


def test_a_buyer_in_no_register_is_of_unknown_kind():
    register = [eligible("1000000009", 2020, "agency")]
    rows = ledger(
        given(pio_applications=[application("A")], eligible_buyers=register), portfolio_mix
    )
    agency = of(rows, "type_share", group="organisation_type=agency")
    assert pd.isna(agency["value"])
    assert (agency["low"], agency["high"]) == (0, 1)


def test_a_blank_amount_is_not_a_zero():
    going = [
        project("A", committed_eur=100, paid_eur=40, buyer_eur=50, third_party_eur=10),
        project("B", committed_eur=300, buyer_eur=500),
        project("C"),
    ]
    rows = ledger(given(pio_projects=going), portfolio_money)
    committed = of(rows, "committed")
    assert (committed["value"], committed["n"], committed["unknown"]) == (400, 2, 1)
    assert of(rows, "committed_per_project")["value"] == 200
    leverage = of(rows, "leverage")
    assert (leverage["value"], leverage["n"], leverage["unknown"]) == (0.6, 1, 2)
    assert of(rows, "paid_share")["value"] == 0.4
    assert of(rows, "committed_without", group="without_largest=1")["value"] == 100


def test_amounts_of_which_none_is_known_are_unknown():
    rows = ledger(given(pio_projects=[project("A")]), portfolio_money)
    for name in ("committed", "paid", "leverage", "adopters", "paid_share"):
        assert pd.isna(of(rows, name)["value"])


def test_a_finished_project_has_a_case_by_its_flag_or_by_an_item():
    going = [
        project("A", finished="2021-01-01", public_case=True),
        project("B", finished="2021-01-01", public_case=False),
        project("C", in_use="2021-01-01"),
        project("D", finished="2021-01-01"),
        project("E", public_case=True),
    ]
    item = {"item": "K", "item_kind": "case", "title": "t", "published": "2021-05-01"}
    rows = ledger(
        given(pio_projects=going, knowledge_items=[item | {"project": "P-C"}]), portfolio_money
    )
    share = of(rows, "case_share")
    ends = (share["value"], share["low"], share["high"])
    assert ends == pytest.approx((2 / 3, 2 / 4, 3 / 4))
    assert of(rows, "finished_projects")["value"] == 4


DAYS = st.integers(0, 1500)


@st.composite
def portfolios(draw):
    """Applications with every decision, some with a project whose days follow each other."""
    asked, going = [], []
    decisions = ("admitted", "admitted", "inadmissible", "withdrawn", "pending")
    for at in range(draw(st.integers(1, 7))):
        decision = draw(st.sampled_from(decisions))
        asked.append(application(str(at), decision=decision))
        if decision == "admitted" and draw(st.booleans()):
            reached = draw(st.sets(st.sampled_from(PHASES[2:])))
            later = sorted(draw(st.lists(DAYS, min_size=5, max_size=5)))
            on = [str(pd.Timestamp("2019-10-01") + pd.Timedelta(days=day))[:10] for day in later]
            dated = {name: day for name, day in zip(PHASES[2:], on, strict=True) if name in reached}
            ends = {"finished", "in_use"} & reached
            stop = {} if ends or draw(st.booleans()) else {"stopped": on[-1]}
            going.append(project(str(at), **dated, **stop))
    return asked, going


@settings(max_examples=15, deadline=None)
@over(portfolios())
def test_no_more_reach_a_phase_than_the_one_before(found):
    asked, going = found
    tables = {"pio_applications": asked} | ({"pio_projects": going} if going else {})
    lines = admitted(portfolio_lines.portfolio(given(kept=False, **tables)).lines)
    before = pd.Series(True, index=lines.index)
    for name in STEPS[1:]:
        there = reached(lines, name).fillna(False).astype(bool)
        if name in PHASES[2:]:
            assert not (under_way(lines, name) & there).any()
            assert (reached(lines, name).isna() == ~lines["has_project"]).all()
        if name != "consulted":
            assert not (there & ~before).any()
            before = there
