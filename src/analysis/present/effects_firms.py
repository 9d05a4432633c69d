"""What chapter 42 shows of firms after a PIO contract, and of scores around the one needed."""

from typing import Any

import pandas as pd

from analysis.present import effects, figures_firms
from analysis.present.access import only, rows
from analysis.present.chapter import Chapter
from analysis.present.language import Number

JOBS, GONE, CONTRACTS = "firm-fte", "firm-gone", "firm-contracts"
OUTCOMES = (JOBS, GONE, CONTRACTS)
_ORDER = [
    *(f"specification=firms-{name}" for name in ("losers", "winners", "exact")),
    *(
        f"diagnostic=firms-{name}"
        for name in ("planned", "matched", "balance", "before", "winners")
    ),
    *(f"covariate=firm-{name}" for name in ("age", "fte", "won-before", "flanders")),
    *("design=jump", "design=window"),
]


def of(chapter: Chapter, *names: str, **where: str) -> pd.DataFrame:
    """Rows of indicators of effects, named without their theme, in the order of the outcomes."""
    found = rows(chapter, *(f"effects.{name}" for name in names), **where)
    places = {
        "definition": (*OUTCOMES, effects.INNOVATION, effects.STARTUPS),
        "group": _ORDER,
        "id": [f"effects.{name}" for name in names],
    }
    order = pd.DataFrame(
        {column: found[column].map({name: at for at, name in enumerate(listed)})
         for column, listed in places.items()}
    )  # fmt: skip
    return found.loc[order.fillna(-1).sort_values([*places], kind="stable").index]


def firms(chapter: Chapter) -> None:
    """Say what became of firms after a PIO contract: first what could have been seen."""
    chapter.say("effects.firms")
    if not chapter.has("effects.firms_flow"):
        chapter.say("effects.firms.lacking")
        return
    chapter.say("effects.firms.compared")
    planned = of(chapter, "firms_diagnostic", group="diagnostic=firms-planned")
    if not planned["value"].astype(bool).all():
        chapter.say("effects.firms.unplanned")
    chapter.say("effects.firms.who", **_steps(chapter))
    found = of(chapter, "firms_att")
    known = tuple(found["definition"][found["value"].notna()])
    if not known:
        chapter.say("effects.firms.none", matched=_steps(chapter)["with_losers"])
        return
    chapter.say("effects.firms.power")
    chapter.table("effects-firms", of(chapter, "firms_mde", "firms_att"), by="definition")
    for outcome in OUTCOMES:
        _said(chapter, outcome, known)
    chapter.say("effects.firms.read")
    _survival(chapter)
    _drawn(chapter, known)
    _trusted(chapter)


def _steps(chapter: Chapter) -> dict[str, Number]:
    found = of(chapter, "firms_flow", group="step=firms-*")
    names = found["group"].str.removeprefix("step=firms-").str.replace("-", "_")
    return {name: only(found[names == name]) for name in names}


def verdict(chapter: Chapter, outcome: str) -> str:
    """`undetected` or `found.<grade>`: the interval and the adjusted p decide both."""
    effect = only(of(chapter, "firms_att", definition=outcome)).row
    p = only(of(chapter, "firms_p", definition=outcome, group="test=firms-holm")).row["value"]
    clear = effect["low"] > 0 or effect["high"] < 0
    return f"found.{effect['grade']}" if clear and p < effects.SIGNIFICANT else "undetected"


def _said(chapter: Chapter, outcome: str, known: tuple[str, ...]) -> None:
    """The effect on one outcome with the least that could be seen, and what it may be called."""
    effect = only(of(chapter, "firms_att", definition=outcome))
    if outcome not in known:
        chapter.say(f"effects.firms.{outcome}.unknown")
        return
    least = only(of(chapter, "firms_mde", definition=outcome))
    says = effects.spoken(f"effects.firms.verdict.{verdict(chapter, outcome)}")
    chapter.say(f"effects.firms.{outcome}", effect=effect, least=least, says=says)


def _drawn(chapter: Chapter, known: tuple[str, ...]) -> None:
    """Draw the effects by each comparison."""
    shown = of(chapter, "firms_specification", group="specification=*")
    shown = shown[shown["definition"].isin(known) & shown["value"].notna()]
    first = only(shown)
    outcome = effects.spoken(f"figure.effects-firms.{first.row['definition']}")
    chapter.figure("effects-firms", figures_firms.comparisons, shown, first=first, outcome=outcome)


def _survival(chapter: Chapter) -> None:
    """Say who is gone, why that is not failure, and what is known of those who are left."""
    gone = of(chapter, "firms_gone", group="side=*")
    if len(gone):
        sides = _by_side(gone)
        chapter.say("effects.firms.gone", ceased=only(of(chapter, "firms_ceased")), **sides)
    left = of(chapter, "firms_left", group="side=*")
    if len(left):
        ends = {name: only(of(chapter, f"firms_{name}")) for name in ("lee", "lee_sampling")}
        chapter.say("effects.firms.left", **_by_side(left), **ends)


def _by_side(found: pd.DataFrame) -> dict[str, Number]:
    return {side: only(found[found["group"] == f"side={side}"]) for side in ("treated", "controls")}


def _trusted(chapter: Chapter) -> None:
    """Show the diagnostics, and how far the two groups were apart before."""
    early = only(of(chapter, "firms_early"))
    chapter.say("effects.firms.trusted")
    passed = of(chapter, "firms_diagnostic", group="diagnostic=*")
    chapter.table("effects-firms-diagnostics", passed, by="group", across="definition")
    if early.row["value"] is not None:
        chapter.say("effects.firms.early", early=early)
    chapter.table("effects-firms-balance", of(chapter, "firms_smd", group="covariate=*"))
    if chapter.has("effects.firms_truth"):
        chapter.say("effects.firms.truth", **_held(chapter))


def _held(chapter: Chapter) -> dict[str, Any]:
    """How many intervals there are over all comparisons, and how many hold the truth, 0."""
    shown = of(chapter, "firms_specification", group="specification=*")
    told = shown[shown["value"].notna()]
    held = (told["low"] <= 0) & (told["high"] >= 0)
    return {"all": str(len(told)), "held": str(int(held.sum()))}


def scores(chapter: Chapter) -> None:
    """Compare buyers around the score needed; where no scores are supplied, say so."""
    if not chapter.has("effects.scored"):
        return
    scored = only(of(chapter, "scored"))
    if not scored.row["value"]:
        chapter.say("effects.scores.none")
        return
    chapter.say("effects.scores", scored=scored)
    found = of(chapter, "score_mde", "score_att", "score_p", "score_window", "score_sorting")
    if len(found):
        chapter.table("effects-scores", found, by=("definition", "group"), across="id")
        chapter.say("effects.scores.read")
