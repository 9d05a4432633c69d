"""What must not be found in the published figures, and its truth: thresholds, dominance, margins.

methods 7.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from analysis.disclosure.counting import LESS, Cell
from analysis.disclosure.implying import CLASSED, taken_away
from analysis.disclosure.nesting import UNDATED, is_year, named
from analysis.disclosure.reading import EUROS, EVERYBODY, FIRMS, LOTS, Fact, Quantity

FEWEST = 3
P_PERCENT = 0.10
DOMINANCE = ((1, 0.50), (2, 0.85))
MARGIN = 0.15  # how far from the truth an attacker must stay, on either side
WITHHELD = "withheld"  # in place of the denominator: one word, whatever the reason


def too_few(enterprises: int, fewest: int = FEWEST) -> bool:
    """One or two enterprises. None at all tells nothing of any enterprise."""
    return 0 < enterprises < fewest


def dominated(total: float, first: float, second: float) -> bool:
    """One or two enterprises make up nearly all euros: p% rule, dominance (1, 50) and (2, 85).

    Parameters
    ----------
    total, first, second : euros of all, of the enterprise that won most and of the next

    Notes
    -----
    Unsafe if X - x1 - x2 < 0.10 x1, if x1 > 0.50 X or if x1 + x2 > 0.85 X.

    Examples
    --------
    >>> dominated(100, 50, 35), dominated(100, 49, 48)
    (False, True)
    """
    if not total > 0:
        return False
    sums = {1: first, 2: first + second}
    close = total - first - second < P_PERCENT * first - 1e-9
    return close or any(sums[k] > limit * total + 1e-9 for k, limit in DOMINANCE)


def reach(value: float, *, step: float) -> tuple[float, float]:
    """Ends that an attacker's interval must reach to: 15 % on either side, and one unit at least.

    Parameters
    ----------
    value : the truth
    step : 1 for what is counted, since nearly one is one; 0 for euros

    Examples
    --------
    >>> reach(1.0, step=1), reach(1000.0, step=0)
    ((0.0, 2.0), (850.0, 1150.0))
    """
    margin = max(MARGIN * value, step)
    return max(value - margin, 0.0), value + margin


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
        """What is withheld to hide it, where it is one quantity that figures tell."""
        [*first, (q, _)] = self.terms
        return None if first or is_rest(q) else whole_cell(q)


def whole_cell(q: Quantity) -> Quantity:
    """The cell of a quantity: classes are withheld one by one, yes and no together."""
    return q if q.definition == CLASSED else q._replace(answer="")


def is_rest(q: Quantity) -> bool:
    """Whether no figure tells it itself: a part without another one, or what has no date."""
    return "!" in q.perimeter + q.period or q.period == UNDATED


def behind(counted: Iterable[Cell]) -> dict[Quantity, Cell]:
    """What `counting.count` counted behind each quantity that figures tell."""
    told = (one for one in counted if not one[LESS])
    return {q: one for one in told if not is_rest(q := one["of"])}


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
        if few and one["answer"] == "yes" and not (one[LESS] or is_rest(one["of"])):
            yield Target(FIRMS, float(one["firms"]), tuple(_terms(one)))


def together(gone: Collection[Quantity], counted: Iterable[Cell], measure: str) -> Iterator[Target]:
    """Withheld years, or groups, of one or two enterprises between them: their sum may be found.

    A year of a part without another one is withheld if either is; what has no date always is.
    """
    sums: dict[tuple[Any, ...], list[Cell]] = {}
    for one in counted:
        q = one["of"]
        if (is_year(q.period) or q.period == UNDATED) and _is_gone(one, gone):
            sums.setdefault((q._replace(period=""), one[LESS]), []).append(one)
        elif q in gone and q.group != "all":
            sums.setdefault((q._replace(group=q.group.split("=")[0]), ""), []).append(one)
    for _, parts in sorted(sums.items()):
        firms = {firm for one in parts for firm in one["few"]}
        value = sum(sorted(one[measure] for one in parts))
        if len(parts) > 1 and len(firms) < FEWEST and value > 0:
            yield Target(measure, value, tuple(term for one in parts for term in _terms(one)))


def _is_gone(one: Cell, gone: Collection[Quantity]) -> bool:
    q = whole_cell(one["of"])
    taken, away = named(q.perimeter)
    names = [one["definition"], *(name for name, _ in _away(one))]
    return q.period == UNDATED or any(
        Quantity(q.theme, name, q.answer, place, q.period, q.group) in gone
        for name in names
        for place in (*taken, *away)
    )


def _terms(one: Cell) -> Iterator[tuple[Quantity, float]]:
    """The cell, minus what a definition takes away."""
    own = one["of"]
    yield own, 1.0
    for definition, answer in _away(one):
        yield own._replace(definition=definition, answer=answer), -1.0


def _away(one: Cell) -> tuple[tuple[str, str], ...]:
    return taken_away(one[LESS], one["answer"]) if one[LESS] else ()


def _alike(one: Cell, totals: Mapping[Quantity, float]) -> bool:
    """Whether everybody who won gave this answer."""
    everybody = one["of"]._replace(answer=EVERYBODY)
    (taken, *more), away = named(one["perimeter"])
    parts = [everybody._replace(perimeter=place) for place in (taken, *away)]
    if one[LESS] or more or len(away) > 1 or not totals.keys() >= set(parts):
        return False
    whole, *less = (totals[part] for part in parts)
    return whole - sum(less) <= one["lots"] + 1e-6
