"""Chapter 40 on much, on little, and on published figures only; every row has its words."""

import re
from functools import cache

import pandas as pd
import pytest
from ledger_rows import published
from portfolio_given import application, call, given, ledger, project
from run_chapter import shown, words

from analysis import results
from analysis.contracts.intake.pio import PHASES, PRIORITIES, THEMES
from analysis.contracts.intake.startups import ORGANISATION_TYPES
from analysis.indicators import programme
from analysis.present import drawing, labels
from analysis.present.language import LANGUAGES, catalogue

BUYERS = [f"100000000{at}" for at in range(1, 7)]
NBSP = "\u00a0"
# Codes that are names or periods, and need no word.
NAMES = ("pio_call", "before", "after", "call")


def several(kind="simulated"):
    """Twelve applications of four years; two await a decision, and one has no project."""
    asked, going, themes = [], [], ("digital", "water", "energy")
    for at in range(12):
        year, decision = 2018 + at // 3, "pending" if at > 9 else "admitted"
        one = {"submitted": f"{year}-05-01", "call": f"open-{year}", "buyer": BUYERS[at % 6]}
        asked.append(
            application(
                str(at),
                decision=decision,
                decided=None if at > 9 else f"{year}-09-01",
                theme=themes[at % 3] if at else None,
                digital=at % 2 == 0,
                priority=PRIORITIES[at % 5],
                requested_eur=100_000 + at,
                **one,
            )
        )
        if at < 9:
            days = {name: f"{year + place // 3}-1{place % 3}-01" for place, name in
                    enumerate(PHASES[2:]) if place <= at % 6}  # fmt: skip
            money = {"committed_eur": 90_000, "paid_eur": 40_000, "buyer_eur": 90_000,
                     "third_party_eur": 0, "adopters": 1}  # fmt: skip
            admitted = {"buyer": one["buyer"], "submitted": one["submitted"]}
            going.append(project(str(at), admissible=f"{year}-09-01", **admitted, **days, **money))
    return given(
        year=2021, kind=kind,
        pio_calls=[call(f"open-{year}", f"{year}-05-15") for year in range(2018, 2022)],
        pio_applications=asked, pio_projects=going,
        eligible_buyers=[{"company_id": one, "year": 2021, "organisation_type": "agency"}
                         for one in BUYERS],
        knowledge_items=[{"item": "K", "item_kind": "case", "title": "t",
                          "published": "2020-01-01"}],
        knowledge_use=[{"item": "K", "company_id": BUYERS[0], "first_used": "2020-02-01"}],
        helpdesk=[{"request": "1", "asked": "2020-01-01", "answered": "2020-01-04"}],
        events=[{"event": "E", "event_kind": "workshop", "title": "t", "on_date": "2018-02-01"}],
        event_attendance=[{"event": "E", "company_id": BUYERS[5]}],
        eu_participations=[{"eu_project": "1", "company_id": BUYERS[1], "eu_programme": "interreg",
                            "eu_action": "pcp", "eu_role": "coordinator", "starts": "2020-01-01",
                            "contribution_eur": 5000}],
    )  # fmt: skip


def run(found, tmp, patch, *, year=2021, drawn=False):
    """The blocks of the chapter; figures are laid out, and only written where `drawn`."""
    rows = [] if found is None else [found]
    both = pd.concat([*rows, results.ledger(programme.results(published()))], ignore_index=True)
    with pytest.MonkeyPatch.context() as quick:
        if not drawn:
            quick.setattr(drawing, "svg", lambda figure, id: f"<svg id='{id}'/>")
        return shown("40_portfolio", both, tmp, patch, year=year)


@cache
def delivered(kind="simulated"):
    """The ledger of `several`; who uses it leaves it as it is."""
    return ledger(several(kind))


@pytest.fixture(scope="module")
def patch():
    with pytest.MonkeyPatch.context() as context:
        yield context


@pytest.fixture(scope="module")
def full(tmp_path_factory, patch):
    return run(delivered(), tmp_path_factory.mktemp("full"), patch, drawn=True)


@pytest.fixture(scope="module")
def public(tmp_path_factory, patch):
    return run(None, tmp_path_factory.mktemp("public"), patch)


def blocks_of(told, kind):
    return [block for block in told if block["type"] == kind]


def table(told, name):
    [found] = [block for block in blocks_of(told, "table") if block["id"] == name]
    return [[cell["nl"] for cell in row] for row in found["rows"]]


def test_the_answer_is_one_sentence_with_its_grade(full):
    [answer] = [block["text"] for block in blocks_of(full, "answer")]
    assert answer["nl"].startswith("Van de 12 aanvragen tot eind 2021 zijn er 10 ontvankelijk")
    # of the nine projects, numbers 3, 4, 5, 9th of six kinds reached the award
    assert "voor minstens 5 daarvan" in answer["nl"]
    assert "van 1 is niet bekend hoe ver" in answer["nl"]
    assert "Evidence grade D" in answer["en"]


def test_invented_files_are_called_invented_in_the_first_lines(full):
    said = [block["text"]["nl"] for block in full[:4] if block["type"] == "text"]
    assert any("**verzonnen**" in text for text in said)
    assert {block["mark"] for block in blocks_of(full, "figure")} == {"simulated"}


def test_every_part_is_there_when_everything_was_delivered(full):
    figures = [block["id"] for block in blocks_of(full, "figure")]
    assert figures == ["portfolio-funnel", "portfolio-within", "portfolio-themes"]
    tables = {block["id"] for block in blocks_of(full, "table")}
    assert {"portfolio-phases", "portfolio-days", "portfolio-success", "portfolio-types",
            "portfolio-money", "portfolio-europe", "portfolio-compared"} <= tables  # fmt: skip
    assert "Niet aangeleverd" not in words(full, "nl")


def test_a_year_of_the_funnel_holds_the_numbers_of_the_ledger(full):
    assert table(full, "portfolio-phases")[0] == ["2018", "3", "3", "3", "2", "1", "0", "0"]


def test_what_is_invented_is_set_beside_what_was_published_but_not_judged(full):
    assert {row[-1] for row in table(full, "portfolio-compared-counts")} == {"verzonnen"}
    named = [row for row in table(full, "portfolio-compared") if row[0].startswith("Voorloper")]
    assert {row[-1] for row in named} == {"niet vergelijkbaar"}


def test_an_event_is_never_said_to_bring_about_anything(full):
    assert "zegt niet wat een event teweegbrengt" in words(full, "nl")
    assert "does not say what an event brings about" in words(full, "en")


def test_with_nothing_delivered_the_chapter_says_what_is_public_and_what_to_fill_in(public):
    said = words(public, "nl")
    [answer] = [block["text"]["nl"] for block in blocks_of(public, "answer")]
    assert "meer dan 100 projecten sinds de start" in answer
    assert "`pio.xlsx` (Oproepen, Aanvragen, Projecten)" in said
    assert "`pio templates`" in said
    assert blocks_of(public, "figure") == []
    assert ["Eerste oproep 2017", "18", "12", f"66,7{NBSP}%"] in table(public, "portfolio-public")
    assert len(table(public, "portfolio-named")) == len(published()["projects"].rows)


def test_the_last_count_is_that_of_the_year_of_the_report(tmp_path, patch):
    told = run(None, tmp_path, patch, year=2019)
    [answer] = [block["text"]["nl"] for block in blocks_of(told, "answer")]
    assert "meer dan 60 projecten" in answer


def test_a_year_before_any_count_has_none(tmp_path, patch):
    told = run(None, tmp_path, patch, year=2017)
    assert "geen openbare telling gevonden" in words(told, "nl")


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"pio_applications": [application("A")]}, "van geen enkele ervan is een project"),
        ({"pio_projects": [project("A")]}, "Van de 1 ontvankelijke projecten"),
        ({"pio_applications": [application("A", decision="pending")]}, "nog niet beslist"),
        ({"pio_calls": [call()]}, "De laatste openbare telling"),
        ({"helpdesk": [{"request": "1", "asked": "2020-01-01"}]}, "Niet aangeleverd en daarom"),
    ],
)  # fmt: skip
def test_the_chapter_holds_with_one_row_of_one_file(tables, said, tmp_path, patch):
    told = run(ledger(given(year=2021, **tables)), tmp_path, patch)
    assert said in words(told, "nl")
    assert "Niet aangeleverd" in words(told, "nl")


def test_real_files_are_not_called_invented(tmp_path, patch):
    told = run(delivered("real"), tmp_path, patch)
    assert "verzonnen" not in words(told, "nl")
    assert {row[-1] for row in table(told, "portfolio-compared-counts")} <= {
        "ja", "neen", "niet vergelijkbaar", "niet uit te maken"}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_that_the_indicators_give_has_its_words(language):
    rows = delivered()
    known = catalogue(language)
    for id in set(rows["id"]):
        assert f"column.{id}" in known
    for part in ("definition", "denominator", "perimeter"):
        assert {f"{part}.{code}" for code in rows[part]} - known.keys() == set()
    parts = {part for group in rows["group"] if group != "all" for part in group.split(",")}
    codes = {part.replace("=", ".", 1) for part in parts if part.split("=")[0] not in NAMES}
    assert codes - known.keys() == set()
    assert all(labels.of_group(group)[language] for group in set(rows["group"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_forms_that_the_chapter_shows_has_a_word(language):
    lists = {"theme": THEMES, "phase": PHASES, "organisation_type": ORGANISATION_TYPES}
    wanted = {f"{kind}.{code}" for kind, codes in lists.items() for code in codes}
    assert wanted - catalogue(language).keys() == set()


def test_no_title_of_a_project_is_printed(tmp_path, patch):
    secret = "Jan Peeters bouwt een brug"
    found = given(pio_applications=[application("A", title=secret)],
                  pio_projects=[project("A", title=secret)])  # fmt: skip
    told = run(ledger(found), tmp_path, patch, year=2022)
    assert not re.search("Peeters", str(told))
