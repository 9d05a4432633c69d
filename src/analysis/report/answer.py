"""Answers to questions of the Flemish Parliament, as Markdown and as a Word document."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from analysis.present import access, labels, notes, tables
from analysis.present.figures_access import HEADLINE
from analysis.present.language import LANGUAGES, sentence
from analysis.refusal import ReportError

ADMINISTRATION = "flemish-administration"
_PERIMETERS = (ADMINISTRATION, "flemish-public")
_GRADES = "D"  # what a count of published awards can be at best


class Part(NamedTuple):
    """A piece of an answer: title, subtitle, mark, heading, text, quote, item or table.

    Of a table `text` is the caption and `cells` the rows, the first of which is its head.
    """

    kind: str
    text: str
    cells: tuple[tuple[str, ...], ...] = ()


class Answer(NamedTuple):
    """One answer in one language."""

    markdown: str
    docx: bytes


def answer(name: str, *, ledger: pd.DataFrame, year: int, language: str) -> Answer:
    """Answer a question of the Flemish Parliament from the ledger.

    Parameters
    ----------
    name : "pq-101", the question on start-ups in public contracts
    ledger : keeps RESULTS, with the rows of chapter 20
    year : last year of the answer
    language : of LANGUAGES

    Raises
    ------
    ReportError
        If no such question or language is known.
    """
    from analysis.report.word import document  # a second of imports

    _check("the question", name, ("pq-101",))
    _check("--language", language, LANGUAGES)
    parts = list(_pq_101(ledger, year, language))
    return Answer(markdown(parts), document(parts, language=language, year=year))


def markdown(parts: list[Part]) -> str:
    """Return an answer as Markdown."""
    return "\n\n".join(_in_markdown(part) for part in parts) + "\n"


def _pq_101(ledger: pd.DataFrame, year: int, language: str) -> Iterator[Part]:
    def said(key: str, **blanks: object) -> str:
        return sentence(f"answer.{key}", language, **blanks)

    own = ledger[ledger["id"].str.startswith("access.")]
    yield Part("title", said("pq-101.title"))
    yield Part("subtitle", said("pq-101.subtitle", year=str(year)))
    if mark := notes.mark(own):
        words = (sentence(f"report.{mark}{end}", language) for end in ("", "-means"))
        yield Part("mark", ". ".join(words))
    yield Part("heading", said("heading.question"))
    yield Part("quote", said("pq-101.question"))
    yield Part("text", said("pq-101.by"))
    yield Part("heading", said("heading.answer"))
    yield Part("text", _in_one_sentence(own, language))
    yield Part("text", said("pq-101.reading"))
    yield from _yearly(own, year, language)
    yield Part("heading", said("heading.definition"))
    yield Part("text", said("pq-101.definition"))
    yield from _alternatives(own, language)
    yield Part("heading", said("heading.sources"))
    yield from (Part("text", text) for text in _sources(own, language))
    yield Part("heading", said("heading.notes"))
    yield from (Part("item", text) for text in _footnotes(own, year, language))


def _in_one_sentence(own: pd.DataFrame, language: str) -> str:
    five, ten = (_whole(own, "access.lot_share", definition=name) for name in HEADLINE)
    if five.empty or ten.empty:
        return sentence("answer.pq-101.no_lots", language)
    blanks: dict[str, object] = {"period": _period(five, language)}
    blanks["five"] = access.only(five)
    if not access.known(five):
        return sentence("answer.pq-101.unknown", language, **blanks)
    return sentence("answer.pq-101.known", language, ten=access.only(ten), **blanks)


def _yearly(own: pd.DataFrame, year: int, language: str) -> Iterator[Part]:
    """The table asked for: the Flemish administration first, the wider perimeter beside it."""
    for perimeter in _PERIMETERS:
        for definition in HEADLINE:
            rows = access.asked(own, perimeter=perimeter, definition=definition, year=year)
            if rows.empty:
                name = labels.every(f"perimeter.{perimeter}")[language]
                yield Part("text", sentence("answer.pq-101.empty", language, perimeter=name))
                break
            key = f"table.access-{perimeter.removeprefix('flemish-')}"
            caption = sentence(f"{key}-{definition.removeprefix('startup-')}", language)
            yield _table(caption, rows, "period", language)


def _alternatives(own: pd.DataFrame, language: str) -> Iterator[Part]:
    rows = access.in_order(_whole(own, "access.lot_share"))
    rows = rows[~rows["definition"].isin(HEADLINE)]
    if rows.empty:
        return
    yield Part("heading", sentence("answer.heading.alternatives", language))
    yield Part("text", sentence("answer.pq-101.alternatives", language))
    name = labels.every(f"perimeter.{ADMINISTRATION}")[language]
    caption = sentence("answer.table.alternatives", language, perimeter=name)
    yield _table(caption, rows, "definition", language)


def _sources(own: pd.DataFrame, language: str) -> Iterator[str]:
    kinds = [labels.every(f"kind.{kind}")[language] for kind in sorted(set(own["kind"]))]
    if kinds:
        said = {"basis": "; ".join(kinds), "inputs": "; ".join(sorted(set(own["inputs"])))}
        yield sentence("answer.pq-101.sources", language, **said)
    ids = {"lots": "lots", "linked": "link_share", "outside": "perimeter_unknown"}
    rows = {word: _whole(own, f"access.{id}") for word, id in ids.items()}
    if not any(found.empty for found in rows.values()):
        numbers = {word: access.only(found) for word, found in rows.items()}
        period = _period(rows["lots"], language)
        yield sentence("answer.pq-101.coverage", language, **numbers, period=period)
    yield sentence("answer.pq-101.published", language)


def _footnotes(own: pd.DataFrame, year: int, language: str) -> Iterator[str]:
    for name in ("unknown", "breaks", "number"):
        yield sentence(f"answer.pq-101.note.{name}", language)
    at_end = own[(own["period"] == str(year)) & (own["perimeter"] == ADMINISTRATION)]
    complete = at_end[at_end["id"] == "access.completeness"]
    judged = at_end[at_end["id"] == "access.provisional"]
    if not (access.known(complete) and access.known(judged)):
        yield sentence("answer.pq-101.note.provisional_unknown", language)
    elif access.only(judged).row["value"] == 1:
        share = access.only(complete)
        yield sentence("answer.pq-101.note.provisional", language, last=str(year), share=share)
    yield sentence("answer.pq-101.note.grade", language, grade=_GRADES)


def _whole(own: pd.DataFrame, id: str, **where: str) -> pd.DataFrame:
    """Rows of an indicator for the whole period of the Flemish administration."""
    where = {"id": id, "perimeter": ADMINISTRATION, "group": "all"} | where
    rows = own[own["period"].str.contains("-")]
    for column, text in where.items():
        rows = rows[rows[column] == text]
    return rows


def _period(rows: pd.DataFrame, language: str) -> str:
    return labels.of_period(rows["period"].iloc[0])[language]


def _table(caption: str, rows: pd.DataFrame, by: str, language: str) -> Part:
    columns, body = tables.pivot(rows, by=by, across="id", style="million")
    head = tuple(column["label"][language] for column in columns)
    return Part("table", caption, (head, *(tuple(c[language] for c in row) for row in body)))


def _in_markdown(part: Part) -> str:
    if part.kind != "table":
        before = {"title": "# ", "heading": "## ", "quote": "> ", "item": "- ", "mark": "> "}
        return before.get(part.kind, "") + part.text
    head, *body = [[cell.replace("|", "\\|") for cell in row] for row in part.cells]
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    drawn = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"**{part.text}**\n\n{drawn}"


def _check(what: str, found: str, known: tuple[str, ...]) -> None:
    if found not in known:
        raise ReportError(what, found=found, expected=" or ".join(known), do="correct the command")
