"""Satisfaction (SAT, methods 5): what those who were asked say, and what silence leaves open.

Everybody of a group is asked. What groups say is never added up: one that is too small could be
found from the sum. A period is the year of a survey. What people
say is grade E; how many answered is grade D. No net promoter score: see methods 5.

satisfaction.members, satisfaction.answered, satisfaction.organisations
    Members of a group; of these, those that gave one answer or more; and their organisations,
    where stated: colleagues are one cluster. Of all groups and each, `respondents=...`. Count.
satisfaction.response_rate
    RR1 = complete/members, RR2 = (complete + partial)/members (AAPOR, definition `rr1`, `rr2`);
    complete: no question that was put was left open. Members also count who was not written to.
satisfaction.top_box
    Share that agrees (4 or 5 of 5) of those with an opinion, each standing for as many members as
    its stratum says (`survey.weights`), Wilson with the finite population and the larger of the
    design effects of weights and of colleagues. Groups `respondents=...,question=...`.
satisfaction.top_box_bounds
    The same share unweighted, with the bounds that those who did not answer leave: [yes/N,
    (yes + N - n)/N].
satisfaction.top_box_count
    How many agree, of those with an opinion; also where they are too few for a share. Count.
satisfaction.kish
    Design effect of the weights of those with an opinion, 1 + CV^2. Ratio.
satisfaction.answers
    The five answers as they were given (count), group `...,answer=...`; where one was given by
    fewer than 5, answers are joined: 1+2, 3, 4+5; else 1+2+3, 4+5; else nothing.
satisfaction.yes_share, _bounds, _count
    Share that says yes to a yes-no question, as the top box.
satisfaction.not_same_share, _bounds, _count
    Share for whom the project would not have been the same without the programme (not at all,
    later, smaller), as the top box: an opinion, not an effect.

Fewer than 10 with an opinion, or an answer of fewer than 5: nothing; fewer than 20: counts only, no
shares (`survey.publishable`). The denominator then says why.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from analysis.contracts.intake.survey import ANSWERS, GROUPS
from analysis.indicators.given import Given
from analysis.indicators.satisfaction_parts import (
    Asked,
    asked,
    counted,
    joined,
    members_of,
    weighted,
    withheld,
)
from analysis.inference.survey import kish, publishable, top_box
from analysis.results import number

TABLES = ("survey_questions", "survey_populations", "survey_answers")
IDS = {"likert-5": "top_box", "yes-no": "yes_share", "without-programme": "not_same_share"}
YES = {"likert-5": ("4", "5"), "yes-no": ("yes",)}
YES["without-programme"] = tuple(one for one in ANSWERS["without-programme"] if one != "same")
_MEMBERS, _OPINION = "members-of-the-group", "respondents-with-an-opinion"


def results(given: Given) -> list[tuple]:
    """Rows of the ledger on satisfaction; none without questions, populations and answers."""
    if not given.has(*TABLES):
        return []
    rest = partial(number, chapter="41", perimeter="survey-groups")
    rest = partial(rest, **given.rests_on(*TABLES))
    answers = given.tables["survey_answers"].astype("object")
    waves = {int(wave) for name in TABLES[1:] for wave in given.tables[name]["wave"]}
    rows: list[tuple] = []
    for wave in sorted(wave for wave in waves if wave <= given.year):
        row = partial(rest, period=str(wave))
        people = answers[answers["wave"] == wave]
        sizes = {group: members_of(given, wave, group) for group in GROUPS}
        rows += _counts(people, sum(sizes.values()), "all", row)
        for group, size in sizes.items():
            own = people[people["group"] == group]
            rows += _response(own, size, group, row)
            for one in asked(given, wave, group):
                group_ = f"respondents={group},question={one.question}"
                rows += _question(one, partial(row, grade="E"), group_)
    return rows


def _counts(people: pd.DataFrame, size: int, group: str, row: partial) -> Iterator[tuple]:
    """How many there are, how many answered, and of how many organisations."""
    told = people[people["answer"].notna()]
    counts = {"members": size, "answered": told["respondent"].nunique()}
    counts["organisations"] = told["organisation"].nunique()
    at = partial(row, definition="counted", unit="count", denominator=_MEMBERS, n=size)
    for name, value in counts.items():
        yield at(f"satisfaction.{name}", group=group, value=value)


def _response(people: pd.DataFrame, size: int, group: str, row: partial) -> Iterator[tuple]:
    if not (size or len(people)):
        return
    yield from _counts(people, size, f"respondents={group}", row)
    open_ = people["answer"].isna().groupby(people["respondent"])
    answered, complete = int((~open_.all()).sum()), int((~open_.any()).sum())
    why = _MEMBERS if publishable(size) == "shares" else "fewer-than-20-members"
    why = why if answered <= size else "more-answers-than-members"
    for name, value in (("rr1", complete), ("rr2", answered)):
        rate = value / size if why == _MEMBERS else None
        at = partial(row, group=f"respondents={group}", definition=name, denominator=why)
        yield at("satisfaction.response_rate", value=rate, unit="share", n=size)


def _question(one: Asked, row: partial, group: str) -> Iterator[tuple]:
    id, yes = f"satisfaction.{IDS[one.scale]}", YES[one.scale]
    why = withheld(one, yes)
    if why in (None, "fewer-than-20-answers"):
        yield row(
            f"{id}_count",
            group=group,
            definition=one.scale,
            value=counted(one, yes),
            unit="count",
            n=one.n,
            unknown=one.members - one.n,
            denominator=_OPINION,
        )
    if why is None:
        yield from _shares(one, id, partial(row, group=group))
    else:
        n = one.n if why == "fewer-than-20-answers" else None
        at = {"group": group, "definition": one.scale, "denominator": why, "unit": "share"}
        yield row(id, value=None, n=n, unknown=None if n is None else one.members - n, **at)
    if one.scale == "likert-5" and why != "more-answers-than-members":
        for answer, count in joined(one).items():
            yield row(
                "satisfaction.answers",
                group=f"{group},answer={answer}",
                definition="likert-5",
                value=count,
                unit="count",
                n=one.n,
                unknown=one.members - one.n,
                denominator=_OPINION,
            )


def _shares(one: Asked, id: str, row: partial) -> Iterator[tuple]:
    """A share that may be printed; there are 20 opinions or more."""
    yes = YES[one.scale]
    w = weighted(one, yes)
    people = one.rows
    found = top_box(
        people["answer"], one.members, weights=w, organisations=people["organisation"], agree=yes
    )
    low, high = found.interval or (None, None)
    at: dict[str, Any] = {"n": one.n, "unknown": one.members - one.n, "denominator": _OPINION}
    at["unit"] = "share"
    definition = f"{one.scale}-{'unweighted' if w is None else 'weighted'}"
    yield row(id, definition=definition, value=found.share, low=low, high=high,
              interval="sampling", **at)  # fmt: skip
    low, high = found.bounds
    share = found.agree / found.opinions
    yield row(f"{id}_bounds", definition=f"{one.scale}-bounds", value=share, low=low, high=high,
              interval="bounds", **at)  # fmt: skip
    if w is not None:
        effect = kish(w[one.has_opinion])
        yield row("satisfaction.kish", definition="kish", value=effect, **at | {"unit": "ratio"})
