"""The ledger as chapters ask for it: rows of some indicators that fit patterns, hundreds of times.

Texts are compared once for each different text of a column, as codes, and rows are taken once.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import results

Places = npt.NDArray[np.int64]


class LedgerRows(NamedTuple):
    """The ledger, the places of the rows of every indicator, and the texts of every column."""

    ledger: pd.DataFrame
    of: dict[str, Places]
    texts: dict[str, tuple[Places, list[str]]]  # a code a row, and what the codes stand for


def read(folder: Path) -> LedgerRows:
    """The ledger in the folder of a report; read anew when its file has another time or size."""
    written = (folder / "results.csv").stat()
    return _read(folder, (written.st_mtime_ns, written.st_size))


@lru_cache(maxsize=1)  # for all chapters that run in this process
def _read(folder: Path, _: tuple[int, int]) -> LedgerRows:
    ledger = results.read(folder / "results.csv")
    names = map(str, ledger.select_dtypes("string").columns)
    texts = {name: _coded(ledger[name]) for name in names}
    codes, ids = texts["id"]
    return LedgerRows(ledger, {id: np.flatnonzero(codes == n) for n, id in enumerate(ids)}, texts)


def _coded(column: pd.Series) -> tuple[Places, list[str]]:
    codes, told = pd.factorize(column)
    return codes.astype(np.int64), [str(text) for text in told]


def find(kept: LedgerRows, ids: Sequence[str], where: Mapping[str, str]) -> pd.DataFrame:
    """Rows of indicators, in the order in which these are named, then in that of the ledger.

    Parameters
    ----------
    kept : from `read`
    ids : indicators that the ledger has, none twice
    where : column=pattern that a row must match; `*` is any text, `?` any character
    """
    places = np.concatenate([kept.of[id] for id in ids])
    for column, pattern in where.items():
        codes, texts = kept.texts[column]
        mine = codes[places]
        fitting = [n for n in np.unique(mine) if n >= 0 and fnmatchcase(texts[n], pattern)]
        places = places[np.isin(mine, fitting)]
    return kept.ledger.take(places)
