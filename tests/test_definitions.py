"""Definitions as dated data: what a file promises, and that one file is enough for a new one."""

import shutil
from datetime import timedelta
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis.companies.definitions import FOLDER, Definition, definitions
from analysis.companies.startups import classify
from analysis.refusal import ReportError

ALL = definitions()
ASSIGNED = [  # a definition of your own comes beside these
    *(f"younger-than-{n}" for n in range(1, 16)),
    "digiwhist-new-company",
    "eu-medium",
    "eu-micro",
    "eu-small",
    "gber-22",
    "oecd-high-growth",
    "startup-10",
    "startup-10-independent",
    "startup-5",
    "startup-5-independent",
    "tax-shelter-scale-up",
    "tax-shelter-startup",
    "vlaio-innovative-starter-2021",
    "vlaio-innovative-starter-2022",
    "wvv-micro",
    "wvv-small",
    "young-innovative-company",
]
STEPS = {"years": 1, "days": 1, "FTE": 0.1, "EUR": 1, "share": 0.001, "date": timedelta(days=1)}
NEW = """
id: tiny
title: {nl: Heel klein, en: Tiny}
sources: [{name: invented for a test, certainty: D, verified: true}]
criteria: [employs, younger]
values:
  min_employees: {unit: FTE, verified: true, since: {2020-01-01: 2, 2022-01-01: 3}}
  max_age_years: {unit: years, verified: true, since: {always: 7}}
examples:
  - {why: not known, firm: {start_date: null}, answer: null}
"""


def answers(definition: Definition) -> list[tuple[str, bool | None]]:
    firms = [{"start_date": None} | example.firm for example in definition.examples]
    told = classify(pd.DataFrame(firms, columns=sorted({c for f in firms for c in f})), definition)
    known = told.astype(object).where(told.notna(), None)
    return list(zip([e.why for e in definition.examples], known, strict=True))


@pytest.mark.parametrize("definition", ALL.values(), ids=ALL)
def test_every_example_firm_gets_its_answer(definition):
    assert answers(definition) == [(e.why, e.answer) for e in definition.examples]


@pytest.mark.parametrize("definition", ALL.values(), ids=ALL)
def test_a_definition_shows_a_yes_a_no_and_one_that_cannot_be_told(definition):
    assert {example.answer for example in definition.examples} == {True, False, None}


def own_limits():
    """Every limit that a file states itself, moved by the least step; of the curve, five years."""
    for path in sorted(FOLDER.glob("*.yml")):
        sheet = yaml.safe_load(path.read_text(encoding="utf-8"))
        key = sheet["id"].replace("{n}", "5")
        for name in sheet.get("values", {}):
            for day, sign in product(ALL[key].values[name].since, (1, -1)):
                yield pytest.param(key, name, day, sign, id=f"{key} {name} {day} {sign:+}")


@pytest.mark.parametrize(("key", "name", "day", "sign"), list(own_limits()))
def test_an_example_firm_stands_on_either_side_of_every_limit(key, name, day, sign):
    value = ALL[key].values[name]
    moved = value.since | {day: value.since[day] + sign * STEPS[value.unit]}
    values = ALL[key].values | {name: value.model_copy(update={"since": moved})}
    stated = [(example.why, example.answer) for example in ALL[key].examples]
    assert answers(ALL[key].model_copy(update={"values": values})) != stated


def test_the_grid_holds_every_definition_of_the_assignment():
    assert [id for id in ALL if id in ASSIGNED] == ASSIGNED


def test_what_nobody_read_is_not_called_verified():
    """domain.md 3 marks these: from general knowledge, text not read, or first day illustrated."""
    sources = {key: [s.name for s in ALL[key].sources if not s.verified] for key in ASSIGNED}
    assert [key for key, names in sources.items() if names] == [
        "digiwhist-new-company",
        "gber-22",
        "tax-shelter-scale-up",
        "wvv-micro",
    ]
    assert not ALL["gber-22"].values["max_age_years"].verified
    assert not ALL["digiwhist-new-company"].values["max_age_days"].verified
    assert not any(value.verified for value in ALL["wvv-small"].values.values())


def test_what_no_source_decides_is_said_and_is_asked():
    undecided = {"is_listed", "paid_out_profit", "from_merger"}
    assert undecided < ALL["tax-shelter-startup"].undecided.keys()
    assert undecided < ALL["tax-shelter-startup"].must_be.keys()
    assert "rd_share" in ALL["young-innovative-company"].undecided


def test_the_headline_asks_no_owner_and_its_companion_does():
    assert {"is_false_birth", "is_vehicle", "is_public", "is_large"} == set(
        ALL["startup-5"].must_be
    )
    for years in (5, 10):
        headline, independent = ALL[f"startup-{years}"], ALL[f"startup-{years}-independent"]
        assert headline.values["max_age_years"].since == {"always": years}
        assert independent.values == headline.values
        assert independent.must_be == headline.must_be | {"is_independent": True}
        assert list(independent.undecided) == ["is_independent"]
        assert not headline.undecided


def test_a_value_is_the_one_in_force_on_the_day():
    days = pd.Series(pd.to_datetime(["2015-12-31", "2016-01-01", "2023-12-31", "2024-01-01", None]))
    found = ALL["wvv-small"].values["max_turnover_eur"].on(days)
    assert found.isna().tolist() == [True, False, False, False, True]
    assert found.dropna().tolist() == [9_000_000, 9_000_000, 11_250_000]


def test_a_new_definition_is_one_file(tmp_path):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "tiny.yml").write_text(NEW, encoding="utf-8")
    found = definitions(tmp_path)
    assert found.keys() - ALL.keys() == {"tiny"}
    firms = pd.DataFrame(
        {
            "start_date": pd.to_datetime(["2019-05-01"] * 3),
            "on_date": pd.to_datetime(["2021-12-31", "2022-01-01", "2019-12-31"]),
            "employees_fte": [2, 2, 2],
            "is_natural_person": False,
        }
    )
    told = classify(firms, found["tiny"])
    assert told.name == "tiny"
    assert told.fillna(True).tolist() == [True, False, True]
    assert told.isna().tolist() == [False, False, True]  # no limit is known for 2019


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[employs, younger]", "[employs, tall]", "no criterion is called ['tall']"),
        ("[employs, younger]", "[employs]", "the criteria take the values ['min_employees']"),
        ("max_age_years", "max_age", "the criteria take the values"),
        ("{start_date: null}", "{begin: null}", "no column is called ['begin']"),
        ("{always: 7}", "{always: 7, 2020-01-01: 8}", "no room for another day"),
        ("unit: years", "unit: year", "unit"),
        ("{always: 7}", "{always: 2020-01-01}", "a value is a day where"),
        ("verified: true, since: {always", "since: {always", "verified"),
        ("nl: Heel klein, ", "", "title.nl"),
        ("id: tiny", "id: tiny\nbased_on: nothing", "nothing"),
        ("id: tiny", "id: tiny\nbased_on: tiny", "based_on"),
        ("id: tiny", "id: eu-small", "another file has the id"),
        ("id: tiny", "", "id"),
        ("id: tiny", "id: Tiny firm", "the id Tiny firm"),
        ("id: tiny", "id: younger-than-seven", "goes before a number"),
        (NEW, "a sentence", "no keys"),
        ("criteria: [employs, younger]", "criteria: employs", "criteria"),
        ("id: tiny", "id: [", "parsing"),
        ("id: tiny", "id: tiny\ncolour: red", "colour"),
    ],
)
def test_a_faulty_file_is_refused_by_name(tmp_path, old, new, said):
    assert old in NEW
    shutil.copy(FOLDER / "eu_small.yml", tmp_path)
    (tmp_path / "tiny.yml").write_text(NEW.replace(old, new), encoding="utf-8")
    with pytest.raises(ReportError) as refused:
        definitions(tmp_path)
    assert refused.value.where.endswith("tiny.yml")
    assert said in refused.value.found


def test_the_definition_that_contributing_shows_is_one_file_and_all_it_takes(tmp_path):
    told = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    sheet = told.split("```yaml\n")[1].split("```")[0]
    folder = tmp_path / "definitions"
    shutil.copytree(FOLDER, folder)
    (folder / "small_and_below_three.yml").write_text(sheet, encoding="utf-8")
    known = definitions(folder)
    new = known["small-and-below-three"]
    assert [*known].count(new.id) == 1
    assert known.keys() == ALL.keys() | {new.id}
    assert new.title.nl == "Kleine onderneming jonger dan drie jaar"
    assert answers(new) == [(e.why, e.answer) for e in new.examples]
    assert [e.answer for e in new.examples] == [True, False, None]
