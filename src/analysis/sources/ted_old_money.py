"""Money in TED notices of schemas R2.0.7 and R2.0.8, which say whether VAT is in it."""

from decimal import Decimal

from analysis.sources.reading import Reading, money
from analysis.sources.ted_parts import Card, Parts, parts, raw, value, yes_no

_PRICE = "COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE"
_ESTIMATE = "INITIAL_ESTIMATED_TOTAL_VALUE_CONTRACT"


def total(reading: Reading, form: Parts, card: Card) -> dict[str, object]:
    """The total, where it is published without VAT: NOTICES has no column to say otherwise."""
    price = _price(reading, form, card)
    if not price or price["vat_included"]:
        return {}
    return {
        "total_value": price["value"],
        "total_low": price["value_low"],
        "total_high": price["value_high"],
        "total_currency": price["currency"],
    }


def contract_value(reading: Reading, award: Parts, card: Card) -> dict[str, object]:
    """The value, and the estimate where it is in the same currency."""
    found = _price(reading, award, card)
    if _ESTIMATE in award:
        currency = award[_ESTIMATE][0].get("CURRENCY")
        if found.setdefault("currency", currency) == currency:
            estimate = parts(reading, award[_ESTIMATE][0], card)
            found["estimated_value"] = _amount(estimate, "VALUE_COST")
    return found


def _price(reading: Reading, found: Parts, card: Card) -> dict[str, object]:
    """Columns of AWARDS that COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE gives."""
    if _PRICE not in found:
        return {}
    price = parts(reading, found[_PRICE][0], card)
    vat = yes_no(price, "INCLUDING_VAT", "EXCLUDING_VAT")
    rate = _amount(price, "VAT_PRCT") if vat else None
    return {
        "value": _amount(price, "VALUE_COST"),
        "value_low": _amount(price, "LOW_VALUE"),
        "value_high": _amount(price, "HIGH_VALUE"),
        "currency": found[_PRICE][0].get("CURRENCY"),
        "vat_included": vat,
        "vat_rate": None if rate is None else float(rate),
    }


def _amount(found: Parts, name: str) -> Decimal | None:
    """An amount: TED's own reading of it (FMTVAL), else the words of the buyer."""
    return money(value(found, name, "FMTVAL") or raw(found, name)) if name in found else None
