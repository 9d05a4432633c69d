"""What a chapter emits: typed blocks, each of which carries every language.

A block is a plain dictionary. `show` sends it out of the kernel as one JSON MIME bundle,
which `analysis.report.document` reads back from the executed notebook.
"""

import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.present import block_parts
from analysis.present.block_parts import MARKS as MARKS
from analysis.present.block_parts import Block, Texts
from analysis.present.language import LANGUAGES
from analysis.present.preview import preview
from analysis.refusal import ReportError

MIME = "application/vnd.pio.block+json"
Cells = Sequence[Mapping[str, Any]]

_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")


def text(markdown: Texts, numbers: Cells = ()) -> Block:
    """Return prose: headings (1-3), paragraphs, lists, quotes, emphasis, links, notes, {fig:id}.

    Parameters
    ----------
    markdown : numbers in it that know their row are links as of `origins.link`
    numbers : the cells of these rows, see `labels.cell`
    """
    return {"type": "text", **block_parts.prose("a text", markdown, numbers)}


def answer(sentence: Texts, numbers: Cells = ()) -> Block:
    """Return the chapter's answer, one computed sentence; parameters as of `text`."""
    return {"type": "answer", **block_parts.prose("an answer", sentence, numbers)}


def figure(
    *,
    id: str,
    caption: Texts,
    alt: Texts,
    svg: Texts,
    data: Texts,
    numbers: Sequence[Sequence[Mapping[str, Any] | None]] = (),
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
    numbers : for every cell of `data` below its header the cell of the ledger, or None
    source, note : inline markdown
    mark : "sample" or "simulated" where the figure does not rest on full real data

    Raises
    ------
    ReportError
        If a language or a text is missing, or `alt` repeats the caption or holds no number.
    """
    where = f"figure {block_parts.name(id)}"
    block = {
        "type": "figure",
        "id": id,
        "caption": block_parts.texts(f"{where}, caption", caption),
        "alt": block_parts.texts(f"{where}, alt", alt),
        "svg": block_parts.texts(f"{where}, svg", svg),
        "data": block_parts.texts(f"{where}, data", data),
        "numbers": [[one and dict(one) for one in line] for line in numbers],
        **block_parts.below(where, source, note, mark),
    }
    for language in LANGUAGES:
        block_parts.check_alt(f"{where}, alt ({language})", alt[language], caption[language])
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
    where = f"table {block_parts.name(id)}"
    return {
        "type": "table",
        "id": id,
        "caption": block_parts.texts(f"{where}, caption", caption),
        "columns": [block_parts.column(where, column) for column in columns],
        "rows": block_parts.rows(where, rows, width=len(columns), row_header=row_header),
        "row_header": row_header,
        **block_parts.below(where, source, note, mark),
    }


def explorer(*, id: str, data: Mapping[str, Any], mark: str | None = None) -> Block:
    """Return the definition explorer: for pages that run a script, nothing elsewhere.

    Parameters
    ----------
    id, mark : as of a figure
    data : from `analysis.present.explorer.contents`
    """
    return {"type": "explorer", "id": block_parts.name(id), "data": dict(data), "mark": mark}


def cards(items: Sequence[Mapping[str, Texts]], numbers: Cells = ()) -> Block:
    """Return two to four key figures: {"label", "value", "note"} in every language, plain text.

    `numbers` holds the cell of the ledger behind each, see `labels.cell`; none if not given.
    """
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
            {
                part: block_parts.texts(f"card, {part}", item[part])
                for part in ("label", "value", "note")
            }
            for item in items
        ],
        "numbers": block_parts.cells("card, number", numbers),
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
