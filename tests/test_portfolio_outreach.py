"""Knowledge, events, first-time buyers and Europe: who was reached, and who came later."""

import pandas as pd
import pytest
from ledger_rows import only
from portfolio_given import application, given, ledger, project

from analysis.indicators import portfolio_events, portfolio_outreach
from analysis.indicators.portfolio_events import conversion
from analysis.indicators.portfolio_lines import portfolio

A, B, C, D, E, F = (f"100000000{at}" for at in range(1, 7))


class NoLines:
    """`portfolio_outreach` as a theme that also takes the lines."""

    @staticmethod
    def rows(found, _):
        return portfolio_outreach.rows(found)


def outreach(**tables):
    return ledger(given(**tables), NoLines)


def value(rows, id, **cells):
    return only(rows, id=f"portfolio.{id}", **cells)["value"]


def register(*companies, year=2022, kind="municipality"):
    return [
        {"company_id": company, "year": year, "organisation_type": kind} for company in companies
    ]


def use(item, company, day):
    return {"item": item, "company_id": company, "first_used": day}


def asked(request, day, answered=None):
    return {"request": request, "asked": day, "answered": answered}


def event(name, day):
    return {"event": name, "event_kind": "workshop", "title": "t", "on_date": day}


def at(name, company):
    return {"event": name, "company_id": company}


def part(
    project_, company, role="partner", euros=None, programme="horizon-2020", starts="2020-01-01"
):
    return {
        "eu_project": project_,
        "company_id": company,
        "eu_programme": programme,
        "eu_action": "pcp",
        "eu_role": role,
        "starts": starts,
        "contribution_eur": euros,
    }


def test_an_organisation_that_uses_two_items_counts_once():
    rows = outreach(
        knowledge_use=[
            use("K1", A, "2020-01-01"),
            use("K2", A, "2020-05-01"),
            use("K1", F, "2021-01-01"),
        ],
        eligible_buyers=register(A, B, C, D) + register(E, year=2020),
    )
    assert value(rows, "knowledge_users", period="2020-2022") == 2
    assert value(rows, "knowledge_users", period="2020") == 1
    assert value(rows, "knowledge_users", period="2022") == 0
    reach = only(rows, id="portfolio.knowledge_reach")
    assert (reach["value"], reach["n"]) == (0.25, 4)  # F may not apply, E is no longer in the list


def test_items_are_told_by_kind():
    items = [
        {"item": name, "item_kind": kind, "title": "t", "published": "2021-01-01"}
        for name, kind in (("1", "case"), ("2", "case"), ("3", "guide"))
    ]
    rows = outreach(knowledge_items=items)
    assert value(rows, "knowledge_items", group="item_kind=case", period="2021-2022") == 2
    assert value(rows, "knowledge_items", group="item_kind=tool", period="2021-2022") == 0


def test_an_open_question_makes_the_answer_later_and_not_sooner():
    """Answered after 1, 2 and 5 days, and three still open on the last day: S is 1/2 at day 5."""
    requests = [
        asked("1", "2022-01-01", "2022-01-02"),
        asked("2", "2022-01-01", "2022-01-03"),
        asked("3", "2022-01-01", "2022-01-06"),
        *(asked(name, "2022-02-01") for name in "456"),
    ]
    rows = outreach(helpdesk=requests)
    assert value(rows, "helpdesk_days", period="2022") == 5
    assert value(rows, "helpdesk_requests", period="2022") == 6


def test_an_answer_of_the_next_year_had_not_come():
    rows = outreach(helpdesk=[asked("1", "2022-12-30", "2023-01-05")])
    assert pd.isna(value(rows, "helpdesk_days", period="2022"))


def test_participations_their_euros_and_their_roles():
    rows = outreach(
        eu_participations=[
            part("1", A, "coordinator", 100),
            part("1", B, "lead-procurer", 50),
            part("2", A, programme="interreg", starts="2021-01-01"),
            part("3", F, euros=7),
        ],
        eligible_buyers=register(A, B, C, D, E),
    )
    whole = {"period": "2020-2022", "group": "all"}
    assert value(rows, "eu_participations", **whole) == 4
    assert value(rows, "eu_organisations", **whole) == 3
    euros = only(rows, id="portfolio.eu_contribution", **whole)
    assert (euros["value"], euros["n"], euros["unknown"]) == (157, 3, 1)
    assert value(rows, "eu_role_share", group="eu_role=coordinator") == 0.25
    # three participations of organisations that may apply, five of which there are
    assert value(rows, "eu_per_100") == 60
    interreg = {"period": "2020-2022", "group": "eu_programme=interreg"}
    assert pd.isna(value(rows, "eu_contribution", **interreg))


def test_without_a_register_nothing_is_said_of_its_share():
    rows = outreach(eu_participations=[part("1", A)], knowledge_use=[use("K1", A, "2020-01-01")])
    assert {"portfolio.eu_per_100", "portfolio.knowledge_reach"}.isdisjoint(rows["id"])


def test_an_organisation_at_two_events_counts_once():
    tables = {
        "events": [event("e1", "2020-01-10"), event("e2", "2020-05-10")],
        "event_attendance": [at("e1", A), at("e2", A), at("e2", B)],
    }
    rows = ledger(given(**tables), portfolio_events)
    assert value(rows, "event_organisations", period="2020-2022") == 2
    assert value(rows, "events", period="2020", group="all") == 2


def test_a_buyer_is_new_only_once():
    going = [
        project("1", buyer=A, admissible="2020-01-01"),
        project("2", buyer=A, admissible="2021-01-01"),
        project("3", buyer=B, admissible="2021-02-01"),
        project("4", buyer=B, admissible="2021-03-01"),
    ]
    rows = ledger(given(pio_projects=going), portfolio_events)
    assert value(rows, "first_time_buyers", period="2020") == 1
    assert value(rows, "first_time_buyers", period="2021") == 1
    share = only(rows, id="portfolio.first_time_share", period="2021")
    assert (share["value"], share["n"]) == (0.5, 2)


def won(name, buyer, day):
    return application(name, buyer=buyer, submitted="2017-06-01", decided=day)


@pytest.fixture(scope="module")
def attended():
    """A and B attend on 10 January 2018 and E on 1 May 2019, all municipalities, as are C and D.

    F, the only agency, attends with A. A has its first project within two years, C has one in June
    2019. Beside A and B stand C, D and E, of which C converts; beside E only C and D.
    """
    return given(
        events=[event("e1", "2018-01-10"), event("e2", "2019-05-01")],
        event_attendance=[at("e1", A), at("e1", B), at("e1", F), at("e2", E), at("e2", A)],
        pio_applications=[won("1", A, "2019-01-01"), won("2", C, "2019-06-01")],
        eligible_buyers=register(A, B, C, D, E) + register(F, kind="agency"),
    )


def test_attenders_are_set_beside_others_of_their_kind_that_had_not_attended(attended):
    found = conversion(attended, portfolio(attended))
    assert (found.followed, found.converted, found.matched) == (4, 1, 3)
    assert found.others == pytest.approx((1 / 3 + 1 / 3 + 1 / 2) / 3)


def test_the_comparison_is_graded_as_one(attended):
    rows = ledger(attended, portfolio_events)
    both = rows[rows["id"] == "portfolio.conversion"]
    assert list(both["value"]) == pytest.approx([0.25, 7 / 18])
    assert set(both["grade"]) == {"C"}
    others = only(rows, id="portfolio.conversion", group="who=not-yet-attended")
    assert (others["n"], others["unknown"]) == (3, 1)


def test_who_was_not_followed_for_two_years_is_left_out(attended):
    early = attended._replace(year=2020)
    found = conversion(early, portfolio(early))
    assert found.followed == 3  # E attended in May 2019


def test_a_buyer_with_an_earlier_project_cannot_become_a_first_time_buyer(attended):
    asked_ = [won("1", A, "2018-01-05")]
    tables = attended.tables | {
        "pio_applications": given(pio_applications=asked_).tables["pio_applications"]
    }
    before = attended._replace(tables=tables)
    assert conversion(before, portfolio(before)).followed == 3


def test_nobody_eligible_attended():
    found = given(
        events=[event("e1", "2018-01-10")],
        event_attendance=[at("e1", A)],
        pio_applications=[won("1", A, "2019-01-01")],
        eligible_buyers=register(B),
    )
    rows = ledger(found, portfolio_events)
    assert rows.loc[rows["id"] == "portfolio.conversion", "value"].isna().all()
