"""Chapter 41 on ledgers with much, with some and with nothing of the programme."""

import itertools
import re

import pandas as pd
import pytest
from blocks_world import MARKET, given, market
from run_chapter import shown, words

from analysis import results
from analysis.contracts.facts import FACTS
from analysis.indicators import (
    innovations,
    judgement,
    opportunities,
    opportunities_market,
    reach,
    satisfaction,
)
from analysis.present import blocks_shown, blocks_survey, figures_blocks, labels
from analysis.present.chapter import Chapter
from analysis.present.drawing import svg
from analysis.present.language import LANGUAGES

AWARD = "2021-06-01"
THEMES = (reach, opportunities, innovations, satisfaction)


def organisations(count):
    return [f"02000{n:05}" for n in range(count)]


def applications():
    buyers = organisations(4)
    return [
        {"application": f"a{n}", "buyer": buyers[n % 4], "submitted": f"{2018 + n}-05-14"}
        | ({"decision": "admitted", "decided": f"{2018 + n}-09-01"} if n < 3 else {})
        for n in range(5)
    ]


def projects():
    usual = {"submitted": "2018-05-14", "trl_start": 4, "trl_end": 8}
    ends = [{"finished": "2020-01-10", "in_use": "2020-06-01"}] * 3
    ends += [{"finished": "2021-01-10"}] * 2 + [{"stopped": "2020-05-01", "learning_report": True}]
    rated = [(3, 3), (2, 2), (0, 0), (1, 1), (2, 2), (None, None)]
    return [
        usual | end | {"project": f"p{n}", "application": f"a{n % 3}", "consulted": "2019-01-10",
                       "novelty_1": a, "novelty_2": b}
        for n, (end, (a, b)) in enumerate(zip(ends, rated, strict=True))
    ]  # fmt: skip


def survey():
    """Two groups that are large enough, one that is not, and a question on the programme."""
    number = itertools.count()
    answers = [
        {"respondent": f"r{next(number)}", "group": group, "question": question, "answer": answer}
        for group, question, told in (
            ("applicant-admitted", "SAT1", {"5": 20, "3": 5, "1": 5}),
            ("stakeholder", "SAT1", {"4": 12, "2": 8}),
            ("contractor", "SAT1", {"4": 3}),
            ("applicant-admitted", "ADD1", {"later": 18, "same": 12}),
        )
        for answer, times in told.items()
        for _ in range(times)
    ]
    sizes = {"applicant-admitted": 80, "stakeholder": 40, "contractor": 25}
    return {
        "survey_questions": [
            {"question": "SAT1", "wording_nl": "Ik ben *tevreden*."},
            {"question": "ADD1", "scale": "without-programme", "wording_nl": "En anders?"},
        ],
        "survey_populations": [{"group": g, "members": size} for g, size in sizes.items()],
        "survey_answers": answers,
    }


def everything():
    young, old = "0400000001", "0400000002"
    members = [
        {"company_id": one, "organisation_type": kind, "staff": staff}
        for one, kind, staff in zip(
            organisations(6), ["agency", "municipality"] * 3, [5, 9, 40, 60, 800, None], strict=True
        )
    ]
    return {
        "eligible_buyers": members + [row | {"year": 2019} for row in members],
        "pio_applications": applications(),
        "pio_projects": projects(),
        "pio_contracts": [
            {"contract": "c1", "project": "p1", "value_eur": 100_000},
            {"contract": "c2", "project": "p2", "value_eur": 50_000, "awarded": "2019-03-01"},
            {"contract": "c3", "project": "p3"},
        ],
        "pio_bidders": [
            {"contract": "c1", "bidder": "Jong bv", "company_id": young, "won": True},
            {"contract": "c1", "bidder": "Oud nv", "company_id": old},
            {"contract": "c2", "bidder": "Oud nv", "company_id": old, "won": True},
            {"contract": "c3", "bidder": "Ver weg", "country": "NL", "won": True},
        ],
        "pio_consulted": [
            {"project": "p1", "participant": "Jong bv", "company_id": young},
            {"project": "p1", "participant": "Ander bv", "company_id": "0400000003"},
        ],
        "answers": [
            (young, AWARD, "startup-5", True),
            (young, AWARD, "startup-10", True),
            (old, "2019-03-01", "startup-5", False),
            (old, "2019-03-01", "startup-10", False),
        ],
    } | survey()


def ledger(**tables):
    world = given(**tables)
    rows = [row for theme in THEMES for row in theme.results(world)]
    rows += opportunities_market.results(world, market(), MARKET)
    return results.ledger([*rows, *judgement.results(world.facts)])


@pytest.fixture(scope="module")
def patch():
    with pytest.MonkeyPatch.context() as context:
        yield context


@pytest.fixture(scope="module")
def all_rows():
    return ledger(**everything())


@pytest.fixture(scope="module")
def full(all_rows, tmp_path_factory, patch):
    folder = tmp_path_factory.mktemp("full")
    questions = pd.DataFrame(
        {"question": ["SAT1"], "wording_nl": ["Ik ben *tevreden*."], "wording_en": [""]}
    )
    questions.to_csv(folder / "survey_questions.csv", index=False)
    return shown("41_blocks", all_rows, folder, patch, year=2025)


@pytest.fixture(scope="module")
def nothing(tmp_path_factory, patch):
    return shown("41_blocks", ledger(), tmp_path_factory.mktemp("none"), patch, year=2025)


@pytest.fixture(scope="module")
def some(tmp_path_factory, patch):
    tables = everything()
    few = {name: tables[name] for name in ("pio_applications", "pio_projects", "pio_contracts")}
    return shown("41_blocks", ledger(**few), tmp_path_factory.mktemp("some"), patch, year=2025)


def table(told, name):
    [found] = [block for block in told if block["type"] == "table" and block["id"] == name]
    return [[cell["nl"] for cell in row] for row in found["rows"]]


def answer(told):
    [found] = [block["text"] for block in told if block["type"] == "answer"]
    return found


def test_the_answer_has_a_clause_for_each_block_and_the_weakest_grade(full):
    # three of six organisations had a project; one of the two contracts whose answer is known
    assert answer(full)["nl"].startswith(
        "Tot en met 2025 kreeg 50,0\u00a0% van de doelgroep minstens één project, werden 3 "
        "opdrachten gegund (50,0\u00a0% daarvan aan start-ups jonger dan vijf jaar) en werd "
        "83,3\u00a0% van de 6 beëindigde projecten afgerond; in de bevraging van 2025 ging, "
        "naargelang de groep, 60,0\u00a0% tot 66,7\u00a0% akkoord met ‘Ik ben \\*tevreden\\*’."
    )
    assert "Evidence grade E" in answer(full)["en"]


def test_every_block_has_its_table_and_every_indicator_its_row(full):
    for theme, lines in blocks_shown.LINES.items():
        rows = table(full, f"blocks-{theme}")
        assert [row[0] for row in rows] == [labels.every(line.name)["nl"] for line in lines]
        assert {row[5] for row in rows} == {"geen norm"}
    assert [block["id"] for block in full if block["type"] == "figure"] == [
        "blocks-reach", "blocks-startups", "blocks-likert",
    ]  # fmt: skip


def test_a_row_has_value_interval_unknown_baseline_norm_and_grade(full):
    rows = {row[0]: row[1:] for row in table(full, "blocks-opportunities")}
    assert rows["Naar start-ups jonger dan vijf jaar, van de opdrachten"] == [
        "50,0\u00a0% (33,3–66,7)", "2", "1", "0,0\u00a0%", "geen norm", "D",
    ]  # fmt: skip
    assert rows["Bedrag zonder btw"][:3] == ["0,15\u00a0miljoen\u00a0euro", "2", "1"]
    assert rows["Verschil met gelijkaardige opdrachten"][:3] == ["onbekend", "0", "3"]
    assert "vervolgopdracht is zo’n andere opdracht" in words(full, "nl")


def test_what_was_not_delivered_is_named_in_its_row_and_is_no_number(some):
    rows = {row[0]: row[1:] for row in table(some, "blocks-opportunities")}
    assert rows["Verschillende winnaars"] == ["niet aangeleverd", "", "", "", "geen norm", ""]
    assert "hoeveel daarvan aan start-ups is niet bekend" in answer(some)["nl"]
    assert "is niet bekend welk deel van de doelgroep" in answer(some)["nl"]
    assert "`aankopers.xlsx` (Doelgroep)" in words(some, "nl")


def test_without_any_file_the_chapter_says_which_forms_to_fill_in(nothing):
    assert "nog niets te zeggen" in answer(nothing)["nl"]
    assert [block["id"] for block in nothing if block["type"] == "table"] == ["blocks-criteria"]
    assert not [block for block in nothing if block["type"] == "figure"]
    for file in ("pio.xlsx", "aankopers.xlsx", "bevraging.xlsx", "pio templates"):
        assert f"`{file}`" in words(nothing, "nl")


def test_a_group_too_small_is_told_as_such_and_nothing_of_it_is_shown(full):
    rows = {row[0]: row[1:] for row in table(full, "blocks-agreement")}
    # 12 of 20 of 40 are worth 20 x 39/20 = 39 answers: (.6 + z^2/78 -+ ...)/(1 + z^2/39)
    assert rows["opdrachtnemers"][:4] == ["te weinig", "", "", ""]
    assert rows["stakeholders"][:4] == ["60,0\u00a0% (44,4–73,8)", "30,0–80,0\u00a0%", "20", "20"]
    listed = {(row[0], row[1]) for row in table(full, "blocks-questions")}
    assert ("SAT1", "opdrachtnemers") not in listed


def test_what_people_would_have_done_is_called_an_opinion(full):
    said = words(full, "nl")
    assert "zegt 60,0\u00a0% dat het project er zonder PIO niet, later of kleiner" in said
    assert "Dat is een mening, geen gemeten effect" in said


def test_a_question_is_quoted_as_it_was_put_and_never_as_markup(full):
    assert "‘Ik ben \\*tevreden\\*’" in words(full, "nl")
    assert ["SAT1", "Ik ben *tevreden*."] in table(full, "blocks-wordings")


def test_both_languages_say_the_same_numbers(full, some, nothing):
    def numbers(told, language):
        found = re.findall(r"\d[\d.,]*", words(told, language))
        return sorted(re.sub(r"\D", "", number) for number in found)

    for told in (full, some, nothing):
        assert numbers(told, "nl") == numbers(told, "en")


def test_a_target_that_its_owner_fills_in_stands_beside_the_value(all_rows, tmp_path, patch):
    norm = (all_rows["id"] == "judgement.target") & all_rows["group"].str.endswith("admitted_share")
    changed = all_rows.copy()
    changed.loc[norm, "value"] = 0.6
    changed.loc[norm, "denominator"] = "as-published"
    changed = changed[changed["id"].str.startswith(("judgement.", "reach."))]
    told = shown("41_blocks", changed, tmp_path, patch, year=2025)
    assert table(told, "blocks-reach")[0][5] == "60,0\u00a0%"
    assert "dat een vastgestelde streefwaarde" in words(told, "nl")


def test_every_code_of_the_ledger_has_a_word_in_every_language(all_rows):
    """What the rows of these themes say of themselves: indicator, definition, unit counted."""
    own = all_rows[~all_rows["id"].str.startswith("judgement.")]
    keys = {f"column.{id}" for id in all_rows["id"]}
    keys |= {f"theme.{id.split('.')[0]}" for id in all_rows["id"]}
    for column in ("definition", "denominator", "perimeter"):
        keys |= {f"{column}.{code}" for code in own[column]}
    assert [key for key in sorted(keys) if not labels.raw(key)] == []
    codes = {part for group in own["group"] for part in group.split(",") if "question=" not in part}
    assert [one for one in codes - {"all"} if not labels.raw(one.replace("=", "."))] == []


def test_every_reason_not_to_print_a_number_has_a_word():
    for reason in (
        "more-answers-than-members", "fewer-than-20-answers", "fewer-than-10-answers",
        "answer-of-fewer-than-5", "fewer-than-20-members", "panel-not-agreed", "panel-not-there",
        "not-followed-so-long", "no-norm",
    ):  # fmt: skip
        assert all(labels.every(f"missing.{reason}")[language] for language in LANGUAGES)
        assert labels.raw(f"denominator.{reason}")


def test_every_indicator_of_a_table_has_a_criterion_and_an_owner():
    criteria = judgement_rows()
    judged = set(criteria[criteria["criterion"] == "target"]["indicator"])
    lines = {line.id for lines in blocks_shown.LINES.values() for line in lines}
    same = {"opportunities.startup_amount_share", "innovations.novelty_alpha"}
    assert lines - same <= judged
    assert criteria["owner_nl"].notna().all()
    assert criteria["source_date"].notna().all()


def test_no_target_was_invented():
    criteria = judgement_rows()
    targets = criteria[criteria["criterion"] == "target"]
    assert targets["value"].isna().all()
    assert set(targets["source"]) == {"not-found"}
    assert FACTS["judgement"][0].name == "judgement"


def judgement_rows():
    return given().facts["judgement"].rows


def test_a_percentage_does_not_stand_beside_a_ring_far_from_its_bar():
    """The number is of the bar: with a project. Beside a distant ring it would seem the ring's."""
    shares = {"all": (0.4, 0.6), "organisation_type=province": (0.6, 1.0),
              "organisation_type=hospital": (0.5, 0.55)}  # fmt: skip
    rows = pd.DataFrame(
        [
            {"id": f"reach.{name}_share", "group": group, "value": share, "low": share,
             "high": share, "n": 9, "kind": "real"}
            for group, both in shares.items()
            for name, share in zip(("admitted", "applied"), both, strict=True)
        ]
    )  # fmt: skip
    (axes,) = figures_blocks.reach(rows, "en").axes
    stands = {text.get_text(): text.xy[0] for text in axes.texts}
    assert stands["60% (n = 9)"] == 0.6
    assert stands["50% (n = 9)"] == 0.55


def test_the_answers_drawn_are_those_of_groups_with_a_share(all_rows, tmp_path):
    results.write(all_rows, tmp_path / "results.csv")
    drawn = blocks_survey.likert(Chapter("41", year=2025, folder=str(tmp_path)))
    assert set(drawn["who"]) == {"applicant-admitted", "stakeholder"}
    worded = {"SAT1": {"nl": r"Kost $x$ of \frac{1}{2}?", "en": "?"}}
    figure = figures_blocks.likert(drawn, "nl", worded=worded)
    assert r"Kost $x$ of \frac{1}{2}?" in svg(figure, "likert")
