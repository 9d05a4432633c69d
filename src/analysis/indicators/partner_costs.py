"""What a unit of output cost, within one type of service, one unit counted and one VAT base.

It is a unit cost, never efficiency: neither the clients nor what became of them are in it.
Methods 6, KPI-4. Period: the working year.

partners.unit_cost_committed, .unit_cost_paid
    EUR committed, or paid less recovered, over what was reached, of the agreements of a partner
    whose KPIs of the year are all of one service and count one thing; group
    `service=...,counted=...,structural_partner=...`; definition: the VAT base of the amounts.
    Missing: a result or an amount is not known, the VAT bases differ, or nothing was reached.
partners.cost_not_of_one_service
    Agreements with KPIs of several services or units: their amounts belong to no single one.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis.indicators.given import Given
from analysis.indicators.partner_lines import (
    AGREEMENTS,
    KPIS,
    PAYMENTS,
    code,
    of_agreements,
    rows_on,
)

_STAGES = {"committed": ("committed",), "paid": ("paid", "recovered")}


def results(given: Given) -> list[tuple]:
    """Rows of the ledger on unit costs; none unless KPIs and amounts were delivered."""
    if not given.has(KPIS, PAYMENTS):
        return []
    row = rows_on(given, AGREEMENTS, KPIS, PAYMENTS)
    amounts = of_agreements(given, PAYMENTS)
    rows = []
    for year, kpis in of_agreements(given, KPIS).groupby("year", sort=True):
        of_year = amounts[amounts["year"] == year]
        kinds = kpis.groupby("instrument")[["service", "counted"]].nunique().max(axis=1)
        single = kpis[kpis["instrument"].isin(kinds.index[kinds == 1])]
        rows += [row(period=year, **cells) for cells in _costs(single, of_year)]
        rows.append(
            row(
                "partners.cost_not_of_one_service",
                period=year,
                definition="kpi-reported",
                value=int((kinds > 1).sum()),
                unit="count",
                n=len(kinds),
                denominator="partner-agreements",
            )
        )
    return rows


def _costs(kpis: pd.DataFrame, amounts: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for (service, counted, name), part in kpis.groupby(["service", "counted", "partner"]):
        own = amounts[amounts["instrument"].isin(part["instrument"])]
        reached = None if part["reached"].isna().any() else int(part["reached"].sum())
        for id, stages in _STAGES.items():
            of_stage = own[own["stage"].isin(stages)]
            bases = sorted(set(of_stage["vat"])) or ["vat-not-stated"]
            euro = _euro(of_stage, id, set(part["instrument"])) if len(bases) == 1 else None
            yield {
                "id": f"partners.unit_cost_{id}",
                "group": f"service={service},counted={code(counted)},structural_partner={name}",
                "definition": bases[0] if len(bases) == 1 else "vat-bases-mixed",
                "value": euro / reached if euro is not None and reached else None,
                "unit": "EUR",
                "n": reached,
                "unknown": int(euro is None or reached is None),
                "denominator": "kpi-output",
            }


def _euro(amounts: pd.DataFrame, stage: str, instruments: set[str]) -> Decimal | None:
    """Sum of a stage less what came back; not known where an agreement has no amount of it."""
    if set(amounts.loc[amounts["stage"] == stage, "instrument"]) != instruments:
        return None
    signs = amounts["stage"].map(lambda stage: -1 if stage == "recovered" else 1)
    pairs = zip(amounts["amount_eur"], signs, strict=True)
    return sum((Decimal(str(amount)) * sign for amount, sign in pairs), Decimal(0))
