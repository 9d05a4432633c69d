"""Worked examples of methods 2.6-2.10, 3.4, 5 and 6: formulas checked by hand or by simulation."""

from functools import cache, partial
from pathlib import Path

import pandas as pd

from analysis import results
from analysis.indicators import partners
from analysis.inference.bounds import (
    Bounds,
    Tally,
    binomial_se,
    imbens_manski,
    no_assumption,
    observed_share,
    under_gamma,
)
from analysis.inference.concentration import concentration
from analysis.inference.counts import garwood
from analysis.inference.decompositions import kitagawa
from analysis.inference.intervals import (
    clopper_pearson,
    clustered_ratio,
    representation_ratio,
    wilson,
)
from analysis.inference.prevalence import Validation, lang_reiczigel, rogan_gladen
from analysis.inference.survey import census_error, nonresponse_bounds
from analysis.sources import facts

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
THIRD_KNOWN = Tally(yes=25, no=305, unknown=670)
TRIED = Validation(70 / 100, 776 / 800, 100, 800)


def _imbens_manski(low: float, high: float) -> tuple[float, ...]:
    """Interval of a set whose ends are shares of 1,000 awards."""
    errors = {"se_low": binomial_se(low, 1000), "se_high": binomial_se(high, 1000)}
    found = imbens_manski(Bounds(low, high), **errors)
    return found.critical, found.low, found.high


def _kitagawa() -> tuple[float, float, float]:
    columns = ["weight_before", "rate_before", "weight_after", "rate_after"]
    rows = [(0.6, 0.02, 0.5, 0.03), (0.4, 0.10, 0.5, 0.10)]
    within, mix = kitagawa(pd.DataFrame(rows, columns=columns))
    return within, mix, within + mix


def _concentration() -> tuple[float, float | None]:
    found = concentration([0.4, 0.3, 0.2, 0.1])
    return found.hhi, found.normalised


def _promoters(promote: int, detract: int, answers: int) -> tuple[float, float]:
    """Limits of the share that promotes less the share that does not, from scores of 0, 1/2, 1."""
    rest = answers - promote - detract
    score = clustered_ratio([1] * promote + [0] * detract + [0.5] * rest, [1] * answers)
    net, error = 2 * score.value - 1, 1.96 * 2 * score.se
    return net - error, net + error


@cache
def _promised() -> pd.Series:
    """Totals of the structural partners, by kind and VAT base."""
    rows = results.ledger(partners.results(facts.read(RAW)))
    rows = rows[rows["id"] == "partners.total"]
    return rows.set_index(["group", "definition"])["value"]


def _euros(group: str, definition: str) -> float:
    return float(_promised()[group, definition])


_BOTH = "kind=contract+brexit-extra"

VALIDATED = {
    "2.6 bounds, 25 of 330 known of 1,000": (
        (0.025, 0.695),
        3,
        partial(no_assumption, THIRD_KNOWN),
    ),
    "2.6 missing at random": (0.0758, 4, partial(observed_share, THIRD_KNOWN)),
    "2.6 bounds at Γ = 1.5": ((0.0597, 0.0984), 4, partial(under_gamma, THIRD_KNOWN, 1.5)),
    "2.6 bounds at Γ = 2": ((0.0514, 0.1194), 4, partial(under_gamma, THIRD_KNOWN, 2)),
    "2.6 bounds at Γ = 3": ((0.0428, 0.1572), 4, partial(under_gamma, THIRD_KNOWN, 3)),
    "2.6 Imbens-Manski, [.025, .695]: c": (1.6449, 4, lambda: _imbens_manski(0.025, 0.695)[0]),
    "2.6 Imbens-Manski, [.025, .695]: interval": (
        (0.01688, 0.71895),
        5,
        lambda: _imbens_manski(0.025, 0.695)[1:],
    ),
    "2.6 Imbens-Manski, [.05, .06]: c": (1.6585, 4, lambda: _imbens_manski(0.05, 0.06)[0]),
    "2.6 Imbens-Manski, [.05, .06]: interval": (
        (0.03857, 0.07246),
        5,
        lambda: _imbens_manski(0.05, 0.06)[1:],
    ),
    "2.7 Wilson, 5 of 100": ((0.02154, 0.11175), 5, partial(wilson, 5, 100)),
    "2.7 Wilson, 3 of 70": ((0.01468, 0.11860), 5, partial(wilson, 3, 70)),
    "2.7 Wilson, 63 of 2,100": ((0.02352, 0.03820), 5, partial(wilson, 63, 2100)),
    "2.7 Clopper-Pearson, 5 of 100": ((0.01643, 0.11283), 5, partial(clopper_pearson, 5, 100)),
    "2.8 Kitagawa: within, mix, all": ((0.0055, 0.0075, 0.013), 1e-12, _kitagawa),
    "2.9 representation ratio": (
        (0.560, 0.415, 0.755),
        3,
        partial(representation_ratio, won=42, lots=1500, startups=9000, firms=180000),
    ),
    "2.10 HHI, normalised HHI": ((0.3000, 0.0667), 4, _concentration),
    "2.10 effective number of suppliers": (
        3.33,
        2,
        lambda: concentration([0.4, 0.3, 0.2, 0.1]).effective,
    ),
    "3.4 Rogan-Gladen (se)": (
        (0.044776, 0.011189),
        6,
        lambda: rogan_gladen(180 / 3000, 3000, TRIED)[:2],
    ),
    "3.4 Lang-Reiczigel interval": (
        (0.02230, 0.06696),
        5,
        partial(lang_reiczigel, 180 / 3000, 3000, TRIED),
    ),
    "5 se, 45 of 70 answered, with fpc": (0.0360, 4, partial(census_error, 0.8, 45, 70)),
    "5 se, 45 answered, without fpc": (0.0596, 4, partial(binomial_se, 0.8, 45)),
    "5 non-response bounds, 36 of 45 of 70": (
        (0.514, 0.871),
        3,
        partial(nonresponse_bounds, 36, 45, 70),
    ),
    "5 net promoters +30 of 30 (15, 9, 6)": ((0.02, 0.58), 2, partial(_promoters, 15, 6, 30)),
    "5 net promoters +30 of 70 (35, 21, 14)": ((0.12, 0.48), 2, partial(_promoters, 35, 14, 70)),
    "6 Garwood, 80 of 100": ((0.634, 0.996), 3, partial(garwood, 80, 100)),
    "6 Garwood, 8 of 10": ((0.345, 1.576), 3, partial(garwood, 8, 10)),
    "6 Garwood, 95 of 100": ((0.769, 1.161), 3, partial(garwood, 95, 100)),
    "6 Garwood, 420 of 500": ((0.762, 0.924), 3, partial(garwood, 420, 500)),
    "6 partners: subsidies, EUR": (
        12_541_000.00,
        2,
        partial(_euros, "kind=subsidy", "vat-not-stated"),
    ),
    "6 partners: contracts incl. VAT, EUR": (
        24_535_576.61,
        2,
        partial(_euros, "kind=contract", "vat-included"),
    ),
    "6 partners: Brexit extras, EUR": (
        2_263_248.87,
        2,
        partial(_euros, "kind=brexit-extra", "vat-mixed"),
    ),
    "6 partners: contracts and extras, EUR": (
        26_798_825.48,
        2,
        partial(_euros, _BOTH, "vat-mixed"),
    ),
    "6 partners: the same without 21 %, EUR": (
        22_147_789.65,
        2,
        partial(_euros, _BOTH, "excl-21pct-what-if"),
    ),
}
