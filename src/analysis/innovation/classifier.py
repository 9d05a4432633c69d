"""How much a contract looks like innovation: a score from its title, CPV code and signals.

Character trigrams to five-grams of the title, weighted by how rare they are (TF-IDF), codes and
flags go into a logistic regression with an L2 penalty. A score never comes from a model that saw
contracts of the same buyer, or, where time is the question, of the same year or later. The same
contracts give the same scores in any order, on any number of threads.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FOLDS = 5
FEWEST = 10  # of either answer, below which there is nothing to learn from
_COST = 10.0  # C of the regression: the weight of the labels against the penalty
_TEXT_COLUMNS, _CODE_COLUMNS = 2**18, 2**10  # slots that grams and codes are hashed into

Numbers = NDArray[np.float64]


class Features(NamedTuple):
    """Sparse counts of grams, and of codes and flags; a row a contract."""

    grams: Any
    codes: Any


class _Model(NamedTuple):
    rarity: Any
    regression: Any


def features(contracts: pd.DataFrame, signals: pd.DataFrame) -> Features:
    """What the classifier sees of contracts.

    Parameters
    ----------
    contracts : `title`, `cpv`, `framework`; any may be missing
    signals : as `signals` gives them for the same contracts
    """
    from sklearn.feature_extraction import FeatureHasher
    from sklearn.feature_extraction.text import HashingVectorizer

    grams = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=_TEXT_COLUMNS,
        alternate_sign=False, norm=None, lowercase=True, strip_accents="unicode",
    )  # fmt: skip
    codes = FeatureHasher(_CODE_COLUMNS, input_type="string", alternate_sign=False)
    titles = contracts["title"].fillna("").tolist()
    counted = grams.transform(titles)
    shared = counted.getnnz(axis=0) > 1  # what one contract has alone teaches nothing of another
    return Features(counted[:, shared], codes.transform(_codes(contracts, signals)))


def by_buyer(seen: Features, labels: pd.Series, buyers: pd.Series) -> Numbers:
    """Score of every contract from a model that saw no contract of its buyer.

    Parameters
    ----------
    seen : features of the contracts
    labels : 1 is innovation, 0 is not, missing: not known
    buyers : whose contract it is

    Returns
    -------
    Scores 0 to 1; not a number where too few labels were left to learn from.
    """
    of = {buyer: _fold(str(buyer)) for buyer in buyers.unique()}
    folds = buyers.map(of).to_numpy(int)
    parts = ((folds != fold, folds == fold) for fold in range(FOLDS))
    return _scored(seen, labels, parts)


def by_time(seen: Features, labels: pd.Series, years: pd.Series) -> Numbers:
    """Score of every contract from a model that saw earlier years only, as `by_buyer`."""
    told = years.to_numpy(int)
    parts = ((told < year, told == year) for year in np.unique(told))
    return _scored(seen, labels, parts)


def _scored(
    seen: Features, labels: pd.Series, parts: Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]
) -> Numbers:
    y = labels.to_numpy(float, na_value=np.nan)
    scores = np.full(len(y), np.nan)
    for train, test in parts:
        learnt = train & ~np.isnan(y)
        if test.any() and min((y[learnt] == 1).sum(), (y[learnt] == 0).sum()) >= FEWEST:
            model = _fit(seen, y, np.flatnonzero(learnt))
            scores[test] = _score(model, seen, np.flatnonzero(test))
    return scores.round(9)


def _fit(seen: Features, y: Numbers, rows: NDArray[np.intp]) -> _Model:
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression

    rarity = TfidfTransformer(sublinear_tf=True).fit(seen.grams[rows])
    regression = LogisticRegression(C=_COST, solver="liblinear", tol=1e-6, random_state=0)
    return _Model(rarity, regression.fit(_weighted(rarity, seen, rows), y[rows]))


def _score(model: _Model, seen: Features, rows: NDArray[np.intp]) -> Numbers:
    return model.regression.predict_proba(_weighted(model.rarity, seen, rows))[:, 1]


def _weighted(rarity: Any, seen: Features, rows: NDArray[np.intp]) -> Any:
    from scipy.sparse import hstack

    return hstack([rarity.transform(seen.grams[rows]), seen.codes[rows]]).tocsr()


def _codes(contracts: pd.DataFrame, signals: pd.DataFrame) -> list[list[str]]:
    """CPV at three depths, and the flags that say yes."""
    cpv = contracts["cpv"].fillna("").astype(str)
    flags = signals.assign(framework=contracts["framework"]).fillna(False).astype(bool)
    names = flags.columns.to_numpy()
    deep = [[f"cpv={code[:digits]}" for digits in (2, 3, 5) if code] for code in cpv]
    said = [names[row].tolist() for row in flags.to_numpy()]
    return [codes + told for codes, told in zip(deep, said, strict=True)]


def _fold(buyer: str) -> int:
    """The fold of a buyer, the same every year whoever else buys."""
    return int(hashlib.sha256(buyer.encode()).hexdigest()[:8], 16) % FOLDS
