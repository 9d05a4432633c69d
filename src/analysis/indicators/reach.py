"""Reach (REACH1-4, methods 1.4): which part of the target group PIO reaches, and how evenly.

The target group is the register of organisations that may apply, year by year (`eligible_buyers`).
Everything is counted, nothing is drawn: what remains open is what the tables do not tell. Of the
ever reached only those count that are in the register of the year.

reach.eligible
    |B_t|, organisations in the register of year t; groups by type and third, too. Count.
reach.admitted_share, reach.applied_share
    REACH1 = |{b in B_t: an application admitted by the end of t}|/|B_t|; REACH2 the same of those
    that applied. By type of organisation and by third of size (staff) for the last register.
    An admission without a day may lie after t: that organisation is unknown (bounds).
reach.gini
    REACH3, Gini coefficient of admitted applications over organisations:
    G = 2 sum i x_(i)/(n sum x) - (n + 1)/n. Definition `over-eligible`: over the register, those
    without one counting as 0; `over-admitted`: over those with one or more. 0: all equal; towards
    1: all with one. Index.
reach.first_time_share
    REACH4_t = applicants of year t without an earlier application/applicants of year t. Not for the
    first year delivered, in which everybody is new.
reach.representation
    RR = share of the admitted applications over share of the register, by type, with the interval
    of methods 2.9 (`representation_ratio`). Grade C. Applications of one organisation count apart.
reach.outside_register
    Applicants up to t that the register of t does not have: 0 where it is complete. Count.

Periods are `first-t`, first the year of the first application, since all but REACH4 add up years.
"""

from collections.abc import Collection, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.contracts.intake.startups import ORGANISATION_TYPES, THIRDS
from analysis.indicators.competition import Answer, bounded_share
from analysis.indicators.given import Given
from analysis.indicators.portfolio_lines import portfolio
from analysis.inference.intervals import representation_ratio
from analysis.results import number

_REGISTER = "eligible-buyers"


class Ever(NamedTuple):
    """Organisations that by the end of a year applied, surely had a project, or perhaps had one."""

    applied: set[str]
    admitted: set[str]
    perhaps: set[str]


def results(given: Given) -> list[tuple]:
    """Rows of the ledger on reach; none without applications."""
    if not given.has("pio_applications"):
        return []
    lines = portfolio(given).lines
    lines = lines[lines["submitted"].dt.year <= given.year]
    first = int(lines["submitted"].dt.year.min()) if len(lines) else given.year
    tables = ("pio_applications", "pio_projects")
    row = partial(number, chapter="41", perimeter="flemish-public")
    of_lines = partial(row, **given.rests_on(*tables))
    of_both = partial(row, **given.rests_on(*tables, "eligible_buyers"))
    years = [year for year in _register_years(given) if year >= first]
    rows = [*_first_time(lines, of_lines), *_among_admitted(lines, first, given.year, of_lines)]
    for year in years:
        members = _register(given, year)
        at = partial(of_both, period=f"{first}-{year}")
        rows += _whole(lines, members, year, at)
        if year == years[-1]:
            rows += [*_parts(lines, members, year, at), *_representation(lines, members, year, at)]
    return rows


def ever(lines: pd.DataFrame, year: int) -> Ever:
    """Who applied by the end of a year, and who had a project; a day not known is `perhaps`."""
    lines = lines[lines["submitted"].dt.year <= year]
    admitted = lines[_is_admitted(lines)]
    on = admitted["admitted_on"].dt.year
    sure = set(admitted["buyer"][on <= year])
    return Ever(set(lines["buyer"]), sure, set(admitted["buyer"][on.isna()]) - sure)


def gini(counts: Collection[float]) -> float | None:
    """Gini coefficient of counts, from 0 (all equal) to 1 - 1/n (all with one); none without any.

    Examples
    --------
    >>> gini([1, 1, 2]) == 18 / 12 - 4 / 3
    True
    """
    x = np.sort(np.asarray(list(counts), dtype=float))
    if not x.sum() > 0:
        return None
    n = len(x)
    return float(2 * (np.arange(1, n + 1) * x).sum() / (n * x.sum()) - (n + 1) / n)


def thirds(staff: pd.Series) -> pd.Series:
    """Third of size of each organisation; equal sizes stay together, an unknown one is apart.

    Limits are the sizes at places ceil(n/3) and ceil(2n/3) of the n known ones.
    """
    size = staff.astype("Float64").to_numpy(float, na_value=np.nan)
    known = np.sort(size[~np.isnan(size)])
    found = np.full(len(size), THIRDS[3], dtype=object)
    if len(known):
        low, high = (known[-(-len(known) * part // 3) - 1] for part in (1, 2))
        inside = [size <= low, size <= high, ~np.isnan(size)]
        found = np.select(inside, list(THIRDS[:3]), THIRDS[3])
    return pd.Series(found, index=staff.index, dtype="object")


def _is_admitted(lines: pd.DataFrame) -> pd.Series:
    """Whether each application is admitted; one that awaits its decision is not, so far."""
    return lines["admitted"].fillna(False).astype(bool)


def _register_years(given: Given) -> list[int]:
    years = given.tables["eligible_buyers"]["year"].dropna().astype(int)
    return sorted({year for year in years if year <= given.year})


def _register(given: Given, year: int) -> pd.DataFrame:
    """The register of a year: `company_id`, `organisation_type`, `third`."""
    table = given.tables["eligible_buyers"]
    members = table[(table["year"].astype(int) == year).to_numpy()].reset_index(drop=True)
    return members.assign(third=thirds(members["staff"]))


def _whole(lines: pd.DataFrame, members: pd.DataFrame, year: int, row: partial) -> Iterator[tuple]:
    found = ever(lines, year)
    yield from _shares(members, found, row)
    outside = len(found.applied - set(members["company_id"]))
    yield row("reach.outside_register", definition="ever-applied", value=outside, unit="count",
              n=len(found.applied), denominator="applicants")  # fmt: skip
    answer = _gini(lines, year, dict.fromkeys(members["company_id"], 0))
    yield row("reach.gini", definition="over-eligible", **answer._asdict())


def _shares(members: pd.DataFrame, found: Ever, row: partial) -> Iterator[tuple]:
    in_register = set(members["company_id"])
    size, applied = len(in_register), len(in_register & found.applied)
    yes, unknown = len(in_register & found.admitted), len(in_register & found.perhaps)
    yield row("reach.eligible", definition="in-the-register", value=size, unit="count", n=size,
              denominator=_REGISTER)  # fmt: skip
    for id, definition, (true, open_) in (
        ("reach.admitted_share", "ever-admitted", (yes, unknown)),
        ("reach.applied_share", "ever-applied", (applied, 0)),
    ):
        answer = bounded_share(
            yes=true, no=size - true - open_, unknown=open_, denominator=_REGISTER
        )
        yield row(id, definition=definition, **answer._asdict())


def _parts(lines: pd.DataFrame, members: pd.DataFrame, year: int, row: partial) -> Iterator[tuple]:
    found = ever(lines, year)
    for kind, column, codes in (
        ("organisation_type", "organisation_type", ORGANISATION_TYPES),
        ("staff_third", "third", THIRDS),
    ):
        for code in codes:
            part = members[(members[column] == code).to_numpy()]
            if len(part):
                yield from _shares(part, found, partial(row, group=f"{kind}={code}"))


def _representation(
    lines: pd.DataFrame, members: pd.DataFrame, year: int, row: partial
) -> Iterator[tuple]:
    type_of = dict(zip(members["company_id"], members["organisation_type"], strict=True))
    admitted = lines[_is_admitted(lines) & (lines["submitted"].dt.year <= year)]
    sure = admitted[admitted["admitted_on"].dt.year <= year]
    kinds = sure["buyer"].map(type_of)
    unknown = int(kinds.isna().sum()) + int(admitted["admitted_on"].isna().sum())
    lots = int(kinds.notna().sum())
    sizes = members["organisation_type"].value_counts()
    at: dict[str, Any] = {"definition": "projects-over-register", "unit": "ratio", "grade": "C"}
    at |= {"denominator": "admitted-applications", "n": lots, "unknown": unknown}
    for code in ORGANISATION_TYPES:
        won, firms = int((kinds == code).sum()), int(sizes.get(code, 0))
        if not (lots and firms):
            continue
        found = representation_ratio(won=won, lots=lots, startups=firms, firms=len(members))
        ends = {} if found.low is None else {"low": found.low, "high": found.high}
        interval = "sampling" if ends else "none"
        group = f"organisation_type={code}"
        yield row(
            "reach.representation", group=group, value=found.value, interval=interval, **ends, **at
        )


def _among_admitted(lines: pd.DataFrame, first: int, last: int, row: partial) -> Iterator[tuple]:
    """Evenness among those that have a project, at the end of every year that has one."""
    for year in range(first, last + 1):
        answer = _gini(lines, year, {})
        if answer.n or answer.unknown:
            at = {"definition": "over-admitted", "period": f"{first}-{year}"}
            yield row("reach.gini", **at, **answer._asdict())


def _gini(lines: pd.DataFrame, year: int, counts: dict[str, int]) -> Answer:
    """Evenness over the organisations of `counts`, or without any over those with a project."""
    admitted = lines[_is_admitted(lines) & (lines["submitted"].dt.year <= year)]
    on = admitted["admitted_on"].dt.year
    of = admitted["buyer"][on <= year].value_counts().to_dict()
    found = {buyer: of.get(buyer, 0) for buyer in counts} if counts else of
    unknown = int(on.isna().sum())
    value = None if unknown else gini(found.values())
    return Answer(value, "index", len(found), _REGISTER if counts else "admitted-buyers", unknown)


def _first_time(lines: pd.DataFrame, row: partial) -> Iterator[tuple]:
    years = lines["submitted"].dt.year
    first = years.groupby(lines["buyer"]).min()
    for year in sorted(set(years))[1:]:
        applicants = set(lines["buyer"][years == year])
        new = int((first[list(applicants)] == year).sum())
        n = len(applicants)
        at = {"period": str(year), "definition": "first-application", "denominator": "applicants"}
        yield row("reach.first_time_share", value=new / n, unit="share", n=n, **at)
