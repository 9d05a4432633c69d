"""The parts of a block, each checked: texts in every language, ids, marks, columns and rows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.present import origins
from analysis.present.language import LANGUAGES
from analysis.refusal import ReportError

MARKS = ("sample", "simulated")  # the weaker claim to reality comes last

Texts = Mapping[str, str]
Block = dict[str, Any]

_ID = re.compile(r"[a-z][a-z0-9-]*")
_PLACEHOLDER = re.compile(r"\W*(figuur|figure|grafiek|chart|beeld|image)?[\s\d.]*\W*", re.I)
_BESIDE = ("number", "row")  # of a cell, besides its texts


def texts(where: str, given: Texts, *, may_be_blank: bool = False) -> dict[str, str]:
    """A text in every language, or a refusal that names `where`."""
    found = given if isinstance(given, Mapping) else {}
    missing = [
        language
        for language in LANGUAGES
        if not isinstance(found.get(language), str) or not (may_be_blank or found[language].strip())
    ]
    if missing or set(found) != set(LANGUAGES):
        raise ReportError(
            where,
            found=f"no text in {', '.join(missing)}" if missing else f"languages {sorted(found)}",
            expected=f"a text in each of {', '.join(LANGUAGES)}",
            do="give the text in every language",
        )
    return {language: found[language] for language in LANGUAGES}


def prose(where: str, markdown: Texts, numbers: Sequence[Mapping[str, Any]]) -> Block:
    """Markdown as `text`; with `numbers` also as `linked`, where these know their rows.

    `text` is without the links, for whoever reads the block itself.
    """
    linked = texts(where, markdown)
    if not numbers:
        return {"text": linked}
    bare = {language: origins.bare(text) for language, text in linked.items()}
    return {"text": bare, "linked": linked, "numbers": cells(where, numbers)}


def name(id: str) -> str:
    """An id that can stand in a reference."""
    if not _ID.fullmatch(id):
        raise ReportError(
            f"block {id!r}",
            found="an id that is no plain name",
            expected="lower case letters, digits and hyphens, a letter first",
            do="rename the block",
        )
    return id


def check_alt(where: str, alt: str, caption: str) -> None:
    """Refuse an alternative text without a number, or that says what the caption says."""
    repeats = alt.strip().casefold() == caption.strip().casefold()
    if repeats or not any(map(str.isdigit, alt)) or _PLACEHOLDER.fullmatch(alt):
        raise ReportError(
            where,
            found="the caption once more" if repeats else f"no number of the figure in {alt!r}",
            expected="what the figure shows, with its own numbers",
            do="state kind of chart, highest, lowest or latest value",
        )


def below(where: str, source: Texts | None, note: Texts | None, mark: str | None) -> Block:
    """What stands under a figure or a table, and its mark."""
    if mark not in (None, *MARKS):
        raise ReportError(
            where, found=f"mark {mark!r}", expected=f"one of {MARKS} or none", do="correct it"
        )
    return {
        "source": texts(f"{where}, source", source) if source else None,
        "note": texts(f"{where}, note", note) if note else None,
        "mark": mark,
    }


def column(where: str, given: Mapping[str, Any]) -> Block:
    """The head of a column."""
    if given.get("align") not in ("left", "right"):
        raise ReportError(
            where, found=f"align {given.get('align')!r}", expected="left or right", do="set it"
        )
    return {"label": texts(f"{where}, column label", given["label"]), "align": given["align"]}


def rows(
    where: str, given: Sequence[Sequence[Texts]], *, width: int, row_header: bool
) -> list[list[Block]]:
    """Rows of cells, all as wide as the table."""
    wrong = [number for number, row in enumerate(given, 1) if len(row) != width]
    if wrong or not given:
        raise ReportError(
            where,
            found=f"rows {wrong[:5]} of another width" if wrong else "no row",
            expected=f"rows of {width} cells, at least one",
            do="fill the cells, or say in a sentence that there is nothing to show",
        )
    return [
        [
            _shown(f"{where}, row {number}", cell, may_be_blank=not (row_header and place == 0))
            for place, cell in enumerate(row)
        ]
        for number, row in enumerate(given, 1)
    ]


def cells(where: str, given: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Cells of the ledger that stand beside a sentence, a key figure or a figure."""
    return [_shown(where, cell, may_be_blank=False) for cell in given]


def _shown(where: str, cell: Mapping[str, Any], *, may_be_blank: bool) -> Block:
    told = {key: text for key, text in cell.items() if key not in _BESIDE}
    kept = {key: cell[key] for key in _BESIDE if cell.get(key)}
    return texts(where, told, may_be_blank=may_be_blank) | kept
