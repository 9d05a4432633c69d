"""What chapter 42 shows of the ledger, which may hold estimates, only a plan, or neither."""

import pandas as pd

from analysis.indicators.effects_plan import DIAGNOSTICS, Plan, read
from analysis.present import labels
from analysis.present.access import only, rows
from analysis.present.chapter import Chapter
from analysis.present.language import LANGUAGES, Number, sentence
from analysis.sources.facts import RAW

INNOVATION, STARTUPS, PUBLISHED = "y1-innovation", "y4-startups", "y0-published"
PRIMARY = (INNOVATION, STARTUPS)
OUTCOMES = (
    "y0-award-notices", "y0-published", *PRIMARY, "y2-innovation-value", "y3-consultations",
    "y5-bids", "y5-single-bid", "y6-new-suppliers", "placebo-office",
)  # fmt: skip
_SPECIFICATIONS = (
    "record", "adjusted", "never", "everyone", "no-anticipation", "imputation", "interaction",
    "with-contract", "unknown-no", "unknown-yes", "twoway",
)  # fmt: skip
_STEPS = (
    "register", "published", "published-admitted", "published-rejected", "published-partner",
    "published-pending", "published-never", "in-cohort",
)  # fmt: skip
_TESTS = ("bootstrap", "permutation", "permutation-studentised", "holm", "romano-wolf")
_LIMITS = ("none", "half", "same", "half-more", "double")
_ORDER = [
    *(f"specification={name}" for name in _SPECIFICATIONS),
    *(f"step={name}" for name in _STEPS),
    *(f"test={name}" for name in _TESTS),
    *(f"mbar={name}" for name in _LIMITS),
    *(f"diagnostic={name}" for name in DIAGNOSTICS),
    *(f"covariate={name}" for name in ("local", "staff", "lots", "innovation", "startups")),
    *(f"comparison={name}" for name in ("never", "later", "earlier", "always")),
]
SIGNIFICANT = 0.05


def of(chapter: Chapter, *names: str, **where: str) -> pd.DataFrame:
    """Rows of indicators of effects, named without their theme, in the order of the plan."""
    found = rows(chapter, *(f"effects.{name}" for name in names), **where)
    place = {
        "outcome": found["definition"].map({name: at for at, name in enumerate(OUTCOMES)}),
        "group": found["group"].map({name: at for at, name in enumerate(_ORDER)}).fillna(999),
        "id": found["id"].map({f"effects.{name}": at for at, name in enumerate(names)}),
    }
    order = pd.DataFrame(place).fillna(-1).sort_values([*place], kind="stable").index
    return found.loc[order]


def estimated(chapter: Chapter) -> bool:
    """Whether any effect was estimated."""
    return bool(of(chapter, "att")["value"].notna().any())


def overall(chapter: Chapter, outcome: str) -> Number:
    """The overall effect on an outcome."""
    return only(of(chapter, "att", definition=outcome))


def least(chapter: Chapter, outcome: str) -> Number:
    """The least effect that could have been seen."""
    return only(of(chapter, "mde", definition=outcome))


def verdict(chapter: Chapter, outcome: str) -> str:
    """`unknown`, `undetected`, or `found.<grade>`: the interval and the permuted p decide both."""
    effect = overall(chapter, outcome).row
    if effect["value"] is None:
        return "unknown"
    tests = of(chapter, "p", definition=outcome, group="test=*")
    decisive = tests[tests["group"].isin(("test=holm", "test=permutation-studentised"))]
    clear = effect["low"] > 0 or effect["high"] < 0
    sure = len(decisive) and bool((decisive["value"].astype(float) < SIGNIFICANT).all())
    return f"found.{effect['grade']}" if clear and sure else "undetected"


def drawn(chapter: Chapter, *outcomes: str) -> pd.DataFrame:
    """Effects by year with the least that could be seen, of outcomes that were estimated."""
    found = pd.concat([of(chapter, "att_event", "mde", definition=one) for one in outcomes])
    there = set(found["definition"][found["id"] == "effects.att_event"])
    return found[found["definition"].isin(there)]


def permuted(chapter: Chapter, *outcomes: str) -> pd.DataFrame:
    """The histogram of permuted effects with the estimate, of outcomes that have one."""
    found = pd.concat([of(chapter, "draws", "att", definition=one) for one in outcomes])
    there = set(found["definition"][found["id"] == "effects.draws"])
    return found[found["definition"].isin(there)]


def robust(chapter: Chapter, *outcomes: str) -> pd.DataFrame:
    """Intervals by how far trends may have differed."""
    return pd.concat([of(chapter, "robust", definition=one) for one in outcomes])


def left_out(chapter: Chapter, *outcomes: str) -> pd.DataFrame:
    """The effect, and what it is without a cohort or a buyer."""
    parts = [
        part
        for one in outcomes
        for part in (
            of(chapter, "att", definition=one),
            of(chapter, "left_out", definition=one, group="without_cohort=*"),
            of(chapter, "left_out", definition=one, group="without_buyer=*"),
        )
    ]
    found = pd.concat(parts)
    there = set(found["definition"][found["id"] == "effects.left_out"])
    return found[found["definition"].isin(there)]


def by_step(chapter: Chapter) -> dict[str, Number]:
    """Organisations of each step from register to analysis, by its name with underscores."""
    found = of(chapter, "flow", group="step=*")
    names = found["group"].str.removeprefix("step=").str.replace("-", "_")
    return {name: only(found[names == name]) for name in names}


def without(found: pd.DataFrame, *groups: str) -> pd.DataFrame:
    """Rows of the other groups."""
    return found[~found["group"].isin(groups)]


def plan() -> Plan:
    """The pre-analysis plan with the deviations logged."""
    return read(RAW / "plan")


def spoken(key: str, **numbers: Number) -> dict[str, str]:
    """A clause in every language, to stand in the blank of a sentence."""
    return {language: sentence(key, language, **numbers) for language in LANGUAGES}


def named(outcome: str) -> dict[str, str]:
    """Short name of an outcome."""
    return labels.every(f"definition.short.{outcome}")
