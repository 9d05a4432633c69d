"""What was done and judged: actions of the concept note, the project group, its own judgements.

Everything stands as on the last day of the year; what came later had not come then.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from analysis.contracts.intake.startups import MEASURES, PROGRESS, STANDINGS
from analysis.indicators.access_parts import records
from analysis.indicators.competition import Answer
from analysis.indicators.given import Given
from analysis.indicators.partner_lines import as_number, code, days
from analysis.results import number

ACTIONS, GROUP, JUDGED = "startup_actions", "project_group", "startup_barriers"
PROGRAMME = "kopen-bij-start-ups"
DONE_LATER = "done-later"  # done, but after the last day of the year
STATUSES = (PROGRESS[2], PROGRESS[1], PROGRESS[0], DONE_LATER, PROGRESS[3])
_OPEN = ("planned", "running", DONE_LATER)
_PROJECT = "startup-project"


def rows(given: Given) -> Iterator[tuple]:
    """Rows of RESULTS on milestones, actions, the project group and its judgements."""
    yield from _milestones(given)
    if given.has(ACTIONS):
        yield from _actions(actions(given), _row(given, ACTIONS))
    if given.has(GROUP):
        yield from _group(members(given), _row(given, GROUP))
    if given.has(JUDGED):
        yield from _judged(given)


def actions(given: Given) -> pd.DataFrame:
    """The actions as they stood on the last day of the year, one row an action.

    Returns
    -------
    The columns of the table with `planned` and `done` as timestamps, `status` (of STATUSES), `late`
    (its day had passed and it was not done; missing: no day was planned), `done_late` (done after
    its day; missing: one of the two days is not told, or it is not done)
    """
    last_day = pd.Timestamp(given.year, 12, 31)
    table = given.tables[ACTIONS]
    found = table.astype("object").assign(planned=days(table["planned"]), done=days(table["done"]))
    done = found["progress"].eq("done")
    found["status"] = found["progress"].mask(done & (found["done"] > last_day), DONE_LATER)
    waits = found["status"].isin(_OPEN)
    late = (waits & (found["planned"] <= last_day)).astype("boolean")
    found["late"] = late.mask(waits & found["planned"].isna())
    both = found["status"].eq("done") & found["planned"].notna() & found["done"].notna()
    found["done_late"] = (found["done"] > found["planned"]).astype("boolean").where(both)
    return found.sort_values("action", ignore_index=True)


def members(given: Given) -> pd.DataFrame:
    """Organisations of the project group, one row a period of membership, `there` on the last day.

    A membership without an end still stands; one that ends on the last day stood on it.
    """
    last_day = pd.Timestamp(given.year, 12, 31)
    table = given.tables[GROUP]
    found = table.astype("object").assign(since=days(table["since"]), until=days(table["until"]))
    found = found[found["since"] <= last_day]
    found["there"] = found["until"].isna() | (found["until"] >= last_day)
    return found.sort_values(["since", "organisation"], ignore_index=True)


def _row(given: Given, *tables: str) -> partial:
    rests_on: dict[str, Any] = {**given.rests_on(*tables)}
    return partial(number, chapter="21", perimeter=_PROJECT, period=given.year, **rests_on)


def _milestones(given: Given) -> Iterator[tuple]:
    """How many events of the project are public, up to the end of the year."""
    facts = given.facts["milestones"]
    own = facts.rows[facts.rows["programme"] == PROGRAMME]
    n = int((own["period"].fillna("").str[:4] <= str(given.year)).sum())
    yield number(
        "buying.milestones",
        chapter="21",
        period=given.year,
        definition="published",
        perimeter=_PROJECT,
        kind="published",
        inputs=facts.inputs,
        **_count(n, "milestones"),
    )


def _actions(found: pd.DataFrame, row: partial) -> Iterator[tuple]:
    counted = partial(row, "buying.actions", definition="counted")
    for measure in (None, *MEASURES):
        own = found if measure is None else found[found["measure"] == measure]
        kind = [] if measure is None else [f"action_measure={measure}"]
        for status in (None, *STATUSES):
            part = own if status is None else own[own["status"] == status]
            group = kind if status is None else [*kind, f"action_status={status}"]
            yield counted(group=",".join(group) or "all", **_count(len(part), "actions"))
    done = found["status"].eq("done")
    share = Answer(float(done.mean()), "share", len(found), "actions")
    yield row("buying.actions_done_share", definition="done-of-actions", **share._asdict())
    told = done & found["evidence"].notna()
    proven = float(told.sum() / done.sum()) if done.any() else None
    evidence = Answer(proven, "share", int(done.sum()), "actions-done")
    yield row("buying.evidence_share", definition="evidence-told", **evidence._asdict())
    late = {"definition": "day-passed", **_flagged(found["late"], "actions")}
    yield row("buying.actions_late", **late)
    after = {
        "definition": "done-after-its-day",
        **_flagged(found["done_late"][done], "actions-done"),
    }
    yield row("buying.actions_done_late", **after)
    for one in records(found):
        yield from _action(one, row)


def _action(one: dict[str, Any], row: partial) -> Iterator[tuple]:
    """One action: what it is in the words delivered, its days, and whether it was late."""
    name = f"startup_action={code(one['action'])}"
    short = f"{name},action_measure={one['measure']},action_status={one['status']}"
    words = {"action_text": "description", "action_owner": "owner", "action_evidence": "evidence"}
    told = [f"{kind}={code(one[at])}" for kind, at in words.items() if not pd.isna(one[at])]
    said = partial(row, definition="as-delivered", n=1, denominator="actions")
    yield said("buying.action", group=",".join([short, *told]), value=1, unit="flag")
    for at in ("planned", "done"):
        missing = pd.isna(one[at])
        day = {"value": as_number(one[at]), "unit": "day", "unknown": int(missing)}
        yield said(f"buying.action_{at}", group=name, **day)
    late = None if pd.isna(one["late"]) else int(one["late"])
    flag = {"value": late, "unit": "flag", "unknown": int(late is None)}
    yield said("buying.action_late", group=name, **flag)


def _group(found: pd.DataFrame, row: partial) -> Iterator[tuple]:
    there = found[found["there"]]
    counted = {"definition": "member-on-the-last-day", "denominator": "memberships"}
    n = len(found)
    yield row("buying.members", value=len(there), unit="count", n=n, **counted)
    roles = there["role"].astype("object").fillna("not-stated")
    for role, some in roles.value_counts().sort_index().items():
        at = {"group": f"group_role={role}", "value": int(some), "unit": "count", "n": n}
        yield row("buying.members", **at, **counted)
    left = {"value": n - len(there), "unit": "count", "n": n}
    yield row("buying.members_left", **left, **counted)
    yield row("buying.at_work", value=int(len(there) > 0), unit="flag", n=n, **counted)
    said = partial(row, definition="as-delivered", denominator="memberships", n=1)
    for one in records(found):
        role = "not-stated" if pd.isna(one["role"]) else one["role"]
        name = f"organisation={code(one['organisation'])},since={one['since']:%Y-%m-%d}"
        is_there = {"value": int(one["there"]), "unit": "flag"}
        yield said("buying.member", group=f"{name},group_role={role}", **is_there)
        yield said("buying.member_since", group=name, value=as_number(one["since"]), unit="day")
        if not pd.isna(one["until"]):
            day = {"value": as_number(one["until"]), "unit": "day"}
            yield said("buying.member_until", group=name, **day)
    for mandate in sorted(set(there["mandate"].dropna().map(code))):
        yield said("buying.mandate", group=f"mandate={mandate}", value=1, unit="flag")


def _judged(given: Given) -> Iterator[tuple]:
    """What the project group judged of each barrier and year, against the year before."""
    row = partial(
        _row(given, JUDGED),
        perimeter="flemish-public",
        definition="judged-by-the-project-group",
        grade="E",
    )
    table = given.tables[JUDGED].astype("object")
    found = table[table["year"] <= given.year].sort_values(["year", "barrier"])
    words = {"startup_action": "action", "barrier_note": "progress_note"}
    words["barrier_evidence"] = "evidence"
    for one in records(found):
        at = partial(row, period=one["year"], n=1, denominator="judgements", unit="flag")
        unknown = pd.isna(one["standing"])
        standing = "not-judged" if unknown else one["standing"]
        name = f"barrier={one['barrier']}"
        yield at("buying.barrier_standing", group=f"{name},barrier_standing={standing}",
                 value=None if unknown else 1, unknown=int(unknown))  # fmt: skip
        told = [f"{kind}={code(one[at_])}" for kind, at_ in words.items() if not pd.isna(one[at_])]
        if told:
            yield at("buying.barrier_note", group=",".join([name, *told]), value=1)
    last = found[found["year"] == found["year"].max()]
    for standing in (*STANDINGS, None):
        own = last["standing"].isna() if standing is None else last["standing"].eq(standing)
        group = f"barrier_standing={standing or 'not-judged'}"
        count = {"value": int(own.sum()), "unit": "count", "n": len(last)}
        yield row("buying.barriers_judged", period=last["year"].iloc[0], group=group,
                  denominator="judgements", **count)  # fmt: skip


def _flagged(answers: pd.Series, denominator: str) -> dict[str, Any]:
    """How many are, among those of which it is known, and how many more it could be."""
    unknown = int(answers.isna().sum())
    yes, n = int(answers.fillna(False).sum()), len(answers)
    if not unknown:
        return Answer(yes, "count", n, denominator)._asdict()
    value = yes if unknown < n else None
    told = Answer(value, "count", n - unknown, denominator, unknown, yes, yes + unknown, "bounds")
    return told._asdict()


def _count(units: int, denominator: str) -> dict[str, Any]:
    return Answer(units, "count", units, denominator)._asdict()
