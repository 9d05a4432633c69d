"""Wins by hand or invented, the figures that a report would publish of them, and who is behind."""

from collections import defaultdict
from math import fsum

import pyarrow as pa

from analysis.disclosure import COLUMNS
from analysis.results import ledger, number
from analysis.simulate.worlds.disclosure import DEFINITIONS, Win

PUBLIC = "startup-10"  # some definition of public record, so that totals can be known
YES, NO, UNKNOWN = True, False, None
GROWTH = "oecd-high-growth"


def win(firm, year=2021, *, inner=True, euros=100.0, **answers):
    """A lot that a firm won; unless stated in Flanders, by a micro firm that does not grow."""
    usual = dict.fromkeys(DEFINITIONS, True) | {GROWTH: False}
    places = ("belgium", "flemish-public") if inner else ("belgium",)
    stated = {name.replace("_", "-"): answer for name, answer in answers.items()}
    return Win(firm, year, places, euros, usual | stated)


def grown(firm, year=2021, **stated):
    return win(firm, year, oecd_high_growth=True, **stated)


def many(times, year=2021, *, first=1000, **stated):
    """So many lots, each of another firm that nobody else is."""
    return [win(first + year * 100 + n, year, **stated) for n in range(times)]


def rows(wins, definitions=DEFINITIONS, perimeters=("belgium", "flemish-public")):
    """What chapter 20 publishes of the wins: lots, euros, firms and their shares."""
    years = sorted({str(one.year) for one in wins} - {"undated"})
    found = []
    for perimeter in perimeters:
        inside = [one for one in wins if perimeter in one.perimeters]
        for period in [*years, f"{years[0]}-{years[-1]}"]:
            part = [one for one in inside if period in (str(one.year), f"{years[0]}-{years[-1]}")]
            at = {"perimeter": perimeter, "period": period}
            found += [row for d in definitions for row in _told(part, d, at)]
            found += _told(part, PUBLIC, at)
    return found


def contributors(wins):
    """Who stands behind the figures of `rows`."""
    sums = defaultdict(lambda: [0.0, []])
    for one in wins:
        for definition, answer in one.answers.items():
            if answer is not None:
                said, place = "yes" if answer else "no", "+".join(sorted(one.perimeters))
                of = sums[definition, said, place, str(one.year), one.firm]
                of[0] += 1.0
                of[1].append(one.euros)
    listed = [
        ("access", d, said, place, year, "all", firm, lots, fsum(euros))
        for (d, said, place, year, firm), (lots, euros) in sorted(sums.items())
    ]
    columns = zip(*listed, strict=True) if listed else [[]] * len(COLUMNS)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, COLUMNS, strict=True)],
        schema=COLUMNS,
    )


def published(wins, **options):
    """The ledger of the wins."""
    return ledger(rows(wins, **options))


def withheld(found, id="access.lots_won", **at):
    """Definition, perimeter and period of the rows of an indicator that have no value."""
    return {
        (row.definition, row.perimeter, row.period)
        for row in found
        if row.id == id
        and row.denominator == "withheld"
        and all(getattr(row, name) == value for name, value in at.items())
    }


def _told(part, definition, at):
    tally, firms = defaultdict(list), defaultdict(set)
    for one in part:
        answer = YES if definition == PUBLIC else one.answers[definition]
        tally[answer].append(one.euros)
        firms[answer].add(one.firm)
    lots = {answer: len(tally[answer]) for answer in (YES, NO, UNKNOWN)}
    euros = {answer: fsum(tally[answer]) for answer in (YES, NO, UNKNOWN)}
    counts = {answer: len(firms[answer]) for answer in (YES, NO, UNKNOWN)}
    for id, unit, of in (
        ("access.lots_won", "lots", lots),
        ("access.amount", "EUR", euros),
        ("access.startups", "count", counts),
    ):
        yield _row(id, definition, at, unit, of[YES], of[YES], of[YES] + of[UNKNOWN])
    for id, of in (("access.lot_share", lots), ("access.amount_share", euros)):
        everything, known = fsum(of.values()), of[YES] + of[NO]
        if everything:
            ends = (of[YES] / everything, (of[YES] + of[UNKNOWN]) / everything)
            yield _row(id, definition, at, "share", of[YES] / known if known else None, *ends)


def _row(id, definition, at, unit, value, low, high):
    return number(
        id, chapter="20", definition=definition, value=value, low=low, high=high,
        interval="bounds", unit=unit, n=1, denominator="awarded-lots", kind="simulated",
        inputs="test", **at,
    )  # fmt: skip
