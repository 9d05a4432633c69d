"""Chapter 60: what the ledger answers to every evaluation question, and with which evidence.

The questions and the rows that answer them are data (matrix.yml). A sentence is only said if every
number in it is known; else the chapter says that the question has no answer yet, and why.
"""

from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import pandas as pd

from analysis.present import access, blocks, labels, notes
from analysis.present.chapter import Chapter
from analysis.present.language import LANGUAGES, Number
from analysis.yaml_text import read_yaml

CRITERIA = (
    "relevance",
    "coherence",
    "effectiveness",
    "efficiency",
    "impact",
    "sustainability",
    "eu-added-value",
)
_IN_SUMMARY = ("eq2", "eq3", "eq4", "eq11", "eq14")
Texts = dict[str, str]


class Question(NamedTuple):
    """One evaluation question; `numbers` says which ledger rows its sentence names."""

    id: str
    criterion: str
    chapter: str
    numbers: dict[str, dict[str, Any]]


class Answered(NamedTuple):
    """A question with the numbers of its sentence; none where one of them is not known."""

    question: Question
    numbers: dict[str, Number]

    @property
    def is_known(self) -> bool:
        """Whether the ledger answers it."""
        return bool(self.numbers)

    @property
    def grade(self) -> str:
        """The weakest grade of its numbers; an empty text without numbers."""
        return max((number.row["grade"] for number in self.numbers.values()), default="")


@cache
def questions() -> tuple[Question, ...]:
    """The evaluation questions in their order."""
    text = resources.files("analysis.present").joinpath("matrix.yml").read_text(encoding="utf-8")
    return tuple(Question(id, **said) for id, said in read_yaml(text).items())


def answered(chapter: Chapter) -> list[Answered]:
    """Every question with what the ledger of the chapter knows of it."""
    return [Answered(one, _numbers(chapter, one)) for one in questions()]


def _numbers(chapter: Chapter, question: Question) -> dict[str, Number]:
    found = {name: _number(chapter, **where) for name, where in question.numbers.items()}
    known = {name: number for name, number in found.items() if number is not None}
    return known if len(known) == len(found) else {}


def _number(
    chapter: Chapter, id: str, newest: bool = False, longest: bool = False, **where: str
) -> Number | None:
    rows = access.rows(chapter, id, **where)
    rows = access.over_all_years(rows) if longest else rows
    rows = rows[rows["value"].notna() & (rows["n"].fillna(1) > 0)]
    if rows.empty:
        return None
    return access.last(rows) if newest else access.only(rows)


def overview(chapter: Chapter, found: list[Answered]) -> None:
    """Show the matrix: a row a question, with its criterion, grade and chapter."""
    heads = ("matrix_question", "matrix_criterion", "matrix_answer", "grade", "chapter")
    columns = [
        {"label": labels.every(f"column.{head}"), "align": "left" if at < 3 else "right"}
        for at, head in enumerate(heads)
    ]
    numbers = pd.DataFrame([n.row for one in found for n in one.numbers.values()])
    blocks.show(
        blocks.table(
            id="matrix",
            caption=labels.every("table.matrix"),
            columns=columns,
            rows=[_line(one) for one in found],
            mark=None if numbers.empty else notes.mark(numbers),
        )
    )


def _line(one: Answered) -> list[Texts]:
    number = one.question.id.removeprefix("eq")
    asked = labels.every(f"matrix.{one.question.id}.question")
    return [
        {language: f"{number}. {asked[language]}" for language in LANGUAGES},
        labels.every(f"criterion.{one.question.criterion}"),
        labels.every(f"matrix.{'answered' if one.is_known else 'unanswered'}"),
        labels.same(one.grade or "\u2013"),
        labels.same(one.question.chapter),
    ]


def sections(chapter: Chapter, found: list[Answered]) -> None:
    """Show, by criterion: question, computed sentence, and what cannot be concluded."""
    for criterion in CRITERIA:
        chapter.say(f"matrix.{criterion}")
        for one in found:
            if one.question.criterion == criterion:
                _said(chapter, one)


def _said(chapter: Chapter, one: Answered) -> None:
    id = f"matrix.{one.question.id}"
    chapter.say(f"{id}.heading")
    if one.is_known:
        chapter.say(f"{id}.known", **one.numbers)
    else:
        chapter.say(f"{id}.unknown")
    chapter.say(f"{id}.limits")


def summary(chapter: Chapter) -> None:
    """Show what the files of the programmes answer, as lines of the summary."""
    found = [one for one in answered(chapter) if one.question.id in _IN_SUMMARY and one.is_known]
    chapter.say("summary.programme")
    for one in found:
        chapter.say(f"summary.{one.question.id}", **one.numbers)
    if not found:
        chapter.say("summary.programme.none")


def opening(chapter: Chapter, found: list[Answered]) -> None:
    """Say how many questions there are, and how many have a computed answer."""
    said = counts(found)
    if said["known"] == said["asked"]:
        chapter.say("matrix.answer.all", asked=said["asked"])
    else:
        chapter.say("matrix.answer", **said)


def counts(found: list[Answered]) -> dict[str, str]:
    """How many questions there are, and how many have a computed answer."""
    return {"asked": str(len(found)), "known": str(sum(one.is_known for one in found))}
