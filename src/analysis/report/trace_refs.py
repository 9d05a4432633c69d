"""A number by the reference that the page shows of it."""

import pandas as pd

from analysis.contracts import RESULTS
from analysis.present.origins import DIGITS, REFERENCE, digest
from analysis.refusal import ReportError
from analysis.report.verify_said import plain

_FEW = 2


def is_reference(text: str) -> bool:
    """Whether it can be the reference of a number; an id of an indicator never can."""
    return bool(REFERENCE.fullmatch(text))


def row(reference: str, ledger: pd.DataFrame) -> pd.DataFrame:
    """The one row of a ledger that has a reference.

    Parameters
    ----------
    reference : eight digits (0-9, a-f) or more, as the page shows them
    ledger : keeps RESULTS

    Raises
    ------
    ReportError
        No row has it, or more than one begins so.
    """
    digests = references(ledger)
    found = ledger[digests.str.startswith(reference)]
    if len(found) == 1:
        return found
    longer = digests[found.index].str[: len(reference) + DIGITS]
    named = longer + " (" + found["id"] + ", " + found["period"] + ", " + found["group"] + ")"
    raise ReportError(
        f"reference {reference}",
        found="no number of this ledger" if found.empty else f"{len(found)} numbers",
        expected=plain(" or ".join(named.head(_FEW)))
        or "a reference that the page of the same report shows",
        do="give more digits" if len(found) else "name the year of the report with --year",
    )


def references(ledger: pd.DataFrame) -> pd.Series:
    """All 64 digits of the reference of every row."""
    keys = zip(*(ledger[name] for name in RESULTS.key), strict=True)
    return pd.Series(map(digest, keys), index=ledger.index, dtype="string")
