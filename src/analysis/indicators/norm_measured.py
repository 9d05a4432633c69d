"""The 3 % norm measured on a contract register: what buyers marked, and what an audit found.

Formulas: methods 3.1 (N3-1 to N3-4). Values exclude VAT; the year is that of the contract. Every
share of euros is given on estimated values (`estimated`, which e-Delta publishes) and on awarded
ones (`awarded`), each of the contracts whose value is known.

norm.registered, norm.registered_eur
    Contracts of the register, and euros; `unknown` are contracts without that value.
norm.marked_share
    Euros of contracts that the buyer marked as innovation, over euros of all; share. The value is
    among contracts with a mark, the bounds take contracts without one as no and as yes. Groups:
    all, `without=largest-5`, `without=frameworks` (a ceiling is no purchase), `policy_domain=...`.
norm.marked_count_share
    The same in contracts (N3-3 as marked).
norm.buyers_reaching
    N3-4: buyers of whose euros at least 3 % is marked, over all buyers; a buyer whose bounds lie on
    both sides of 3 % is unknown.
norm.kind_contracts, norm.kind_eur, norm.kind_share
    What is marked by kind of innovation: contracts, estimated euros, and part of these. Groups
    `innovation_kind=...`, `unknown` where no kind was filled in.
norm.measured_verdict
    1 met, 0 not met, missing cannot be determined, from the ends of an interval (methods 3.5).
    Definitions `marked-...` rest on the bounds above, the others on the audit, see `norm_audit`.

`norm_audit` adds what coders found (N3-1 to N3-3 corrected), `norm_classifier` how good marks,
scores and signals are.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.contracts.intake.norm import INNOVATION_KINDS, POLICY_DOMAINS
from analysis.indicators import norm_audit, norm_classifier
from analysis.indicators.given import Given
from analysis.indicators.norm_base import (
    BASES,
    Register,
    Row,
    euros,
    parts,
    register,
    row_of,
    share_known,
    sure,
    verdict_row,
)
from analysis.inference.audit import TARGET

_COLUMN = {"policy_domain": POLICY_DOMAINS, "innovation_kind": INNOVATION_KINDS}


def results(given: Given) -> list[tuple]:
    """Rows of the ledger on the norm as measured; none without a contract register."""
    found = register(given)
    if found is None:
        return []
    row = row_of(given, "contract_register")
    return [
        *_sizes(found, row),
        *_marked(found, row),
        *_domains(found, row),
        *_kinds(found, row),
        *norm_audit.results(given, found),
        *norm_classifier.results(given, found),
    ]


def _sizes(found: Register, row: Row) -> Iterator[tuple]:
    for period, contracts in found.periods():
        count = len(contracts)
        yield row("norm.registered", period=period, definition="contracts-registered", value=count,
                  unit="count", n=count, denominator="contracts-registered")  # fmt: skip
        for basis, column in BASES.items():
            known = contracts[column].dropna()
            yield row("norm.registered_eur", period=period, definition=f"{basis}-value",
                      value=euros(known) if len(known) else None, unit="EUR", n=len(known),
                      denominator="contracts-registered", unknown=count - len(known))  # fmt: skip


def _marked(found: Register, row: Row) -> Iterator[tuple]:
    for period, contracts in found.periods():
        for basis, column in BASES.items():
            known = contracts[contracts[column].notna()]
            for group, own in parts(known, column):
                at = {"period": period, "group": group, "definition": f"marked-{basis}"}
                share = _share(row, own, column, **at)
                yield share
                yield verdict_row(
                    row, share.low, share.high, n=share.n, unknown=share.unknown, **at
                )
            yield _buyers(row, known, column, period=period, definition=f"marked-{basis}")
        yield _count_share(row, contracts, period=period)


def _domains(found: Register, row: Row) -> Iterator[tuple]:
    for group, own in _grouped(found.contracts, "policy_domain"):
        yield _count_share(row, own, period=found.whole, group=group)
        for basis, column in BASES.items():
            known = own[own[column].notna()]
            yield _share(row, known, column, period=found.whole, group=group,
                         definition=f"marked-{basis}")  # fmt: skip


def _kinds(found: Register, row: Row) -> Iterator[tuple]:
    marked = found.contracts[sure(found.contracts["mark"])]
    total = euros(marked["estimated_eur"].dropna())
    for group, own in _grouped(marked, "innovation_kind"):
        known = own["estimated_eur"].dropna()
        sum_ = euros(known)
        at = {"period": found.whole, "group": group, "definition": "marked-estimated",
              "n": len(known), "unknown": len(own) - len(known),
              "denominator": "marked-contracts"}  # fmt: skip
        yield row("norm.kind_contracts", **(at | {"n": len(own), "unknown": 0}), value=len(own),
                  unit="count")  # fmt: skip
        yield row("norm.kind_eur", **at, value=sum_ if len(known) else None, unit="EUR")
        yield row("norm.kind_share", **at, value=sum_ / total if total else None, unit="share")


def _share(row: Row, contracts: pd.DataFrame, value: str, **columns: Any) -> Any:
    marks = contracts["mark"]
    yes, no, open_ = (
        euros(contracts[value][chosen]) for chosen in (sure(marks), sure(~marks), marks.isna())
    )
    return share_known(row, yes, no, open_, id="norm.marked_share", n=int(marks.notna().sum()),
                       unknown=int(marks.isna().sum()), denominator="contracts-with-value",
                       **columns)  # fmt: skip


def _count_share(row: Row, contracts: pd.DataFrame, **columns: Any) -> Any:
    marks = contracts["mark"]
    yes, open_ = int(marks.sum()), int(marks.isna().sum())
    return share_known(row, yes, len(marks) - open_ - yes, open_, id="norm.marked_count_share",
                       definition="marked", n=len(marks) - open_, unknown=open_,
                       denominator="contracts-registered", **columns)  # fmt: skip


def _buyers(row: Row, contracts: pd.DataFrame, value: str, **columns: Any) -> Any:
    """How many buyers reach the norm, do not, or may."""
    spent = contracts[value].astype(float)
    whole = spent.groupby(contracts["buyer"]).sum()
    yes = spent.where(sure(contracts["mark"]), 0.0).groupby(contracts["buyer"]).sum()
    open_ = spent.where(contracts["mark"].isna(), 0.0).groupby(contracts["buyer"]).sum()
    spending = whole[whole > 0].index
    low, high = (yes / whole)[spending], ((yes + open_) / whole)[spending]
    reach, fail = int((low >= TARGET).sum()), int((high < TARGET).sum())
    unknown = len(spending) - reach - fail
    columns |= {"denominator": "buyers-of-the-register", "n": reach + fail, "unknown": unknown}
    return share_known(row, reach, fail, unknown, id="norm.buyers_reaching", **columns)


def _grouped(contracts: pd.DataFrame, column: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """The contracts of every code that occurs, in the order of the contract, unknown last."""
    for code in _COLUMN[column]:
        own = contracts[sure(contracts[column].eq(code))]
        if len(own):
            yield f"{column}={code}", own
    if contracts[column].isna().any():
        yield f"{column}=unknown", contracts[contracts[column].isna()]
