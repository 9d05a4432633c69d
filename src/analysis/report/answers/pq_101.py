"""The answer to written question 101: 'kopen bij start-ups', and start-ups in public contracts."""

from collections.abc import Iterator

import pandas as pd

from analysis.present import access, labels, notes, tables
from analysis.present.figures_access import HEADLINE
from analysis.report.answers import pq_101_project
from analysis.report.answers.parts import Answering, Asked, Part, by_point, opening
from analysis.report.answers.pq_101_project import ADMINISTRATION

_PERIMETERS = (ADMINISTRATION, "flemish-public")
_GRADES = "D"  # what a count of published awards can be at best
_THEMES = ("access.", "buying.")


def answer(asked: Asked) -> Iterator[Part]:
    """Every piece of the answer, in order."""
    own = asked.ledger[asked.ledger["id"].str.startswith(_THEMES)]
    mark = notes.mark(own)
    words = (asked.of_report(f"{mark}{end}") for end in ("", "-means")) if mark else ()
    yield from opening("pq-101", asked, ". ".join(words))
    yield from by_point("pq-101", asked, _ANSWERS)
    yield Part("heading", asked.said("heading.sources"))
    yield from (Part("text", text) for text in _sources(own, asked))
    yield Part("heading", asked.said("heading.notes"))
    yield from (Part("item", text) for text in _footnotes(own, asked))


def _overview(asked: Asked) -> Iterator[Part]:
    yield Part("text", _in_one_sentence(asked))


def _numbers(asked: Asked) -> Iterator[Part]:
    yield asked.text("pq-101.reading")
    yield from _yearly(asked)


def _shares(asked: Asked) -> Iterator[Part]:
    yield asked.text("pq-101.shares")


def _definition(asked: Asked) -> Iterator[Part]:
    yield asked.text("pq-101.definition")
    rows = access.in_order(_whole(asked.ledger, "access.lot_share"))
    rows = rows[~rows["definition"].isin(HEADLINE)]
    if len(rows):
        yield asked.text("pq-101.alternatives")
        name = labels.every(f"perimeter.{ADMINISTRATION}")[asked.language]
        shape = tables.pivot(rows, by="definition", across="id", style="million")
        yield asked.drawn(asked.said("table.alternatives", perimeter=name), shape)


def _in_one_sentence(asked: Asked) -> str:
    five, ten = (_whole(asked.ledger, "access.lot_share", definition=name) for name in HEADLINE)
    if five.empty or ten.empty:
        return asked.said("pq-101.no_lots")
    blanks: dict[str, object] = {"period": _period(five, asked), "five": access.only(five)}
    if not access.known(five):
        return asked.said("pq-101.unknown", **blanks)
    return asked.said("pq-101.known", ten=access.only(ten), **blanks)


def _yearly(asked: Asked) -> Iterator[Part]:
    """The table asked for: the Flemish administration first, the wider perimeter beside it."""
    own = asked.ledger[asked.ledger["id"].str.startswith("access.")]
    for perimeter in _PERIMETERS:
        for definition in HEADLINE:
            rows = access.asked(own, perimeter=perimeter, definition=definition, year=asked.year)
            if rows.empty:
                name = labels.every(f"perimeter.{perimeter}")[asked.language]
                yield asked.text("pq-101.empty", perimeter=name)
                break
            key = f"table.access-{perimeter.removeprefix('flemish-')}"
            key = f"{key}-{definition.removeprefix('startup-')}"
            yield asked.table(key, rows, by="period", across="id", style="million")


def _sources(own: pd.DataFrame, asked: Asked) -> Iterator[str]:
    kinds = [labels.every(f"kind.{kind}")[asked.language] for kind in sorted(set(own["kind"]))]
    if kinds:
        said = {"basis": "; ".join(kinds), "inputs": "; ".join(sorted(set(own["inputs"])))}
        yield asked.said("pq-101.sources", **said)
    ids = {"lots": "lots", "linked": "link_share", "outside": "perimeter_unknown"}
    rows = {word: _whole(own, f"access.{id}") for word, id in ids.items()}
    if not any(found.empty for found in rows.values()):
        numbers = {word: access.only(found) for word, found in rows.items()}
        yield asked.said("pq-101.coverage", **numbers, period=_period(rows["lots"], asked))
    yield asked.said("pq-101.published")
    yield asked.said("pq-101.coordinated")


def _footnotes(own: pd.DataFrame, asked: Asked) -> Iterator[str]:
    for name in ("unknown", "breaks", "number"):
        yield asked.said(f"pq-101.note.{name}")
    at_end = own[(own["period"] == str(asked.year)) & (own["perimeter"] == ADMINISTRATION)]
    complete = at_end[at_end["id"] == "access.completeness"]
    judged = at_end[at_end["id"] == "access.provisional"]
    if not (access.known(complete) and access.known(judged)):
        yield asked.said("pq-101.note.provisional_unknown")
    elif access.only(judged).row["value"] == 1:
        share = access.only(complete)
        yield asked.said("pq-101.note.provisional", last=str(asked.year), share=share)
    yield asked.said("note.grade", grade=_GRADES)


def _whole(own: pd.DataFrame, id: str, **where: str) -> pd.DataFrame:
    """Rows of an indicator for the whole period of the Flemish administration."""
    where = {"id": id, "perimeter": ADMINISTRATION, "group": "all"} | where
    rows = own[own["period"].str.contains("-")]
    for column, text in where.items():
        rows = rows[rows[column] == text]
    return rows


def _period(rows: pd.DataFrame, asked: Asked) -> str:
    return labels.of_period(rows["period"].iloc[0])[asked.language]


_ANSWERS: dict[str, Answering] = {
    **pq_101_project.ANSWERS,
    "5": _overview,
    "5a": _numbers,
    "5b": _shares,
    "5c": _definition,
}
