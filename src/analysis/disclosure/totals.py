"""How many lots and euros there were in all: public record, and in many figures."""

from collections.abc import Iterable
from typing import Any, NamedTuple

LOTS, FIRMS, EUROS = "lots", "firms", "euros"

# Figures that state a total, and the themes whose winners they count.
STATED = {
    "opportunities.contracts": (("pio", LOTS), ("pio-classes", LOTS)),
    "opportunities.value": (("pio", EUROS), ("pio-classes", EUROS)),
    "buying.consulted_class_share": (("consulted", LOTS),),
    "access.lots": (("access", LOTS),),
}
_OF_SHARES = {  # a number over its share is the total too
    LOTS: ("access.lots_won", "access.lot_share"),
    EUROS: ("access.amount", "access.amount_share"),
}
_DIGITS = 6  # beyond, a quotient is rounding: whichever row it is of, it is the same total
IDS = {*STATED, *(id for ids in _OF_SHARES.values() for id in ids)}


class Whole(NamedTuple):
    """Whose total, by what, and of which part."""

    theme: str
    measure: str
    perimeter: str
    period: str


def totals(rows: Iterable[Any]) -> dict[Whole, float]:
    """The totals that rows tell.

    Parameters
    ----------
    rows : of RESULTS

    Notes
    -----
    Numbers and shares of one definition count the same winners, so that their quotient goes first;
    of these, that of the largest share, which is rounded least.
    """
    listed = list(rows)
    found: dict[Whole, float] = {}
    for measure, (number, share) in _OF_SHARES.items():
        told = [row for row in listed if row.group == "all" and row.high]
        numbers = {_which(row): row.high for row in told if row.id == number}
        shares = [row for row in told if row.id == share and _which(row) in numbers]
        for row in sorted(shares, key=lambda row: (-row.high, row.definition)):
            whole = Whole("access", measure, row.perimeter, row.period)
            found.setdefault(whole, round(numbers[_which(row)] / row.high, _DIGITS))
    for row in listed:
        for theme, measure in STATED.get(row.id, ()):
            total = _stated(row)
            if total is not None:
                found.setdefault(Whole(theme, measure, row.perimeter, row.period), float(total))
    return found


def _stated(row: Any) -> float | None:
    """What a row says of the total: its value, or all the firms of which a class is a share."""
    if not row.id.endswith("class_share"):
        return row.value if row.group == "all" else None
    return row.n if row.group == "firm_class=unknown" else None


def _which(row: Any) -> tuple[str, str, str]:
    return row.definition, row.perimeter, row.period
