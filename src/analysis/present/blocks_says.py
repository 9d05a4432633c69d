"""What chapter 41 says: of each block the sentence that is true of what was delivered for it."""

import pandas as pd

from analysis.contracts.intake import SHEETS, WORKBOOKS
from analysis.present import blocks, blocks_survey, labels, notes
from analysis.present.access import only, rows
from analysis.present.blocks_shown import THEMES, first_known, latest
from analysis.present.chapter import Chapter
from analysis.present.labels import Texts
from analysis.present.language import LANGUAGES, Number, linked, sentence
from analysis.store.raw import KINDS

_NEEDS = {
    "reach": ("pio_applications", "eligible_buyers"),
    "opportunities": ("pio_contracts", "pio_bidders", "pio_consulted"),
    "innovations": ("pio_projects",),
    "satisfaction": ("survey_questions", "survey_populations", "survey_answers"),
}
Clause = tuple[str, dict[str, object]]  # which of the sentences on a block, and its blanks
_FIVE = {"definition": "startup-5", "group": "all"}


def answer(chapter: Chapter) -> None:
    """Show the answer: one sentence with a clause a block, whether it is known or not."""
    clauses = {theme: _CLAUSES[theme](chapter) for theme in THEMES}
    numbers = {
        f"{theme}.{name}": one for theme, (_, told) in clauses.items() for name, one in told.items()
    }
    rows_ = [one.row for one in numbers.values() if isinstance(one, Number)]
    if not rows_:
        chapter.answer("blocks.answer.nothing")
        return
    grade = notes.grade(rows_)
    said = {}
    for language in LANGUAGES:
        parts = {
            theme: sentence(f"blocks.clause.{theme}{which}", language, **linked(told))
            for theme, (which, told) in clauses.items()
        }
        text = sentence("blocks.answer", language, year=str(chapter.year), **parts)
        said[language] = f"{text} {grade[language]}"
    blocks.show(blocks.answer(said, labels.cells(numbers)))


def basis(chapter: Chapter) -> None:
    """Say what the delivered files are, what the blocks are, and whether there are norms."""
    own = chapter.ledger[chapter.ledger["id"].str.startswith(tuple(f"{one}." for one in THEMES))]
    kinds = set(own["kind"]) & set(KINDS)
    if kinds:
        chapter.say(f"blocks.warning.{min(kinds, key=KINDS.index)}")
    chapter.say("blocks.intro", baseline=chapter.number("judgement.baseline"))
    targets = rows(chapter, "judgement.target")["value"]
    chapter.say(f"blocks.norm.{'some' if targets.notna().any() else 'none'}")


def reach(chapter: Chapter) -> None:
    """Say which part of the target group was reached, and what is not in the register."""
    admitted = latest(chapter, "reach.admitted_share", group="all")
    if admitted.empty:
        if latest(chapter, "reach.gini").size:
            chapter.say("blocks.reach.no_register", sheets=sheets("eligible_buyers"))
        else:
            _nothing(chapter, "reach")
        return
    applied = only(latest(chapter, "reach.applied_share", group="all"))
    chapter.say("blocks.reach", admitted=only(admitted), applied=applied, when=_end(admitted))
    outside = latest(chapter, "reach.outside_register")
    if (outside["value"] > 0).any():
        chapter.say("blocks.reach.outside", outside=only(outside))


def opportunities(chapter: Chapter) -> None:
    """Say how many contracts went to how many companies, and how many of them start-ups won."""
    contracts = latest(chapter, "opportunities.contracts")
    if contracts.empty:
        _nothing(chapter, "opportunities")
        return
    value = only(latest(chapter, "opportunities.value"))
    chapter.say("blocks.opportunities", contracts=only(contracts), when=_end(contracts))
    if value.row["value"] is not None:
        chapter.say("blocks.opportunities.value", value=value)
    five = latest(chapter, "opportunities.startup_share", **_FIVE)
    ten = latest(chapter, "opportunities.startup_share", **_FIVE | {"definition": "startup-10"})
    if len(five) and len(ten):
        known = first_known(five) is not None and first_known(ten) is not None
        key = "blocks.opportunities.startups" + ("" if known else ".unknown")
        winners = only(latest(chapter, "opportunities.winners"))
        chapter.say(key, winners=winners, five=only(five), ten=only(ten))
    if chapter.has("opportunities.follow_on"):
        chapter.say("blocks.opportunities.market")


def innovations(chapter: Chapter) -> None:
    """Say how projects ended, and what the panel found where it agrees."""
    ended = latest(chapter, "innovations.ended")
    if ended.empty:
        _nothing(chapter, "innovations")
        return
    open_ = only(latest(chapter, "innovations.open"))
    completed = first_known(latest(chapter, "innovations.completed_share"))
    at = {"ended": only(ended), "open": open_, "when": _end(ended)}
    if completed is None:
        chapter.say("blocks.innovations.none_ended", open=open_, when=at["when"])
        return
    chapter.say("blocks.innovations", completed=completed, **at)
    alpha = latest(chapter, "innovations.novelty_alpha")
    share = latest(chapter, "innovations.novelty_share")
    verdict = share["definition"].iloc[0]
    if first_known(alpha) is None:
        chapter.say("blocks.innovations.no_panel")
    elif first_known(share) is None:
        chapter.say("blocks.innovations.panel_not_agreed", alpha=only(alpha))
    else:
        chapter.say(f"blocks.innovations.{verdict}", alpha=only(alpha), share=only(share))


def satisfaction(chapter: Chapter) -> None:
    """Say how many answered, and what the groups that are large enough say."""
    wave = blocks_survey.wave(chapter)
    if not wave:
        _nothing(chapter, "satisfaction")
        return
    chapter.say("blocks.satisfaction.method")
    at = {"period": wave, "group": "all"}
    answered, members = (
        only(rows(chapter, f"satisfaction.{name}", **at)) for name in ("answered", "members")
    )
    chapter.say("blocks.satisfaction", wave=wave, answered=answered, members=members)
    shown = blocks_survey.headline(blocks_survey.agreement(chapter))
    if shown.empty:
        chapter.say("blocks.satisfaction.too_small")
    else:
        told = blocks_survey.told(chapter, shown)
        key = "range" if len(shown) > 1 else "one"
        chapter.say(f"blocks.satisfaction.{key}", **told)
    additional = first_known(rows(chapter, "satisfaction.not_same_share", period=wave))
    if additional is not None:
        group = labels.of_group(additional.row["group"].split(",")[0])
        chapter.say("blocks.satisfaction.additional", share=additional, group=group)


def sheets(*names: str) -> Texts:
    """Titles of sheets of the forms, by the file of `pio templates` that holds them."""
    return {language: "; ".join(_of_files(names, language)) for language in LANGUAGES}


def _of_files(names: tuple[str, ...], language: str) -> list[str]:
    titles = {
        file: [SHEETS[one.table.name].title[language] for one in some if one.table.name in names]
        for file, some in WORKBOOKS.items()
    }
    return [f"`{file}.xlsx` ({', '.join(some)})" for file, some in titles.items() if some]


def _reached(chapter: Chapter) -> Clause:
    admitted = first_known(latest(chapter, "reach.admitted_share", group="all"))
    return (".unknown", {}) if admitted is None else ("", {"admitted": admitted})


def _gained(chapter: Chapter) -> Clause:
    contracts = first_known(latest(chapter, "opportunities.contracts"))
    five = first_known(latest(chapter, "opportunities.startup_share", **_FIVE))
    if contracts is None:
        return ".unknown", {}
    known: dict[str, object] = {"contracts": contracts}
    return (".contracts", known) if five is None else ("", known | {"five": five})


def _realised(chapter: Chapter) -> Clause:
    completed = first_known(latest(chapter, "innovations.completed_share"))
    if completed is None:
        return ".unknown", {}
    return "", {"completed": completed, "ended": only(latest(chapter, "innovations.ended"))}


def _satisfied(chapter: Chapter) -> Clause:
    shown = blocks_survey.headline(blocks_survey.agreement(chapter))
    if shown.empty:
        return ".unknown", {}
    told = blocks_survey.told(chapter, shown) | {"wave": blocks_survey.wave(chapter)}
    if len(shown) == 1:
        return ".one", told
    return "", {name: told[name] for name in ("lowest", "highest", "wave", "question")}


_CLAUSES = {
    "reach": _reached,
    "opportunities": _gained,
    "innovations": _realised,
    "satisfaction": _satisfied,
}


def _nothing(chapter: Chapter, theme: str) -> None:
    chapter.say(f"blocks.{theme}.nothing", sheets=sheets(*_NEEDS[theme]))


def _end(found: pd.DataFrame) -> str:
    """The year at whose end the numbers of some rows stand."""
    return str(found["period"].iloc[0])[-4:]
