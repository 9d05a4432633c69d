"""Who is reached besides start-ups: the same table for every kind of firm (VARIO, advice 9)."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis.contracts.access import CLASSES
from analysis.contracts.access_cells import PERIMETERS
from analysis.indicators.access_parts import records
from analysis.indicators.access_winners import kind_share
from analysis.indicators.buying_market import row_on
from analysis.indicators.given import Given
from analysis.indicators.partner_lines import days

FOREIGN = "abroad"
PERIMETER = "flemish-public"
_BELGIAN = "belgium"  # surely not abroad; which region is not asked here
_PIO = ("pio_contracts", "pio_bidders")
Firm = dict[str, Any]


def rows(given: Given) -> Iterator[tuple]:
    """Rows of RESULTS on the kinds of firms that won PIO contracts or were consulted."""
    if given.has(*_PIO):
        row = partial(row_on(given, *_PIO), period=_period(given, "pio_contracts", "awarded"))
        won = winners(given)
        yield from shares("buying.pio_class_share", won, "contracts-of-pio", row)
        valued = [firm | {"weight": firm["eur"]} for firm in won if firm["eur"] is not None]
        yield from shares("buying.pio_class_euro_share", valued, "valued-contracts-of-pio", row)
    if given.has("pio_consulted", "pio_projects"):
        tables = ("pio_consulted", "pio_projects")
        row = partial(row_on(given, *tables), period=_period(given, "pio_projects", "consulted"))
        yield from shares("buying.consulted_class_share", consulted(given), "consultations-by-firm",
                          row)  # fmt: skip


def of_notices(cells: pd.DataFrame, row: partial) -> Iterator[tuple]:
    """Rows on the euros of published awards by kind of firm; framework agreements are left out.

    `cells` keeps CLASS_CELLS; `row` is `results.number` with the rest of the columns.
    """
    inside = cells[cells[PERIMETERS[PERIMETER]].fillna(False).astype(bool)]
    by = inside.groupby(["origin", "firm_class"], sort=True)[["winners", "without_value", "eur"]]
    firms = [
        {"origin": one["origin"], "firm_class": one["firm_class"], "weight": float(one["eur"]),
         "members": int(one["winners"]) - int(one["without_value"])}
        for one in records(by.sum().reset_index())
    ]  # fmt: skip
    yield from shares("buying.class_euro_share", firms, "winners-valued", row)


def shares(id: str, firms: Iterable[Firm], denominator: str, row: partial) -> Iterator[tuple]:
    """Share of every kind of firm, and of firms from abroad of whatever kind; none without firms.

    Parameters
    ----------
    firms : origin, firm_class, weight, and how many these are (`members`, else one)
    row : `results.number` with the rest of the columns
    """
    told: list[Mapping] = [{"members": 1} | firm for firm in firms]
    if not told:
        return
    asked = [("firm_class", name) for name in CLASSES]
    for kind, name in [*asked, ("origin", FOREIGN)]:
        answer = kind_share(told, **{kind: name})._replace(denominator=denominator)
        yield row(id, definition="firm-class", group=f"{kind}={name}", **answer._asdict())


def winners(given: Given) -> list[Firm]:
    """Winners of PIO contracts with their part of the contract; one of whom is not told is one too.

    Joint winners have equal parts. `eur` is missing where the contract states no value.
    """
    won = given.tables["pio_bidders"].astype("object")
    won = won[won["won"].fillna(False).astype(bool)]
    awards = given.tables["pio_contracts"][["contract", "awarded", "value_eur"]].astype("object")
    both = awards.assign(awarded=days(awards["awarded"])).merge(won, on="contract", how="left")
    both = both.sort_values(["contract", "bidder"], kind="stable")
    parts = 1 / both.groupby("contract")["contract"].transform("size")
    kinds = _kinds(given)
    firms = []
    for one, part in zip(records(both), parts, strict=True):
        euros = None if pd.isna(one["value_eur"]) else float(one["value_eur"]) * float(part)
        firms.append(_firm(kinds, one, one["awarded"]) | {"weight": float(part), "eur": euros})
    return firms


def consulted(given: Given) -> list[Firm]:
    """Firms that took part in a market consultation, once a consultation; no other organisations.

    A participant of whom it is not said what it is may be a firm, and counts as one.
    """
    table = given.tables["pio_consulted"].astype("object")
    firms = table[table["participant_kind"].fillna("company").eq("company")]
    projects = given.tables["pio_projects"]
    held = dict(zip(projects["project"], days(projects["consulted"]), strict=True))
    kinds = _kinds(given)
    return [_firm(kinds, one, held.get(one["project"])) | {"weight": 1.0} for one in records(firms)]


def _kinds(given: Given) -> dict[tuple, tuple[str, str]]:
    """Kind and origin of firms by number and day."""
    told = given.classes
    if told.empty:
        return {}
    keys = zip(told["company_id"], days(told["on_date"]), strict=True)
    return dict(zip(keys, zip(told["firm_class"], told["origin"], strict=True), strict=True))


def _firm(kinds: dict[tuple, tuple[str, str]], one: Firm, day: Any) -> Firm:
    """Kind and origin of a firm; the country that its row states tells whether it is foreign."""
    kind, origin = kinds.get((one["company_id"], day), ("unknown", "unknown"))
    if not pd.isna(one["country"]):
        origin = _BELGIAN if one["country"] == "BE" else FOREIGN
    return {"firm_class": kind, "origin": origin}


def _period(given: Given, table: str, day: str) -> str:
    years = days(given.tables[table][day]).dt.year.dropna()
    first = int(years.min()) if len(years) else given.year
    return f"{min(first, given.year)}-{given.year}"
