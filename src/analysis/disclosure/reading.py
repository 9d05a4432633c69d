"""What an attacker reads in published rows: linear facts about quantities that may be withheld.

A row tells of a quantity, e.g. the lots won by who answers yes to a definition in a year. The same
quantities stand in many rows: as a total, as a share, as the end of an interval, as the complement.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from analysis.disclosure.implying import CLASSED, SIZED_CLASSES, linked_definitions, near
from analysis.disclosure.totals import EUROS, FIRMS, IDS, LOTS, Whole, totals

EVERYBODY = "*"  # the sum of all answers


class Quantity(NamedTuple):
    """How much the winners of one answer won in one part of the figures of a theme."""

    theme: str
    definition: str
    answer: str
    perimeter: str
    period: str
    group: str


class Fact(NamedTuple):
    """The terms add up to the value. `cell` is what is withheld to hide it; none: public record."""

    cell: Quantity | None
    measure: str
    terms: tuple[tuple[Quantity, float], ...]
    value: float


Terms = Iterator[tuple[dict[Quantity, float], float]]


class Form(NamedTuple):
    """How the rows of an indicator are read: whose winners they count, by what, and what they say.

    Indicators of one theme count the same winners, so that one tells of the other.
    """

    theme: str
    measure: str
    read: Callable[[Any], Terms]


def cell_of(row: Any) -> Quantity:
    """What is withheld together: all answers of a definition in a part, or one class of firms."""
    if row.definition == CLASSED:
        return _classed(row)
    return Quantity(_theme(row), row.definition, "", row.perimeter, row.period, row.group)


def is_linked(row: Any) -> bool:
    """Whether a row tells of firms' sizes. Of the classes, those that are judged by size do."""
    if row.definition == CLASSED:
        return cell_of(row).answer in SIZED_CLASSES
    return row.definition in linked_definitions()


def told(rows: Iterable[Any]) -> set[Quantity]:
    """The cells of linked definitions, and of those next to them, that rows tell of or withhold."""
    return {cell_of(row) for row in rows if _is_asked(row)}


def facts(rows: Iterable[Any]) -> list[Fact]:
    """What rows of RESULTS tell of the linked definitions, and what public rows add to it."""
    read = sorted((row for row in rows if row.id in FORMS or row.id in IDS), key=_key)
    found = []
    for row in (row for row in read if _is_asked(row)):
        form, cell = FORMS[row.id], cell_of(row) if is_linked(row) else None
        told_of = ((tuple(terms.items()), value) for terms, value in form.read(row))
        found += [Fact(cell, form.measure, terms, value) for terms, value in told_of]
    wholes = list(_wholes(read))
    known = {(fact.measure, fact.terms[0][0]): fact.value for fact in wholes}
    return [*wholes, *dict.fromkeys(_settled(fact, known) for fact in found)]


def _settled(fact: Fact, totals: Mapping[tuple, float]) -> Fact:
    """The fact with the totals that are known filled in."""
    value, terms = fact.value, []
    for quantity, weight in fact.terms:
        total = totals.get((fact.measure, quantity))
        if total is None:
            terms.append((quantity, weight))
        else:
            value -= weight * total
    return fact._replace(terms=tuple(terms), value=value)


def _total(row: Any) -> Terms:
    """A number of lots, firms or euros; the upper end adds those of whom it is not known."""
    yes, unknown, _ = _answers(row)
    lowest = row.low if row.interval == "bounds" else row.value
    if lowest is not None:
        yield {yes: 1.0}, lowest
    if row.interval == "bounds" and row.high is not None:
        yield {yes: 1.0, unknown: 1.0}, row.high


def _share(row: Any) -> Terms:
    """yes/(yes + no), yes/all and (yes + unknown)/all."""
    yes, unknown, everybody = _answers(row)
    if row.value is not None:
        yield {yes: 1.0, unknown: row.value, everybody: -row.value}, 0.0
    if row.interval == "bounds" and row.high is not None:
        yield {yes: 1.0, everybody: -row.low}, 0.0
        yield {yes: 1.0, unknown: 1.0, everybody: -row.high}, 0.0


def _class_share(row: Any) -> Terms:
    """Share of a class; `high` adds all whose class or origin may be that one."""
    own = _classed(row)
    all_ = own._replace(answer=EVERYBODY, group="all")
    least = row.value if row.low is None else row.low
    if least is not None:
        yield {own: 1.0, all_: -least}, 0.0
    if row.high is not None:
        maybe = own._replace(answer="unknown")
        open_ = [maybe]
        if own.group != "all":
            open_ += [q._replace(group="origin=unknown") for q in (own, maybe)]
        if own.answer == EVERYBODY:
            open_ = [own._replace(group="origin=unknown")]
        yield {own: 1.0, all_: -row.high} | dict.fromkeys(open_, 1.0), 0.0


FORMS = {
    "access.lots_won": Form("access", LOTS, _total),
    "access.lot_share": Form("access", LOTS, _share),
    "access.lot_share_sampling": Form("access", LOTS, _share),
    "access.class_share": Form("access", LOTS, _class_share),
    "access.startups": Form("access", FIRMS, _total),
    "access.amount": Form("access", EUROS, _total),
    "access.amount_share": Form("access", EUROS, _share),
    "buying.class_euro_share": Form("access", EUROS, _class_share),
    "opportunities.startup_share": Form("pio", LOTS, _share),
    "opportunities.startup_amount_share": Form("pio", EUROS, _share),
    "buying.pio_class_share": Form("pio-classes", LOTS, _class_share),
    "buying.pio_class_euro_share": Form("pio-classes", EUROS, _class_share),
    "buying.consulted_class_share": Form("consulted", LOTS, _class_share),
}


def _is_asked(row: Any) -> bool:
    return row.id in FORMS and row.definition in _asked()


@cache
def _asked() -> frozenset[str]:
    """Linked definitions and those next to them."""
    return near()


def _answers(row: Any) -> tuple[Quantity, Quantity, Quantity]:
    theme, definition, _, *part = cell_of(row)
    yes, unknown, everybody = (
        Quantity(theme, definition, answer, *part) for answer in ("yes", "unknown", EVERYBODY)
    )
    return yes, unknown, everybody


def _classed(row: Any) -> Quantity:
    """`origin=x,firm_class=y` is the class y in the group of x; without a class it is everybody."""
    parts = dict(part.split("=", 1) for part in row.group.split(",") if "=" in part)
    group = f"origin={parts['origin']}" if "origin" in parts else "all"
    answer = parts.get("firm_class", EVERYBODY)
    return Quantity(_theme(row), CLASSED, answer, row.perimeter, row.period, group)


def _theme(row: Any) -> str:
    id = str(row.id)
    return FORMS[id].theme if id in FORMS else id.split(".")[0]


def _key(row: Any) -> tuple[str, ...]:
    return row.id, row.definition, row.perimeter, row.period, row.group


def _wholes(rows: list[Any]) -> Iterator[Fact]:
    """The totals of every cell that is told of, withheld or not."""
    known = totals(rows)
    cells = {(FORMS[row.id].measure, cell_of(row)) for row in rows if _is_asked(row)}
    whole = {(m, q._replace(answer=EVERYBODY)) for m, q in cells if q.group == "all"}
    for measure, q in sorted(whole):
        total = known.get(Whole(q.theme, measure, q.perimeter, q.period))
        if total is not None:
            yield Fact(None, measure, ((q, 1.0),), total)
