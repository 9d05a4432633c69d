"""PIO's contracts, who tendered and won, and who was consulted, as tables that indicators count."""

from typing import NamedTuple

import pandas as pd

from analysis.indicators.given import Given


class Contracts(NamedTuple):
    """Contracts, their tenderers, and who won which part of them.

    awards : contract, project, awarded (timestamp), year, value_eur
    bidders : contract, company_id, known_as (country and name in one spelling), won
    shares : contract, awarded, company_id, weight, eur; a row a winner and at least one a contract.
        Joint winners share equally; a contract whose winner is not listed has one without number
    """

    awards: pd.DataFrame
    bidders: pd.DataFrame
    shares: pd.DataFrame


class Consultations(NamedTuple):
    """Market consultations held.

    participants : project, company_id, known_as, is_company (missing: not stated)
    listed, without_list : projects whose participants are listed, and those that are not
    """

    participants: pd.DataFrame
    listed: set[str]
    without_list: set[str]


def contracts(given: Given) -> Contracts:
    """All contracts that were delivered, with their tenderers."""
    table = given.tables["pio_contracts"]
    awarded = pd.to_datetime(table["awarded"].astype("object"))
    awards = table[["contract", "project"]].astype("object")
    awards = awards.assign(awarded=awarded, year=awarded.dt.year, value_eur=table["value_eur"])
    listed = given.tables["pio_bidders"]
    bidders = _known(listed).assign(contract=listed["contract"].astype("object"))
    return _together(awards, bidders.assign(won=listed["won"].fillna(False).astype(bool)))


def until(found: Contracts, year: int) -> Contracts:
    """Those awarded by the end of a year."""
    awards = found.awards[found.awards["year"] <= year]
    return _together(awards, found.bidders)


def winners(found: Contracts) -> pd.DataFrame:
    """The tenderers that won."""
    return found.bidders[found.bidders["won"]]


def consultations(given: Given, year: int) -> Consultations:
    """Consultations held by the end of a year; one without a day is of any year."""
    projects = given.tables["pio_projects"]
    day = pd.to_datetime(projects["consulted"].astype("object"))
    held = set(projects["project"][day.dt.year <= year])
    later = set(projects["project"][day.dt.year > year])
    table = given.tables["pio_consulted"]
    people = _known(table)
    kind = table["participant_kind"].astype("object")
    people = people.assign(project=table["project"].astype("object"))
    people["is_company"] = (kind == "company").astype("boolean").mask(kind.isna())
    people = people[~people["project"].isin(later)]
    listed = set(people["project"])
    return Consultations(people, listed, held - listed)


def took_part(held: Consultations, found: Contracts) -> tuple[int, int, int]:
    """Companies consulted in projects with a contract: those that tendered, did not, or unknown.

    One without a number that no tenderer is named after may be any of them: unknown. So is each of
    a project whose tenderers are not listed. Who is said to be no company is left out.
    """
    may_be = held.participants["is_company"].fillna(True).astype(bool)
    project_of = dict(zip(found.awards["contract"], found.awards["project"], strict=True))
    bidders = found.bidders.assign(project=found.bidders["contract"].map(project_of))
    numbers = set(zip(bidders["project"], bidders["company_id"], strict=True))
    names = set(zip(bidders["project"], bidders["known_as"], strict=True))
    awarded, listed = set(found.awards["project"]), set(bidders["project"])
    answers = {True: 0, False: 0, None: 0}
    for one in held.participants[may_be].to_dict("records"):
        project = one["project"]
        if project not in awarded:
            continue
        numbered = not pd.isna(one["company_id"])
        came = (project, one["known_as"]) in names or (
            numbered and (project, one["company_id"]) in numbers
        )
        settled = came or (numbered and project in listed)
        answers[came if settled else None] += 1
    return answers[True], answers[False], answers[None]


def _together(awards: pd.DataFrame, bidders: pd.DataFrame) -> Contracts:
    own = bidders[bidders["contract"].isin(set(awards["contract"]))]
    won = own.loc[own["won"], ["contract", "company_id"]]
    rows = awards[["contract", "awarded", "value_eur"]].merge(won, on="contract", how="left")
    parts = 1 / rows.groupby("contract")["contract"].transform("size")
    euros = pd.Series([_plain(amount) for amount in rows.pop("value_eur")], dtype=float)
    return Contracts(awards, own, rows.assign(weight=parts, eur=parts * euros))


def _known(table: pd.DataFrame) -> pd.DataFrame:
    """Number of each company, missing where not stated, and country and name in one spelling."""
    column = "bidder" if "bidder" in table.columns else "participant"
    names = [" ".join(str(name).split()).casefold() for name in table[column]]
    lands = ["" if pd.isna(land) else str(land) for land in table["country"]]
    numbers = [None if pd.isna(one) else str(one) for one in table["company_id"]]
    known = [f"{land} {name}" for land, name in zip(lands, names, strict=True)]
    return pd.DataFrame(
        {"company_id": numbers, "known_as": known}, index=table.index, dtype="object"
    )


def _plain(amount: object) -> float:
    return float("nan") if pd.isna(amount) else float(amount)  # type: ignore[arg-type,call-overload]
