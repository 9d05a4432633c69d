"""Rows of the ledger of chapter 42: what could be seen first, then what was estimated."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from analysis.indicators.effects_checks import Checks
from analysis.indicators.effects_plan import DIAGNOSTICS, Laid
from analysis.indicators.effects_study import Found, Seen
from analysis.inference.effects.aggregate import Estimate
from analysis.inference.effects.panel import Numbers

TREATED = "treated-buyers"
_BINS = 24  # of the histogram of permuted effects
_Z = 1.959963984540054
_TIMES = {0.0: "none", 0.5: "half", 1.0: "same", 1.5: "half-more", 2.0: "double"}


def detectable(row: partial, outcome: str, told: Seen, unit: str, grade: str) -> Iterator[tuple]:
    """What could have been seen: the least effect, in units and in standard deviations."""
    least, sd = told.detectable, told.noise.sd
    behind = {"n": least.treated if least else 0, "denominator": TREATED if least else told.why}
    said = partial(row, definition=outcome, grade=grade, **behind)
    yield said("effects.mde", value=least.effect if least else None, unit=unit)
    yield said("effects.mde_sd", value=least.effect / sd if least and sd else None, unit="mean")
    known = partial(
        row, definition=outcome, grade=grade, n=told.noise.known, denominator="buyer-years"
    )
    yield known("effects.untreated_mean", value=told.mean, unit=level(unit))
    yield known("effects.within_sd", value=sd, unit=unit)
    controls = least.controls if least else 0
    yield row("effects.controls", definition=outcome, value=controls, unit="count", grade=grade,
              n=controls, denominator="control-buyers")  # fmt: skip


def level(unit: str) -> str:
    """Unit of an outcome itself, given that of a difference."""
    return "share" if unit == "share-difference" else unit


def estimates(
    row: partial, outcome: str, found: Found | None, told: Seen, unit: str, grade: str
) -> Iterator[tuple]:
    """The overall effect with its interval, by year with the simultaneous band, and their p."""
    said = partial(row, definition=outcome, grade=grade)
    if found is None:
        why = told.why if told.why != "ok" else "effect-too-few"
        yield said("effects.att", value=None, unit=unit, n=0, denominator=why)
        return
    low, high = found.interval
    treated = int(told.detectable.treated) if told.detectable else 0
    yield said("effects.att", value=found.overall.estimate, low=low, high=high, unit=unit,
               interval="sampling", n=treated, denominator=TREATED)  # fmt: skip
    yield said("effects.se", value=found.overall.se, unit=unit, n=treated, denominator=TREATED)
    for at, event in enumerate(found.study.event.tolist()):
        ends = {"low": float(found.band.low[at]), "high": float(found.band.high[at])}
        yield said("effects.att_event", group=f"event={event}", unit=unit, interval="sampling",
                   value=float(found.study.estimate[at]), **ends,
                   n=int(found.study.treated[at]), denominator=TREATED)  # fmt: skip
    tests: dict[str, tuple[float, int | None]] = {"bootstrap": (found.p_band, None)}
    if found.drawn:
        raw, ratio = found.drawn
        tests["permutation"] = raw.p, len(raw.drawn)
        tests["permutation-studentised"] = ratio.p, len(ratio.drawn)
    for name, (p, draws) in tests.items():
        yield said("effects.p", group=f"test={name}", value=p, unit="p-value", n=draws,
                   denominator="draws" if draws else "bootstrap-draws")  # fmt: skip
    yield from _histogram(said, found, unit)


def _histogram(said: partial, found: Found, unit: str) -> Iterator[tuple]:
    """Middle of each bin of permuted effects, n the draws in it; the middle bin holds 0."""
    if not found.drawn:
        return
    drawn = np.sort(found.drawn.raw.drawn[np.isfinite(found.drawn.raw.drawn)])
    most = max(float(np.abs(drawn).max(initial=0.0)), abs(found.overall.estimate)) or 1.0
    edges = np.linspace(-most * (1 + 1e-9), most * (1 + 1e-9), _BINS + 2)
    counts, middles = np.histogram(drawn, edges)[0], (edges[:-1] + edges[1:]) / 2
    for at, (middle, count) in enumerate(zip(middles, counts, strict=True), 1):
        yield said("effects.draws", group=f"bin={at:02}", value=float(middle), unit=unit,
                   n=int(count), denominator="draws")  # fmt: skip


def adjusted(row: partial, ps: dict[str, float], *, test: str, grades: dict) -> Iterator[tuple]:
    """The p that allow for the other outcomes of the family."""
    for outcome, p in ps.items():
        yield row("effects.p", definition=outcome, group=f"test={test}", value=p, unit="p-value",
                  n=len(ps), denominator="outcomes-of-family", grade=grades[outcome])  # fmt: skip


def diagnosed(
    said: partial, made: Checks, told: Seen, passed: dict[str, bool | None], unit: str
) -> Iterator[tuple]:
    """The diagnostics themselves, and which were passed."""
    for name in DIAGNOSTICS:
        answer = passed[name]
        yield said("effects.diagnostic", group=f"diagnostic={name}", unit="flag", n=1,
                   value=None if answer is None else float(answer),
                   unknown=int(answer is None), denominator="diagnostics")  # fmt: skip
    behind: dict[str, Any] = {"n": told.detectable.treated if told.detectable else 0,
                              "denominator": TREATED}  # fmt: skip
    if made.pretrend:
        tested = {"n": made.pretrend.df, "denominator": "years-before"}
        yield said("effects.pretrend_p", value=made.pretrend.p, unit="p-value", **tested)
        yield said("effects.pretrend_power", value=made.pretrend.power, unit="share", **tested)
    for one in made.honest:
        low, high = possible(one.low, unit), possible(one.high, unit)
        yield said("effects.robust", group=f"mbar={_TIMES.get(one.limit, f'{one.limit:g}')}",
                   value=None, low=low, high=high, interval="sampling", unit=unit,
                   **behind)  # fmt: skip
    if made.breakdown is not None:
        yield said("effects.breakdown", value=made.breakdown, unit="mean", **behind)
    yield from _left_out(said, made, unit)
    if made.date:
        reach = _Z * made.date.se
        yield said("effects.placebo_date", value=made.date.estimate, interval="sampling",
                   low=made.date.estimate - reach, high=made.date.estimate + reach, unit=unit,
                   **behind)  # fmt: skip


def possible(end: float, unit: str) -> float:
    """An end of an interval; two shares differ by no more than 1."""
    return min(max(end, -1.0), 1.0) if unit == "share-difference" else end


def _left_out(said: partial, made: Checks, unit: str) -> Iterator[tuple]:
    if made.cohorts:
        for label, value in zip(made.cohorts.left, made.cohorts.without, strict=True):
            yield said("effects.left_out", group=f"without_cohort={label}", value=float(value),
                       unit=unit, n=len(made.cohorts.left), denominator="cohorts")  # fmt: skip
    if made.buyers:
        known = made.buyers.without[np.isfinite(made.buyers.without)]
        ends = {"lowest": known.min(), "highest": known.max()} if len(known) else {}
        for name, value in ends.items():
            yield said("effects.left_out", group=f"without_buyer={name}", value=float(value),
                       unit=unit, n=len(known), denominator="buyers-left-out")  # fmt: skip


def specified(
    row: partial, outcome: str, record: Found, others: dict[str, Estimate | None], unit: str,
    grade: str,
) -> Iterator[tuple]:  # fmt: skip
    """The overall effect by every specification, that of record first; normal 95 % intervals."""
    for name, one in {"record": record.overall, **others}.items():
        # A comparison of the treated with the treated never points to a cause.
        own = max(grade, "C") if name == "twoway" else grade
        said = partial(row, "effects.specification", definition=outcome, unit=unit, grade=own,
                       group=f"specification={name}")  # fmt: skip
        if one is None or not np.isfinite(one.se):
            yield said(value=None, n=0, denominator="effect-too-few")
            continue
        reach = _Z * one.se
        yield said(value=one.estimate, low=one.estimate - reach, high=one.estimate + reach,
                   interval="sampling", n=len(one.influence), denominator="buyers")  # fmt: skip


def invented(
    row: partial, estimates: dict[str, Found | None], laid: Laid, grades: dict[str, str]
) -> Iterator[tuple]:
    """The true effect of a world that does not react to PIO, and how many intervals hold it."""
    said = partial(row, value=0.0, n=None, denominator="invented")
    for name, outcome in laid.outcomes.items():
        yield said("effects.truth", definition=name, unit=outcome.unit, grade=grades[name])
    ends = [one.interval for one in estimates.values() if one]
    held = sum(low <= 0 <= high for low, high in ends)
    yield row("effects.truth_held", definition="buyer-panel", value=held, unit="count", grade="D",
              n=len(ends), denominator="estimated-outcomes")  # fmt: skip


def balanced(row: partial, names: list[str], smd: Numbers, known: Numbers) -> Iterator[tuple]:
    """How far adopters and controls were apart before."""
    for name, value, n in zip(names, smd, known, strict=True):
        yield row("effects.smd", definition="buyer-panel", group=f"covariate={name}",
                  value=float(value) if np.isfinite(value) else None, unit="mean", n=int(n),
                  denominator="buyers", grade="D")  # fmt: skip


def passed(
    made: Checks | None, laid: Laid, *, publication: bool | None, balance: Numbers,
    office: bool | None,
) -> dict[str, bool | None]:  # fmt: skip
    """Which diagnostics an outcome passed; None where one could not be made."""
    own = laid.diagnostics
    apart = np.abs(balance[np.isfinite(balance)])
    answers: dict[str, bool | None] = dict.fromkeys(DIAGNOSTICS)
    answers |= {"publication": publication, "placebo-outcome": office}
    if len(apart):
        answers["balance"] = bool((apart < own.largest_smd).all())
    if made is None:
        return answers
    if made.pretrend and made.pretrend.p < own.significant:
        answers["pretrends"] = False
    elif made.pretrend and made.pretrend.power >= own.pretest_power:
        answers["pretrends"] = True  # else it could not have told: not known
    if made.breakdown is not None:
        answers["honest"] = made.breakdown >= own.robust_from
    for name, one in (("leave-cohort", made.cohorts), ("leave-buyer", made.buyers)):
        if one:
            answers[name] = one.same_sign and one.largest < own.leave_one_out
    if made.date and np.isfinite(made.date.p):
        answers["placebo-date"] = made.date.p >= own.significant
    return answers


def graded(answers: dict[str, bool | None]) -> str:
    """Evidence grade: A if every diagnostic is passed, B if all but one, else C (methods 1.2).

    C also where publication itself moved, which contaminates every other outcome.
    """
    missed = sum(answer is not True for answer in answers.values())
    if answers["publication"] is False:
        return "C"
    return "A" if not missed else "B" if missed == 1 else "C"
