"""What was promised to, committed for and paid to VLAIO's structural partners, as delivered.

Working years are those of the delivered rows (`partner_payments`, `partner_instruments`); what the
reply to question 307 published for 2022 is in `partners`. Methods 6, KPI-2 and KPI-3.

partners.promised, .committed, .paid, .recovered
    EUR by partner and kind of instrument; definition: the VAT base of the amounts.
partners.promised_total, .committed_total, .paid_total, .recovered_total
    EUR by kind of instrument and for all, one row a VAT base, and `vat-bases-mixed` where a sum
    mixes bases; `unknown`: agreements without an amount of that stage. `excl-21pct-where-included`:
    as if 21 % VAT were in what says to include it, the rest as it stands (a what-if).
partners.absorption, .paid_of_promised, .committed_of_promised
    Ratio of what was paid less recovered to what was committed (KPI-2), to what was promised, and
    of committed to promised (KPI-3): by partner and kind, by kind and for all, in one VAT base.
    Missing where the bases differ or a stage has no amount; the denominator says which.
partners.last_payment
    Day of the last payment or recovery for a working year: payments of a year run on after it.
partners.agreement_days, .agreement_ends, .engaged_until, .agreement_promised
    The formal agreement (days from first to last; its last day), until when the engagement lasts
    apart from it, and EUR promised by VAT base; by agreement.
partners.one_year_share, .multi_year_share
    Agreements of at most 366 days; agreements with an engagement beyond their end. Shares among
    those of which it is known, with bounds.
partners.adjusted
    1 for every adjustment that was noted, its words in the group.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd

from analysis.contracts.intake.partners import STAGES
from analysis.indicators.given import Given
from analysis.indicators.partner_lines import (
    AGREEMENTS,
    PAYMENTS,
    agreements,
    as_number,
    code,
    days,
    of_agreements,
    rows_on,
)
from analysis.inference.bounds import Tally, no_assumption

_MIXED, _WHAT_IF = "vat-bases-mixed", "excl-21pct-where-included"
_WITH_VAT = Decimal("1.21")
_ONE_YEAR = 366  # days, of a leap year
_RATIOS = {
    "absorption": ("paid", "committed"),
    "paid_of_promised": ("paid", "promised"),
    "committed_of_promised": ("committed", "promised"),
}


def results(given: Given) -> list[tuple]:
    """Rows of the ledger on delivered amounts and agreements; none where none was delivered."""
    rows: list[tuple] = []
    known = agreements(given)
    if given.has(PAYMENTS):
        amounts = of_agreements(given, PAYMENTS)
        row = rows_on(given, AGREEMENTS, PAYMENTS)
        for year, of_year in amounts.groupby("year", sort=True):
            rows += _of_year(of_year, known[known["year"] == year], partial(row, period=year))
    if given.has(AGREEMENTS):
        row = rows_on(given, AGREEMENTS)
        for year, of_year in known.groupby("year", sort=True):
            rows += _engagements(of_year, partial(row, period=year))
    if given.has(AGREEMENTS, PAYMENTS):
        rows += _promised(known, amounts, rows_on(given, AGREEMENTS, PAYMENTS))
    return rows


def _of_year(amounts: pd.DataFrame, known: pd.DataFrame, row: partial) -> Iterator[tuple]:
    euro = partial(row, unit="EUR", denominator="partner-amounts")
    lines = amounts.groupby(["stage", "partner", "instrument_kind", "vat"], sort=True)
    for (stage, name, kind, vat), part in lines:
        group = f"structural_partner={name},instrument_kind={kind}"
        value = _sum(part)
        yield euro(f"partners.{stage}", group=group, definition=vat, value=value, n=len(part))
    for group, part in _groups(amounts):
        agreed = set(part["instrument"]) | set(dict(_groups(known)).get(group, part)["instrument"])
        for stage in STAGES:
            yield from _totals(part[part["stage"] == stage], agreed, partial(euro, group=group))
    yield from _ratios(amounts, partial(row, unit="ratio"))
    paid = days(amounts.loc[amounts["stage"].isin(("paid", "recovered")), "on_date"])
    yield row(
        "partners.last_payment",
        definition="last-payment-day",
        value=as_number(paid.max()),
        unit="day",
        n=len(paid),
        denominator="partner-amounts",
    )


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for kind, part in rows.groupby("instrument_kind", sort=True):
        yield f"instrument_kind={kind}", part
    yield "all", rows


def _totals(amounts: pd.DataFrame, agreed: set[str], row: partial) -> Iterator[tuple]:
    """Totals of one stage; no recovery of an agreement is no unknown, no amount of another is."""
    if amounts.empty:
        return
    stage = amounts["stage"].iloc[0]
    without = None if stage == "recovered" else len(agreed - set(amounts["instrument"]))
    total = partial(row, f"partners.{stage}_total", unknown=without)
    bases = {str(vat): part for vat, part in amounts.groupby("vat", sort=True)}
    if len(bases) > 1:
        bases[_MIXED] = amounts
    for base, part in bases.items():
        yield total(definition=base, value=_sum(part), n=len(part))
    taxed = amounts["vat"] == "vat-included"
    if taxed.any():
        net = _sum(amounts[~taxed]) + _sum(amounts[taxed]) / _WITH_VAT
        yield total(definition=_WHAT_IF, value=net, n=len(amounts))


def _sum(amounts: pd.DataFrame) -> Decimal:
    return sum((Decimal(str(amount)) for amount in amounts["amount_eur"]), Decimal(0))


def _ratios(amounts: pd.DataFrame, row: partial) -> Iterator[tuple]:
    lines = amounts.groupby(["partner", "instrument_kind"], sort=True)
    for id, (part, whole) in _RATIOS.items():
        ratio = partial(row, f"partners.{id}")
        found = []
        for (name, kind), of_line in lines:
            base, sums, lacks = _stages(of_line, part, whole)
            group = f"structural_partner={name},instrument_kind={kind}"
            yield ratio(group=group, definition=base, **_quotient(sums, lacks))
            found.append((kind, base, *(sums or (None, None))))
        columns = ["instrument_kind", "base", "part", "whole"]
        yield from _joint_ratios(pd.DataFrame(found, columns=columns), ratio)


def _stages(line: pd.DataFrame, part: str, whole: str) -> tuple[str, tuple | None, str]:
    """The one VAT base of a line, its two sums, and what lacks where there is no ratio."""
    back = ("recovered",) if part == "paid" else ()
    counted = line[line["stage"].isin((part, whole, *back))]
    bases = sorted(set(counted["vat"]) or set(line["vat"]))
    base = bases[0] if len(bases) == 1 else _MIXED
    for stage in (whole, part):
        if not (counted["stage"] == stage).any():
            return base, None, f"no-amount-{stage}"
    if base == _MIXED:
        return base, None, "vat-bases-differ"
    sums = {stage: _sum(of_stage) for stage, of_stage in counted.groupby("stage")}
    net = sums[part] - sum((sums.get(stage, Decimal(0)) for stage in back), Decimal(0))
    return base, (net, sums[whole]), f"no-amount-{whole}"


def _quotient(sums: tuple | None, lacks: str) -> dict[str, Any]:
    if not sums or not sums[1]:
        return {"value": None, "n": 0, "unknown": 1, "denominator": lacks}
    return {"value": sums[0] / sums[1], "n": 1, "unknown": 0, "denominator": "partner-lines"}


def _joint_ratios(lines: pd.DataFrame, ratio: partial) -> Iterator[tuple]:
    """Ratios of sums over the lines of one VAT base; `unknown`: lines that have no ratio."""
    for base in sorted(set(lines["base"]) - {_MIXED}):
        for group, part in _groups(lines):
            known = part[(part["base"] == base) & part["whole"].notna()]
            whole = sum(known["whole"], Decimal(0))
            if whole:
                yield ratio(
                    group=group,
                    definition=base,
                    value=sum(known["part"], Decimal(0)) / whole,
                    n=len(known),
                    unknown=int((part["whole"].isna() & part["base"].isin((base, _MIXED))).sum()),
                    denominator="partner-lines",
                )


def _engagements(known: pd.DataFrame, row: partial) -> Iterator[tuple]:
    one = partial(row, definition="agreement-text", denominator="partner-agreements", n=1)
    length = (known["ends"] - known["starts"]).dt.days + 1
    agreed: Any
    for agreed, lasts in zip(known.itertuples(), length, strict=True):
        for id, value, unit in (
            ("agreement_days", lasts, "days"),
            ("agreement_ends", as_number(agreed.ends), "day"),
            ("engaged_until", as_number(agreed.engaged_until), "day"),
        ):
            unknown = int(pd.isna(value))
            yield one(f"partners.{id}", group=agreed.group, value=value, unit=unit, unknown=unknown)
        if not pd.isna(agreed.adjusted):
            group = f"{agreed.group},adjusted={code(agreed.adjusted)}"
            yield one("partners.adjusted", group=group, value=1, unit="flag")
    beyond = (known["engaged_until"] > known["ends"]).astype("boolean")
    not_told = known["engaged_until"].isna() | known["ends"].isna()
    yield _share("multi_year_share", beyond.mask(not_told), row)
    yield _share("one_year_share", (length <= _ONE_YEAR).astype("boolean").mask(length.isna()), row)


def _promised(known: pd.DataFrame, amounts: pd.DataFrame, row: partial) -> Iterator[tuple]:
    promised = amounts[amounts["stage"] == "promised"]
    promised = promised.merge(known[["instrument", "group"]], on="instrument")
    for (year, group, vat), part in promised.groupby(["year", "group", "vat"], sort=True):
        yield row(
            "partners.agreement_promised",
            period=year,
            group=group,
            definition=vat,
            value=_sum(part),
            unit="EUR",
            n=len(part),
            denominator="partner-amounts",
        )


def _share(id: str, answers: pd.Series, row: partial) -> tuple:
    """Share of yes among the known answers, with the bounds of the unknown."""
    tally = Tally(
        yes=int(answers.sum()), no=int((~answers).sum()), unknown=int(answers.isna().sum())
    )
    low, high = no_assumption(tally)
    return row(
        f"partners.{id}",
        definition="agreement-text",
        denominator="partner-agreements",
        value=tally.yes / tally.known if tally.known else None,
        low=low,
        high=high,
        interval="bounds",
        unit="share",
        n=int(tally.known),
        unknown=int(tally.unknown),
    )
