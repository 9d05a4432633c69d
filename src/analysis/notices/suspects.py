"""A02, A03, A04: amounts that only their surroundings make suspect."""

import narwhals.stable.v2 as nw

from analysis.notices.stages import AWARD, NOTICE, Engine, stage

TOLERANCE = 0.1  # of a power of ten (methods: F3)
SLIP = 2  # powers of ten
ROBUST_Z = 5.0
ENOUGH = 30  # contracts to compare with
_MAD = 1.4826  # makes the median absolute deviation comparable with a standard deviation


def repeated(rows: nw.LazyFrame) -> nw.LazyFrame:
    """A02: all contracts of a notice carry the same amount: its total, or no part of its total."""
    value = nw.col("value")
    notices = rows.group_by(NOTICE).agg(
        least=value.min(),
        most=value.max(),
        all_of_it=value.sum(),
        stated=value.count(),
        of_notice=nw.col("of_notice").max(),
        total=nw.col("total_value").max(),
    )
    identical = (nw.col("stated") > 1) & (nw.col("least") == nw.col("most"))
    is_total = (nw.col("most") == nw.col("total")).fill_null(False)
    adds_up = (nw.col("all_of_it") == nw.col("total")).fill_null(False)
    everywhere = (nw.col("stated") == nw.col("of_notice")) & ~adds_up
    return notices.select(*NOTICE, A02=identical & (is_total | everywhere))


def against_estimate(rows: nw.LazyFrame) -> nw.LazyFrame:
    """A03: the amount is a whole power of ten, 100 or more, away from its estimate.

    Only where the lot has one contract: an estimate says nothing about one of several.
    Adds `slip`, that power: 3 where the amount is a thousand times the estimate.
    """
    value, estimate = (nw.col(name).cast(nw.Float64) for name in ("value", "estimate"))
    comparable = (value > 0) & (estimate > 0) & (nw.col("of_lot") == 1)
    rows = rows.with_columns(power=nw.when(comparable).then((value / estimate).log(10)))
    rows = rows.with_columns(slip=nw.col("power").round())
    far = nw.col("slip").abs() >= SLIP
    return rows.with_columns(A03=far & ((nw.col("power") - nw.col("slip")).abs() <= TOLERANCE))


def far_from_its_like(engine: Engine, rows: nw.LazyFrame) -> nw.LazyFrame:
    """A04: the logarithm lies more than 5 robust deviations from contracts of its kind.

    Its kind: same nature, procedure and CPV to three digits, else to two; at least 30 contracts.
    Where there are fewer nothing is said: the answer is missing.
    """
    ordinary = rows.filter(~nw.any_horizontal("A01", "A06", "A08", ignore_nulls=False))
    logs = ordinary.select(
        *AWARD,
        "nature",
        "procedure",
        log=nw.col("value").cast(nw.Float64).log(),
        cpv2=nw.col("cpv").str.slice(0, 2),
        cpv3=nw.col("cpv").str.slice(0, 3),
    ).drop_nulls()
    logs = _robust_z(engine, _robust_z(engine, logs, "cpv2"), "cpv3")
    return logs.select(*AWARD, A04=nw.coalesce("z_cpv3", "z_cpv2") > ROBUST_Z)


def _robust_z(engine: Engine, logs: nw.LazyFrame, cpv: str) -> nw.LazyFrame:
    """Add z_CPV, the distance from the median of the kind; missing in kinds of fewer than 30."""
    kind = [cpv, "nature", "procedure"]
    away = (nw.col("log") - nw.col("log").median().over(kind)).abs()
    logs = stage(engine, f"away_{cpv}", logs.with_columns(away=away, like=nw.len().over(kind)))
    spread = nw.col("away").median().over(kind) * _MAD
    enough = (nw.col("like") >= ENOUGH) & (spread > 0)
    z = nw.when(enough).then(nw.col("away") / spread).alias(f"z_{cpv}")
    return stage(engine, f"z_{cpv}", logs.with_columns(z).drop("away", "like"))
