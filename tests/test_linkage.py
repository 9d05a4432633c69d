"""Stated winners against a small register made by hand: who is linked, and who is left unknown."""

import datetime as dt

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.companies.linkage import link
from analysis.companies.name_index import prepare
from analysis.contracts.access import LINKS
from analysis.contracts.companies import ADDRESSES, COMPANIES, NAMES

DAY = dt.date(2026, 1, 4)


def number(serial: int) -> str:
    """Ten digits with their check, far from the numbers that were given out."""
    first = 19_900_000 + serial
    return f"{first}{97 - first % 97:02d}"


# Serial, legal form, postal code, town, names (a name, or its kind and the name).
FIRMS = [
    (1, "610", "9000", "Gent", ["Bouwwerken Aerts & Zonen", ("commercial", "Aertsbouw")]),
    (2, "014", "9000", "Gent", ["Ceulemans Wegenwerken"]),
    (3, "014", "2000", "Antwerpen", ["Gelijknamig"]),
    (4, "610", "2000", "Antwerpen", ["Gelijknamig"]),
    (5, "610", "3000", "Leuven", ["Gelijknamig"]),
    (6, "014", "1000", "Brussel", ["Tweeling Software"]),
    (7, "014", "1000", "Brussel", ["Tweeling Software"]),
    (8, "014", "9030", "Gent", ["Dupontel Électricité"]),
    (9, "610", "8500", "Kortrijk", ["Vandekerckhove Services"]),
    (10, "014", "8500", "Kortrijk", ["Delvaux Groep"]),
    (11, "014", "8500", "Kortrijk", ["Delvaux Logistiek"]),
    (12, "014", "4000", "Liège", ["Ateliers Fontenelle", ("abbreviation", "AFL")]),
    (13, "702", "2000", "Antwerpen", ["THV Oosterring"]),
    (14, "610", "9000", "Gent", ["Huybrechts Dakwerken"]),
    (15, None, "5000", "Namur", ["Sans Forme Connue"]),
    (16, "014", "9000", "Gent", ["Jansen Bouw"]),
    (17, "014", "9000", "Gent", ["Janson Bouw"]),
]
PERSON = number(90)


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        yield engine


def rows_of(engine, table, rows):
    """A relation of rows that state some columns; the others are missing."""
    return engine.from_arrow(table.arrow([table.Row(**row) for row in rows]))


def register(engine, firms=FIRMS):
    """Relations `companies`, `names` and `addresses` of the firms and of one natural person."""
    common = {"situation": "000", "start_date": DAY, "snapshot_date": DAY}
    companies = [
        {"number": number(n), "is_natural_person": False, "legal_form": form} | common
        for n, form, *_ in firms
    ]
    companies.append({"number": PERSON, "is_natural_person": True, "snapshot_date": DAY})
    addresses = [
        {"number": number(n), "postcode": code, "country": "België"}
        | {"municipality_nl": town, "municipality_fr": town}
        for n, _, code, town, _ in firms
    ]
    names = [
        {"number": number(n), "kind": kind, "name": name}
        for n, *_, said in firms
        for kind, name in (one if isinstance(one, tuple) else ("name", one) for one in said)
    ]
    return {
        "companies": rows_of(engine, COMPANIES, companies),
        "names": rows_of(engine, NAMES, names),
        "addresses": rows_of(engine, ADDRESSES, addresses),
    }


STATED = pa.schema(
    {name: pa.string() for name in ("name", "number", "postcode", "country")}
    | {"is_natural_person": pa.bool_()}
)


def stated(engine, rows):
    columns = list(zip(*rows, strict=True))
    return engine.from_arrow(
        pa.table([pa.array(c, f.type) for c, f in zip(columns, STATED, strict=True)], STATED)
    )


def says(name, postcode=None, *, digits=None, country="BE", person=None):
    return (name, digits, postcode, country, person)


# What is stated -> serial of the company (or None), method, reason.
FACTS = {
    # number
    says("Whatever", "1000", digits=number(2)): (2, "number", "linked"),
    says(None, digits=number(2)): (2, "number", "linked"),
    says("Ceulemans Wegenwerken GmbH", "50667", digits=number(2), country="DE"): (
        2,
        "number",
        "linked",
    ),
    # the number is of a firm of another name: name and place tell, if they tell one firm
    says("Huybrechts Dakwerken", "9000", digits=number(2)): (14, "exact", "linked"),
    says("Huybrechts Dakwerken", digits=number(2)): (None, "none", "ambiguous"),
    says("Gelijknamig", "2000", digits=number(2)): (None, "none", "ambiguous"),
    says("Vandekerkhove Services", "8500", digits=number(2)): (
        2,
        "number",
        "linked",
    ),  # a letter off
    says("Huybrechts Dakwerken BV", "9000", digits=number(70)): (14, "exact", "linked"),
    says("Huybrechts Dakwerken BV", digits=number(70)): (None, "none", "not-in-register"),
    says("Nobody knows", "9000", digits=number(70)): (None, "none", "not-in-register"),
    says("An Persoon", digits=PERSON, person=True): ("person", "number", "linked"),
    # name and place
    says("BOUWWERKEN AERTS EN ZONEN BVBA", "9000"): (1, "exact", "linked"),
    says("Aertsbouw", "B-9000"): (1, "exact", "linked"),
    says("Zonen Aerts Bouwwerken", "9000 Gent"): (1, "tokens", "linked"),
    says("Ceulemans Wegenwerken NV - afdeling Brugge", "9000"): (2, "tokens", "linked"),
    says("Ceulemans Wegenwerken NV Gent", "9000"): (2, "tokens", "linked"),
    says("Ceulemans Wegenwerken Belgium SA", "9000"): (2, "tokens", "linked"),
    says("dupontel electricite s.a.", "9030"): (8, "exact", "linked"),
    says("A.F.L.", "4000"): (12, "exact", "linked"),
    says("Sans Forme Connue SRL", "5000"): (15, "exact", "linked"),
    # nearly the name
    says("Vandekerkhove Services", "8500"): (9, "fuzzy", "linked"),
    says("Ceulemans Wegenwerk", "9000"): (2, "fuzzy", "linked"),
    says("Ceulemans Weg", "9000"): (2, "fuzzy", "linked"),
    says("Vandekerkhove Services", "9000"): (None, "none", "no-candidate"),
    says("Vandekerkhove Services NV", "8500"): (None, "none", "no-candidate"),
    says("Jansin Bouw", "9000"): (None, "none", "ambiguous"),  # Jansen or Janson
    # form and place tell equal names apart
    says("Gelijknamig NV", "2000"): (3, "exact", "linked"),
    says("Gelijknamig BVBA", "2000"): (4, "exact", "linked"),
    says("Gelijknamig", "2000"): (None, "none", "ambiguous"),
    says("Gelijknamig BV"): (None, "none", "ambiguous"),
    says("Gelijknamig NV"): (3, "exact", "linked"),
    says("Gelijknamig VZW", "2000"): (None, "none", "no-candidate"),
    says("Tweeling Software NV", "1000"): (None, "none", "ambiguous"),
    # no place, another place, a place nearby
    says("Ceulemans Wegenwerken"): (2, "exact", "linked"),
    says("Ceulemans Wegenwerken", country=None): (None, "none", "doubtful"),
    says("Ceulemans Wegenwerken", "6700"): (None, "none", "doubtful"),
    says("Dupontel Électricité NV", "9000"): (8, "exact", "linked"),  # Gent, as 9030 is
    # groups, abroad, nobody
    says("Delvaux Group"): (None, "none", "no-candidate"),
    says("Delvaux Groep"): (None, "none", "group-name"),
    says("Delvaux Groep", "8500"): (10, "exact", "linked"),
    says("Delvaux Groep NV"): (10, "exact", "linked"),
    says("Groep Fontenelle", "4000"): (None, "none", "no-candidate"),
    says("Ceulemans Wegenwerken", "1234 AB", country="NL"): (None, "none", "foreign"),
    says("Ceulemans Wegenwerken", "59000", country=None): (None, "none", "foreign"),
    says("Ceulemans Wegenwerken Ltd", country=None): (None, "none", "foreign"),
    says("Iets Heel Anders", "9000"): (None, "none", "no-candidate"),
    says("  ", "9000"): (None, "none", "no-name"),
    says(None, "9000"): (None, "none", "no-name"),
    says("Aertsbouw", "9000", person=True): (None, "none", "no-candidate"),
    says("THV Oosterring", "2000"): (13, "exact", "linked"),
}


@pytest.fixture(scope="module")
def links(engine):
    """Stated name, number, postcode and country -> its links, part by part."""
    found = link(engine, stated(engine, list(FACTS) + PARTNERSHIPS), register(engine))
    told = {}
    for row in found.to_pylist():
        key = (row["name"], row["number"], row["postcode"], row["country"])
        told.setdefault(key, []).append(row)
    return told


def company(serial):
    return PERSON if serial == "person" else serial and number(serial)


@pytest.mark.parametrize(("case", "expected"), FACTS.items(), ids=map(str, FACTS))
def test_a_stated_winner_is_linked_or_left_unknown(links, case, expected):
    (row,) = links[case[:4]] if case[4] is None or case[1] else links[case[:4]][:1]
    serial, method, reason = expected
    if case[4]:
        assert row["part_name"] is None  # a natural person is not named
    assert (row["company_id"], row["method"], row["reason"]) == (company(serial), method, reason)


PARTNERSHIPS = [
    says("THV Ceulemans Wegenwerken NV - Huybrechts Dakwerken", "9000"),
    says("Tijdelijke maatschap Gelijknamig / Dupontel Électricité", "9000"),
    says("SM Ceulemans Wegenwerken & Onbekend", digits=number(2)),
]


def test_a_partnership_is_linked_member_by_member(links):
    one, two, three = (links[case[:4]] for case in PARTNERSHIPS)
    assert [row["company_id"] for row in one] == [number(2), number(14)]
    assert [(row["part"], row["parts"]) for row in one] == [(1, 2), (2, 2)]
    # The place is that of the partnership: a member elsewhere is found if it alone bears the name.
    assert [row["company_id"] for row in two] == [None, number(8)]
    assert [row["reason"] for row in two] == ["ambiguous", "linked"]
    # The number is that of the member whose name fits it, not of every member.
    assert [(row["company_id"], row["method"]) for row in three] == [
        (number(2), "number"),
        (None, "none"),
    ]


def test_what_was_refused_is_named_as_runner_up(links):
    (wrong_place,) = links["Ceulemans Wegenwerken", None, "6700", "BE"]
    assert (wrong_place["runner_up"], wrong_place["runner_up_score"]) == (number(2), 1.0)
    (contradiction,) = links["Huybrechts Dakwerken", number(2), "9000", "BE"]
    assert (contradiction["company_id"], contradiction["runner_up"]) == (number(14), number(2))
    (typo,) = links["Vandekerkhove Services", None, "8500", "BE"]
    assert typo["score"] == pytest.approx(1 - 1 / 22, abs=1e-4)  # one letter of 22 is missing


def test_the_order_of_rows_changes_nothing(engine):
    rows = list(FACTS) + PARTNERSHIPS
    once = link(engine, stated(engine, rows), register(engine))
    turned = register(engine, FIRMS[::-1])
    again = link(engine, stated(engine, rows[::-1] + rows), turned)
    assert once.equals(again)


def test_a_prepared_index_gives_the_same_links(engine):
    firms, rows = register(engine), list(FACTS)[:9]
    index = prepare(engine, firms)
    kept = engine.from_arrow(index.to_arrow_table())
    assert link(engine, stated(engine, rows), firms, index=kept).equals(
        link(engine, stated(engine, rows), firms)
    )


def test_nothing_stated_gives_no_links(engine):
    nothing = engine.from_arrow(STATED.empty_table())
    assert link(engine, nothing, register(engine)).equals(LINKS.schema.empty_table())


def test_without_a_register_nobody_is_linked(engine):
    empty = register(engine, [])
    found = link(engine, stated(engine, list(FACTS)), empty).to_pylist()
    assert {row["company_id"] for row in found} <= {None, PERSON}


STRANGER = st.tuples(
    st.sampled_from(["014", "610", "017", None]),
    st.sampled_from(["1000", "9000", "9030", "8500", "6700"]),
    st.sampled_from(
        ["Gelijknamig", "Ceulemans", "Aertsbouw", "Ceulemans Wegenwerken", "Volstrekt"]
    ),
)


ORDINARY = [case for case in FACTS if case[1] is None]


@pytest.fixture(scope="module")
def ordinary_links(engine):
    found = link(engine, stated(engine, ORDINARY), register(engine))
    return found.column("company_id").to_pylist()


@settings(max_examples=3, deadline=None)
@given(st.lists(STRANGER, min_size=2, max_size=4))
def test_more_firms_never_move_a_link_between_others(engine, ordinary_links, strangers):
    """A further firm may make a name ambiguous or win it; of the others nobody gains."""
    more = [(50 + n, *place, "Elders", [name]) for n, (*place, name) in enumerate(strangers)]
    after = link(engine, stated(engine, ORDINARY), register(engine, FIRMS + more))
    new = {number(50 + n) for n in range(len(strangers))}
    for was, now in zip(ordinary_links, after.column("company_id").to_pylist(), strict=True):
        assert now in {was, None} | new
