"""The delivered tables on the structural partners, joined: whose amount, and whose KPI."""

from functools import partial
from typing import Any

import pandas as pd

from analysis.indicators.given import Given
from analysis.results import number

PARTNERS, AGREEMENTS = "structural_partners", "partner_instruments"
PAYMENTS, KPIS = "partner_payments", "partner_kpis"
_COMMA = "\u201a"  # in a group of the ledger a comma parts, so a name has one that looks like it


def agreements(given: Given) -> pd.DataFrame:
    """Agreements with the name of their partner, by instrument.

    Returns
    -------
    One row an agreement of a year up to the last one evaluated: `instrument`, `partner` (its name
    as a part of a group, the short name where no name was delivered), `instrument_kind`, `year`,
    `starts`, `ends`, `engaged_until` (timestamps), `adjusted`, `group`: partner and kind, and the
    instrument too where the partner has several of a kind in a year.
    """
    rows = given.tables[AGREEMENTS].astype("object")
    names = _names(given.tables[PARTNERS].astype("object"))
    partner = rows["partner"].map(lambda short: names.get(short, code(short)))
    dated = {name: days(rows[name]) for name in ("starts", "ends", "engaged_until")}
    found = rows.assign(partner=partner, **dated)
    found = found[found["year"] <= given.year].sort_values("instrument", ignore_index=True)
    found["group"] = _groups(found)
    return found


def of_agreements(given: Given, table: str) -> pd.DataFrame:
    """Rows of `partner_payments` or `partner_kpis` up to the last year, with their agreement.

    Columns of the table, and `partner` and `instrument_kind` besides; an instrument that no
    agreement names stands for itself, its kind `not-stated`.
    """
    known = agreements(given).set_index("instrument")
    partner, kind = known["partner"].to_dict(), known["instrument_kind"].to_dict()
    rows = given.tables[table].astype("object")
    rows = rows[rows["year"] <= given.year]
    rows = rows.sort_values([*rows.columns[:3]], kind="stable", ignore_index=True)
    return rows.assign(
        partner=[partner.get(name, code(name)) for name in rows["instrument"]],
        instrument_kind=[kind.get(name, "not-stated") for name in rows["instrument"]],
    )


def code(text: object) -> str:
    """A delivered text as a part of a group of the ledger, where commas part."""
    return " ".join(str(text).replace(",", _COMMA).split())


def days(column: pd.Series) -> pd.Series:
    """Days of a delivered table as timestamps; missing stays missing."""
    return pd.to_datetime(column.astype("object"), errors="raise").astype("datetime64[s]")


def as_number(day: Any) -> int | None:
    """A day as the ledger writes it, yyyymmdd."""
    return None if pd.isna(day) else int(day.strftime("%Y%m%d"))


def rows_on(given: Given, *tables: str) -> partial:
    """`results.number` of chapter 50 for rows that rest on some tables, one at least delivered."""
    rests_on: dict[str, Any] = {**given.rests_on(PARTNERS, *tables)}
    return partial(number, chapter="50", perimeter="vlaio-partners", **rests_on)


def _names(partners: pd.DataFrame) -> dict[str, str]:
    """Name of each partner; partners of the same name have their short name behind it."""
    names = partners["name"].map(code)
    double = names.duplicated(keep=False)
    said = names.where(~double, names + " (" + partners["partner"].map(code) + ")")
    return dict(zip(partners["partner"], said, strict=True))


def _groups(found: pd.DataFrame) -> pd.Series:
    group = (
        "structural_partner=" + found["partner"] + ",instrument_kind=" + found["instrument_kind"]
    )
    double = found.duplicated(["year", "partner", "instrument_kind"], keep=False)
    return group.where(~double, group + ",instrument=" + found["instrument"].map(code))
