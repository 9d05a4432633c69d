"""Which buyers a perimeter holds: the list, the legal form, the seat; unknown is no inside."""

import datetime as dt

import pytest
import register as made

from analysis.companies.codes import all_groups, forms, region
from analysis.companies.numbers import enterprise_number
from analysis.companies.perimeters import FOLDER, known_buyers, known_perimeters, perimeters
from analysis.contracts.access import BODIES
from analysis.refusal import ReportError

ALL = ("belgium", "flemish_administration", "flemish_public", "located_in_flanders")
NUMBER, OTHER = "0403201185", "0402206045"  # invented buyers
BRUSSELS, NAMUR, LILLE = (
    {"postcode": "1000"},
    {"postcode": "5000"},
    {"postcode": "59000", "country": "Frankrijk"},
)


def all_decided(*cases: tuple[dict, dict | None], buyers: list[dict] = (), folder=FOLDER) -> list:
    """Lots of several buyers at once: what the lot says, and what the register says of it."""
    engine = made.engine()
    lots = [
        {"notice_id": f"{n:03}", "buyer": f"BE{made.number(n)}"} | lot
        for n, (lot, _) in enumerate(cases)
    ]
    firms = [made.company(made.number(n), **firm) for n, (_, firm) in enumerate(cases) if firm]
    register = made.register(engine, *firms, buyers=buyers)
    return made.rows_of(perimeters(engine, made.lots(engine, *lots), register, folder))


def decided(lot: dict, *firms: dict, buyers: list[dict] = (), folder=FOLDER) -> dict:
    """What one lot's buyer is, and why."""
    engine = made.engine()
    lots = made.lots(engine, {"notice_id": "1", "buyer": f"BE{NUMBER}"} | lot)
    register = made.register(engine, *firms, buyers=buyers)
    [row] = made.rows_of(perimeters(engine, lots, register, folder))
    assert set(row) == {"notice_id", "document", "lot_id"} | {
        name for one in known_perimeters(folder) for name in (one.column, f"{one.column}_reason")
    }
    return row


def flags(row: dict) -> tuple:
    return tuple(row[name] for name in ALL)


def reasons(row: dict) -> tuple:
    return tuple(row[f"{name}_reason"] for name in ALL)


FORMS = [
    ("310", BRUSSELS, (True, True, True, False)),  # a department sits in Brussels
    ("411", {}, (True, False, True, True)),  # the city of Ghent
    ("412", NAMUR, (True, False, False, False)),
    ("411", BRUSSELS, (True, False, False, False)),
    ("416", {}, (True, False, True, True)),
    ("124", {}, (True, None, True, True)),  # an agency, or a local public body
    ("124", BRUSSELS, (True, None, None, False)),  # Flemish, federal or of Brussels
    ("114", NAMUR, (True, False, False, False)),
    ("301", BRUSSELS, (True, False, False, False)),
    ("320", NAMUR, (True, False, False, False)),
    ("017", {}, (True, None, None, True)),  # a hospital, a school, or none of them
    ("160", BRUSSELS, (True, False, False, False)),
    ("030", LILLE, (False, False, False, False)),
]


def test_the_legal_form_and_the_seat_decide_what_they_can():
    held = [({"buyer_nuts": "BE234"}, {"legal_form": f, "address": seat}) for f, seat, _ in FORMS]
    for row, (form, seat, expected) in zip(all_decided(*held), FORMS, strict=True):
        assert flags(row) == expected, (form, seat)
        for flag, reason in zip(flags(row), reasons(row), strict=True):
            assert (flag is None) == (reason == "unknown")


def test_a_flemish_department_in_brussels_is_flemish_but_not_located_in_flanders():
    row = decided({}, made.company(NUMBER, legal_form="310", address=BRUSSELS))
    assert reasons(row) == ("seat", "legal-form", "legal-form", "seat")


def test_the_list_of_buyers_goes_before_form_and_seat():
    listed = [{"company_id": made.number(n), "body": body} for n, body in enumerate(BODIES)]
    town = {"legal_form": "411", "address": BRUSSELS}
    rows = all_decided(*(({}, town) for _ in BODIES), buyers=listed)
    for row, body in zip(rows, BODIES, strict=True):
        inside, flemish = body not in ("eu", "foreign"), body.startswith("flemish")
        assert flags(row) == (inside, body == "flemish-administration", flemish, False), body


def test_an_agency_that_became_local_is_what_it_was_on_the_day():
    until, since = dt.date(2020, 12, 31), dt.date(2021, 1, 1)
    listed = [
        {"company_id": NUMBER, "body": "flemish-administration", "until": until},
        {"company_id": NUMBER, "body": "flemish-local", "since": since},
    ]
    for day, expected in ((until, True), (since, False)):
        row = decided({"date": day}, buyers=listed)
        assert row["flemish_administration"] is expected
        assert row["flemish_public"] is True
    undated = decided({"date": None}, buyers=listed)
    assert undated["flemish_administration"] is None


def test_an_undated_lot_follows_a_buyer_that_was_always_one_thing():
    listed = [{"company_id": NUMBER, "body": "flemish-local", "since": dt.date(2019, 1, 1)}]
    assert decided({"date": None}, buyers=listed)["flemish_public"] is True


SAID = [
    ({"buyer_postcode": "9000"}, True),
    ({"buyer_postcode": "B-9000"}, True),
    ({"buyer_postcode": "1000"}, False),
    ({"buyer_postcode": "4000"}, False),
    ({"buyer_nuts": "BE211"}, True),
    ({"buyer_nuts": "BE100"}, False),
    ({"buyer_nuts": "BE3"}, False),
    ({"buyer_nuts": "BE"}, None),
    ({"buyer_postcode": "9000 AB"}, True),
    ({"buyer_postcode": "junk"}, None),
    ({}, None),
]


def test_the_notice_tells_the_place_of_a_buyer_but_never_its_government():
    unnumbered = {"buyer": None, "buyer_type": "regional"}
    rows = all_decided(*((unnumbered | said, None) for said, _ in SAID))
    for row, (said, located) in zip(rows, SAID, strict=True):
        assert flags(row) == (True, None, None, located), said


def test_a_buyer_abroad_is_outside_everything():
    row = decided({"buyer": "FR12345678", "country": "FR", "buyer_postcode": "59000"})
    assert flags(row) == (False,) * 4
    assert flags(decided({"buyer": None, "country": None})) == (None,) * 4


def test_the_seat_in_the_register_goes_before_the_place_in_the_notice():
    row = decided({"buyer_postcode": "1000"}, made.company(NUMBER, legal_form="017"))
    assert row["located_in_flanders"] is True


@pytest.mark.parametrize("how", [{"buyer_type": "eu-institution"}, {"listed": "eu"}])
def test_an_institution_of_the_eu_in_brussels_is_in_no_perimeter(how):
    listed = [{"company_id": NUMBER, "body": how["listed"]}] if "listed" in how else []
    lot = {"buyer_nuts": "BE100"} | {k: v for k, v in how.items() if k != "listed"}
    row = decided(lot, made.company(NUMBER, legal_form="310"), buyers=listed)
    assert flags(row) == (False,) * 4
    assert set(reasons(row)) == {"eu-institution"}


def test_buyers_that_published_real_notices_are_known_by_number():
    assert all(enterprise_number(b["number"], "BE").digits == b["number"] for b in known_buyers())
    assert len({b["number"] for b in known_buyers()}) == len(known_buyers())
    assert {b["body"] for b in known_buyers()} <= set(BODIES)
    toerisme = decided({"buyer": "BE0225944375"})
    assert flags(toerisme) == (True, True, True, None)
    infrabel = decided({"buyer": "BE0869763267", "buyer_postcode": "1060"})
    assert flags(infrabel) == (True, False, False, False)


def test_the_table_of_buyers_goes_before_our_own_list():
    row = decided(
        {"buyer": "BE0225944375"}, buyers=[{"company_id": "0225944375", "body": "federal"}]
    )
    assert row["flemish_administration"] is False


NEW = """
id: only-{number}
title: {{nl: Eén aankoper, en: One buyer}}
bodies: {{}}
forms: []
seats: {{}}
notice_places: {{}}
overrides:
  - {{number: '{number}', inside: true, reason: tried out, source: invented, since: 2020-01-01}}
"""


def test_a_new_perimeter_is_one_file(tmp_path):
    (tmp_path / "one.yml").write_text(NEW.format(number=NUMBER), encoding="utf-8")
    column = f"only_{NUMBER}"
    row = decided({}, folder=tmp_path)
    assert (row[column], row[f"{column}_reason"]) == (True, "override")
    assert decided({"date": dt.date(2019, 12, 31)}, folder=tmp_path)[column] is None
    assert decided({"buyer": f"BE{OTHER}"}, folder=tmp_path)[column] is None
    assert known_perimeters(tmp_path)[0].title.nl == "Eén aankoper"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bodies: {}", "bodies: {flemish: true}", "no body is called ['flemish']"),
        ("forms: []", "forms: [{groups: [town], inside: true}]", "no group of legal forms"),
        ("seats: {}", "seats: {moon: true}", "moon"),
        ("seats: {}", "", "seats"),
        ("overrides:", "colour: red\noverrides:", "colour"),
        ("reason: tried out, ", "", "reason"),
        ("id: ", "id: [", "parsing"),
    ],
)
def test_a_faulty_file_is_refused_by_name(tmp_path, old, new, said):
    sheet = NEW.format(number=NUMBER)
    assert old in sheet
    (tmp_path / "one.yml").write_text(sheet.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ReportError) as refused:
        known_perimeters(tmp_path)
    assert refused.value.where.endswith("one.yml")
    assert said in refused.value.found


def test_every_legal_form_belongs_to_one_group():
    codes = forms(*all_groups())
    assert len(codes) == len(set(codes))
    assert all(len(code) == 3 and code.isdigit() for code in codes)


@pytest.mark.parametrize(
    ("postcode", "country", "expected"),
    [
        ("1000", "BE", "brussels"),
        ("1299", "BE", "brussels"),
        ("1300", "BE", "wallonia"),
        ("1499", "BE", "wallonia"),
        ("1500", "BE", "flanders"),
        ("3999", "BE", "flanders"),
        ("4000", "BE", "wallonia"),
        ("7999", "BE", "wallonia"),
        ("8000", "BE", "flanders"),
        ("9999", "BE", "flanders"),
        ("0999", "BE", None),
        ("12345", "BE", None),
        (None, "BE", None),
        ("B-9000", "BE", "flanders"),
        ("BE 9000", "BE", "flanders"),
        ("9000 Gent", "BE", "flanders"),
        ("1000", None, None),
        ("1000", "NL", "abroad"),
        (None, "NL", "abroad"),
    ],
)
def test_a_postal_code_tells_the_region_in_belgium_only(postcode, country, expected):
    said = made.engine().execute(f"select {region('$1::text', '$2::text')}", [postcode, country])
    assert said.fetchone()[0] == expected


def test_the_real_sample_of_the_register_agrees_with_the_groups_of_forms():
    """KBO sample: Veneco and SOLVA 416, Farys 417, a public sanatorium 116, a congregation 051."""
    for form, expected in (("416", True), ("417", True), ("116", True), ("051", None)):
        row = decided({}, made.company(NUMBER, legal_form=form, address={"postcode": "9070"}))
        assert row["flemish_public"] is expected
