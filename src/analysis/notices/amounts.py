"""A01-A09: what is said against every published amount. No amount is changed here, only flagged."""

import narwhals.stable.v2 as nw

from analysis.notices.stages import AWARD, LOT, NOTICE, Engine, stage
from analysis.notices.suspects import against_estimate, far_from_its_like, repeated

FLAGS = ("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09")
TOO_LARGE = 1_000_000_000  # EUR; a contract above it is looked at by a person
_ONLY_NINES = r"^9+\.99|^9{6,}\.00"


def judged(engine: Engine, tables: dict[str, nw.LazyFrame]) -> nw.LazyFrame:
    """Return every contract given with its value, its context and one flag a rule.

    Returns
    -------
    LazyFrame
        Keys of AWARDS, `value` (published; the notice's total under A09), `currency`, `estimate`,
        `slip` (power of ten away from the estimate), `vat_rate`, `range_low`, `range_high`, and
        A01..A09, true or false.
    """
    rows = stage(engine, "amounts", _in_context(tables))
    rows = against_estimate(rows.join(repeated(rows), on=NOTICE, how="left"))
    rows = stage(engine, "amounts_alone", rows.with_columns(**_said_alone()))
    rows = rows.join(far_from_its_like(engine, rows), on=AWARD, how="left")
    stated = ~nw.col("value").is_null()
    certain = {flag: nw.col(flag).fill_null(False) & stated for flag in FLAGS}
    return stage(engine, "amounts_judged", rows.with_columns(**certain))


def _said_alone() -> dict[str, nw.Expr]:
    """What an amount says by itself."""
    value = nw.col("value")
    return {
        "A01": (value <= 1) | value.cast(nw.String).str.contains(_ONLY_NINES),
        "A05": value > TOO_LARGE,
        "A06": nw.col("is_framework"),
        "A07": nw.col("vat_included"),
        "A08": (nw.col("currency") != "EUR").fill_null(True),
    }


def _in_context(tables: dict[str, nw.LazyFrame]) -> nw.LazyFrame:
    notices = tables["notices"].select(
        *NOTICE,
        "total_value",
        "total_currency",
        "procedure",
        notice_framework=nw.col("is_framework"),
        notice_nature=nw.col("nature"),
        notice_cpv=nw.col("cpv"),
    )
    lots = tables["lots"].select(
        *LOT,
        lot_framework=nw.col("is_framework"),
        lot_nature=nw.col("nature"),
        lot_cpv=nw.col("cpv"),
        lot_estimate=nw.col("estimated_value"),
        lot_currency=nw.col("currency"),
    )
    rows = tables["awards"].filter(nw.col("outcome") == "awarded").join(notices, on=NOTICE)
    rows = rows.join(lots, on=LOT, how="left").with_columns(
        of_notice=nw.len().over(NOTICE), of_lot=nw.len().over(LOT)
    )
    total_speaks = (
        nw.col("value").is_null()
        & (nw.col("of_notice") == 1)
        & ~nw.col("value_withheld")
        & ~nw.col("total_value").is_null()
    )
    same_lot_currency = (nw.col("of_lot") == 1) & (nw.col("lot_currency") == nw.col("currency"))
    return rows.select(
        *AWARD,
        "outcome",
        "procedure",
        "total_value",
        "of_notice",
        "of_lot",
        "vat_included",
        "vat_rate",
        A09=total_speaks,
        value=nw.when(total_speaks).then("total_value").otherwise("value"),
        currency=nw.when(total_speaks).then("total_currency").otherwise("currency"),
        estimate=nw.coalesce(
            "estimated_value", nw.when(same_lot_currency).then(nw.col("lot_estimate"))
        ),
        is_framework=_any_true("is_framework", "lot_framework", "notice_framework"),
        nature=nw.coalesce("lot_nature", "notice_nature"),
        cpv=nw.coalesce("lot_cpv", "notice_cpv"),
        range_low=nw.col("value_low"),
        range_high=nw.col("value_high"),
    )


def _any_true(*names: str) -> nw.Expr:
    return nw.any_horizontal(*(nw.col(name).fill_null(False) for name in names), ignore_nulls=False)
