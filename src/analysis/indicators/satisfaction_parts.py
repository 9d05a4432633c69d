"""The answers of one group to one question of a survey, and what may be printed of them."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.contracts.intake.survey import ANSWERS, NO_OPINION
from analysis.indicators.given import Given
from analysis.inference.survey import publishable, weights

# How the five answers are joined, from the finest to the coarsest.
JOINED = (("1", "2", "3", "4", "5"), ("1+2", "3", "4+5"), ("1+2+3", "4+5"))


class Asked(NamedTuple):
    """One question put to one group.

    members : of the group, whether they answered or not
    rows : a row a respondent; `answer` (missing: left open), `stratum`, `organisation`
    strata : `stratum` and its `members`
    """

    question: str
    scale: str
    members: int
    rows: pd.DataFrame
    strata: pd.DataFrame

    @property
    def has_opinion(self) -> pd.Series:
        """Whether each respondent gave an answer of the scale; don't know is none."""
        return self.rows["answer"].isin(ANSWERS[self.scale])

    @property
    def n(self) -> int:
        """Respondents with an opinion."""
        return int(self.has_opinion.sum())


def members_of(given: Given, wave: int, group: str) -> int:
    """How many there are in a group, whether they answered or not."""
    return int(_strata(given, wave, group)["members"].sum())


def asked(given: Given, wave: int, group: str) -> Iterator[Asked]:
    """Every question that a group answered in a survey, in the order of the codes."""
    answers = given.tables["survey_answers"].astype("object")
    own = answers[(answers["wave"] == wave) & (answers["group"] == group)]
    questions = given.tables["survey_questions"]
    scales = dict(zip(questions["question"], questions["scale"], strict=True))
    strata = _strata(given, wave, group)
    for question, rows in own.groupby("question", sort=True):
        if question not in scales:
            continue
        allowed = (*ANSWERS[scales[question]], *NO_OPINION)
        said = rows["answer"].where(rows["answer"].isin(allowed), None)
        rows = rows[["respondent", "stratum", "organisation"]].assign(answer=said)
        rows = rows.sort_values("respondent", ignore_index=True)
        size = int(strata["members"].sum())
        yield Asked(str(question), scales[question], size, rows, strata)


def counted(one: Asked, answers: Collection[str]) -> int:
    """Respondents who gave one of the answers."""
    return int(one.rows["answer"].isin(list(answers)).sum())


def withheld(one: Asked, yes: Collection[str]) -> str | None:
    """Why the share that gave one of the answers may not be printed, if it may not."""
    if len(one.rows) > one.members:
        return "more-answers-than-members"
    agreed = counted(one, yes)
    may = publishable(one.n, [agreed, one.n - agreed])
    if may == "counts":
        return "fewer-than-20-answers"
    if may == "nothing":
        return (
            "fewer-than-10-answers" if publishable(one.n) == "nothing" else "answer-of-fewer-than-5"
        )
    return None


def weighted(one: Asked, yes: Collection[str]) -> np.ndarray | None:
    """How many members each respondent with an opinion stands for; 0 for the others.

    None where there is one stratum, where a stratum has more answers than members, or where what a
    stratum says could be worked out from the weighted share and may not be printed.
    """
    opinions = one.rows[one.has_opinion]
    sizes = one.strata.set_index("stratum")["members"]
    parts = opinions.groupby("stratum")["answer"]
    if parts.ngroups < 2:
        return None
    for stratum, said in parts:
        agreed = int(said.isin(list(yes)).sum())
        if sizes.get(stratum, 0) < len(said):
            return None
        if publishable(len(said), [agreed, len(said) - agreed]) == "nothing":
            return None
    found = np.zeros(len(one.rows))
    found[one.has_opinion.to_numpy()] = weights(opinions, one.strata, ["stratum"])
    return found


def joined(one: Asked) -> dict[str, int]:
    """Counts per answer, joined until no answer is of fewer than 5; nothing if that cannot be."""
    for steps in JOINED:
        found = {step: counted(one, step.split("+")) for step in steps}
        if publishable(one.n, list(found.values())) != "nothing":
            return found
    return {}


def _strata(given: Given, wave: int, group: str) -> pd.DataFrame:
    table = given.tables["survey_populations"]
    own = table[((table["wave"] == wave) & (table["group"] == group)).to_numpy()]
    return own[["stratum", "members"]].astype({"stratum": "object", "members": int})
