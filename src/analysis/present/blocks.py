"""What a chapter emits: typed blocks, each of which carries every language.

A block is a plain dictionary. `show` sends it out of the kernel as one JSON MIME bundle,
which `analysis.report.document` reads back from the executed notebook.
"""

import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.present.language import LANGUAGES
from analysis.present.preview import preview
from analysis.refusal import ReportError

MIME = "application/vnd.pio.block+json"
MARKS = ("sample", "simulated")  # the weaker claim to reality comes last

Texts = Mapping[str, str]
Block = dict[str, Any]

_ID = re.compile(r"[a-z][a-z0-9-]*")
_PLACEHOLDER = re.compile(r"\W*(figuur|figure|grafiek|chart|beeld|image)?[\s\d.]*\W*", re.I)
_BESIDE = ("number", "row")  # of a cell, besides its texts
_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")


def text(markdown: Texts) -> Block:
    """Return prose: headings (1-3), paragraphs, lists, quotes, emphasis, links, notes, {fig:id}."""
    return {"type": "text", "text": _texts("a text", markdown)}


def answer(sentence: Texts) -> Block:
    """Return the chapter's answer, one computed sentence; inline markdown is allowed."""
    return {"type": "answer", "text": _texts("an answer", sentence)}


def figure(
    *,
    id: str,
    caption: Texts,
    alt: Texts,
    svg: Texts,
    data: Texts,
    source: Texts | None = None,
    note: Texts | None = None,
    mark: str | None = None,
) -> Block:
    """Return a figure block.

    Parameters
    ----------
    id : name for references, `{fig:id}`; lower case, digits, hyphens
    caption, alt : plain text; `alt` states the figure's own numbers
    svg : one drawing per language, from `analysis.present.drawing.svg`
    data : the numbers drawn, as CSV text with a header row, formatted for its readers
    source, note : inline markdown
    mark : "sample" or "simulated" where the figure does not rest on full real data

    Raises
    ------
    ReportError
        If a language or a text is missing, or `alt` repeats the caption or holds no number.
    """
    where = f"figure {_id(id)}"
    block = {
        "type": "figure",
        "id": id,
        "caption": _texts(f"{where}, caption", caption),
        "alt": _texts(f"{where}, alt", alt),
        "svg": _texts(f"{where}, svg", svg),
        "data": _texts(f"{where}, data", data),
        **_below(where, source, note, mark),
    }
    for language in LANGUAGES:
        _check_alt(f"{where}, alt ({language})", alt[language], caption[language])
    return block


def table(
    *,
    id: str,
    caption: Texts,
    columns: Sequence[Mapping[str, Any]],
    rows: Sequence[Sequence[Texts]],
    row_header: bool = True,
    source: Texts | None = None,
    note: Texts | None = None,
    mark: str | None = None,
) -> Block:
    """Return a table block.

    Parameters
    ----------
    id : name for references, `{tab:id}`; lower case, digits, hyphens
    caption : plain text
    columns : one {"label": Texts, "align": "left" | "right"} a column
    rows : one Texts a cell, numbers already formatted; plain text, never markdown. A cell may
        bring its `number` along for the spreadsheet and its `row` for the page, see `labels.cell`
    row_header : whether the first cell names its row
    source, note : inline markdown
    mark : "sample" or "simulated" where the table does not rest on full real data

    Raises
    ------
    ReportError
        If a text or language is missing, a row has too many or too few cells, or none is given.
    """
    where = f"table {_id(id)}"
    return {
        "type": "table",
        "id": id,
        "caption": _texts(f"{where}, caption", caption),
        "columns": [_column(where, column) for column in columns],
        "rows": _rows(where, rows, width=len(columns), row_header=row_header),
        "row_header": row_header,
        **_below(where, source, note, mark),
    }


def explorer(*, id: str, data: Mapping[str, Any], mark: str | None = None) -> Block:
    """Return the definition explorer: for pages that run a script, nothing elsewhere.

    Parameters
    ----------
    id, mark : as of a figure
    data : from `analysis.present.explorer.contents`
    """
    return {"type": "explorer", "id": _id(id), "data": dict(data), "mark": mark}


def cards(items: Sequence[Mapping[str, Texts]]) -> Block:
    """Return two to four key figures: {"label", "value", "note"} in every language, plain text."""
    if not 2 <= len(items) <= 4:
        raise ReportError(
            "key figures",
            found=f"{len(items)} cards",
            expected="two to four",
            do="leave out the least important, or use a table",
        )
    return {
        "type": "cards",
        "items": [
            {part: _texts(f"card, {part}", item[part]) for part in ("label", "value", "note")}
            for item in items
        ],
    }


def literal(value: str) -> str:
    """Return text from outside (a buyer's name) so that markdown shows it exactly as it is."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(value.split()))


def bundle(block: Block, language: str) -> dict[str, Any]:
    """Return the MIME bundle of a block: itself, and a preview in one language for JupyterLab."""
    name = f"{block['type']} {block.get('id', '')}".strip()
    return {MIME: block, "text/html": preview(block, language), "text/plain": f"[{name}]"}


def show(block: Block, language: str = "nl") -> None:
    """Send a block out of the kernel."""
    from IPython.display import display

    display(bundle(block, language), raw=True)  # type: ignore[no-untyped-call]


def _texts(where: str, texts: Texts, *, may_be_blank: bool = False) -> dict[str, str]:
    given = texts if isinstance(texts, Mapping) else {}
    missing = [
        language
        for language in LANGUAGES
        if not isinstance(given.get(language), str) or not (may_be_blank or given[language].strip())
    ]
    if missing or set(given) != set(LANGUAGES):
        raise ReportError(
            where,
            found=f"no text in {', '.join(missing)}" if missing else f"languages {sorted(given)}",
            expected=f"a text in each of {', '.join(LANGUAGES)}",
            do="give the text in every language",
        )
    return {language: given[language] for language in LANGUAGES}


def _id(id: str) -> str:
    if not _ID.fullmatch(id):
        raise ReportError(
            f"block {id!r}",
            found="an id that is no plain name",
            expected="lower case letters, digits and hyphens, a letter first",
            do="rename the block",
        )
    return id


def _check_alt(where: str, alt: str, caption: str) -> None:
    repeats = alt.strip().casefold() == caption.strip().casefold()
    if repeats or not any(map(str.isdigit, alt)) or _PLACEHOLDER.fullmatch(alt):
        raise ReportError(
            where,
            found="the caption once more" if repeats else f"no number of the figure in {alt!r}",
            expected="what the figure shows, with its own numbers",
            do="state kind of chart, highest, lowest or latest value",
        )


def _below(where: str, source: Texts | None, note: Texts | None, mark: str | None) -> Block:
    if mark not in (None, *MARKS):
        raise ReportError(
            where, found=f"mark {mark!r}", expected=f"one of {MARKS} or none", do="correct it"
        )
    return {
        "source": _texts(f"{where}, source", source) if source else None,
        "note": _texts(f"{where}, note", note) if note else None,
        "mark": mark,
    }


def _column(where: str, column: Mapping[str, Any]) -> Block:
    if column.get("align") not in ("left", "right"):
        raise ReportError(
            where, found=f"align {column.get('align')!r}", expected="left or right", do="set it"
        )
    return {"label": _texts(f"{where}, column label", column["label"]), "align": column["align"]}


def _rows(
    where: str, rows: Sequence[Sequence[Texts]], *, width: int, row_header: bool
) -> list[list[Block]]:
    wrong = [number for number, row in enumerate(rows, 1) if len(row) != width]
    if wrong or not rows:
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
        for number, row in enumerate(rows, 1)
    ]


def _shown(where: str, cell: Mapping[str, Any], *, may_be_blank: bool) -> Block:
    texts = {key: text for key, text in cell.items() if key not in _BESIDE}
    kept = {key: cell[key] for key in _BESIDE if cell.get(key)}
    return _texts(where, texts, may_be_blank=may_be_blank) | kept
