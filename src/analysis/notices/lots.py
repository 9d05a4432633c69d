"""From kept awards to lots with one result each."""

import narwhals.stable.v2 as nw

from analysis.notices.amounts import FLAGS
from analysis.notices.stages import LOT, NOTICE
from analysis.notices.values import kept_out

# Upper limits in EUR of all value bands but the last: the Belgian publication limit, the highest EU
# threshold of central buyers for supplies and services, one million, the EU threshold for works.
BAND_LIMITS = {
    "below-30k": 30_000,
    "30k-144k": 144_000,
    "144k-1m": 1_000_000,
    "1m-5548k": 5_548_000,
}


def lot_results(
    tables: dict[str, nw.LazyFrame], winners: nw.LazyFrame, values: nw.LazyFrame, on: frozenset[str]
) -> nw.LazyFrame:
    """Join what the stages say about a lot; one row a lot of LOT_RESULTS.

    Parameters
    ----------
    tables : kept awards and notices, lots, won, identified, dates, and corrected (keys of notices)
    winners : as `winners.winners` gives them
    values : as `values.valued` gives them
    on : ids of the amount rules that are switched on
    """
    rows = _results(tables["awards"]).join(_of_notices(tables), on=NOTICE)
    rows = rows.join(_of_lots(tables["lots"]), on=LOT, how="left")
    rows = rows.join(tables["dates"], on=LOT).join(_of_winners(tables, winners), on=LOT, how="left")
    rows = rows.join(_of_values(values), on=LOT, how="left")
    rows = rows.join(_shared(values, on), on=NOTICE, how="left")
    first = nw.col("lot_id").cum_count().over(NOTICE, order_by="lot_id") == 1
    answers = {name: nw.col(name).fill_null("unknown") for name in ("sme_won", "cross_border")}
    return rows.with_columns(
        **answers,
        first_of_notice=first,
        framework_eur=nw.coalesce("ceiling", "stated_framework"),
        year=nw.col("date").dt.year(),
        winners=nw.col("winners").fill_null(0),
        nature=nw.coalesce("lot_nature", "nature"),
        cpv_division=nw.coalesce("lot_cpv", "cpv").str.slice(0, 2),
        cpv_group=nw.coalesce("lot_cpv", "cpv").str.slice(0, 3),
        is_framework=nw.any_horizontal(
            "framework", "lot_framework", "is_framework", ignore_nulls=True
        ),
        shared_value_eur=nw.when(first).then("shared"),
        value_band=_band(nw.col("value_eur")),
    )


def _results(awards: nw.LazyFrame) -> nw.LazyFrame:
    """One result a lot: awarded if any contract was given, open while a decision is missing."""
    outcome = nw.col("outcome")
    lots = awards.with_columns(
        won=_one_if(outcome == "awarded"), lost=_one_if(outcome == "not-awarded")
    )
    lots = lots.group_by(LOT).agg(
        awards=nw.col("won").sum(),
        lost=nw.col("lost").sum(),
        decisions=nw.len(),
        bids=nw.col("bids").max(),
        bids_sme=nw.col("bids_sme").max(),
        group=nw.col("is_group").any(),
        framework=nw.col("is_framework").any(),
    )
    awarded = nw.col("awards") > 0
    closed = nw.col("lost") == nw.col("decisions")
    result = nw.when(awarded).then(nw.lit("awarded")).when(closed).then(nw.lit("not-awarded"))
    return lots.with_columns(
        outcome=result.otherwise(nw.lit("unknown")),
        bids=nw.when(~awarded | (nw.col("bids") > 0)).then("bids"),
    )


def _of_notices(tables: dict[str, nw.LazyFrame]) -> nw.LazyFrame:
    corrected = tables["corrected"].with_columns(corrected=nw.lit(True))
    names = ["era", "form", "country", "buyer_type", "procedure", "nature", "cpv", "is_framework"]
    return (
        tables["notices"]
        .select(*NOTICE, *names, publication_date=nw.coalesce("publication_date", "dispatch_date"))
        .join(_first_buyer(tables["identified"]), on=NOTICE, how="left")
        .join(corrected, on=NOTICE, how="left")
        .with_columns(corrected=nw.col("corrected").fill_null(False))
    )


def _first_buyer(identified: nw.LazyFrame) -> nw.LazyFrame:
    """The first buyer that has a number, else the first: its number and where it says it is."""
    buyers = identified.filter(nw.col("is_buyer")).with_columns(
        unnumbered=_one_if(nw.col("comparable").is_null())
    )
    order = nw.col("document").cum_count().over(NOTICE, order_by=["unnumbered", "organisation_id"])
    return (
        buyers.with_columns(order=order)
        .filter(nw.col("order") == 1)
        .select(
            *NOTICE,
            buyer=nw.col("comparable"),
            buyer_postcode=nw.col("postcode"),
            buyer_nuts=nw.col("nuts"),
        )
    )


def _of_lots(lots: nw.LazyFrame) -> nw.LazyFrame:
    return lots.select(
        *LOT,
        lot_nature=nw.col("nature"),
        lot_cpv=nw.col("cpv"),
        lot_framework=nw.col("is_framework"),
        ceiling=nw.when(nw.col("currency") == "EUR").then("framework_maximum"),
    )


def _of_winners(tables: dict[str, nw.LazyFrame], winners: nw.LazyFrame) -> nw.LazyFrame:
    """How many winners, and what is known of them. One SME in a group makes it an SME's win."""
    home = tables["notices"].select(*NOTICE, home=nw.col("country"))
    abroad, size = nw.col("country") != nw.col("home"), nw.col("size")
    marked = winners.join(home, on=NOTICE).with_columns(
        small=_one_if(size != "large"),
        large=_one_if(size == "large"),
        abroad=_one_if(abroad),
        at_home=_one_if(~abroad),
    )
    lots = marked.group_by(LOT).agg(
        *(nw.col(name).sum() for name in ("small", "large", "abroad", "at_home")),
        winners=nw.len(),
        joint=nw.col("joint").any(),
    )
    return lots.with_columns(
        sme_won=_answer("small", "large"), cross_border=_answer("abroad", "at_home")
    )


def _of_values(values: nw.LazyFrame) -> nw.LazyFrame:
    ends = {"value_eur": "usable", "value_low_eur": "low", "value_high_eur": "high"}
    values = values.with_columns(
        framework=nw.when(nw.col("A06"), ~nw.col("A08")).then("net"),
    )
    flags = {flag: nw.col(flag).any() for flag in FLAGS}
    sums = {name: nw.col(end).sum() for name, end in ends.items()}
    known = {f"{end}_known": nw.col(end).count() for end in ends.values()}
    stated = nw.col("framework").sum()
    lots = values.group_by(LOT).agg(
        contracts=nw.len(), stated_framework=stated, **flags, **sums, **known
    )
    complete = {
        name: nw.when(nw.col(f"{end}_known") == nw.col("contracts")).then(name)
        for name, end in ends.items()
    }
    met = nw.concat_str(
        [nw.when(nw.col(flag)).then(nw.lit(flag)) for flag in FLAGS],
        separator="+",
        ignore_nulls=True,
    )
    framework = nw.when(nw.col("A06")).then("stated_framework")
    return lots.select(
        *LOT, **complete, stated_framework=framework, amount_flag=nw.when(met != "").then(met)
    )


def _shared(values: nw.LazyFrame, on: frozenset[str]) -> nw.LazyFrame:
    """A02: the amount that every contract of the notice repeats counts once, for the notice."""
    once = values.filter(nw.col("A02"), ~kept_out(on - {"A02"}))
    once = once if "A02" in on else once.head(0)
    return once.group_by(NOTICE).agg(shared=nw.col("net").max())


def _one_if(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, 0 where it does not or is not known."""
    return nw.when(condition).then(1).otherwise(0)


def _answer(yes: str, no: str) -> nw.Expr:
    """Yes with one that is, no where all are known not to be, else unknown."""
    certain_no = nw.col(no) == nw.col("winners")
    return (
        nw.when(nw.col(yes) > 0)
        .then(nw.lit("yes"))
        .when(certain_no)
        .then(nw.lit("no"))
        .otherwise(nw.lit("unknown"))
    )


def _band(value: nw.Expr) -> nw.Expr:
    band: nw.Expr = nw.when(~value.is_null()).then(nw.lit("above-5548k"))
    for name, limit in reversed(BAND_LIMITS.items()):
        band = nw.when(value < limit).then(nw.lit(name)).otherwise(band)
    return band
