"""The 3 % norm: what was published, recomputed; and what cannot be known.

What the register of the Flemish administration measured is not the norm's own wording
(available budgets), and its amounts are estimates made before award.

norm.numerator, norm.denominator, norm.share
    One row a year and definition: `published`; `published-128` and `published-129` (one page
    gives both for 2020); `recomputed...`, numerator over denominator; `recomputed-any`, without
    a value, from the lowest to the highest recomputed share.
norm.gap_share, norm.gap_eur
    What lies above 3 % (below it where negative), in percentage points and in EUR.
norm.implied_numerator
    The published share times the published denominator.
norm.largest_denominator_if_met
    Where no denominator is published: the largest at which the numerator is still 3 % of it.
norm.factor, norm.change_eur
    A year over, or minus, the year before it; groups item=numerator, denominator, share.
norm.verdict
    1 met, 0 not met, missing: cannot be determined. Met only if the lower end of every share of
    the year reaches 3 %, not met only if no upper end does.

Bounds are what the rounding of published figures allows: 18 million is 17.5 to 18.5 million.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from itertools import pairwise, product
from operator import mul
from typing import Any, NamedTuple

from analysis.indicators.published import ledger_value
from analysis.results import number
from analysis.sources.facts import Facts


class Span(NamedTuple):
    """A number and what the rounding of its sources allows."""

    value: Decimal
    low: Decimal
    high: Decimal


Spans = dict[str, Span | None]
Row = Callable[..., tuple]


class Year(NamedTuple):
    """What is known of one year: spans by definition, None where a source gives no number."""

    year: str
    numerator: Spans
    denominator: Spans
    share: Spans


def results(facts: dict[str, Facts]) -> list[tuple]:
    """Rows of the ledger on the norm; `facts` are the tables of `sources.facts.read`."""
    norm = facts["norm"]
    items = _items(norm)
    years = [_year(year, items) for item, year in sorted(items) if item == "share"]
    target = norm.rows.loc[norm.rows["item"] == "target", "value"].item() / 100
    row = partial(_row, inputs=norm.inputs)
    return [
        *(line for year in years for line in _published(year, row)),
        *(line for year in years for line in _distances(year, target, row)),
        *(line for before, after in pairwise(years) for line in _changes(before, after, row)),
        *(_verdict(year, target, row) for year in years),
    ]


def _items(norm: Facts) -> dict[tuple, Spans]:
    items: dict[tuple, Spans] = defaultdict(dict)
    figure: Any
    for figure in norm.rows.itertuples():
        items[figure.item, figure.period][figure.variant] = _span(figure)
    return items


def _span(figure: Any) -> Span | None:
    value = ledger_value(figure.value, figure.unit)
    if value is None:
        return None
    half = (ledger_value(figure.rounded_to, figure.unit) or Decimal(0)) / 2
    return Span(value, value - half, value + half)


def _year(year: str, items: dict[tuple, Spans]) -> Year:
    amounts, totals = items.get(("numerator", year), {}), items.get(("denominator", year), {})
    recomputed = {
        name.replace("published", "recomputed"): _over(amount, totals["published"])
        for name, amount in amounts.items()
    }
    return Year(year, amounts, totals, items["share", year] | recomputed)


def _published(year: Year, row: Row) -> Iterator[tuple]:
    for name, amount in year.numerator.items():
        yield row("numerator", year.year, name, amount, unit="EUR")
    for name, total in year.denominator.items():
        yield row("denominator", year.year, name, total, unit="EUR")
        yield row("implied_numerator", year.year, name, _times(year.share[name], total), unit="EUR")
    for name, share in year.share.items():
        yield row("share", year.year, name, share, unit="share")
    known = [span.value for name, span in year.share.items() if span and name != "published"]
    if len(known) > 1:
        either = Span(min(known), min(known), max(known))
        yield row("share", year.year, "recomputed-any", either, unit="share", settled=False)


def _distances(year: Year, target: Decimal, row: Row) -> Iterator[tuple]:
    for name, share in year.share.items():
        gap = share and Span(*(100 * (end - target) for end in share))
        yield row("gap_share", year.year, name, gap, unit="points")
    for name, amount in year.numerator.items():
        total = year.denominator["published"]
        needed = total and Span(*(target * end for end in total))
        yield row("gap_eur", year.year, name, _minus(amount, needed), unit="EUR")
        if amount and not total:
            largest = Span(*(end / target for end in amount))
            yield row("largest_denominator_if_met", year.year, name, largest, unit="EUR")


def _changes(before: Year, after: Year, row: Row) -> Iterator[tuple]:
    period = f"{before.year}-{after.year}"
    for item in ("numerator", "denominator", "share"):
        for old, new in product(getattr(before, item).items(), getattr(after, item).items()):
            name = _named(old[0], new[0])
            if name and old[1] and new[1]:
                yield row("factor", period, name, _over(new[1], old[1]), group=f"item={item}")
                if item == "numerator":
                    yield row("change_eur", period, name, _minus(new[1], old[1]), unit="EUR")


def _named(old: str, new: str) -> str | None:
    """Name the comparison of two definitions; None where one is published, one recomputed."""
    if old.split("-")[0] != new.split("-")[0]:
        return None
    return f"{new}-over-{old}" if "-" in old else new


def _verdict(year: Year, target: Decimal, row: Row) -> tuple:
    known = [share for share in year.share.values() if share]
    met = bool(known) and all(share.low >= target for share in known)
    missed = bool(known) and all(share.high < target for share in known)
    verdict = Decimal(met) if met or missed else None
    span = None if verdict is None else Span(verdict, verdict, verdict)
    return row("verdict", year.year, "published-and-recomputed", span, unit="verdict")


def _over(part: Span | None, whole: Span | None) -> Span | None:
    if not (part and whole):
        return None
    return Span(part.value / whole.value, part.low / whole.high, part.high / whole.low)


def _times(share: Span | None, whole: Span | None) -> Span | None:
    return Span(*map(mul, share, whole)) if share and whole else None


def _minus(one: Span | None, other: Span | None) -> Span | None:
    if not (one and other):
        return None
    return Span(one.value - other.value, one.low - other.high, one.high - other.low)


def _row(
    item: str,
    period: str,
    definition: str,
    span: Span | None,
    *,
    inputs: str,
    unit: str = "ratio",
    group: str = "all",
    settled: bool = True,
) -> tuple:
    bounded = span is not None and span.low != span.high
    return number(
        f"norm.{item}",
        chapter="30",
        period=period,
        group=group,
        definition=definition,
        perimeter="flemish-administration",
        value=span.value if span and settled else None,
        low=span.low if span and bounded else None,
        high=span.high if span and bounded else None,
        interval="bounds" if bounded else "none",
        unit=unit,
        n=None,
        denominator="registered-contracts",
        unknown=None,
        kind="published",
        inputs=inputs,
    )
