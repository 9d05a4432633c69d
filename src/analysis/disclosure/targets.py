"""What must not be found in the published figures, and its truth."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import pandas as pd

from analysis.disclosure.counting import CELL, LESS
from analysis.disclosure.nesting import CLASSED, is_year
from analysis.disclosure.reading import EUROS, EVERYBODY, FIRMS, LOTS, Fact, Quantity
from analysis.disclosure.rules import FEWEST, dominated, too_few


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


def behind(counted: pd.DataFrame) -> dict[Quantity, Behind]:
    """What stands behind each quantity.

    Parameters
    ----------
    counted : as `counting.cells` gives it
    """
    own = counted.loc[(counted[list(LESS)] == "").all(axis=1)]
    return {
        Quantity(*(one[name] for name in CELL)): Behind(
            int(one["firms"]), frozenset(one["few"]), float(one["lots"]), float(one["euros"])
        )
        for one in own.to_dict("records")
    }


def sensitive(counted: pd.DataFrame, facts: Iterable[Fact]) -> Iterator[Target]:
    """Cells and differences that tell of one or two enterprises, or of all alike.

    Notes
    -----
    Lots: one or two enterprises, or all winners give the same answer. Euros: one or two, or a few
    dominate. Firms: one or two, of the cells themselves. methods 7.
    """
    totals = {
        fact.terms[0][0]: fact.value
        for fact in facts
        if fact.measure == LOTS
        and fact.cell is None
        and len(fact.terms) == 1
        and fact.terms[0][1] == 1
    }
    for one in counted.to_dict("records"):
        terms = tuple(_terms(one))
        few = too_few(int(one["firms"]))
        alike = not (one["less_definition"] or one["less_period"]) and _alike(one, terms, totals)
        if few or alike:
            yield Target(LOTS, float(one["lots"]), terms)
        if one["euros"] > 0 and (
            too_few(int(one["paid"])) or dominated(one["euros"], one["first"], one["second"])
        ):
            yield Target(EUROS, float(one["euros"]), terms)
        if few and len(terms) == 1 and one["answer"] == "yes":
            yield Target(FIRMS, float(one["firms"]), terms)


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


def _terms(one: Mapping[Any, Any]) -> Iterator[tuple[Quantity, float]]:
    """The cell, minus what is taken away in each of its dimensions."""
    own = Quantity(*(one[name] for name in CELL))
    names = [name.removeprefix("less_") for name in LESS]
    choices = [[(name, None, 1.0)] for name in names]
    for choice, name in zip(choices, names, strict=True):
        if one[f"less_{name}"]:
            choice.append((name, one[f"less_{name}"], -1.0))
    for chosen in product(*choices):
        sign, changed = 1.0, dict[str, str]()
        for name, other, factor in chosen:
            sign *= factor
            changed |= {} if other is None else {name: other}
        yield own._replace(**changed), sign


def _alike(
    one: Mapping[Any, Any],
    terms: tuple[tuple[Quantity, float], ...],
    totals: Mapping[Quantity, float],
) -> bool:
    """Whether everybody who won gave this answer."""
    everybody = [(q._replace(answer=EVERYBODY), sign) for q, sign in terms]
    if not all(q in totals for q, _ in everybody):
        return False
    return sum(sign * totals[q] for q, sign in everybody) <= one["lots"] + 1e-6
