"""The contracts of a register with all that is known of each, and the sample that coders judge."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.inference.audit_draw import CERTAIN, SEED, draw
from analysis.innovation import classifier
from analysis.innovation.judged import judged
from analysis.innovation.signals import of_register
from analysis.innovation.words import languages, without_boilerplate
from analysis.progress import shown
from analysis.refusal import SourceError

CODERS = ("A", "B")
_EVEN = 0.5  # score of a contract of which nothing at all is known
_TOLD = (
    "contract", "buyer", "policy_domain", "innovation_kind", "estimated_eur", "awarded_eur",
    "framework",
)  # fmt: skip


def frame(register: pd.DataFrame, pio: pd.DataFrame, audit: pd.DataFrame) -> pd.DataFrame:
    """One row a contract of the register, sorted by contract.

    Parameters
    ----------
    register, pio, audit : rows of contract_register, pio_contracts and audit_sample

    Returns
    -------
    The columns of the register that indicators need, its signals, what `judged` gives of the
    contracts judged, and
    year : of the contract
    language : of the title, missing where it is not recognised
    mark : what the buyer says, missing where nothing was filled in
    label : what the classifier learns from, see Notes
    text : score of title, CPV and signals, from a model that saw no contract of the buyer
    by_time : the same from a model that saw earlier years only
    score : the mean of mark and text, or the one of them that is known

    Notes
    -----
    The label is the mark of the buyer; yes for what is on the PIO list; and what coders found. For
    `text` of a year only verdicts on earlier years count: the score of a contract never rests on
    its own verdict, else the audit could not correct it.
    """
    rows = register.sort_values("contract", ignore_index=True)
    rows = rows.assign(title=without_boilerplate(rows["title"], rows["buyer"]))
    found = of_register(rows, pio)
    seen = classifier.features(rows, found)
    told = rows[list(_TOLD)].assign(
        year=rows["date"].dt.year.astype("Int64"),
        language=languages(rows["title"]),
        mark=rows["innovation"],
    )
    of_coders = judged(audit)
    verdicts = of_coders.set_index("contract")["rd-ppi"]
    told["label"] = _labels(told, found["pio"], verdicts)
    told["text"] = _texts(seen, told, found["pio"], verdicts)
    told["by_time"] = classifier.by_time(seen, told["label"], told["year"])
    told["score"] = _scores(told)
    return pd.concat([told, found], axis=1).merge(of_coders, on="contract", how="left")


def draw_sample(
    register: pd.DataFrame,
    pio: pd.DataFrame,
    audit: pd.DataFrame,
    *,
    year: int,
    n: int = 600,
    certain: int = CERTAIN,
    seed: int = SEED,
) -> list[tuple]:
    """Rows of the workbook `audit_sample` for two coders: contract, coder, stratum and chance.

    Parameters
    ----------
    register, pio, audit : as for `frame`; verdicts on earlier years make the scores better
    year : whose contracts are judged
    n, certain : contracts to be judged in all, and of these the largest, judged for certain
    seed : of the draw

    Returns
    -------
    Cells in the order of the table's columns, verdict and day empty; every contract twice. Strata
    have numbers only, so that a coder does not read what the classifier thinks.

    Raises
    ------
    SourceError
        If the register has no contract of that year.
    """
    if not (register["date"].dt.year == year).any():
        raise SourceError(
            f"the contract register of {year}",
            found="no contract of that year",
            expected="the year's contracts, in the workbook `contractenregister`",
            do="add the register with `pio data add`, or choose another year",
        )
    rows = frame(register, pio, audit)
    rows = rows[rows["year"] == year]
    value = rows["awarded_eur"].fillna(rows["estimated_eur"])
    drawn = draw(rows.assign(value_eur=value), n=n, certain=certain, seed=seed + year)
    return [
        (contract, coder, None, None, f"{year}-{stratum}", round(chance, 9))
        for contract, stratum, chance in drawn.itertuples(index=False)
        for coder in CODERS
    ]


def _labels(told: pd.DataFrame, pio: pd.Series, verdicts: pd.Series) -> pd.Series:
    """The mark, yes where PIO paid, and over both what coders found."""
    marks = told["mark"].mask(pio.fillna(False), True)
    found = told["contract"].map(verdicts).astype("boolean")
    return found.fillna(marks)


def _texts(
    seen: classifier.Features, told: pd.DataFrame, pio: pd.Series, verdicts: pd.Series
) -> NDArray[np.float64]:
    """Scores by buyer; those of a year learn from verdicts on the years before it."""
    audited = sorted(set(told["year"][told["contract"].isin(verdicts.index)]))
    earlier = np.searchsorted(audited, told["year"].to_numpy(int))  # audited years before its own
    scores = np.full(len(told), np.nan)
    with shown("learning what innovation looks like", len(audited) + 1) as advance:
        for count in np.unique(earlier):
            before = told["contract"][told["year"].isin(audited[:count])]
            labels = _labels(told, pio, verdicts[verdicts.index.isin(before)])
            own = earlier == count
            scores[own] = classifier.by_buyer(seen, labels, told["buyer"])[own]
            advance(1)
    return scores


def _scores(told: pd.DataFrame) -> pd.Series:
    """The mean of mark and text; where neither is known, the share of marks that say yes."""
    both = pd.DataFrame({"mark": told["mark"].astype("Float64"), "text": told["text"]})
    usual = told["mark"].astype("Float64").mean()
    return both.astype(float).mean(axis=1).fillna(_EVEN if pd.isna(usual) else float(usual))
