"""Clerical review: what could not be linked is shown to a person, who confirms or refuses."""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa

from analysis.companies.decisions import decide, read
from analysis.companies.name_index import Engine, Relation
from analysis.contracts.access import DECISIONS

__all__ = ["ask", "decide", "describer", "read", "shown", "to_review"]
REVIEWED = ("ambiguous", "doubtful")
_CASE = DECISIONS.key


def to_review(links: pa.Table | pd.DataFrame) -> pd.DataFrame:
    """What a person should look at: ambiguous and doubtful names, the most weight first.

    Parameters
    ----------
    links : LINKS, with or without a column `weight` (lots won, say)

    Returns
    -------
    DataFrame
        name, postcode, country, part_name, number, reason, runner_up, runner_up_score and weight;
        one row a part of a stated name. Natural persons are left out.
    """
    frame = links.to_pandas() if isinstance(links, pa.Table) else links
    if "weight" not in frame.columns:
        frame = frame.assign(weight=1.0)
    open_ = frame[frame["reason"].isin(REVIEWED) & frame["part_name"].notna()]
    told = ("number", "reason", "runner_up", "runner_up_score")
    cases = open_.sort_values([*_CASE, "number"]).groupby(list(_CASE), dropna=False, sort=True)
    summed = cases.agg(**{c: (c, "first") for c in told}, weight=("weight", "sum")).reset_index()
    return summed.sort_values(["weight", *_CASE], ascending=[False] + [True] * 4, ignore_index=True)


def describer(engine: Engine, register: Mapping[str, Relation]) -> Callable[[str], str]:
    """A function that gives what the register says of a company: names, place and first day."""

    def describe(company: str) -> str:
        companies_in, names_in = register["companies"], register["names"]  # noqa: F841
        addresses_in = register["addresses"]  # noqa: F841
        query = """select is_natural_person, start_date, postcode, municipality_nl,
                list_sort(list(distinct name)) as names
            from companies_in left join addresses_in using (number)
                left join names_in using (number)
            where number = $1 group by all"""
        found = engine.execute(query, [company]).fetchall()
        if not found:
            return "not in the register"
        is_person, day, postcode, town, said = found[0]
        words = "a natural person" if is_person else " | ".join(name for name in said if name)
        place = " ".join(part for part in (postcode, town) if part)
        return f"{words}, {place or 'no seat'}, since {day or 'an unknown day'}"

    return describe


def shown(case: dict, describe: Callable[[str], str]) -> str:
    """One case in words: what was stated, and the company that fits best."""
    place = " ".join(part for part in (case["postcode"], case["country"]) if isinstance(part, str))
    member = "" if case["part_name"] == case["name"] else f" (of: {case['name']})"
    stated = f"stated   {case['part_name']}{member}, {place or 'no place'}"
    if not isinstance(case["runner_up"], str):
        return f"{stated}\nregister nothing that fits"
    score = case["runner_up_score"]
    like = "" if pd.isna(score) else f", likeness {score:.2f}"
    return f"{stated}\nregister {case['runner_up']}{like}: {describe(case['runner_up'])}"


def ask(
    cases: pd.DataFrame,
    path: Path,
    *,
    who: str,
    when: dt.date,
    describe: Callable[[str], str],
    answer: Callable[[str], str] = input,
    echo: Callable[[str], None] = print,
) -> int:
    """Show the cases one by one and keep what is decided.

    Parameters
    ----------
    cases : result of to_review
    path : file of decisions
    who, when : who decides, and the day
    describe : what the register says of a company (`describer`)
    answer, echo : how to ask and to show; y it is this company, n it is not, s skip, q stop

    Returns
    -------
    int
        Decisions made. Each is kept at once, also if the answers end or the keyboard interrupts.
    """
    made = 0
    with suppress(EOFError, KeyboardInterrupt):
        for at, case in enumerate(cases.to_dict("records"), start=1):
            echo(f"{at} of {len(cases)}, weight {case['weight']:g}, {case['reason']}")
            echo(shown(case, describe))
            said = answer("The same company? y, n, s(kip), q(uit): ").strip().lower()[:1]
            if said == "q":
                break
            verdict = {"y": "confirm", "n": "refuse"}.get(said)
            company = case["runner_up"] if isinstance(case["runner_up"], str) else None
            if verdict is None or (verdict == "confirm" and company is None):
                continue
            told = {name: case[name] if isinstance(case[name], str) else None for name in _CASE}
            why = answer("Why? ").strip() or "names and places compared"
            told |= {"company_id": company, "verdict": verdict, "who": who, "why": why}
            decide(path, {**told, "when": when})
            made += 1
    return made
