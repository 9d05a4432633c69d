"""The tables of chapter 21 on barriers: what is measured, and what the project group judged."""

import pandas as pd

from analysis.contracts.intake.startups import BARRIERS
from analysis.present import labels
from analysis.present.buying import Row, head, joined, number, of, plain, source, word
from analysis.present.labels import Texts
from analysis.present.language import LANGUAGES
from analysis.present.partner_groups import parts
from analysis.present.tables import Shape

_LOWER, _HIGHER = ("lower", "removed"), ("higher",)


def barriers(ledger: pd.DataFrame) -> Shape:
    """Every barrier: its measure in the first and the last known year, and how it moved.

    The last column is what the project group judged of it in the last year that it judged, which
    rests on nothing in the columns before it.
    """
    cells = {
        (parts(row["group"])["barrier"], row["id"]): row
        for row in plain(of(ledger, "barrier_baseline", "barrier_latest", "barrier_change"))
    }
    moves = {parts(row["group"])["barrier"]: parts(row["group"])["barrier_moved"]
             for row in plain(of(ledger, "barrier_direction"))}  # fmt: skip
    standings = _standings(ledger)
    body = []
    for barrier in BARRIERS:
        latest = cells[barrier, "buying.barrier_latest"]
        name = word("barrier", barrier)
        if latest["value"] is not None:
            name = joined(name, word("definition", latest["definition"]), ": ")
        first = _dated(cells.get((barrier, "buying.barrier_baseline")))
        change = number(cells.get((barrier, "buying.barrier_change")))
        move = word("barrier_moved", moves[barrier])
        line = [name, first, _dated(latest), change]
        of_group = [_judgement(standings.get(barrier, []))] if standings else []
        body.append([*line, move, *of_group])
    heads = [head("barrier"), *(head(name, "right") for name in ("first", "last", "change"))]
    heads += [head("moved"), *([head("judged")] if standings else [])]
    told = [n for n, _ in enumerate(heads) if any(line[n][LANGUAGES[0]] for line in body)]
    return Shape([heads[n] for n in told], [[line[n] for n in told] for line in body])


def judged(ledger: pd.DataFrame) -> Shape:
    """What the project group judged of each barrier over the years, and its last explanation."""
    notes: dict[str, tuple[str, Row]] = {}
    for row in plain(of(ledger, "barrier_note").sort_values("period", kind="stable")):
        said = parts(row["group"])
        if "barrier_note" in said:
            notes[said["barrier"]] = (row["period"], said)
    standings = _standings(ledger)
    body = []
    for barrier in BARRIERS:
        if told := [standing for _, standing in standings.get(barrier, [])]:
            known = sum(standing != "not-judged" for standing in told)
            counts = (sum(one in asked for one in told) for asked in (_LOWER, _HIGHER))
            line = [word("barrier", barrier), *(labels.same(str(n)) for n in (known, *counts))]
            body.append([*line, *_explained(notes.get(barrier))])
    numbers = [head(name, "right") for name in ("years_judged", "lowered", "raised")]
    return Shape([head("only_barrier"), *numbers, head("note"), head("evidence")], body)


def _standings(ledger: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Year and judgement of each barrier, in order of years."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in plain(of(ledger, "barrier_standing").sort_values("period", kind="stable")):
        said = parts(row["group"])
        found.setdefault(said["barrier"], []).append((row["period"], said["barrier_standing"]))
    return found


def _judgement(told: list[tuple[str, str]]) -> Texts:
    """The last judgement, with its year; of years that were not judged, none."""
    known = [(year, standing) for year, standing in told if standing != "not-judged"]
    if not known:
        return labels.every("barrier_standing.not-judged")
    year, standing = known[-1]
    return {lang: f"{word('barrier_standing', standing)[lang]} ({year})" for lang in LANGUAGES}


def _explained(note: tuple[str, Row] | None) -> list[Texts]:
    if note is None:
        return [labels.same(""), labels.same("")]
    year, said = note
    return [labels.same(f"{said['barrier_note']} ({year})"), source(said.get("barrier_evidence"))]


def _dated(row: Row | None) -> Texts:
    """A number with its year; of a barrier without one, why there is none."""
    told = number(row)
    if row is None or row["value"] is None:
        return told
    return {lang: f"{told[lang]} in {row['period']}" for lang in LANGUAGES}
