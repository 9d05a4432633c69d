"""From a number in a table of the page to its row of the ledger, which stands under the table."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from analysis.contracts import RESULTS
from analysis.present import labels, origins
from analysis.present.language import write

Node = dict[str, Any]
_ALIKE = ("definition", "denominator", "perimeter", "interval", "grade")  # said once for all rows


def behind(raw: Node) -> Node:
    """The rows of the ledger behind a table as emitted, and where in the table each stands.

    Returns
    -------
    `ledger` : rows as of `origins.of_row`, each once
    `at` : for every row of the table and every cell the place in `ledger`, or None
    """
    found: dict[tuple[str, ...], Node] = {}
    places = [[_placed(cell.get("row"), found) for cell in row] for row in raw["rows"]]
    return {"ledger": list(found.values()), "at": places}


def refer(blocks: list[Node]) -> None:
    """Give every row of the ledger behind the tables its `ref`, the same digits in all of them."""
    rows = [row for block in blocks for row in block.get("ledger", ())]
    whole = [origins.digest(row["key"]) for row in rows]
    long = origins.digits(whole)
    for row, digest in zip(rows, whole, strict=True):
        row["ref"] = digest[:long]


def told(block: Node, language: str) -> Iterator[Node]:
    """The rows behind a table in words, together where all but period, group and counts is one.

    Yields
    ------
    `title` and `id` of the indicator, `means` (definition, denominator, perimeter, interval and
    evidence grade, each with its word), and `rows`: `ref`, `value` as the table shows it,
    `period`, `group`, `n` and `unknown`
    """
    shown = _shown(block)
    groups: dict[tuple[str, ...], list[Node]] = {}
    for row in block["ledger"]:
        groups.setdefault(_alike(row), []).append(_row(row, shown[row["ref"]], language))
    for (id, *codes), rows in groups.items():
        means = [
            (labels.every(f"word.{kind}")[language], _word(kind, code, language))
            for kind, code in zip(_ALIKE, codes, strict=True)
        ]
        title = labels.raw(f"column.{id}") and labels.every(f"column.{id}")[language]
        yield {"id": id, "title": title, "means": means, "rows": rows}


def _placed(row: Node | None, found: dict[tuple[str, ...], Node]) -> int | None:
    if row is None:
        return None
    kept = found.setdefault(tuple(row["key"]), row | {"place": len(found)})
    return int(kept["place"])


def _shown(block: Node) -> dict[str, str]:
    """What the table shows of each row of the ledger, by its reference; where it stands first."""
    refs = [row["ref"] for row in block["ledger"]]
    cells = [
        (refs[place], cell)
        for places, row in zip(block["at"], block["rows"], strict=True)
        for place, cell in zip(places, row, strict=True)
        if place is not None
    ]
    return dict(reversed(cells))


def _alike(row: Node) -> tuple[str, ...]:
    key = dict(zip(RESULTS.key, row["key"], strict=True))
    return (key["id"], *(str((key | row)[kind]) for kind in _ALIKE))


def _row(row: Node, value: str, language: str) -> Node:
    key = dict(zip(RESULTS.key, row["key"], strict=True))
    counts = {name: _counted(row[name], language) for name in ("n", "unknown")}
    period, group = _period(key["period"])[language], _group(key["group"])[language]
    return {"ref": row["ref"], "value": value, "period": period, "group": group} | counts


@cache
def _counted(count: int | None, language: str) -> str:
    return "" if count is None else write(count, "count", language)


@cache
def _word(kind: str, code: str, language: str) -> str:
    return labels.coded(kind, code)[language]


_group, _period = cache(labels.of_group), cache(labels.of_period)
