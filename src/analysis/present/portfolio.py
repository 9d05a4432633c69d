"""What chapter 40 shows of the ledger, which may hold much, some or nothing on the portfolio."""

import pandas as pd

from analysis.contracts.intake.outreach import EU_PROGRAMMES, ITEM_KINDS
from analysis.contracts.intake.pio import PHASES, PRIORITIES
from analysis.contracts.intake.startups import ORGANISATION_TYPES
from analysis.indicators.portfolio_durations import SPANS
from analysis.present import labels
from analysis.present.access import known, only, rows
from analysis.present.chapter import Chapter
from analysis.present.language import Number

_OUTREACH = {
    "knowledge": ("knowledge_items", "knowledge_users", "helpdesk_requests", "helpdesk_days"),
    "events": ("events", "event_organisations", "first_time_buyers", "first_time_share"),
}
_LISTED = [
    f"{kind}={code}"
    for kind, codes in {
        "solution": ("digital", "other"),
        "priority": (*PRIORITIES[:2], "circular-or-energy", *PRIORITIES[2:]),
        "organisation_type": ORGANISATION_TYPES,
        "item_kind": ITEM_KINDS,
        "eu_programme": EU_PROGRAMMES,
    }.items()
    for code in codes
]
_STEPS = [f"phase={name}" for name in PHASES] + [f"span={begin}-{to}" for begin, to in SPANS]


def of(chapter: Chapter, *names: str, **where: str) -> pd.DataFrame:
    """Rows of indicators of the portfolio, named without their theme; none where there are none."""
    return rows(chapter, *(f"portfolio.{name}" for name in names), **where)


def whole(chapter: Chapter) -> str:
    """Name of the whole period, e.g. 2017-2025; empty where nothing was delivered on projects."""
    periods = of(chapter, "phase", period="*-*")["period"]
    return str(periods.iloc[0]) if len(periods) else ""


def at_whole(chapter: Chapter, *names: str, **where: str) -> pd.DataFrame:
    """Rows of the whole period of the portfolio."""
    return of(chapter, *names, period=whole(chapter), **where)


def across_years(chapter: Chapter, *names: str, **where: str) -> pd.DataFrame:
    """Rows of all years together, of indicators with years of their own."""
    return of(chapter, *names, period="*-*", **where)


def yearly(chapter: Chapter, *names: str, group: str = "all") -> pd.DataFrame:
    """Rows of single years, years in order."""
    shown = of(chapter, *names, period="????", group=group)
    return shown.sort_values("period", kind="stable")


def outreach(chapter: Chapter, kind: str) -> pd.DataFrame:
    """Yearly rows on the knowledge platform or the events; none if their own file is not there."""
    names = _OUTREACH[kind]
    there = of(chapter, names[0])
    return yearly(chapter, *names) if len(there) else there


def by_name(shown: pd.DataFrame) -> dict[str, Number]:
    """The numbers of rows that each have a group of their own, by what the group names."""
    names = shown["group"].str.extract(r"=(.+)$")[0]
    return {str(name): only(shown[names == name]) for name in names}


def groups(*phases: str) -> list[str]:
    """Ledger groups of phases."""
    return [f"phase={phase}" for phase in phases]


def by_phase(shown: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of the phases, or of the spans between them."""
    place = shown["group"].map({name: at for at, name in enumerate(_STEPS)})
    return shown.loc[place.sort_values(kind="stable").index]


def plans(shown: pd.DataFrame, chapter: Chapter) -> pd.DataFrame:
    """Rows of the plans of approach, in order of time; of the whole period if there is no other."""
    apart = shown[shown["period"] != whole(chapter)]
    chosen = apart if len(apart) else shown
    # of the definitions the corrected ones first
    return chosen.sort_values(["period", "definition"], ascending=[True, False], kind="stable")


def months(shown: pd.DataFrame, *asked: int) -> pd.DataFrame:
    """Rows of some numbers of months, or all of them, in order."""
    month = shown["group"].str.extract(r"months=(\d+)$")[0].astype(int)
    chosen = month[month.isin(asked)] if asked else month
    return shown.loc[chosen.sort_values(kind="stable").index]


def after(shown: pd.DataFrame, month: int) -> dict[str, Number]:
    """Shares finished, in use and stopped after so many months."""
    then = months(shown, month)
    ids = {name: f"portfolio.{name}_within" for name in ("finished", "in_use", "stopped")}
    return {name: only(then[then["id"] == id]) for name, id in ids.items()}


def some(shown: pd.DataFrame) -> pd.DataFrame:
    """Rows of the groups of which some indicator is above zero."""
    there = set(shown["group"][shown["value"].fillna(0) > 0])
    return shown[shown["group"].isin(there)]


def digital(themes: pd.DataFrame) -> dict[str, object]:
    """Share of the digital theme in the first and in the last of the periods, and these."""
    own = themes[themes["group"] == "theme=digital"]
    first, last = only(own), only(own[::-1])
    periods = {"before": first.row["period"], "after": last.row["period"]}
    named = {name: labels.of_period(period) for name, period in periods.items()}
    return {"first": first, "last": last, **named}


def stated(themes: pd.DataFrame) -> pd.DataFrame:
    """Rows of themes; what was not filled in is none."""
    return themes[themes["group"] != "theme=not-stated"]


def in_order(shown: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order in which the forms list their codes; what is no code comes last."""
    place = shown["group"].map({name: at for at, name in enumerate(_LISTED)}).fillna(len(_LISTED))
    return shown.loc[place.sort_values(kind="stable").index]


def compared(chapter: Chapter) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Published beside delivered: of calls, of counts of projects, of projects named in public."""
    beside = of(chapter, "published", "delivered", "difference", "agrees")
    fact = beside["group"].str.extract(r"fact=(.+)$")[0]
    counts, named = fact == "projects_cumulative", fact == "named_projects"
    return beside[~counts & ~named], beside[counts], beside[named]


def public(chapter: Chapter) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Published figures by call, where there are any, and published counts of projects."""
    calls = some(rows(chapter, "programme.proposals", "programme.selected"))
    share = rows(chapter, "programme.selected_share")
    both = pd.concat([calls, share[share["group"].isin(calls["group"])]])
    counts = rows(chapter, "programme.projects_cumulative")
    early = counts["period"].str.slice(0, 4) <= str(chapter.year)
    return both, counts[early].sort_values("period", kind="stable")


def are_known(*shown: pd.DataFrame) -> bool:
    """Whether each of some rows has a value."""
    return all(known(rows_) for rows_ in shown)
