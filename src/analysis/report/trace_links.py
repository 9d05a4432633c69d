"""From a number on the page to its row of the ledger.

The rows behind a table stand under the table; those behind the sentences, key figures and figures
of a chapter stand at its end. A number has the `digest` of its row until `refer`, then in its
place `to`: where the row stands on the page, if it does.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Any

from analysis.contracts import RESULTS
from analysis.present import labels, origins
from analysis.present.language import foreign, write
from analysis.refusal import ReportError
from analysis.report import markdown

Node = dict[str, Any]
_ALIKE = ("definition", "denominator", "perimeter", "interval", "grade")  # said once for all rows


def placed(blocks: list[Node], raw: Node, language: str) -> list[Node]:
    """The blocks of one block as emitted, each with the digests of the numbers that it shows.

    Returns
    -------
    blocks, of which
    a table has `ledger`, the rows behind it (as of `behind`), and `digest`: one or None for every
    cell; the data of a figure have such a `digest` as well, and a key figure its own. `spoken` of
    a table is the language of every cell, None where it is that of the page
    """
    numbers = raw.get("numbers", [])
    match raw["type"]:
        case "table":
            rows = raw["rows"]
            spoken = [[foreign(cell, language) for cell in row] for row in rows]
            whole = {"ledger": behind(chain(*rows), language), "digest": _grid(rows)}
            return [block | whole | {"spoken": spoken} for block in blocks]
        case "figure":
            [block] = blocks
            return [block | {"data": block["data"] | {"digest": _grid(numbers)}}]
        case "cards" if numbers:
            [block], digests = blocks, map(_digest, numbers)
            items = zip(block["items"], digests, strict=True)
            return [block | {"items": [item | {"digest": digest} for item, digest in items]}]
    return blocks


def at_the_end(emitted: list[Node], language: str) -> list[Node]:
    """The rows (as of `behind`) of what a chapter emits, tables aside."""
    numbers = [one for raw in emitted for one in raw.get("numbers", ())]
    cells = chain(*(one if isinstance(one, list) else [one] for one in numbers))
    return behind(cells, language)


def behind(cells: Iterable[Node | None], language: str) -> list[Node]:
    """The rows of the ledger behind some cells, each once: as of `origins.of_row`, with `digest`.

    `shown` is the number as the first of its cells gives it.
    """
    found: dict[str, Node] = {}
    for cell in cells:
        if cell and (digest := _digest(cell)):
            found.setdefault(digest, cell["row"] | {"digest": digest, "shown": cell[language]})
    return list(found.values())


def refer(chapters: list[Node]) -> None:
    """Lead every number to its row, and give the row its `ref`: as many digits in all of them.

    Raises
    ------
    ReportError
        If a sentence links to a row that it does not bring along.
    """
    tables = [block for one in chapters for block in one["blocks"] if block["kind"] == "table"]
    ledgers = [one["ledger"] for one in (*chapters, *tables)]
    digits = origins.digits(row["digest"] for rows in ledgers for row in rows)
    for table in tables:
        _lead([table], table["ledger"], f"t{table['number']}", digits)
    for one in chapters:
        numbers = list(_numbers(one["blocks"]))
        said = {digest for number in numbers for digest in _flat(number["digest"])}
        if lacking := said - {row["digest"] for row in one["ledger"]} - {None}:
            raise ReportError(
                one["name"],
                found=f"{len(lacking)} numbers in a text that brings no row along for them",
                expected="the cell of every number that is a link",
                do="give the numbers to `blocks.text` or `blocks.answer` with the text",
            )
        one["ledger"] = [row for row in one["ledger"] if row["digest"] in said]
        _lead(numbers, one["ledger"], f"c{one['blocks'][0]['number']}", digits)


def told(rows: list[Node], language: str) -> Iterator[Node]:
    """Rows of the ledger in words, together where all but period, group and counts is one.

    Yields
    ------
    `title` and `id` of the indicator, `means` (definition, denominator, perimeter, interval and
    evidence grade, each with its word), and `rows`: `ref`, `at` (its place on the page), `value`
    as shown, `period`, `group` and the language in which it is `spoken`, `n` and `unknown`
    """
    groups: dict[tuple[str, ...], list[Node]] = {}
    for row in rows:
        groups.setdefault(_alike(row), []).append(_row(row, language))
    for (id, *codes), alike in groups.items():
        means = [
            (labels.every(f"word.{kind}")[language], _word(kind, code, language))
            for kind, code in zip(_ALIKE, codes, strict=True)
        ]
        title = labels.raw(f"column.{id}") and labels.every(f"column.{id}")[language]
        yield {"id": id, "title": title, "means": means, "rows": alike}


def _digest(cell: Node | None) -> str | None:
    row = cell.get("row") if cell else None
    return origins.digest(row["key"]) if row else None


def _grid(cells: list[list[Node | None]]) -> list[list[str | None]]:
    return [[_digest(cell) for cell in row] for row in cells]


def _flat(digest: Any) -> Iterator[str | None]:
    yield from chain(*digest) if isinstance(digest, list) else (digest,)


def _numbers(blocks: list[Node]) -> Iterator[Node]:
    """What bears a digest in a chapter, tables aside."""
    for block in blocks:
        if block["kind"] == "figure":
            yield block["data"]
        elif block["kind"] == "cards":
            yield from (item for item in block["items"] if "digest" in item)
        yield from (node for node in markdown.nodes(block, "text") if "digest" in node)


def _lead(numbers: list[Node], ledger: list[Node], prefix: str, digits: int) -> None:
    for row in ledger:
        row["ref"] = row["digest"][:digits]
        row["at"] = f"{prefix}-{row['ref']}"
    places = {row["digest"]: row["at"] for row in ledger}
    for number in numbers:
        if "digest" in number:  # a footnote called twice stands here twice
            found = number.pop("digest")
            if isinstance(found, list):
                number["to"] = [[places.get(one) for one in row] for row in found]
            else:
                number["to"] = places.get(found)


def _alike(row: Node) -> tuple[str, ...]:
    key = dict(zip(RESULTS.key, row["key"], strict=True))
    return (key["id"], *(str((key | row)[kind]) for kind in _ALIKE))


def _row(row: Node, language: str) -> Node:
    key = dict(zip(RESULTS.key, row["key"], strict=True))
    counts = {name: _counted(row[name], language) for name in ("n", "unknown")}
    period, group = _period(key["period"])[language], _group(key["group"])[language]
    own = {"ref": row["ref"], "at": row["at"], "value": row["shown"]}
    spoken = foreign(_group(key["group"]), language)
    return own | {"period": period, "group": group, "spoken": spoken} | counts


@cache
def _counted(count: int | None, language: str) -> str:
    return "" if count is None else write(count, "count", language)


@cache
def _word(kind: str, code: str, language: str) -> str:
    return labels.coded(kind, code)[language]


_group, _period = cache(labels.of_group), cache(labels.of_period)
