"""Answers to questions of the Flemish Parliament, as Markdown and as a Word document."""

from typing import NamedTuple

import pandas as pd

from analysis.present.language import LANGUAGES
from analysis.refusal import ReportError
from analysis.report.answers import parts, pq_101, pq_307

QUESTIONS = {"pq-101": pq_101.answer, "pq-307": pq_307.answer}


class Answer(NamedTuple):
    """One answer in one language."""

    markdown: str
    docx: bytes


def answer(name: str, *, ledger: pd.DataFrame, year: int, language: str) -> Answer:
    """Answer a question of the Flemish Parliament from the ledger, point by point.

    Parameters
    ----------
    name : of QUESTIONS: "pq-101" on start-ups in public contracts, "pq-307" on the structural
        partners
    ledger : keeps RESULTS, with the rows of chapters 20 and 21, or 50
    year : last year of the answer
    language : of LANGUAGES

    Raises
    ------
    ReportError
        If no such question or language is known.
    """
    from analysis.report.word import document  # a second of imports

    check(name, language)
    said = list(QUESTIONS[name](parts.Asked(ledger, year, language)))
    return Answer(parts.markdown(said), document(said, language=language, year=year))


def check(name: str, language: str) -> None:
    """Refuse a question or a language that is not known, with a ReportError."""
    for what, found, known in (
        ("the question", name, tuple(QUESTIONS)),
        ("--language", language, LANGUAGES),
    ):
        if found not in known:
            expected = " or ".join(known)
            raise ReportError(what, found=found, expected=expected, do="correct the command")
