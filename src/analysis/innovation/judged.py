"""What the coders found: one verdict a contract, from the verdicts of all who judged it."""

import pandas as pd

DEFINITIONS = {"rd": ("rd",), "rd-ppi": ("rd", "ppi")}  # what counts as innovation


def judged(audit: pd.DataFrame) -> pd.DataFrame:
    """One row a contract that coders judged.

    Parameters
    ----------
    audit : rows of audit_sample

    Returns
    -------
    contract; a column for each of DEFINITIONS: whether it is that, missing where the coders could
    not decide; stratum and chance with which it was drawn, missing where it was not drawn, or
    where coders were told different ones.

    Notes
    -----
    Yes if more than half of those who judged it say so, no if more than half say it is not: two
    who differ, or of whom one cannot decide, leave it open until a third has judged it.
    """
    rows = audit.sort_values(["contract", "coder"])
    by = rows.groupby("contract", sort=True)
    found = {name: _majority(rows, meant) for name, meant in DEFINITIONS.items()}
    chances = by["chance"].agg(["min", "max"])
    one_chance = chances["min"].eq(chances["max"]).fillna(False)
    return pd.DataFrame(
        {
            **found,
            "stratum": by["stratum"].first().fillna("").astype("string"),
            "chance": by["chance"].first().where(one_chance),
        }
    ).reset_index()


def _majority(rows: pd.DataFrame, meant: tuple[str, ...]) -> pd.Series:
    """Whether most coders of a contract found one of the verdicts meant; missing without most."""
    yes = rows["verdict"].isin(meant)
    no = ~yes & (rows["verdict"] != "undecidable")
    share = pd.DataFrame({"yes": yes, "no": no}).groupby(rows["contract"]).mean()
    decided = (share["yes"] > 0.5) | (share["no"] > 0.5)
    return (share["yes"] > 0.5).astype("boolean").where(decided)


def two_coders(audit: pd.DataFrame, definition: str) -> tuple[list[object], list[object]]:
    """What the first two coders of each contract answered: yes, no or missing (undecidable).

    Contracts that one coder judged are left out.
    """
    rows = audit.sort_values(["contract", "coder"])
    said = rows["verdict"].isin(DEFINITIONS[definition]).astype("boolean")
    rows = rows.assign(said=said.mask(rows["verdict"] == "undecidable"))
    pairs = [list(own) for _, own in rows.groupby("contract")["said"] if len(own) > 1]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
