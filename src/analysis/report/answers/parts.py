"""The pieces that an answer is made of, the same for every question, and Markdown of them."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from analysis.present import labels, tables
from analysis.present.language import sentence, written_day
from analysis.present.tables import Shape
from analysis.sources.facts import published

_SIGNS = re.compile(r"([\\`*_<\[|])")  # that mean something in Markdown
_BEFORE = {
    "title": "# ",
    "heading": "## ",
    "point": "### ",
    "quote": "> ",
    "mark": "> ",
    "item": "- ",
}


class Part(NamedTuple):
    """A piece of an answer: title, subtitle, mark, heading, point, text, quote, item or table.

    Of a table `text` is the caption, `cells` are the rows, the first of which is its head, and
    `aligned` says left or right for each column.
    """

    kind: str
    text: str
    cells: tuple[tuple[str, ...], ...] = ()
    aligned: tuple[str, ...] = ()


class Asked(NamedTuple):
    """What an answer is made from: ledger up to a year, in one language."""

    ledger: pd.DataFrame
    year: int
    language: str

    def said(self, key: str, **blanks: object) -> str:
        """A sentence of the catalogue of answers, blanks filled."""
        return sentence(f"answer.{key}", self.language, **blanks)

    def of_report(self, key: str) -> str:
        """A sentence that the report uses too."""
        return sentence(f"report.{key}", self.language)

    def text(self, key: str, **blanks: object) -> Part:
        """A paragraph of the catalogue of answers."""
        return Part("text", self.said(key, **blanks))

    def table(self, key: str, rows: pd.DataFrame, **how: Any) -> Part:
        """A table of ledger rows, see `present.tables.pivot`; its caption stands at `key`."""
        return self.drawn(sentence(key, self.language), tables.pivot(rows, **how))

    def drawn(self, caption: str, shape: Shape) -> Part:
        """A table of cells that are already written in every language."""
        head = tuple(column["label"][self.language] for column in shape.columns)
        body = (tuple(cell[self.language] for cell in row) for row in shape.rows)
        aligned = tuple(column["align"] for column in shape.columns)
        return Part("table", caption, (head, *body), aligned)

    def rows(self, *ids: str, **where: str) -> pd.DataFrame:
        """Ledger rows of indicators in the order named; `where` is column=text."""
        rows = self.ledger[self.ledger["id"].isin(ids)]
        for column, text in where.items():
            rows = rows[rows[column] == text]
        return rows.sort_values("id", key=lambda found: found.map(ids.index), kind="stable")


Answering = Callable[[Asked], Iterator[Part]]


def opening(question: str, asked: Asked, mark: str) -> Iterator[Part]:
    """Title, what the question is about, mark of invented data, the question's first paragraphs."""
    about: Any = published()["questions"].rows.set_index("question").loc[question]
    day = written_day(about["asked"], asked.language)
    yield Part("title", asked.said("title", number=about["number"], day=day))
    name = about[f"title_{asked.language}"]
    yield Part("subtitle", asked.said("subtitle", name=name, year=str(asked.year)))
    if mark:
        yield Part("mark", mark)
    yield Part("heading", asked.said("heading.question"))
    whom = about[f"asked_of_{asked.language}"]
    yield asked.text("by", of=whom)
    for point, words in points(question, asked.language):
        if point.startswith("context-"):
            yield Part("quote", words)


def by_point(question: str, asked: Asked, answers: dict[str, Answering]) -> Iterator[Part]:
    """Every point in its own words, with its answer behind it."""
    yield Part("heading", asked.said("heading.answer"))
    for point, words in points(question, asked.language):
        if not point.startswith("context-"):
            yield Part("point", asked.said("point", number=point))
            yield Part("quote", words)
            yield from answers[point](asked)


def points(question: str, language: str) -> list[tuple[str, str]]:
    """The paragraphs and points of a question with their words, in the order of the question."""
    rows = published()["question_points"].rows
    rows = rows[rows["question"] == question]
    return list(zip(rows["point"], rows[f"words_{language}"], strict=True))


def items(rows: pd.DataFrame, language: str) -> Iterator[Part]:
    """Published statements as a list; a day before what happened on it."""
    for row in rows.to_dict("records"):
        said = row[f"label_{language}"]
        when = row.get("period")
        if when is not None and not pd.isna(when):
            said = f"{labels.of_period(str(when).replace('/', '-'))[language]}: {said}"
        yield Part("item", said)


def markdown(parts: Sequence[Part]) -> str:
    """Return an answer as Markdown; the items of a list stand together."""
    drawn = ""
    for before, part in zip([None, *parts], parts, strict=False):
        listed = before is not None and before.kind == part.kind == "item"
        drawn += ("\n" if listed else "\n\n" if before else "") + _in_markdown(part)
    return drawn + "\n"


def _in_markdown(part: Part) -> str:
    if part.kind != "table":
        from_outside = part.kind in ("item", "quote")
        return _BEFORE.get(part.kind, "") + (_plain(part.text) if from_outside else part.text)
    head, *body = [[_plain(cell) for cell in row] for row in part.cells]
    rules = ["---" if side == "left" else "---:" for side in part.aligned]
    lines = [head, rules, *body]
    drawn = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"**{part.text}**\n\n{drawn}"


def _plain(text: str) -> str:
    """Text that may come from outside, so that Markdown shows it exactly as it is."""
    return _SIGNS.sub(r"\\\1", text)
