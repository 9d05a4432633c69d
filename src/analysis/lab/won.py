"""Winners of awarded lots with what they answer to one definition, and how these are counted."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analysis import results
from analysis.cells.access_base import Engine, Relation, number_lots
from analysis.contracts import Column, Table
from analysis.contracts.access import METHODS, ORIGINS
from analysis.contracts.access_cells import FLAGS, PERIMETERS
from analysis.contracts.lots import LOT_RESULTS
from analysis.indicators import access_shares
from analysis.indicators.access_parts import MEASURES, records, summed
from analysis.lab.places import PROVINCES, REGIONS, places
from analysis.refusal import ReportError
from analysis.store.frames import framed

OWN = "own-selection"
WHAT = {
    "lots_won": access_shares.lots_won,
    "lot_share": access_shares.lot_share,
    "amount": access_shares.amount,
    "amount_share": access_shares.amount_share,
}
_EUROS = ("amount", "amount_share")
_ANSWERS = ("yes", "no", "unknown")
_OF_LOT = ("buyer", "buyer_type", "cpv_division", "cpv_group", "procedure", "value_band", "bids")


def _maybe(about: str, kind: str = "text", unit: str = "", values: tuple[str, ...] = ()) -> Column:
    return Column(about, kind, unit, may_be_missing=True, values=values)


WON = Table(
    name="won",
    row="one member of one winner of one awarded lot, and its answer to one definition",
    key=(),  # a firm may be in one lot twice
    columns={
        "lot": Column("Running number of the lot", "whole"),
        **{name: LOT_RESULTS.columns[name] for name in ("notice_id", "document", "lot_id")},
        "year": LOT_RESULTS.columns["year"],
        **FLAGS,
        "buyer_region": _maybe("Where the (first) buyer has its seat", values=REGIONS),
        "buyer_province": _maybe("Province of that seat, in Flanders", values=tuple(PROVINCES)),
        **{name: LOT_RESULTS.columns[name] for name in _OF_LOT},
        "framework": LOT_RESULTS.columns["is_framework"],
        "who": Column("Running number of the company or of the stated name", "whole"),
        "company_id": _maybe("Enterprise number; missing where not linked"),
        "origin": Column("Where the seat of the winner is", "text", values=ORIGINS),
        "method": Column("How the winner was linked", "text", values=METHODS),
        "is_new_winner": _maybe("Won nothing in the 36 months before", "flag"),
        "weight": Column("Part of the lot; adds up to 1 over the lot", "number", "lots"),
        "eur": _maybe("Part of the awarded value; none of a framework", "number", "EUR"),
        "definition": Column("Id of the definition", "text"),
        "answer": _maybe("Yes or no on the day of the contract; missing: unknown", "flag"),
    },
)

_WON = f"""
select lot, notice_id, document, lot_id, year, {", ".join(FLAGS)}, buyer_region, buyer_province,
    {", ".join(_OF_LOT)}, framework, who, m.company_id, origin, method, is_new_winner,
    weight::double as weight,
    case when framework is not true then m.eur end::double as eur, $definition as definition, answer
from access_members m join access_lots using (lot)
left join ({{places}}) using (notice_id, document, lot_id)
left join lab_answers a on a.company_id = m.company_id and a.on_date = m.on_date
    and a.definition = $definition
order by lot, who, m.company_id
"""


def won(
    engine: Engine, given: Mapping[str, Relation], answers: Relation, definition: str
) -> pd.DataFrame:
    """Rows of WON.

    Parameters
    ----------
    engine : connection of the relations
    given : lots, winners, members, perimeters and addresses, of the contracts
    answers : keeps ANSWERS
    definition : id of the definition whose answers are told
    """
    named = ("lots", "perimeters", "members", "winners")
    number_lots(engine, **{name: given[name] for name in named})
    answers.create_view("lab_answers", replace=True)
    query = _WON.format(places=places(given["lots"], given["addresses"]))
    return framed(engine.sql(query, params={"definition": definition}).to_arrow_table())


def tally(rows: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """How much of the lots and euros is yes, no and unknown.

    Parameters
    ----------
    rows : of WON, or some of them
    by : columns that tell groups apart; missing is a group of its own. A lot counts in each group
        that has one of its winners.

    Returns
    -------
    pandas frame, one row a group, with `definition`, `by`, and
        lots, lots_unknown     lots, and those with a winner whose answer is unknown  [count]
        yes, no, unknown       weights of winners; they add up to the lots  [lots]
        valued, valued_unknown the same counts of lots with a usable amount, no framework  [count]
        eur_yes, eur_no, eur_unknown  what these are worth, without VAT  [EUR]
    """
    one = rows[["definition", *by, "lot"]].assign(
        **_parts(rows, "weight", ""), **_parts(rows, "eur", "eur_"),
        lots_unknown=rows["answer"].isna().to_numpy(float),
        valued=rows["eur"].notna().to_numpy(float),
    )  # fmt: skip
    digits = {name: 4 if name.startswith("eur_") else 9 for name in one.columns[len(by) + 2 :]}
    of_lots = summed(one, ["definition", *by, "lot"], digits)
    for name in ("lots_unknown", "valued"):
        of_lots[name] = (of_lots[name] > 0).astype(float)
    of_lots = of_lots.assign(lots=1.0, valued_unknown=of_lots["valued"] * of_lots["lots_unknown"])
    found = summed(of_lots, ["definition", *by], dict.fromkeys(MEASURES, 9) | digits)
    counts = {name: "int64" for name, column in MEASURES.items() if column.kind == "whole"}
    return found[["definition", *by, *MEASURES]].astype(counts)


def _parts(rows: pd.DataFrame, measure: str, prefix: str) -> dict[str, np.ndarray]:
    """A measure of each row where it is yes, no and unknown; a missing amount is in no sum."""
    of = rows[measure].fillna(0).to_numpy(float)
    answer = rows["answer"]
    where = (answer.eq(True).fillna(False), answer.eq(False).fillna(False), answer.isna())
    return {
        f"{prefix}{name}": np.where(mask.to_numpy(bool), of, 0.0)
        for name, mask in zip(_ANSWERS, where, strict=True)
    }


def measured(
    rows: pd.DataFrame, what: str, by: Sequence[str], perimeter: str | None, **rests_on: str
) -> pd.DataFrame:
    """What start-ups won, as rows shaped like those of the ledger; see `Workbook.measure`."""
    if what not in WHAT or perimeter not in (None, *PERIMETERS):
        raise ReportError(
            "what is measured",
            found=f"{what}, perimeter {perimeter}",
            expected=f"one of {', '.join(WHAT)}; perimeter one of {', '.join(PERIMETERS)} or none",
            do="correct the name",
        )
    inside = rows if perimeter is None else rows[rows[PERIMETERS[perimeter]].fillna(False)]
    if what in _EUROS:
        inside = inside[~inside["framework"].fillna(False)]
    if "year" in by:
        inside = inside[inside["year"].notna()]
    told, row = [], partial(results.number, chapter="lab")
    for one in records(tally(inside, by)):
        where: dict[str, Any] = {"period": _period(one, inside), "group": _group(one, by)}
        where |= {"definition": one["definition"], "perimeter": perimeter or OWN} | rests_on
        told.append(row(f"lab.{what}", **where, **WHAT[what](one)._asdict()))
    return results.ledger(told)


def _period(one: Mapping, rows: pd.DataFrame) -> str:
    if "year" in one:
        return str(one["year"])
    years = rows["year"].dropna()
    return f"{years.min()}-{years.max()}" if len(years) else "unknown"


def _group(one: Mapping, by: Sequence[str]) -> str:
    """The name of a group as the ledger writes it: `buyer_type=local`, or all."""
    flag = {True: "yes", False: "no"}
    codes = {name: one[name] for name in by if name != "year"}
    said = {
        name: "not-stated" if pd.isna(code) else flag[code] if isinstance(code, bool) else code
        for name, code in codes.items()
    }
    return ",".join(f"{name}={code}" for name, code in said.items()) or "all"
