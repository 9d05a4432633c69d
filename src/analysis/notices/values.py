"""What a contract is worth in EUR without VAT: the value that can be added up, and its bounds.

A rule that meets an amount and is on keeps it out of `usable`; A07 takes VAT off where the rate is
known; A09 lets a notice's total speak for its only contract. What is kept out may still bound the
truth: a total on every contract (A02) is the most it can be, a slip (A03) lies between the amount
and the amount moved to the estimate's power of ten, a published range says so itself. The amount of
a framework (A06) bounds nothing: some buyers publish a ceiling, others the price of one piece
(611835-2024: 447.97 EUR).
"""

from collections.abc import Iterable

import narwhals.stable.v2 as nw

_MONEY = nw.Decimal(24, 4)
_KEEPS_OUT = ("A01", "A02", "A03", "A04", "A05", "A06", "A08")
_BOUNDS_NOTHING = ("A01", "A04", "A05", "A06", "A08")
_RATES = (2, 30)  # percent; old notices also state 0.08, which may mean 8


def valued(rows: nw.LazyFrame, on: frozenset[str]) -> nw.LazyFrame:
    """Add usable, low and high (EUR, no VAT, each may be missing) and net to judged contracts.

    Parameters
    ----------
    rows : contracts as `amounts.judged` gives them
    on : ids of the amount rules that are switched on
    """
    amount = nw.col("value") if "A09" in on else nw.when(~nw.col("A09")).then("value")
    rows = rows.with_columns(net=_without_vat(amount) if "A07" in on else amount)
    rows = rows.with_columns(usable=nw.when(~kept_out(on)).then("net"))
    return rows.with_columns(low=_bound("low"), high=_bound("high"))


def kept_out(on: frozenset[str]) -> nw.Expr:
    """Whether a rule that is on keeps the amount out of every sum."""
    return _any(flag for flag in _KEEPS_OUT if flag in on)


def _without_vat(amount: nw.Expr) -> nw.Expr:
    """The amount without VAT; missing where VAT is included at a rate nobody can believe."""
    rate = nw.col("vat_rate")
    believed = (rate == 0) | ((rate >= _RATES[0]) & (rate <= _RATES[1]))
    net = (amount.cast(nw.Float64) * 100 / (100 + rate)).cast(_MONEY)
    return nw.when(~nw.col("A07")).then(amount).when(believed).then(net)


def _bound(end: str) -> nw.Expr:
    net, bounded = nw.col("net"), ~_any(_BOUNDS_NOTHING)
    moved = (net.cast(nw.Float64) / 10.0 ** nw.col("slip")).cast(_MONEY)
    slip = nw.min_horizontal(net, moved) if end == "low" else nw.max_horizontal(net, moved)
    most = nw.when(~net.is_null()).then(nw.lit(0).cast(_MONEY)) if end == "low" else net
    a_range = net.is_null() & (nw.col("currency") == "EUR") & ~nw.col("is_framework")
    return nw.coalesce(
        "usable",
        nw.when(bounded & nw.col("A03")).then(slip),
        nw.when(bounded & nw.col("A02")).then(most),
        nw.when(a_range).then(f"range_{end}"),
    )


def _any(flags: Iterable[str]) -> nw.Expr:
    return nw.any_horizontal(nw.lit(False), *(nw.col(flag) for flag in flags), ignore_nulls=False)
