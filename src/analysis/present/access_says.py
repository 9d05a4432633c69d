"""What chapter 20 says: the sentence that is true of this ledger, known, unknown or empty."""

import pandas as pd

from analysis.present import access, labels
from analysis.present.chapter import Chapter
from analysis.present.figures_access import HEADLINE

_WHOLE = {"perimeter": access.PUBLIC, "period": "*-*", "group": "all"}


def answer(chapter: Chapter) -> None:
    """Show the answer: shares of start-ups with their bounds, or why there is none."""
    five, ten = (
        access.rows(chapter, "access.lot_share", definition=name, **_WHOLE) for name in HEADLINE
    )
    if five.empty or ten.empty:
        chapter.answer("access.answer.no_lots")
        return
    key = "known" if access.known(five) else "unknown"
    period = labels.of_period(five["period"].iloc[0])
    numbers = {"five": access.only(five), "ten": access.only(ten)}
    chapter.answer(f"access.answer.{key}", **numbers, period=period)


def summary(chapter: Chapter) -> None:
    """Show the answer as a line of the summary; nothing where there are no lots."""
    five, ten = (
        access.rows(chapter, "access.lot_share", definition=name, **_WHOLE) for name in HEADLINE
    )
    if access.known(five):
        period = labels.of_period(five["period"].iloc[0])
        numbers = {"five": access.only(five), "ten": access.only(ten)}
        chapter.say("summary.access.known", **numbers, period=period)
    elif not five.empty:
        chapter.say("summary.access.unknown")


def basis(chapter: Chapter) -> None:
    """Show what the notices are, and that there is no register where no winner is linked."""
    chapter.say_of_kind("access.warning")
    linked = access.rows(chapter, "access.link_share", period="*-*", group="all")
    if not (linked["value"] > 0).any():
        chapter.say("access.no_register")


def estimand(chapter: Chapter) -> None:
    """Show what is counted, with the three sizes where there are lots, and the definition."""
    chapter.say("access.estimand")
    ids = {"notices": "notices", "lots": "lots", "pairs": "pairs", "linked": "link_share"}
    ids["outside"] = "perimeter_unknown"
    sizes = {word: access.rows(chapter, f"access.{id}", **_WHOLE) for word, id in ids.items()}
    if not any(size.empty for size in sizes.values()):
        period = labels.of_period(sizes["lots"]["period"].iloc[0])
        numbers = {word: access.only(size) for word, size in sizes.items()}
        chapter.say("access.sizes", **numbers, period=period)
    chapter.say("access.definition")


def parliament(chapter: Chapter, perimeter: str) -> None:
    """Show the yearly table under both headline definitions, or that the perimeter is empty."""
    name = perimeter.removeprefix("flemish-")
    for definition in HEADLINE:
        shown = access.asked(
            chapter.ledger, perimeter=perimeter, definition=definition, year=chapter.year
        )
        shown = shown[~shown["id"].isin(("access.lots", "access.lots_won"))]  # as wide as a page
        if shown.empty:
            chapter.say(f"access.parliament.{name}")
            return
        age = definition.removeprefix("startup-")
        chapter.table(f"access-{name}-{age}", shown, by="period", style="million")


def change(chapter: Chapter, shown: pd.DataFrame) -> None:
    """Show how the share changed between two years, and whether its direction is certain."""
    found = access.only(shown)
    between(chapter, "access.change", shown, change=found)
    low, high = found.row["low"], found.row["high"]
    chapter.say(f"access.change.{'rise' if low > 0 else 'fall' if high < 0 else 'both'}")


def between(chapter: Chapter, key: str, shown: pd.DataFrame, **blanks: object) -> None:
    """Say a sentence about the two years of rows on a change."""
    first, last = shown["period"].iloc[0].split("-")
    chapter.say(key, first=first, last=last, **blanks)


def completeness(chapter: Chapter) -> None:
    """Show how complete the last year is; a year that is not complete is called provisional."""
    at = {"perimeter": access.PUBLIC, "group": "all"}
    complete = access.rows(chapter, "access.completeness", **at)
    judged = access.rows(chapter, "access.provisional", **at)
    of_last = complete[complete["period"] == judged["period"].max()]
    if not access.known(of_last):
        chapter.say("access.completeness.unknown")
        return
    verdict = access.last(judged).row
    key = "provisional" if verdict["value"] == 1 else "complete"
    chapter.say(f"access.completeness.{key}", share=access.only(of_last), last=verdict["period"])


def omitted(chapter: Chapter, **parts: pd.DataFrame) -> None:
    """Say which parts are not in the chapter because nothing is known for them."""
    left_out = [name for name, shown in parts.items() if not access.known(shown)]
    if left_out:
        names = [labels.every(f"access.part.{name}") for name in left_out]
        listed = {language: "; ".join(name[language] for name in names) for language in names[0]}
        chapter.say("access.omitted", parts=listed)
