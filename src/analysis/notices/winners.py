"""Who won each lot, and with what weight."""

import narwhals.stable.v2 as nw

from analysis.notices.stages import AWARD, LOT

_SAID_OF_A_FIRM = ("country", "postcode", "town", "size", "is_natural_person")


def won_contracts(tables: dict[str, nw.LazyFrame]) -> nw.LazyFrame:
    """One row a contract and organisation that won it; a contract without a name has one too.

    `who` tells winners of a lot apart: a comparable number, else the words of the name.
    """
    contracts = tables["awards"].filter(nw.col("outcome") == "awarded").select(AWARD)
    rows = contracts.join(tables["won"], on=AWARD, how="left")
    members = nw.col("organisation_id").count().over(AWARD)
    unnamed = nw.concat_str(nw.lit("contract "), nw.col("award_id"))
    who = nw.coalesce("comparable", "spelt", "organisation_id", unnamed)
    group = members > 1
    return rows.with_columns(who=who, joint=group, part=1.0 / nw.max_horizontal(members, nw.lit(1)))


def winners(won: nw.LazyFrame, values: nw.LazyFrame) -> nw.LazyFrame:
    """One row a lot and winner, with weight 1/m and its part of the lot's value.

    A group's contract counts in equal parts. An attribute on which the notice contradicts itself
    (two sizes for one firm) is missing.
    """
    worth = won.join(values.select(*AWARD, "usable"), on=AWARD, how="left").with_columns(
        worth=nw.col("usable").cast(nw.Float64) * nw.col("part"),
        lot_worth=(nw.col("usable").cast(nw.Float64) * nw.col("part")).sum().over(LOT),
        lot_known=nw.col("usable").count().over(LOT) == nw.len().over(LOT),
    )
    one = worth.group_by(*LOT, "who").agg(
        *(nw.col(name).min() for name in ("name", "identifier", "number", "refused")),
        *(_agreed(name) for name in _SAID_OF_A_FIRM),
        joint=nw.col("joint").any(),
        worth=nw.col("worth").sum(),
        lot_worth=nw.col("lot_worth").max(),
        lot_known=nw.col("lot_known").all(),
    )
    known = nw.col("lot_known") & (nw.col("lot_worth") > 0)
    return one.with_columns(
        winner=nw.col("who").cum_count().over(LOT, order_by="who"),
        lot_weight=1.0 / nw.len().over(LOT),
        number_refused=nw.col("refused"),
        # Rounded, since the order of the rows changes the last digits of a sum.
        value_share=nw.when(known).then((nw.col("worth") / nw.col("lot_worth")).round(12)),
    )


def _agreed(name: str) -> nw.Expr:
    column = nw.col(name)
    return nw.when(column.min() == column.max()).then(column.min()).alias(name)
