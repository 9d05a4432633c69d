"""N01-N05, N08 and N09: which notices say nothing of their own about an award.

A rule is given `tables` (what the rules before it left, and `everything` that was read) and gives
a frame with the keys of the notices it meets.
"""

from collections.abc import Mapping

import narwhals.stable.v2 as nw

from analysis.notices.stages import NOTICE

Tables = Mapping[str, nw.LazyFrame]

NATIONAL_FORMS = ["E4", "BE-E4"]  # simplified award notices, published by Belgium alone


def read_twice(tables: Tables) -> nw.LazyFrame:
    """N01: a notice whose number was read from another, better document.

    Better: the higher version of the notice, then more awards, then the first sha256.
    """
    awards = tables["awards"].group_by(NOTICE).agg(awards=nw.len())
    version = nw.col("notice_id").str.replace_all(r"^[^/]*$|^.*/|\D", "")
    ranked = (
        tables["notices"]
        .join(awards, on=NOTICE, how="left")
        .with_columns(
            number=nw.col("notice_id").str.replace_all("/.*$", ""),
            older=-nw.concat_str(nw.lit("0"), version).cast(nw.Int64),
            fewer=-nw.col("awards").fill_null(0),
        )
    )
    order = nw.col("document").cum_count().over("number", order_by=["older", "fewer", "document"])
    return ranked.with_columns(order=order).filter(nw.col("order") > 1).select(NOTICE)


def not_an_award(tables: Tables) -> nw.LazyFrame:
    """N02: voluntary ex ante notices, modifications, completions, corrections, calls."""
    return tables["notices"].filter(nw.col("kind") != "award").select(NOTICE)


def not_published(tables: Tables) -> nw.LazyFrame:
    """N03: drafts and publishers' examples; national forms never reach the Official Journal."""
    return tables["notices"].filter(~_official()).select(NOTICE)


def eu_institution(tables: Tables) -> nw.LazyFrame:
    """N04: notices of the EU's own institutions, wherever they sit."""
    return tables["notices"].filter(nw.col("eu_institution")).select(NOTICE)


def replaced(tables: Tables) -> nw.LazyFrame:
    """N05: notices that a later one replaces or cancels, and the notices that only cancel."""
    notices = tables["notices"].with_columns(day=_day())
    changes = _changes(tables["everything"])
    changed = [
        notices.join(changes, left_on=number, right_on="changed", how="inner").filter(
            nw.col("by") != nw.col("notice_id"),
            (nw.col("by_day") >= nw.col("day")).fill_null(True),
        )
        for number in ("notice_id", "own_id")  # a change cites the one or the other
    ]
    overtaken = notices.join(
        changes, left_on="changes_notice", right_on="changed", how="inner"
    ).filter(
        (nw.col("by_day") > nw.col("day"))
        | ((nw.col("by_day") == nw.col("day")) & (nw.col("by") > nw.col("notice_id")))
    )
    cancelling = notices.filter(nw.col("change_reason") == "cancel")
    met = [frame.select(NOTICE) for frame in (*changed, overtaken, cancelling)]
    return nw.concat(met).unique()


def corrected_in_words(tables: Tables) -> nw.LazyFrame:
    """N08: notices that a correction names; it corrects in free text, so they only get a flag."""
    corrections = tables["everything"].filter(nw.col("kind") == "correction")
    named = [
        corrections.select(named=nw.col(column)) for column in ("changes_notice", "previous_notice")
    ]
    return (
        tables["notices"]
        .join(nw.concat(named), left_on="notice_id", right_on="named", how="semi")
        .select(NOTICE)
    )


def without_award(tables: Tables) -> nw.LazyFrame:
    """N09: award notices in which no award could be read, such as old free-text forms."""
    return tables["notices"].join(tables["awards"], on=NOTICE, how="anti").select(NOTICE)


def _changes(everything: nw.LazyFrame) -> nw.LazyFrame:
    """Which notice changes which: an award notice published anew, or a cancellation of any kind."""
    return everything.filter(
        _official(),
        ~nw.col("changes_notice").is_null(),
        (nw.col("kind") == "award") | (nw.col("change_reason") == "cancel"),
    ).select(changed=nw.col("changes_notice"), by=nw.col("notice_id"), by_day=_day())


def _official() -> nw.Expr:
    return nw.col("published") | nw.col("form").is_in(NATIONAL_FORMS)


def _day() -> nw.Expr:
    return nw.coalesce("publication_date", "dispatch_date")
