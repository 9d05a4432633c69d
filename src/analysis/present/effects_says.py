"""What chapter 42 says: the sentences that are true of this ledger, and what it lacks."""

from typing import Any

import pandas as pd

from analysis.present import effects, figures_effects, labels
from analysis.present.access import only
from analysis.present.chapter import Chapter
from analysis.present.effects import INNOVATION, PRIMARY, PUBLISHED, STARTUPS
from analysis.present.language import Number


def answer(chapter: Chapter) -> None:
    """Show the answer: what could have been seen, then what was estimated; or why there is none."""
    if not chapter.has("effects.att"):
        chapter.answer("effects.answer.lacking")
        return
    said = {name: effects.verdict(chapter, name) for name in PRIMARY}
    if "unknown" in said.values():
        chapter.answer("effects.answer.unknown", treated=effects.by_step(chapter)["in_cohort"])
        return
    words = {"innovation": INNOVATION, "startups": STARTUPS}
    numbers: dict[str, object] = {}
    for word, outcome in words.items():
        numbers[word] = effects.overall(chapter, outcome)
        numbers[f"{word}_least"] = effects.least(chapter, outcome)
        numbers[f"{word}_says"] = effects.spoken(f"effects.verdict.{said[outcome]}")
    chapter.answer("effects.answer.estimated", **numbers)


def basis(chapter: Chapter) -> None:
    """Say what the files are, what is lacking, and what the plan laid down beforehand."""
    there = chapter.has("effects.flow")
    if not there:
        chapter.say("effects.lacking")
    else:
        chapter.say(f"effects.warning.{effects.of(chapter, 'flow')['kind'].iloc[0]}")


def plan(chapter: Chapter) -> None:
    """Say that the plan was laid down before, print its digest and every deviation."""
    laid = effects.plan()
    chapter.say("effects.plan", digest=laid.digest[:12])
    if not laid.deviations:
        chapter.say("effects.plan.kept")
    for one in laid.deviations:
        seen = effects.spoken(f"effects.seen.{'yes' if one.outcomes_seen else 'no'}")
        chapter.say("effects.plan.changed", day=labels.of_day(one.date, "day"), seen=seen,
                    what={"nl": one.what_nl, "en": one.what_en},
                    why={"nl": one.why_nl, "en": one.why_en})  # fmt: skip


def who(chapter: Chapter) -> None:
    """Say who is compared with whom, and show the cohorts."""
    steps = effects.by_step(chapter)
    names = ("register", "published", "published_admitted", "published_rejected",
             "published_never", "in_cohort")  # fmt: skip
    chapter.say("effects.who", **{name: steps[name] for name in names})
    chapter.table("effects-cohorts", effects.of(chapter, "cohort", group="cohort=*"))


def power(chapter: Chapter) -> None:
    """Show what the panel could have shown, before anything that was estimated."""
    least = {word: effects.least(chapter, name) for word, name in _words()}
    known = {word for word, number in least.items() if number.row["value"] is not None}
    chapter.say("effects.power")
    if known == {"innovation", "startups"}:
        chapter.say("effects.power.primary", **least)
    shown = effects.of(chapter, "mde", "mde_sd", "untreated_mean")
    chapter.table("effects-power", shown, by="definition")


def publication(chapter: Chapter) -> None:
    """Show first whether admission goes together with publishing itself."""
    effect, p = effects.overall(chapter, PUBLISHED), _p(chapter, PUBLISHED)
    chapter.say("effects.publication")
    if effect.row["value"] is None or p is None:
        chapter.say("effects.publication.unknown")
        return
    moved = p.row["value"] < effects.SIGNIFICANT
    key = "moved" if moved else "still"
    least = effects.least(chapter, PUBLISHED)
    chapter.say(f"effects.publication.{key}", effect=effect, p=p, least=least)
    if effects.overall(chapter, "y0-award-notices").row["value"] is None:
        chapter.say("effects.publication.no_calls")


def around(chapter: Chapter) -> None:
    """Draw the effects on the two main outcomes by year, with band and least effect."""
    shown = effects.drawn(chapter, *PRIMARY)
    if len(set(shown["definition"])) == len(PRIMARY):
        numbers: dict[str, Any] = {word: effects.overall(chapter, name) for word, name in _words()}
        numbers |= {f"{word}_least": effects.least(chapter, name) for word, name in _words()}
        chapter.say("effects.around")
        chapter.say("effects.around.read")
        chapter.figure("effects-years", figures_effects.event_study, shown, **numbers)


def outcomes(chapter: Chapter) -> None:
    """Show the overall effect on every outcome beside what could be seen, with its p."""
    chapter.say("effects.outcomes")
    effect = effects.of(chapter, "mde", "att")
    chapter.table("effects-outcomes", effect, by="definition")
    tests = effects.of(chapter, "p", group="test=*")
    if len(tests):
        chapter.say("effects.tests")
        chapter.table("effects-tests", tests, by="definition", across="group", style="3")


def permutation(chapter: Chapter) -> None:
    """Draw the effects under permuted admissions beside the one estimated."""
    shown = effects.permuted(chapter, *PRIMARY)
    ps: dict[str, Any] = {word: _p(chapter, name, "permutation") for word, name in _words()}
    if len(set(shown["definition"])) == len(PRIMARY) and all(ps.values()):
        chapter.say("effects.permutation")
        chapter.figure("effects-permutation", figures_effects.permuted, shown, **ps)


def diagnostics(chapter: Chapter) -> None:
    """Show which diagnostics each outcome passed, and the details that have numbers."""
    passed = effects.of(chapter, "diagnostic", group="diagnostic=*")
    if passed.empty:
        return
    chapter.say("effects.diagnostics")
    _main_and_more(chapter, "effects-diagnostics", passed)
    before = effects.of(chapter, "pretrend_p", "pretrend_power", "placebo_date")
    if len(before):
        chapter.say("effects.before")
        chapter.table("effects-before", before, by="definition")
    chapter.say("effects.balance")
    chapter.table("effects-balance", effects.of(chapter, "smd", group="covariate=*"))


def bounds(chapter: Chapter) -> None:
    """Draw how wide the interval becomes if trends may have differed."""
    shown = effects.robust(chapter, *PRIMARY)
    if len(set(shown["definition"])) < len(PRIMARY):
        chapter.say("effects.bounds.none")
        return
    at_same: dict[str, Any] = {
        word: only(shown[(shown["definition"] == name) & (shown["group"] == "mbar=same")])
        for word, name in _words()
    }
    chapter.say("effects.bounds")
    chapter.figure("effects-bounds", figures_effects.bounds, shown, **at_same)


def left_out(chapter: Chapter) -> None:
    """Draw the effect without each cohort, and without the buyers that matter most."""
    shown = effects.left_out(chapter, *PRIMARY)
    if len(set(shown["definition"])) == len(PRIMARY):
        numbers: dict[str, Any] = {word: effects.overall(chapter, name) for word, name in _words()}
        chapter.say("effects.left_out")
        chapter.figure("effects-left-out", figures_effects.left_out, shown, **numbers)


def specifications(chapter: Chapter) -> None:
    """Show every specification, and what the two-way regression compares."""
    shown = effects.of(chapter, "specification", group="specification=*")
    if shown.empty:
        return
    chapter.say("effects.specifications")
    _main_and_more(chapter, "effects-specifications", shown, style="bare")
    weights = effects.of(chapter, "bacon_weight", "bacon_estimate", group="comparison=*")
    if len(weights):
        chapter.say("effects.twoway")
        chapter.table("effects-twoway", weights)


def truth(chapter: Chapter) -> None:
    """In an invented world: what the effect truly is, beside what was estimated."""
    if not chapter.has("effects.truth"):
        return
    chapter.say("effects.truth")
    held = only(effects.of(chapter, "truth_held"))
    if held.row["n"]:
        key = "all" if held.row["value"] == held.row["n"] else "some"
        chapter.say(f"effects.truth.{key}", held=held)
    shown = effects.of(chapter, "truth", "att")
    chapter.table("effects-truth", shown, by="definition")


def limits(chapter: Chapter) -> None:
    """Say what the chapter cannot say."""
    chapter.say("effects.limits")


def _main_and_more(chapter: Chapter, name: str, shown: pd.DataFrame, style: str = "") -> None:
    """One table of publishing and the main outcomes, one of the others."""
    main = shown["definition"].isin((PUBLISHED, *PRIMARY))
    for id, part in ((name, shown[main]), (f"{name}-more", shown[~main])):
        if len(part):
            chapter.table(id, part, by="group", across="definition", style=style)


def _words() -> tuple[tuple[str, str], ...]:
    return ("innovation", INNOVATION), ("startups", STARTUPS)


def _p(chapter: Chapter, outcome: str, test: str = "permutation-studentised") -> Number | None:
    found = effects.of(chapter, "p", definition=outcome, group=f"test={test}")
    return only(found) if len(found) else None
