"""VLAIO's structural partners: what was promised, by kind and VAT base, and what the reply says.

Amounts are promised, not paid. Subsidies carry no VAT statement, contracts include VAT, Brexit
extras do so but for one: sums of unlike bases exist only under a definition that says so.

partners.amount
    One row a published amount; definition `vat-included` or `vat-not-stated`.
partners.total, partners.lines
    EUR, and the number of amounts, by kind, for contracts and extras together, and for all;
    definition `vat-included`, `vat-not-stated`, or `vat-mixed` where a sum mixes the two.
partners.total, definitions `excl-21pct-what-if` and `excl-21pct-where-included`
    The same as if 21 % VAT were in every contract and extra; or in those only that say so.
partners.largest_share
    The largest amount within its kind and VAT base; bases of two amounts or more.
partners.count
    Partners and consortia that the reply gives an amount.
partners.named
    Partners that share one amount, where the reply names them; their own amounts are unknown.
partners.findings, partners.all_reach_kpis
    Statements of the reply by kind; 1 yes, 0 no, missing: not answered.
partners.contract_total, .organisations, .initiatives_announced, .initiatives_started
    Published figures on the partnerships as a whole.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd

from analysis.indicators.published import figure_rows
from analysis.results import number
from analysis.sources.facts import Facts

_PERIMETER = "vlaio-partners"
_WITH_VAT = Decimal("1.21")
_SERVICES = ("contract", "brexit-extra")
_ANSWERS = {"yes": 1, "no": 0}
_GROUPS = {
    "kind=subsidy": ("subsidy",),
    "kind=contract": ("contract",),
    "kind=brexit-extra": ("brexit-extra",),
    "kind=contract+brexit-extra": _SERVICES,
    "all": ("subsidy", *_SERVICES),
}


def results(facts: dict[str, Facts]) -> list[tuple]:
    """Rows of the ledger on the partners; `facts` are the tables of `sources.facts.read`."""
    partners = facts["partners"]
    rows = []
    for year, of_year in partners.rows.groupby("year"):
        row = partial(_row, period=year, inputs=partners.inputs)
        rows += [*_amounts(of_year, row), *_totals(of_year, row), *_shares(of_year, row)]
    figures = figure_rows(
        facts["partner_figures"], theme="partners", chapter="50", perimeter=_PERIMETER
    )
    return [*rows, *_findings(facts["partner_findings"]), *figures]


def _amounts(lines: pd.DataFrame, row: partial) -> Iterator[tuple]:
    line: Any
    for line in lines.itertuples():
        group = f"kind={line.kind},partner={line.partner}"
        base = f"vat-{line.vat}"
        yield row("amount", group=group, definition=base, value=line.amount_eur, n=1)
        if not pd.isna(line.named):
            yield row("named", group=group, definition="as-named", value=line.named, unit="count")
    count = lines["partner"].nunique()
    yield row("count", definition="with-amount", value=count, unit="count")


def _totals(lines: pd.DataFrame, row: partial) -> Iterator[tuple]:
    for group, kinds in _GROUPS.items():
        some = lines[lines["kind"].isin(kinds)]
        for base, part in _bases(some).items():
            total = partial(row, group=group, definition=base, n=len(part))
            yield total("total", value=sum(part["amount_eur"]))
            yield total("lines", value=len(part), unit="count")
        if group != "kind=subsidy":
            what_if = partial(row, "total", group=group, n=len(some))
            services = some["kind"].isin(_SERVICES)
            yield what_if(definition="excl-21pct-what-if", value=_without_vat(some, services))
            stated = some["vat"] == "included"
            yield what_if(definition="excl-21pct-where-included", value=_without_vat(some, stated))


def _bases(lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give the lines by VAT base, and together where there is more than one."""
    bases = {f"vat-{vat}": part for vat, part in lines.groupby("vat")}
    return bases if len(bases) < 2 else bases | {"vat-mixed": lines}


def _without_vat(lines: pd.DataFrame, taxed: pd.Series) -> Decimal:
    amounts = lines["amount_eur"]
    return sum(amounts[~taxed], Decimal(0)) + sum(amounts[taxed], Decimal(0)) / _WITH_VAT


def _shares(lines: pd.DataFrame, row: partial) -> Iterator[tuple]:
    for (kind, vat), part in lines.groupby(["kind", "vat"]):
        amounts = part["amount_eur"]
        if len(amounts) > 1:
            yield row(
                "largest_share",
                group=f"kind={kind}",
                definition=f"vat-{vat}",
                value=max(amounts) / sum(amounts),
                unit="share",
                n=len(amounts),
            )


def _findings(findings: Facts) -> Iterator[tuple]:
    row = partial(
        _row,
        inputs=findings.inputs,
        definition="reply",
        denominator="statements-of-the-reply",
        grade="E",
    )
    for (year, kind), part in findings.rows.groupby(["year", "kind"]):
        n = len(part)
        yield row("findings", period=year, group=f"kind={kind}", value=n, unit="count", n=n)
    asked = findings.rows[findings.rows["kind"] == "kpi-attained"]
    for year, answer in zip(asked["year"], asked["answer"], strict=True):
        yield row("all_reach_kpis", period=year, value=_ANSWERS.get(answer), unit="verdict")


def _row(item: str, *, unit: str = "EUR", n: int | None = None, **columns: Any) -> tuple:
    usual = {"denominator": "promised-amounts", "unknown": None if n is None else 0}
    return number(
        f"partners.{item}",
        chapter="50",
        perimeter=_PERIMETER,
        unit=unit,
        n=n,
        kind="published",
        **(usual | columns),
    )
