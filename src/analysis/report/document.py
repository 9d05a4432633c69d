"""Executed chapter notebooks -> one document in one language: plain data, no HTML, no Typst.

A document is {"meta", "words", "chapters", "notes"}; a chapter is {"number", "id", "title",
"sections", "name", "blocks", "ledger"}; a block has a `kind`; texts are lists of inline nodes
(markdown.py).
"""

import csv
import io
import re
from typing import Any

from nbformat import NotebookNode

from analysis.present.blocks import MARKS, MIME
from analysis.present.language import LANGUAGES, catalogue
from analysis.refusal import ReportError
from analysis.report import drawings, markdown, trace_links

Node = dict[str, Any]

_FIGURES = re.compile(r"[-\u2212+~<>≤≥]?\s?€?\d|$")  # a number, or an empty cell
_BELOW = ("source", "note")
_META = ("title", "subtitle", "organisation", "date")
# control characters, lone surrogates and marks that reorder text: from strangers, never meant
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def document(notebook: NotebookNode, language: str) -> Node:
    """Return the report, or the one chapter, that an executed notebook holds.

    Parameters
    ----------
    notebook : an executed chapter, or chapters joined by `analysis.report.exporters.merge`
    language : "nl" or "en"

    Raises
    ------
    ReportError
        If a cell failed, a chapter is empty or has no single title, a reference points nowhere,
        an id is used twice, or a text is more than the report can show.
    """
    emitted = _emitted(notebook)
    chapters = [_chapter(name, blocks, language) for name, blocks in emitted.items()]
    targets = _number(chapters)
    words = _words(language)
    _resolve(chapters, targets, words)
    trace_links.refer(chapters)
    return {
        "meta": _meta(notebook, chapters, language),
        "words": words,
        "chapters": [chapter | _contents(chapter["blocks"]) for chapter in chapters],
        "notes": _number_notes(chapters),
    }


def _emitted(notebook: NotebookNode) -> dict[str, list[Node]]:
    """Blocks by chapter, in order; a notebook that was not joined is one chapter."""
    chapters: dict[str, list[Node]] = {}
    own_name = notebook.metadata.get("pio", {}).get("chapter", "this notebook")
    for place, cell in enumerate(notebook.cells, 1):
        name = cell.metadata.get("pio", {}).get("chapter", own_name)
        found = chapters.setdefault(name, [])
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise _refusal(
                    f"{name}, cell {place}",
                    found=f"a failed cell: {output.ename}: {output.evalue}",
                    expected="a notebook that ran to its end",
                )
            found += [output.data[MIME]] if MIME in output.get("data", {}) else []
    return chapters


def _chapter(name: str, emitted: list[Node], language: str) -> Node:
    blocks = [
        block
        for raw in emitted
        for block in trace_links.placed(_read(name, _in_language(raw, language)), raw, language)
    ]
    titles = [place for place, block in enumerate(blocks) if block.get("level") == 1]
    if titles != [0]:
        raise _refusal(
            name,
            found=f"{len(blocks)} blocks, level-1 headings at {titles}",
            expected="blocks that begin with the one level-1 heading of the chapter",
        )
    return {"name": name, "blocks": blocks, "ledger": trace_links.at_the_end(emitted, language)}


def _in_language(value: Any, language: str) -> Any:
    if isinstance(value, dict) and value.keys() >= set(LANGUAGES):
        return _UNREADABLE.sub(" ", value[language])
    if isinstance(value, dict):
        return {key: _in_language(inner, language) for key, inner in value.items()}
    return [_in_language(inner, language) for inner in value] if isinstance(value, list) else value


def _read(name: str, raw: Node) -> list[Node]:
    """Return a block as emitted, in one language, as blocks of the document."""
    where = f"{name}, {raw['type']} {raw.get('id', '')}".strip()
    match raw["type"]:
        case "text":
            return markdown.blocks(_marked(raw), where=where)
        case "answer":
            return [{"kind": "answer", "inline": markdown.inline(_marked(raw), where=where)}]
        case "cards":
            return [{"kind": "cards", "items": raw["items"]}]
        case "figure":
            drawings.read(raw["svg"], where=where)
            own = {"id": f"fig-{raw['id']}", "data": _data(raw, where)}
            return [_captioned(raw, where) | own]
        case "table":
            return [_captioned(raw, where) | {"id": f"tab-{raw['id']}"}]
        case "explorer":
            return [{key: raw[key] for key in ("id", "data", "mark")} | {"kind": "explorer"}]
    raise _refusal(where, found="a block of unknown type", expected="one of present/blocks.py")


def _marked(raw: Node) -> str:
    """Markdown in which numbers link to their rows, where a text has any."""
    return str(raw["linked"] if "linked" in raw else raw["text"])


def _captioned(raw: Node, where: str) -> Node:
    below = {part: raw[part] and markdown.inline(raw[part], where=where) for part in _BELOW}
    rest = {key: value for key, value in raw.items() if key not in ("type", "numbers")}
    return rest | {"kind": raw["type"]} | below


def _data(raw: Node, where: str) -> Node:
    """Return the CSV of a figure as a table whose first column names the rows."""
    header, *rows = list(csv.reader(io.StringIO(raw["data"]))) or [[]]
    if not rows or any(len(row) != len(header) for row in rows) or not all(header):
        raise _refusal(where, found="data that are no table", expected="a header, rows as wide")
    numbers = [all(_FIGURES.match(cell) for cell in column) for column in zip(*rows, strict=True)]
    columns = [
        {"label": label, "align": "right" if number else "left"}
        for label, number in zip(header, numbers, strict=True)
    ]
    return {"columns": columns, "rows": rows, "row_header": True}


def _number(chapters: list[Node]) -> dict[str, str]:
    """Number chapters, headings, figures and tables; return the number of every target."""
    targets: dict[str, str] = {}
    counts = {"figure": 0, "table": 0}
    for place, chapter in enumerate(chapters, 1):
        own = re.match(r"\d+", chapter["name"])  # 41 of 41_blocks: the same in every edition
        section = [int(own[0]) if own else place, 0, 0]
        for block in chapter["blocks"]:
            if block["kind"] == "heading":
                _number_heading(block, section, chapter["name"])
            elif block["kind"] in counts:
                counts[block["kind"]] += 1
                block["number"] = str(counts[block["kind"]])
                if block["id"] in targets:
                    raise _refusal(block["id"], found="two of that id", expected="ids used once")
                targets[block["id"]] = block["number"]
    return targets


def _contents(blocks: list[Node]) -> Node:
    """Return what the contents list says of a chapter."""
    title, *sections = [
        {"number": b["number"], "id": b["id"], "title": markdown.plain(b["inline"])}
        for b in blocks
        if b["kind"] == "heading" and b["level"] <= 2
    ]
    return title | {"sections": sections}


def _number_heading(block: Node, section: list[int], name: str) -> None:
    level = block["level"]
    if level == 3 and not section[1]:
        raise _refusal(name, found="level 3 without a level 2 above it", expected="no skipping")
    if level > 1:
        section[level - 1] += 1
        section[level:] = [0] * (3 - level)
    block["number"] = ".".join(map(str, section[:level]))
    block["id"] = "s-" + "-".join(map(str, section[:level]))  # the same in every language


def _resolve(chapters: list[Node], targets: dict[str, str], words: dict[str, str]) -> None:
    for chapter in chapters:
        for node in markdown.nodes(chapter["blocks"], "reference"):
            if node["to"] not in targets:
                raise _refusal(
                    chapter["name"],
                    found=f"a reference to {node['to']}, which is not in this document",
                    expected=f"one of {', '.join(sorted(targets)) or 'none: it has no figures'}",
                )
            word = words["figure" if node["to"].startswith("fig-") else "table"]
            word = word if node.pop("capital") else word.lower()
            node["text"] = f"{word}\N{NO-BREAK SPACE}{targets[node['to']]}"


def _number_notes(chapters: list[Node]) -> list[Node]:
    notes = list(markdown.nodes([chapter["blocks"] for chapter in chapters], "note"))
    for number, note in enumerate(notes, 1):
        note["number"] = str(number)
    return notes


def _words(language: str) -> dict[str, str]:
    return {
        key.removeprefix("report."): text
        for key, text in catalogue(language).items()
        if key.startswith("report.")
    }


def _meta(notebook: NotebookNode, chapters: list[Node], language: str) -> Node:
    given = _in_language(dict(notebook.metadata.get("pio", {})), language)
    only_title = {"title": markdown.plain(chapters[0]["blocks"][0]["inline"])}
    marks = {given.get("mark")} | {
        block.get("mark") for chapter in chapters for block in chapter["blocks"]
    }
    return {
        **dict.fromkeys(_META, ""),
        **only_title,
        **{key: value for key, value in given.items() if key in _META},
        "language": language,
        "day": given.get("day"),
        "mark": max(marks - {None}, key=MARKS.index, default=None),
    }


def _refusal(where: str, *, found: str, expected: str) -> ReportError:
    return ReportError(
        where, found=found, expected=expected, do="correct the chapter; run it again"
    )
