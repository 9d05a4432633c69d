"""W21: figures by size of firm, of which some would tell of single firms. All invented.

The wins are those of `simulate.worlds.disclosure`, in three years and by two definitions that nest.
What is published of them is what chapter 20 publishes: lots, euros and firms, and their shares.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import fsum
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.disclosure import COLUMNS, audit, protect
from analysis.results import ledger, number
from analysis.simulate.worlds.claims import Claim, Outcome, World, fails
from analysis.simulate.worlds.disclosure import Win, world

LOTS, FIRMS, LAST = 120, 40, 2023
DEFINITIONS, PERIMETERS = ("eu-micro", "eu-small"), ("belgium", "flemish-public")
FEW = 2
PUBLIC = "startup-10"  # some definition of public record, so that totals can be known


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Publish one world with and without protection, and let an attacker read both."""
    wins = [win for win in world(random, lots=LOTS, firms=FIRMS) if win.year <= LAST]
    rows, behind = list(_rows(wins)), _contributors(wins)
    kept = protect(rows, behind)
    found, open_ = (audit(ledger(published), behind) for published in (kept, rows))
    inside = (open_["least"] <= open_["truth"] + 1e-3) & (open_["most"] >= open_["truth"] - 1e-3)
    return {
        "found, protected": Outcome(0.0, float(len(found))),
        "found, published as it is": Outcome(0.0, float(len(open_))),
        "truth within what is found": Outcome(covered=float(inside.all())),
        "told of one or two firms, protected": Outcome(0.0, float(_told_of_few(kept, wins))),
        "told of one or two firms, published as it is": Outcome(
            0.0, float(_told_of_few(rows, wins))
        ),
    }


def _told_of_few(rows: Iterable[Any], wins: list[Win]) -> int:
    """Published lots of cells in which one or two firms won, counted from the wins themselves."""
    few = 0
    for row in rows:
        if row.id == "access.lots_won" and row.definition in DEFINITIONS and row.value is not None:
            first, last = (int(year) for year in (row.period[:4], row.period[-4:]))
            firms = {
                one.firm
                for one in wins
                if one.answers[row.definition] is True
                and row.perimeter in one.perimeters
                and first <= one.year <= last
            }
            few += 0 < len(firms) <= FEW
    return few


def _rows(wins: list[Win]) -> Iterator[Any]:
    """What chapter 20 publishes of the wins."""
    years = sorted({str(one.year) for one in wins})
    whole = f"{years[0]}-{years[-1]}"
    for perimeter in PERIMETERS:
        inside = [one for one in wins if perimeter in one.perimeters]
        for period in [*years, whole]:
            part = [one for one in inside if period in (str(one.year), whole)]
            for definition in (*DEFINITIONS, PUBLIC):
                yield from _told(part, definition, perimeter=perimeter, period=period)


def _told(part: list[Win], definition: str, **at: str) -> Iterator[Any]:
    """Lots, euros and firms of start-ups, with bounds, and shares of lots and euros."""
    held: dict[bool | None, list[Win]] = {True: [], False: [], None: []}
    for one in part:
        held[True if definition == PUBLIC else one.answers[definition]].append(one)
    lots = {answer: float(len(of)) for answer, of in held.items()}
    euros = {answer: fsum(one.euros for one in of) for answer, of in held.items()}
    firms = {answer: float(len({one.firm for one in of})) for answer, of in held.items()}
    for name, unit, sums in (
        ("lots_won", "lots", lots),
        ("amount", "EUR", euros),
        ("startups", "count", firms),
    ):
        yield _row(name, definition, unit, sums[True], sums[True], sums[True] + sums[None], at)
    for name, sums in (("lot_share", lots), ("amount_share", euros)):
        if everything := fsum(sums.values()):
            known = sums[True] + sums[False]
            low, high = sums[True] / everything, (sums[True] + sums[None]) / everything
            value = sums[True] / known if known else None
            yield _row(name, definition, "share", value, low, high, at)


def _row(
    name: str,
    definition: str,
    unit: str,
    value: float | None,
    low: float,
    high: float,
    at: dict[str, Any],
) -> Any:
    return number(
        f"access.{name}", chapter="20", definition=definition, value=value, low=low, high=high,
        interval="bounds", unit=unit, n=1, denominator="awarded-lots", kind="simulated",
        inputs="W21", **at,
    )  # fmt: skip


def _contributors(wins: list[Win]) -> pa.Table:
    """Who stands behind the figures of `_rows`."""
    sums: dict[tuple, list[float]] = defaultdict(list)
    for one in wins:
        place = "+".join(sorted(one.perimeters))
        for definition in DEFINITIONS:
            if (answer := one.answers[definition]) is not None:
                said = "yes" if answer else "no"
                sums[definition, said, place, str(one.year), "all", one.firm].append(one.euros)
    rows = [("access", *key, float(len(of)), fsum(of)) for key, of in sorted(sums.items())]
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)  # nobody may have an answer
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, COLUMNS, strict=True)],
        schema=COLUMNS,
    )


WORLD = World(
    "W21",
    "Figures that tell of single firms",
    "Forty firms, few of which win often; two definitions that nest, two perimeters, three years.",
    replicate,
    (
        Claim("An attacker finds nothing.", "found, protected", "largest", high=0),
        Claim("What is found holds the truth.", "truth within what is found", "coverage", low=1),
        Claim(
            "No figure is printed of one or two firms.",
            "told of one or two firms, protected",
            "largest",
            high=0,
        ),
        fails(
            "Where nothing is withheld, an attacker finds much.",
            "found, published as it is",
            "mean",
            low=10,
        ),
        fails(
            "Where nothing is withheld, figures of one or two firms are printed.",
            "told of one or two firms, published as it is",
            "mean",
            low=1,
        ),
    ),
)
