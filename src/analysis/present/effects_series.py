"""What chapter 42 shows and says of the designs with series: around a date, and of regions."""

from functools import partial
from typing import Any

import pandas as pd

from analysis.present import effects, figures_series, origins
from analysis.present.access import only, rows
from analysis.present.chapter import Chapter
from analysis.present.effects import SIGNIFICANT
from analysis.present.language import Number

LOTS, STARTUPS = "its-lots", "its-startups"
_OUTCOMES = (LOTS, STARTUPS, "its-innovation", "its-smes", "sc-startups", "sc-innovation")
_POLICIES = {"note": "concept-note", "market": "marketplace"}  # by the word for each in the texts
_RECORD = "alone"
_ALPHA, _SHOWN = 0.05, 5  # weights of regions that are listed


def dates(chapter: Chapter) -> None:
    """Show what changed when the policy began; what could have been seen comes first."""
    if not chapter.has("effects.its_change"):
        chapter.say("effects_series.lacking")
        return
    chapter.say("effects_series.dates")
    least = {word: _one(chapter, "its_mde", word) for word in _POLICIES}
    known = all(number.row["value"] is not None for number in least.values())
    if known:
        sides = {"before": "note", "after": "market"}
        months = {
            side: only(_rows(chapter, "its_months", definition=STARTUPS,
                             group=f"policy={_POLICIES[word]},side={side}"))
            for side, word in sides.items()
        }  # fmt: skip
        chapter.say("effects_series.power", **months, **least)
    _drawn(chapter)
    if known:
        chapter.say("effects_series.found", **_found(chapter))
    else:
        chapter.say("effects_series.unknown")
    _tables(chapter)


def _drawn(chapter: Chapter) -> None:
    shown = _rows(chapter, "its_series")
    if not (shown["value"].fillna(0) > 0).any():
        return  # no award in those months
    before: dict[str, Any] = {
        name.removeprefix("its-"): only(
            _rows(chapter, "its_before", definition=name,
                  group=f"policy={_POLICIES['note']},design={_RECORD}")
        )
        for name in _OUTCOMES if name in set(shown["definition"])
    }  # fmt: skip
    months = effects.plan().laid.interrupted.dates
    draw = partial(
        figures_series.quarters,
        dates={word: months[name].first for word, name in _POLICIES.items()},
    )
    chapter.figure("effects-series", draw, shown, **before)


def _found(chapter: Chapter) -> dict:
    """The change in the share of start-ups at each date, its p, and what may be said of it."""
    told: dict = {}
    for word in _POLICIES:
        change, p = (_one(chapter, id, word) for id in ("its_change", "its_p_holm"))
        sure = (change.row["low"] > 0 or change.row["high"] < 0) and p.row["value"] < SIGNIFICANT
        key = f"effects_series.verdict.{'found' if sure else 'undetected'}"
        told |= {word: change, f"{word}_p": p, f"{word}_says": effects.spoken(key)}
    return told


def _tables(chapter: Chapter) -> None:
    """The record, the check on the number of awards, the other calculations, the largest break."""
    own = f"design={_RECORD}"
    shown = _rows(chapter, "its_before", "its_mde", "its_change", "its_p", "its_p_holm",
                  group=f"*{own}")  # fmt: skip
    brief = origins.called(shown, group=shown["group"].str.removesuffix(f",{own}"))
    chapter.table("effects-series", brief, by=("definition", "group"))
    chapter.say("effects_series.read")
    chapter.say(f"effects_series.lots.{_lots(chapter)}")
    changes = _rows(chapter, "its_mde", "its_change")
    drawn = changes[changes["definition"] != LOTS]
    numbers: dict[str, Any] = {word: _one(chapter, "its_change", word) for word in _POLICIES}
    if any(number.row["value"] is not None for number in numbers.values()):
        chapter.figure("effects-series-changes", figures_series.changes, drawn, **numbers)
    others = _rows(chapter, "its_mde", "its_change", "its_p")
    others = others[~others["group"].str.endswith(own)]
    chapter.table("effects-series-checks", others, by=("definition", "group"))
    if len(at := _rows(chapter, "its_break", definition=STARTUPS)):
        p = only(_rows(chapter, "its_break_p", definition=STARTUPS))
        chapter.say("effects_series.break", at=only(at), p=p)
    if chapter.has("effects.its_truth_held"):
        held = only(_rows(chapter, "its_truth_held"))
        if held.row["n"]:
            chapter.say("effects_series.truth", held=held)


def _lots(chapter: Chapter) -> str:
    """Whether the number of awards `moved`, stood `still`, or is `unknown`."""
    still = only(_rows(chapter, "its_still")).row["value"]
    return "unknown" if still is None else "still" if still else "moved"


def regions(chapter: Chapter) -> None:
    """Compare Flanders with other regions, or say why that shows nothing and what it would take."""
    if not chapter.has("effects.sc_change"):
        return
    chapter.say("effects_regions.title")
    offered = {
        word: only(_rows(chapter, id, definition="sc-startups"))
        for word, id in (("donors", "sc_donors"), ("needed", "sc_needed"), ("least", "sc_least_p"))
    }
    where = {"definition": "sc-startups", "group": "design=synthetic-control"}
    change = only(_rows(chapter, "sc_change", **where))
    why = change.row["denominator"] if change.row["value"] is None else ""
    if why == "sc-too-few-donors":
        chapter.say("effects_regions.few", **offered)
    elif why == "sc-too-few-years":
        chapter.say("effects_regions.years")
    elif why:
        chapter.say("effects_regions.no_fit", donors=offered["donors"])
    else:
        _compared(chapter, change, offered, where)
    known = _rows(chapter, "sc_known")
    if len(known):
        chapter.table("effects-regions", known, across="definition")
    shown = _rows(chapter, "sc_mde", "sc_change", "sc_p_ratio", "sc_p_change")
    chapter.table("effects-regions-change", shown, by=("definition", "group"))
    _robust(chapter)


def _compared(chapter: Chapter, change: Number, offered: dict, where: dict) -> None:
    p = only(_rows(chapter, "sc_p_ratio", **where))
    least = only(_rows(chapter, "sc_mde", **where))
    clear = change.row["low"] > 0 or change.row["high"] < 0
    says = "found" if clear and p.row["value"] <= _ALPHA else "undetected"
    chapter.say("effects_regions.found", change=change, p=p, least_change=least,
                donors=offered["donors"], least=offered["least"],
                says=effects.spoken(f"effects_regions.says.{says}"))  # fmt: skip


def _robust(chapter: Chapter) -> None:
    """The largest weights, and the change without a region and after an invented date."""
    if not chapter.has("effects.sc_weight"):
        return
    weights = _rows(chapter, "sc_weight").sort_values("value", ascending=False, kind="stable")
    largest = weights.groupby("definition", sort=False).head(_SHOWN)
    others = [_rows(chapter, id) for id in ("sc_left_out", "sc_placebo")]
    chapter.say("effects_regions.robust")
    shown = pd.concat([largest, *others])
    chapter.table("effects-regions-robust", shown, by=("definition", "group"))


def _one(chapter: Chapter, id: str, word: str) -> Number:
    """A number of the record on start-ups at one of the dates."""
    group = f"policy={_POLICIES[word]},design={_RECORD}"
    return only(_rows(chapter, id, definition=STARTUPS, group=group))


def _rows(chapter: Chapter, *ids: str, **where: str) -> pd.DataFrame:
    """Rows of indicators of effects that the ledger has, outcomes in the order of the plan."""
    there = [f"effects.{id}" for id in ids]
    found = rows(chapter, *there, **where)
    place = {name: at for at, name in enumerate(_OUTCOMES)}
    order = pd.DataFrame({
        "outcome": found["definition"].map(place).fillna(-1),
        "policy": found["group"].str.contains(f"policy={_POLICIES['market']}", regex=False),
        "last": found["group"].str.endswith("design=against"),
        "region": found["group"] != "region=flanders",
    })  # fmt: skip
    return found.loc[order.sort_values([*order], kind="stable").index]
