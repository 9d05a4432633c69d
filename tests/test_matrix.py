"""Chapter 60: which evaluation questions the ledger answers, and with which evidence."""

import pytest

from analysis import results
from analysis.present import matrix
from analysis.present.chapter import Chapter
from analysis.present.language import LANGUAGES, blanks_of, catalogue


def written(folder, *rows):
    """Chapter 60 on a ledger of these rows: id, period, value, and what else is told."""
    usual = {
        "group": "all", "definition": "a", "perimeter": "flemish-public", "unit": "share",
        "n": 300, "denominator": "d", "kind": "simulated", "inputs": "t", "chapter": "41",
    }  # fmt: skip
    told = [
        results.number(id, **(usual | {"period": period, "value": value} | more))
        for id, period, value, more in rows
    ]
    results.write(results.ledger(told), folder / "results.csv")
    return Chapter("60", year=2025, folder=str(folder))


def of(chapter, id):
    [found] = [one for one in matrix.answered(chapter) if one.question.id == id]
    return found


def test_a_question_is_answered_by_the_newest_known_period(tmp_path):
    rows = [
        (f"reach.{name}", period, value, {"definition": name})
        for name in ("admitted_share", "applied_share")
        for period, value in (("2017-2023", 0.1), ("2017-2024", 0.2), ("2017-2025", None))
    ]
    found = of(written(tmp_path, *rows), "eq2")
    assert {name: one.row["value"] for name, one in found.numbers.items()} == {
        "admitted": 0.2,
        "applied": 0.2,
    }
    assert found.grade == "D"


def test_the_change_of_question_twelve_is_that_from_the_first_year_to_the_last(tmp_path):
    told = {"definition": "startup-5", "unit": "share"}
    rows = [("access.lot_share", "2016-2025", 0.04, told)] + [
        ("access.comparable_change", period, value, told | {"unit": "share change"})
        for period, value in (("2016-2017", 0.3), ("2016-2025", 0.1), ("2024-2025", 0.2))
    ]
    assert of(written(tmp_path, *rows), "eq12").numbers["change"].row["value"] == 0.1


def test_a_sentence_with_one_number_unknown_is_not_said(tmp_path):
    chapter = written(
        tmp_path,
        ("reach.admitted_share", "2017-2025", 0.2, {}),
        ("reach.applied_share", "2017-2025", None, {"n": 0}),
    )
    assert not of(chapter, "eq2").is_known
    assert matrix.counts(matrix.answered(chapter)) == {"asked": "14", "known": "0"}


def test_the_weakest_evidence_grades_the_answer(tmp_path):
    chapter = written(
        tmp_path,
        ("reach.admitted_share", "2017-2025", 0.2, {"grade": "C"}),
        ("reach.applied_share", "2017-2025", 0.3, {"grade": "E"}),
    )
    assert of(chapter, "eq2").grade == "E"


def test_there_are_fourteen_questions_each_of_one_criterion():
    assert [one.id for one in matrix.questions()] == [f"eq{n}" for n in range(1, 15)]
    assert {one.criterion for one in matrix.questions()} == set(matrix.CRITERIA)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_of_a_question_has_the_numbers_that_the_question_names(language):
    for one in matrix.questions():
        said = blanks_of(catalogue(language)[f"matrix.{one.id}.known"])
        assert said == set(one.numbers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_says_why_it_has_no_answer_and_what_cannot_be_concluded(language):
    texts = catalogue(language)
    for one in matrix.questions():
        assert {f"matrix.{one.id}.{part}" for part in ("unknown", "limits", "question")} <= set(
            texts
        )
