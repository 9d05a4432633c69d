"""From a number of the report back to what it rests on: definition, indicator, files and rows."""

import difflib
import math
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from analysis import results
from analysis.contracts import RESULTS
from analysis.contracts.facts import FACTS
from analysis.disclosure import WITHHELD
from analysis.present.origins import DIGITS, digest
from analysis.refusal import ReportError
from analysis.report import trace_about, trace_refs, trace_rows
from analysis.report.build import Found
from analysis.report.verify_said import plain
from analysis.sources.facts import RAW, read_card
from analysis.store import Delivery

SHOWN = ("period", "group", "definition", "perimeter")
_NUMBER = ("value", "low", "high", "unit", "n", "unknown", "grade", "kind", "inputs")
_SOURCED = ("competition", "access")  # families of which the rows behind are shown
_INDENT = "  "
_SOUGHT = 20_000  # choices of deliveries; a second or less


def trace(
    id: str, where: dict[str, str], ledger: pd.DataFrame, found: Found, *, rows: int
) -> Iterator[str]:
    """Lines on a number: its rows of the ledger, what they mean, and what stands behind them.

    Parameters
    ----------
    id : of an indicator, or the reference of one number
    where : period, group, definition or perimeter of the rows; any may be left out
    ledger : keeps RESULTS
    found : what the ledger was made of
    rows : how many rows of each kind are shown at most

    Raises
    ------
    ReportError
        The ledger has no such number.
    """
    chosen = _chosen(id, where, ledger)
    id = str(chosen["id"].iloc[0])
    yield f"{id}: {len(chosen):,} rows of the ledger"
    yield from _table(chosen[[*SHOWN, *_NUMBER]], rows)
    yield from _indicator(id)
    for name in list(dict.fromkeys(chosen["definition"]))[:rows]:
        yield f"definition {name}"
        yield from (plain(f"{_INDENT}{line}") for line in trace_about.definition(name))
    if len(chosen) > 1:
        given = " ".join(f"--{name}" for name in SHOWN if name not in where)
        yield f"name one row with {given} to see what stands behind it"
        return
    [one] = [RESULTS.Row(*row) for row in chosen.itertuples(index=False)]
    yield from _of_one(one, found, rows=rows)


def _chosen(id: str, where: dict[str, str], ledger: pd.DataFrame) -> pd.DataFrame:
    is_one = trace_refs.is_reference(id)
    of_id = trace_refs.row(id, ledger) if is_one else ledger[ledger["id"] == id]
    if of_id.empty:
        known = sorted(set(ledger["id"]))
        near = difflib.get_close_matches(id, known, 5, 0.4) or known[:5]
        raise _none("the indicator", id, f"one of the ledger's, such as {', '.join(near)}")
    for name, value in where.items():
        left = of_id[of_id[name] == value]
        if left.empty:
            known = sorted(set(of_id[name]))
            raise _none(f"--{name}", value, f"one of {', '.join(known)}")
        of_id = left
    return of_id


def _indicator(id: str) -> Iterator[str]:
    if doc := trace_about.indicator(id):
        yield f"indicator, {doc.module}"
        yield from (plain(f"{_INDENT}{line}") for line in doc.text.splitlines() if line.strip())
    page = Path("docs", "indicators", f"{id.split('.')[0]}.md")
    if (RAW.parents[1] / page).is_file():
        yield f"page {page.as_posix()}, under {id}"


def _of_one(row: Any, found: Found, *, rows: int) -> Iterator[str]:
    """What stands behind one number."""
    yield f"reference {digest([getattr(row, name) for name in RESULTS.key])[:DIGITS]}"
    for kind in ("perimeter", "denominator"):
        id = getattr(row, kind)
        yield plain(f"{kind} {id}: {trace_about.word(kind, id)}")
    if row.denominator == WITHHELD:
        yield "withheld: it tells of one or two enterprises, or would give another number away"
    yield from _files(row, found, rows=rows)
    if row.id.split(".")[0] not in _SOURCED:
        yield "rows of notices are shown for chapters 15 and 20; rows of the programmes never"
        return
    with duckdb.connect() as engine:
        trace_rows.laid(engine, found)
        behind = trace_rows.behind(engine, row)
    yield from (plain(f"note: {note}") for note in behind.notes)
    known = "" if pd.isna(row.n) else f"; the ledger counts {row.n} known and {row.unknown} unknown"
    yield f"{behind.lots:,} lots in {len(behind.rows):,} rows stand behind it{known}"
    yield from _table(behind.rows, rows)


def _files(row: Any, found: Found, *, rows: int) -> Iterator[str]:
    """The files that the number rests on: of facts with their rows, of deliveries the names."""
    name = row.inputs.partition("@")[0]
    topic = next((t for t, tables in FACTS.items() if name in {one.name for one in tables}), None)
    if topic:
        yield from _facts(RAW / topic / f"{name}.csv", topic, row.period, rows=rows)
        return
    lake = found.lake
    every = [part.delivery for part in (*lake.parts, *lake.programme.parts)]
    every += [part.delivery for part in lake.registers.parts]
    every.sort(key=lambda delivery: (delivery.name, delivery.sha256))
    those = _named(row.inputs, every)
    yield plain(f"rests on {row.inputs}, {'that is' if those else 'of the deliveries'}")
    for one in those or every:
        yield plain(f"{_INDENT}{one.name}  sha256 {one.sha256}  {one.kind}")


def _named(inputs: str, every: list[Delivery]) -> list[Delivery]:
    """The deliveries that the word of a row stands for, see `results.inputs`; else none.

    Where there are too many to choose from, it is not sought which these are.
    """
    counted = re.match(r"(\d+)-deliveries@", inputs)
    size = int(counted.group(1)) if counted else 1
    some = combinations(every, size) if math.comb(len(every), size) <= _SOUGHT else ()
    told = (list(one) for one in some)
    return next((o for o in told if inputs == results.inputs((d.name, d.sha256) for d in o)), [])


def _facts(path: Path, topic: str, period: str, *, rows: int) -> Iterator[str]:
    """A file of facts with its card, and its rows of the period, else all."""
    card = read_card(RAW / topic, FACTS[topic])
    place = path.relative_to(RAW.parents[1]).as_posix()
    yield plain(f"rests on {place}: {card.title['en']}")
    yield plain(f"{_INDENT}publisher {', '.join(card.publishers)}; licence {card.licence}")
    yield plain(f"{_INDENT}collected {card.collected}, {card.how}")
    facts = pd.read_csv(path, dtype=str, keep_default_na=False)
    of_period = facts[(facts == period).any(axis=1)]
    yield from _table(facts if of_period.empty else of_period, rows)


def _table(frame: pd.DataFrame, rows: int) -> Iterator[str]:
    shown = frame.head(rows).astype(object).where(frame.head(rows).notna(), "")
    text = shown.map(lambda cell: plain(str(cell))) if len(shown) else shown
    yield from (f"{_INDENT}{line}" for line in text.to_string(index=False).splitlines())
    if len(frame) > rows:
        yield f"{_INDENT}and {len(frame) - rows:,} more; see them with --rows {len(frame)}"


def _none(where: str, found: str, expected: str) -> ReportError:
    return ReportError(
        where, found=plain(found), expected=plain(expected), do="correct the command"
    )
