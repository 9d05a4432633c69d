"""Winners and tenderers member by member: weights, partnerships, origin, class, who is new."""

import datetime as dt

import pytest
import register as made
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analysis import contracts
from analysis.companies.births import births
from analysis.companies.members import members
from analysis.companies.tenderers import bidders, tenderers

A, B, C, V = "0403201185", "0402206045", "0400000086", "0400000185"
FIRMS = {
    A: made.company(A, "Alfa", start_date=dt.date(2000, 1, 1)),
    B: made.company(B, "Beta", start_date=dt.date(2021, 1, 1), address={"postcode": "1000"}),
    C: made.company(C, "Gamma", address={"postcode": "59000", "country": "Frankrijk"}),
    V: made.company(V, "THV Alfa - Beta", legal_form="702", start_date=dt.date(2023, 1, 1)),
}


def won(*rows: dict, parts: list[dict] = (), lots: list[dict] = (), firms: dict = FIRMS) -> list:
    """MEMBERS of winners; `number` or `name` says who, and a number is linked to its company."""
    engine = made.engine()
    rows = [{"notice_id": "1"} | row for row in rows]
    stated = {n: {"notice_id": n} for n in [r["notice_id"] for r in rows]}
    stated |= {lot["notice_id"]: lot for lot in lots}
    linked = {
        (row.get("number"), row.get("postcode"), row.get("country", "BE")): {
            "number": row["number"],
            "company_id": row["number"],
            "postcode": row.get("postcode"),
            "country": row.get("country", "BE"),
        }
        for row in rows
        if row.get("number") and not row.get("name")
    }
    table = made.links(engine, *linked.values(), *parts)
    register = made.register(engine, *firms.values())
    judged = births(engine, table, register)
    found = members(
        engine,
        made.lots(engine, *stated.values()),
        made.winners(engine, *rows),
        table,
        register,
        judged,
    )
    return made.rows_of(found)


def joint(*rows: dict) -> list[dict]:
    weight = 1 / len(rows)
    return [{"winner": n, "lot_weight": weight} | row for n, row in enumerate(rows, start=1)]


def of(rows: list[dict], *columns: str) -> list[tuple]:
    return [tuple(row[column] for column in columns) for row in rows]


def test_a_winner_that_is_no_partnership_has_one_member():
    [row] = won({"number": A, "value_share": 1.0})
    assert (row["company_id"], row["member"], row["weight"], row["value_share"]) == (A, 1, 1.0, 1.0)
    assert (row["method"], row["on_date"], row["is_vehicle"]) == ("number", made.DAY, False)


def test_a_winner_that_nobody_linked_stays_in_with_all_that_is_unknown():
    [row] = won({"name": "Nobody"})
    assert (row["company_id"], row["method"], row["weight"]) == (None, "none", 1.0)
    assert (row["is_vehicle"], row["is_false_birth"], row["is_new_winner"]) == (None,) * 3
    assert (row["origin"], row["firm_class"]) == ("unknown", "unknown")


THV = "THV Alfa - Beta - Zeta"
PARTS = [
    {"name": THV, "part": 1, "parts": 3, "company_id": A, "method": "exact"},
    {"name": THV, "part": 2, "parts": 3, "company_id": B, "method": "fuzzy"},
    {"name": THV, "part": 3, "parts": 3},
]


def test_a_partnership_is_its_members_in_equal_parts():
    rows = won({"name": THV, "value_share": 0.75}, parts=PARTS)
    assert of(rows, "member", "company_id", "method") == [
        (1, A, "exact"),
        (2, B, "fuzzy"),
        (3, None, "none"),
    ]
    assert of(rows, "weight", "value_share") == [(1 / 3, 0.25)] * 3
    assert of(rows, "is_vehicle") == [(False,), (False,), (None,)]


def test_the_number_of_a_partnership_is_never_a_firm():
    [row] = won({"number": V})
    assert (row["company_id"], row["method"], row["is_vehicle"]) == (None, "none", True)
    assert (row["firm_class"], row["weight"], row["is_false_birth"]) == ("unknown", 1.0, None)


def test_a_partnership_without_a_number_and_without_named_members_is_one_too():
    assert of(won({"name": "Tijdelijke maatschap Ring"}), "is_vehicle") == [(True,)]


def test_a_partnership_is_dropped_where_its_members_stand_beside_it_in_one_contract():
    rows = won(*joint({"number": V}, {"number": A}, {"number": B}))
    assert of(rows, "company_id", "weight") == [(A, 0.5), (B, 0.5)]


def test_but_stays_where_the_other_winners_have_contracts_of_their_own():
    lots = [{"notice_id": "1", "awards": 2}]
    rows = won(*joint({"number": V}, {"number": A}), lots=lots)
    assert of(rows, "company_id", "weight") == [(None, 0.5), (A, 0.5)]


def test_the_value_of_a_dropped_partnership_goes_to_its_members():
    half = {"value_share": 0.5}
    [row] = won(*joint({"number": V} | half, {"number": A} | half))
    assert (row["company_id"], row["weight"], row["value_share"]) == (A, 1.0, 1.0)


def test_a_company_for_one_project_stays_a_company_and_is_marked():
    project = made.company(A, "Ring DBFM", legal_form="014", start_date=dt.date(2023, 1, 1))
    [row] = won({"number": A}, firms={A: project})
    assert (row["company_id"], row["is_vehicle"], row["firm_class"]) == (A, True, "unknown")


ORIGINS = [
    ({"number": A}, "flanders"),
    ({"number": B}, "brussels"),
    ({"number": C}, "abroad"),
    ({"number": B, "postcode": "9000"}, "brussels"),  # the seat goes before the notice
    ({"name": "x", "postcode": "9000"}, "flanders"),
    ({"name": "x", "postcode": "4000"}, "wallonia"),
    ({"name": "x", "country": "NL", "postcode": "1000 AB"}, "abroad"),
    ({"name": "x", "country": None, "postcode": "9000"}, "unknown"),
    ({"name": "x", "country": None, "number": A, "postcode": "9000"}, "flanders"),
]


def test_origin_is_the_seat_else_what_the_notice_says():
    rows = won(*({"notice_id": f"{n:02}"} | row for n, (row, _) in enumerate(ORIGINS)))
    assert of(rows, "origin") == [(origin,) for _, origin in ORIGINS]


SOLD = dict.fromkeys((2020, 2021, 2022, 2023), (30, 1000000, 900000))
GROWN = {2020: (10, 1_000_000, 1_000_000), 2023: (20, 1_000_000, 1_000_000)}  # by 26% a year
HUGE = {2023: (300, 60_000_000, 60_000_000)}
YOUNG = {"start_date": dt.date(2020, 1, 1)}


KINDS = [
    (YOUNG, {}, "start-up"),
    (YOUNG | {"sizes": HUGE}, {}, "mature"),
    (YOUNG | {"start_date": None}, {}, "unknown"),
    (YOUNG | {"legal_form": "416"}, {}, "public"),
    ({"is_natural_person": True}, {}, "person"),
    ({"start_date": dt.date(2000, 1, 1), "sizes": GROWN}, {}, "scale-up"),
    ({"start_date": dt.date(2000, 1, 1), "sizes": SOLD}, {}, "other-sme"),
    ({"start_date": dt.date(2000, 1, 1), "sizes": HUGE}, {}, "mature"),
    ({"start_date": dt.date(2000, 1, 1)}, {}, "unknown"),  # neither age nor size tells
    ({"start_date": dt.date(2000, 1, 1)}, {"size": "sme"}, "other-sme"),
    ({"start_date": dt.date(2000, 1, 1)}, {"size": "large"}, "mature"),
    (YOUNG | {"start_date": None}, {"size": "sme"}, "unknown"),
]


def test_the_class_of_a_firm():
    firms = {
        made.number(n): made.company(
            made.number(n), f"Firm {n}", **stated, address={"house_number": str(n)}
        )
        for n, (stated, _, _) in enumerate(KINDS)
    }
    rows = won(
        *(
            {"notice_id": f"{n:02}", "number": made.number(n)} | row
            for n, (_, row, _) in enumerate(KINDS)
        ),
        firms=firms,
    )
    assert of(rows, "firm_class") == [(kind,) for _, _, kind in KINDS]


def test_a_winner_published_as_a_person_is_one_though_nobody_linked_it():
    assert of(won({"name": "x", "is_natural_person": True}), "firm_class") == [("person",)]


def lot(notice_id: str, day: dt.date, published: dt.date | None = None) -> dict:
    return {"notice_id": notice_id, "date": day, "publication_date": published or day}


def test_who_won_nothing_in_36_months_is_new_where_the_data_reach_that_far():
    days = ["2016-01-01", "2018-06-01", "2021-05-31", "2024-05-31", "2024-06-01"]
    lots = [lot(day, dt.date.fromisoformat(day)) for day in days]
    rows = won(*({"notice_id": day, "number": A} for day in days), lots=lots)
    new = {row["notice_id"]: row["is_new_winner"] for row in rows}
    assert list(new.values()) == [None, False, False, False, False]
    rows = won(*({"notice_id": day, "number": A} for day in (days[0], days[2])), lots=lots)
    assert [row["is_new_winner"] for row in rows] == [None, True]
    day = dt.date(2024, 1, 1)
    two = [lot("a", dt.date(2020, 12, 31), dt.date(2021, 1, 1)), lot("b", day)]
    rows = won({"notice_id": "a", "number": B}, {"notice_id": "b", "number": A}, lots=two)
    assert [row["is_new_winner"] for row in rows] == [None, True]  # reach exactly 36 months


def test_wins_on_one_day_do_not_make_each_other_old():
    lots = [lot("0", dt.date(2010, 1, 1)), lot("a", made.DAY), lot("b", made.DAY)]
    rows = won({"notice_id": "a", "number": A}, {"notice_id": "b", "number": A}, lots=lots)
    assert of(rows, "is_new_winner") == [(True,), (True,)]


WHO = st.sampled_from([{"number": A}, {"number": B}, {"number": V}, {"name": THV}, {"name": "x"}])


LOT = st.tuples(st.lists(WHO, min_size=1, max_size=6, unique_by=str), st.integers(1, 2))


@settings(max_examples=2, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(LOT, min_size=10, max_size=20))
def test_weights_and_value_shares_of_a_lot_add_up_to_one(held):
    winners = [
        row | {"notice_id": f"{n:02}", "value_share": 1 / len(who)}
        for n, (who, _) in enumerate(held)
        for row in joint(*who)
    ]
    awards = [{"notice_id": f"{n:02}", "awards": awards} for n, (_, awards) in enumerate(held)]
    rows = won(*winners, parts=PARTS, lots=awards)
    assert all(row["company_id"] != V for row in rows)
    for n in range(len(held)):
        of_lot = [row for row in rows if row["notice_id"] == f"{n:02}"]
        assert abs(sum(row["weight"] for row in of_lot) - 1) < 1e-9
        assert abs(sum(row["value_share"] for row in of_lot) - 1) < 1e-9


# Losing tenders


def bid(tender: str, organisation: str, *, won: bool = False, **stated) -> dict:
    return {"tender_id": tender, "organisation_id": organisation, "won": won} | stated


def competed(*bids: dict, received: int | None = 2, parts: list[dict] = ()) -> list[dict]:
    """TENDERERS of one lot; the organisation id is the enterprise number."""
    engine = made.engine()
    key = {"notice_id": "1", "document": "sha", "lot_id": "1"}
    rows = [
        contracts.BIDS.Row(**key, members=1, award_id="1" if one["won"] else None, **one)
        for one in bids
    ]
    organisations = [
        contracts.ORGANISATIONS.Row(
            notice_id="1",
            document="sha",
            organisation_id=one,
            is_buyer=False,
            is_tenderer=True,
            identifier=one,
            name=one,
            country="BE",
        )
        for one in {one["organisation_id"] for one in bids}
    ]
    named = bidders(
        engine,
        made.lots(engine, {"notice_id": "1", "bids": received}),
        engine.from_arrow(contracts.BIDS.arrow(rows)),
        engine.from_arrow(contracts.ORGANISATIONS.arrow(organisations)),
    )
    numbers = [row["number"] for row in made.rows_of(named)]
    linked = [{"name": n, "number": n, "company_id": n} for n in sorted({*numbers} - {None})]
    table = made.links(engine, *linked, *parts)
    register = made.register(engine, *FIRMS.values())
    return made.rows_of(tenderers(engine, named, table, births(engine, table, register)))


def test_a_lot_of_which_every_tender_is_known_has_its_losers_too():
    rows = competed(bid("T1", A, won=True), bid("T2", B))
    assert of(rows, "tender_id", "company_id", "won", "weight") == [
        ("T1", A, True, 1.0),
        ("T2", B, False, 1.0),
    ]
    assert of(rows, "on_date") == [(made.DAY,), (made.DAY,)]


@pytest.mark.parametrize("received", [3, None])
def test_a_lot_of_which_a_tender_is_missing_is_left_out(received):
    assert competed(bid("T1", A, won=True), bid("T2", B), received=received) == []


def test_a_lot_without_a_losing_tender_is_left_out():
    assert competed(bid("T1", A, won=True), received=1) == []
    assert competed(bid("T1", A, won=True), bid("T2", B, won=True)) == []


def test_a_joint_tender_counts_once_and_drops_its_partnership():
    group = [bid("T1", firm, won=True) for firm in (A, B, V)]
    rows = competed(*group, bid("T2", C))
    assert of(rows, "tender_id", "member", "company_id", "weight") == [
        ("T1", 1, B, 0.5),  # in the order of the organisations' ids
        ("T1", 2, A, 0.5),
        ("T2", 1, C, 1.0),
    ]


def test_a_tenderer_that_nobody_linked_is_not_known_but_counts():
    rows = competed(bid("T1", A, won=True), bid("T2", "Nobody"))
    assert of(rows, "company_id", "weight") == [(A, 1.0), (None, 1.0)]
