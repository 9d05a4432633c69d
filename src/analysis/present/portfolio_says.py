"""What chapter 40 says: the sentences that are true of what was delivered, or was not."""

import pandas as pd

from analysis.contracts.intake import SHEETS, WORKBOOKS
from analysis.present import blocks, labels, portfolio, tables
from analysis.present.access import last, only
from analysis.present.chapter import Chapter
from analysis.present.language import LANGUAGES, Number
from analysis.sources import facts
from analysis.store.raw import KINDS

# A table that was delivered gives rows of this indicator.
_TELLS = {
    "pio_calls": "calls",
    "pio_applications": "success_rate",
    "pio_projects": "committed",
    "eligible_buyers": "eligible",
    "knowledge_items": "knowledge_items",
    "knowledge_use": "knowledge_users",
    "helpdesk": "helpdesk_requests",
    "events": "events",
    "event_attendance": "event_organisations",
    "eu_participations": "eu_participations",
}
_ANSWERED = ("submitted", "admissible", "awarded", "finished", "in_use")
_NAMED = ("label", "authority", "theme", "status+source")
SMALL_P = 0.05


def answer(chapter: Chapter, phases: dict[str, Number]) -> None:
    """Show the answer: how far applications got; else what was published of the projects."""
    told = {name: phases[name] for name in _ANSWERED if name in phases}
    known = {name for name, number in told.items() if number.row["value"] is not None}
    if not told:
        published(chapter)
    elif "admissible" not in known:
        chapter.answer("portfolio.answer.undecided", submitted=told["submitted"])
    elif "awarded" not in known:
        both = {name: told[name] for name in _ANSWERED[:2]}
        chapter.answer("portfolio.answer.applications", **both)
    else:
        unknown = any(told[name].row["unknown"] for name in _ANSWERED[2:])
        key = "projects" if "submitted" not in told else "least" if unknown else "known"
        chapter.answer(f"portfolio.answer.{key}", **told)


def published(chapter: Chapter) -> None:
    """Show the last published count as the answer, or that there is none."""
    _, counts = portfolio.public(chapter)
    if counts.empty:
        chapter.answer("portfolio.answer.nothing")
        return
    projects = last(counts)
    binding = labels.every(f"portfolio.binding.{projects.row['definition']}")
    period = labels.of_period(projects.row["period"])
    chapter.answer("portfolio.answer.published", projects=projects, binding=binding, period=period)


def basis(chapter: Chapter) -> None:
    """Say what the delivered files are, and which ones the chapter does not have."""
    ours = chapter.ledger[chapter.ledger["id"].str.startswith("portfolio.")]
    kinds = set(ours["kind"]) & set(KINDS)
    if kinds:
        chapter.say(f"portfolio.warning.{min(kinds, key=KINDS.index)}")
    absent = [table for table, id in _TELLS.items() if not chapter.has(f"portfolio.{id}")]
    if absent:
        chapter.say(f"portfolio.{'absent' if kinds else 'nothing'}", sheets=_sheets(absent))


def _sheets(names: list[str]) -> dict[str, str]:
    """Titles of sheets, by the file of `pio templates` that holds them."""
    return {language: "; ".join(_of_files(names, language)) for language in LANGUAGES}


def _of_files(names: list[str], language: str) -> list[str]:
    titles = {
        file: [SHEETS[one.table.name].title[language] for one in sheets if one.table.name in names]
        for file, sheets in WORKBOOKS.items()
    }
    return [f"`{file}.xlsx` ({', '.join(some)})" for file, some in titles.items() if some]


def cards(chapter: Chapter, phases: dict[str, Number]) -> None:
    """Show how many got to some phases, where at least two of them are known."""
    names = [name for name in ("submitted", "admissible", "awarded", "in_use") if name in phases]
    if len(names) > 1:
        chapter.cards(**{f"portfolio_{name}": phases[name] for name in names})


def steps(chapter: Chapter) -> None:
    """Say what share of each phase went on to the next."""
    shares = portfolio.by_name(portfolio.at_whole(chapter, "step_share"))
    asked = {name: shares[name] for name in ("awarded", "finished", "in_use") if name in shares}
    if len(asked) == 3 and all(share.row["value"] is not None for share in asked.values()):
        chapter.say("portfolio.steps", **asked)


def change(chapter: Chapter) -> None:
    """Say whether the themes of one plan are those of the next, for each pair of plans."""
    pairs = portfolio.of(chapter, "theme_change_p")
    for group in pairs["group"][pairs["value"].notna()]:
        p = only(pairs[pairs["group"] == group])
        compared = dict(part.split("=") for part in group.split(","))
        periods = {name: labels.of_period(period) for name, period in compared.items()}
        key = "small" if p.row["value"] < SMALL_P else "large"
        chapter.say(f"portfolio.themes.change.{key}", p=p, **periods)
    if (pairs["value"] >= SMALL_P).any():
        chapter.say("portfolio.themes.unseen")


def amounts(chapter: Chapter) -> None:
    """Say what was committed and paid in all, without the largest, and who else took over."""
    names = {"committed": "committed", "paid": "paid", "mean": "committed_per_project"}
    _say(chapter, "money.whole", **{
        blank: portfolio.at_whole(chapter, name) for blank, name in names.items()
    })  # fmt: skip
    largest = {"first": "1", "three": "3"}
    _say(chapter, "money.without", **{
        blank: portfolio.at_whole(chapter, "committed_without", group=f"without_largest={n}")
        for blank, n in largest.items()
    })  # fmt: skip
    _say(chapter, "adopters", adopters=portfolio.at_whole(chapter, "adopters"))


def reach(chapter: Chapter) -> None:
    """Say what share of the target group used an item, and of which projects there is a case."""
    _say(chapter, "knowledge.reach", reach=portfolio.of(chapter, "knowledge_reach"))
    cases = portfolio.at_whole(chapter, "case_share")
    finished = portfolio.at_whole(chapter, "finished_projects")
    key = "cases" if len(cases) and cases["unknown"].iloc[0] else "all_cases"
    _say(chapter, f"knowledge.{key}", cases=cases, finished=finished)


def conversion(chapter: Chapter) -> None:
    """Say how many applied after an event, with those beside them that had attended none."""
    rates = portfolio.at_whole(chapter, "conversion")
    of = {"attended": "who=attended", "others": "who=not-yet-attended"}
    _say(chapter, "conversion", **{
        blank: rates[rates["group"] == group] for blank, group in of.items()
    })  # fmt: skip


def europe(chapter: Chapter) -> None:
    """Say in which role organisations take part, and how often per hundred of the target group."""
    roles = portfolio.across_years(chapter, "eu_role_share")
    of = {"coordinator": "eu_role=coordinator", "lead": "eu_role=lead-procurer"}
    shares = {blank: roles[roles["group"] == group] for blank, group in of.items()}
    when = labels.of_period(roles["period"].iloc[0]) if len(roles) else ""
    _say(chapter, "europe.roles", when=when, **shares)
    _say(chapter, "europe.rate", rate=portfolio.of(chapter, "eu_per_100"))


def beside(chapter: Chapter, shown: pd.DataFrame) -> None:
    """Say how published figures are set beside delivered ones, and if these cannot be judged."""
    chapter.say("portfolio.compared")
    if set(shown["kind"]) - {"published", "real"}:
        chapter.say("portfolio.not_judged")


def found_again(chapter: Chapter, shown: pd.DataFrame) -> None:
    """Say how many of the projects named in public occur among the delivered ones."""
    each = {name: shown[shown["id"] == f"portfolio.{name}"] for name in ("published", "delivered")}
    _say(chapter, "found_again", **each)


def public(chapter: Chapter) -> None:
    """Show what is public, where nothing was delivered to set beside it."""
    calls, counts = portfolio.public(chapter)
    chapter.say("portfolio.public")
    chapter.table("portfolio-public", calls)
    if len(counts):
        chapter.table("portfolio-public-counts", counts, by=("period", "definition"))


def named(chapter: Chapter) -> None:
    """Show the projects that were named in public, as they were published."""
    chapter.say("portfolio.named")
    shape = tables.of_facts(facts.published()["projects"].rows, _NAMED)
    caption = labels.every("table.portfolio-named")
    blocks.show(blocks.table(id="portfolio-named", caption=caption, **shape._asdict()))


def limits(chapter: Chapter, phases: dict[str, Number]) -> None:
    """Say what does and does not follow, of what was delivered or of what is public."""
    chapter.say(f"portfolio.limits.{'delivered' if phases else 'public'}")


def _say(chapter: Chapter, key: str, **blanks: object) -> None:
    """Say a sentence if each of the rows that it is about has a value."""
    numbers = {name: shown for name, shown in blanks.items() if isinstance(shown, pd.DataFrame)}
    if portfolio.are_known(*numbers.values()):
        told = {name: only(shown) for name, shown in numbers.items()}
        chapter.say(f"portfolio.{key}", **blanks | told)
