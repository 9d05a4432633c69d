"""What must not be found in the published figures, and its truth."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from analysis.disclosure.counting import CELL, LESS
from analysis.disclosure.nesting import CLASSED, is_year
from analysis.disclosure.reading import EUROS, EVERYBODY, FIRMS, LOTS, Fact, Quantity
from analysis.disclosure.rules import FEWEST, dominated, too_few

Cell = Mapping[str, Any]  # a row of `counting.cells`


class Target(NamedTuple):
    """A sum of quantities of one theme, and its truth."""

    measure: str
    value: float
    terms: tuple[tuple[Quantity, float], ...]

    @property
    def theme(self) -> str:
        """Whose winners it counts."""
        return self.terms[0][0].theme

    @property
    def name(self) -> str:
        """The cells, each with its sign."""
        return " ".join(
            f"{'+' if sign > 0 else '-'} {' '.join(part for part in q if part)}"
            for q, sign in self.terms
        )

    @property
    def cell(self) -> Quantity | None:
        """What is withheld to hide it, where it is one quantity."""
        return whole_cell(self.terms[0][0]) if len(self.terms) == 1 else None


class Behind(NamedTuple):
    """What stands behind one quantity."""

    firms: int
    few: frozenset[int]
    lots: float
    euros: float

    def of(self, measure: str) -> float:
        """Its value in a measure."""
        return {LOTS: self.lots, EUROS: self.euros, FIRMS: float(self.firms)}[measure]


def whole_cell(q: Quantity) -> Quantity:
    """The cell of a quantity: classes are withheld one by one, yes and no together."""
    return q if q.definition == CLASSED else q._replace(answer="")


def behind(counted: Iterable[Cell]) -> dict[Quantity, Behind]:
    """What stands behind each quantity.

    Parameters
    ----------
    counted : as `counting.cells` gives it
    """
    return {
        _quantity(one): Behind(one["firms"], frozenset(one["few"]), one["lots"], one["euros"])
        for one in counted
        if not any(one[name] for name in LESS)
    }


def sensitive(counted: Iterable[Cell], facts: Iterable[Fact]) -> Iterator[Target]:
    """Cells and differences that tell of one or two enterprises, or of all alike.

    Notes
    -----
    Lots: one or two enterprises, or all winners give the same answer. Euros: one or two, or a few
    dominate. Firms: one or two, of the cells themselves. methods 7.
    """
    totals = {
        fact.terms[0][0]: fact.value
        for fact in facts
        if fact.measure == LOTS and len(fact.terms) == 1 and fact.terms[0][0].answer == EVERYBODY
    }
    for one in counted:
        few = too_few(one["firms"])
        if few or _alike(one, totals):
            yield Target(LOTS, one["lots"], tuple(_terms(one)))
        if one["euros"] > 0 and (
            too_few(one["paid"]) or dominated(one["euros"], one["first"], one["second"])
        ):
            yield Target(EUROS, one["euros"], tuple(_terms(one)))
        if few and one["answer"] == "yes" and not any(one[name] for name in LESS):
            yield Target(FIRMS, float(one["firms"]), tuple(_terms(one)))


def together(
    gone: Collection[Quantity], known: Mapping[Quantity, Behind], measure: str
) -> Iterator[Target]:
    """Withheld years, or groups, of one or two enterprises between them: their sum may be found."""
    sums: dict[tuple[Any, ...], list[Quantity]] = {}
    for q in known:
        if whole_cell(q) in gone and is_year(q.period):
            sums.setdefault((q._replace(period="")), []).append(q)
        elif whole_cell(q) in gone and q.group != "all":
            kind = q.group.split("=")[0]
            sums.setdefault((q._replace(group=kind)), []).append(q)
    for _, parts in sorted(sums.items()):
        firms = frozenset().union(*(known[q].few for q in parts))
        value = sum(sorted(known[q].of(measure) for q in parts))
        if len(parts) > 1 and len(firms) < FEWEST and value > 0:
            yield Target(measure, value, tuple((q, 1.0) for q in sorted(parts)))


def _quantity(one: Cell) -> Quantity:
    return Quantity(*(one[name] for name in CELL))


def _terms(one: Cell) -> Iterator[tuple[Quantity, float]]:
    """The cell, minus what is taken away in each of its dimensions."""
    own = _quantity(one)
    names = [name for name in LESS if one[name]]
    for taken in product((False, True), repeat=len(names)):
        less = [name for name, away in zip(names, taken, strict=True) if away]
        changed = {name.removeprefix("less_"): one[name] for name in less}
        yield own._replace(**changed), (-1.0) ** len(less)


def _alike(one: Cell, totals: Mapping[Quantity, float]) -> bool:
    """Whether everybody who won gave this answer."""
    if one["less_definition"] or one["less_period"]:
        return False
    everybody = _quantity(one)._replace(answer=EVERYBODY)
    less = everybody._replace(perimeter=one["less_perimeter"] or everybody.perimeter)
    if not {everybody, less} <= totals.keys():
        return False
    away = totals[less] if one["less_perimeter"] else 0.0
    return totals[everybody] - away <= one["lots"] + 1e-6
