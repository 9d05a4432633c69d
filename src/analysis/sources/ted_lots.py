"""Lots of a TED notice of schema R2.0.9: how the contract is divided, and what is said of each."""

from typing import NamedTuple

from analysis.contracts import LOTS
from analysis.sources.reading import Reading, money
from analysis.sources.ted_parts import Parts, text, value, yes_no
from analysis.sources.ted_shared import lot_number

_CRITERIA = {"AC_COST": "cost", "AC_PRICE": "price", "AC_QUALITY": "quality"}


class Lots(NamedTuple):
    """How the notice divides its contract: a number for each OBJECT_DESCR, in their order."""

    objects: list[Parts]
    numbers: list[str]
    alone: str | None
    undivided: bool

    def of_award(self, named: str | None, award_id: str) -> str:
        """Lot of an award that names lot `named`; without a number: the only lot, or unknown."""
        if self.alone and (self.undivided or not named):
            return self.alone
        return named or f"award {award_id}"


def divide(described: Parts, objects: list[Parts], awards: list[Parts]) -> Lots:
    """Give every OBJECT_DESCR its lot number; an undivided contract is lot 1."""
    if len(objects) > 1:
        numbers = [lot_number(o, "LOT_NO") or f"object {n}" for n, o in enumerate(objects, 1)]
        return Lots(objects, numbers, None, "NO_LOT_DIVISION" in described)
    if "NO_LOT_DIVISION" in described:
        return Lots(objects, ["1"], "1", True)
    # One description and one lot named in all awards: the description is that lot's.
    named = {lot_number(award, "LOT_NO") for award in awards} if len(awards) else {None}
    one = named.pop() if len(named) == 1 else None
    alone = (lot_number(objects[0], "LOT_NO") if objects else None) or one or "1"
    return Lots(objects, [alone], alone, False)


def read_lots(reading: Reading, lots: Lots, notice: dict, *, title: str | None) -> None:
    """Append one row of LOTS for every description; a number met twice is described once."""
    seen = set()
    for number, described in zip(lots.numbers, lots.objects, strict=False):
        if number in seen:
            reading.signal("LOT_NO", "repeated")
            continue
        seen.add(number)
        reading.lots.append(_lot(reading, described, number, notice, title))


def _lot(reading: Reading, described: Parts, number: str, notice: dict, title: str | None) -> tuple:
    estimate = described["VAL_OBJECT"][0] if "VAL_OBJECT" in described else None
    return LOTS.Row(
        notice_id=reading.notice_id,
        document=reading.document,
        lot_id=number,
        title=text(described, "TITLE") or title,
        nature=notice["nature"],
        cpv=notice["cpv"],
        place_nuts=value(described, "NUTS", "CODE"),
        is_framework=notice["is_framework"],
        is_dps=notice["is_dps"],
        criteria=_criteria(described),
        eu_funded=yes_no(described, "EU_PROGR_RELATED", "NO_EU_PROGR_RELATED"),
        estimated_value=None if estimate is None else money(estimate.text),
        currency=None if estimate is None else estimate.get("CURRENCY"),
    )


def _criteria(described: Parts) -> str | None:
    """AC_CRITERIA (defence) lists criteria without their kind: best price-quality ratio."""
    named = {name for element, name in _CRITERIA.items() if element in described}
    return "+".join(sorted(named)) or ("price+quality" if "AC_CRITERIA" in described else None)
