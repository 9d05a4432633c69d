"""What chapter 30 says of the register, the audit and the classifier, or that they are not there.

Every function shows nothing where the ledger has nothing for it; `register` then says why.
"""

import pandas as pd

from analysis.present import figures_norm, labels, norm, tables
from analysis.present.access import known, only, rows
from analysis.present.chapter import Chapter
from analysis.present.language import Number

_FIRM, _TENTATIVE = 0.8, 0.67  # kappa; methods 3.3
_GOOD_ENOUGH = 0.2  # population stability index; methods 3.3


def answer(chapter: Chapter, **published: Number) -> None:
    """Show the answer: the published years, and the last year that a real register was audited."""
    audited = norm.audited(chapter)
    if audited.empty or set(audited["kind"]) == {"simulated"}:
        chapter.answer("norm.answer", **published)
        return
    of_last = audited[audited["period"] == norm.last(audited)]
    verdict = _verdict(chapter, of_last["period"].iloc[0])
    said = _said(verdict)
    chapter.answer(
        "norm.answer.measured", **published, share=only(of_last), audited=norm.last(audited),
        verdict=labels.every(f"norm.verdict.{said}"),
    )  # fmt: skip


def register(chapter: Chapter) -> None:
    """Say what the register is and how large, or that there is none and how to give one."""
    sizes = norm.whole(chapter, "norm.registered")
    if sizes.empty:
        chapter.say("norm.register.none")
        return
    chapter.say("norm.register")
    chapter.say(f"norm.register.{sizes['kind'].iloc[0]}")
    euros = {
        basis: only(norm.whole(chapter, "norm.registered_eur", definition=f"{basis}-value"))
        for basis in ("estimated", "awarded")
    }
    period = labels.of_period(str(sizes["period"].iloc[0]))
    chapter.say("norm.register.sizes", contracts=only(sizes), period=period, **euros)
    chapter.say("norm.register.ways")


def by_year(chapter: Chapter) -> None:
    """Show the years: what buyers marked, what coders found, and what was published."""
    marked = rows(chapter, "norm.marked_share", period="????", group="all",
                  definition="marked-estimated")  # fmt: skip
    if marked.empty:
        return
    at = {"period": "????", "group": "all", "definition": norm.HEADLINE}
    judged = rows(chapter, "norm.measured_share", **at)
    drawn = pd.concat([_published(chapter, marked), marked, judged])
    if known(drawn):
        year = norm.last(marked)
        of_marked, of_judged = (only(own[own["period"] == year]) for own in (marked, judged))
        chapter.figure(
            "norm-measured", figures_norm.measured_by_year, drawn,
            last=year, marked=of_marked, judged=of_judged,
        )  # fmt: skip
    verdicts = rows(chapter, "norm.measured_verdict", **at)
    yearly = pd.concat([marked, judged, verdicts])
    chapter.table("norm-measured", yearly, by="period", across="id")


def last_year(chapter: Chapter) -> None:
    """Show the last audited year in full, and what it means for the norm."""
    audited = norm.audited(chapter)
    if audited.empty:
        if not rows(chapter, "norm.registered").empty:
            chapter.say("norm.audit.none")
        return
    year = norm.last(audited)
    share = only(audited[audited["period"] == year])
    chapter.say(f"norm.verdict_says.{_said(_verdict(chapter, year))}", share=share, last=year)
    chance = only(rows(chapter, "norm.chance_met", period=year, group="all",
                       definition=norm.HEADLINE))  # fmt: skip
    key = "certain" if chance.row["interval"] == "none" else "open"
    chapter.say(f"norm.chance.{key}", chance=chance)
    both = norm.in_order(
        rows(chapter, "norm.measured_share", "norm.marked_share", period=year, group="*")
    )
    ways = both["group"].isin(("all", "without=largest-5", "without=frameworks"))
    chapter.say("norm.variants", last=year)
    chapter.table("norm-variants", both[ways], by="definition", across="group")
    verdicts = norm.in_order(rows(chapter, "norm.measured_verdict", period=year))
    chapter.table("norm-verdicts", verdicts, by="definition", across="group")


def kinds(chapter: Chapter) -> None:
    """Show what was marked by kind of innovation."""
    ids = ("norm.kind_contracts", "norm.kind_eur", "norm.kind_share")
    shown = norm.whole(chapter, *ids)
    if not shown.empty:
        period = labels.of_period(str(shown["period"].iloc[0]))
        chapter.say("norm.kinds", period=period)
        chapter.table("norm-kinds", shown, style="million")


def domains(chapter: Chapter) -> None:
    """Show the share marked by policy domain, and how many buyers reach the norm."""
    shown = norm.whole(chapter, "norm.marked_share", group="policy_domain=*",
                       definition="marked-estimated")  # fmt: skip
    if shown.empty:
        return
    counted = norm.whole(chapter, "norm.marked_count_share", group="policy_domain=*")
    period = labels.of_period(str(shown["period"].iloc[0]))
    chapter.say("norm.domains", period=period)
    chapter.table("norm-domains", pd.concat([shown, counted]))
    buyers = norm.whole(chapter, "norm.buyers_reaching", definition="marked-estimated")
    if known(buyers):
        chapter.say("norm.buyers", buyers=only(buyers), period=period)


def audit(chapter: Chapter) -> None:
    """Show how the last audit was done, how coders agreed, and what it says of marks and scores."""
    judged = rows(chapter, "norm.audit_judged")
    if judged.empty:
        return
    year = norm.last(judged)
    of_year = {"period": year, "group": "all"}
    chapter.say("norm.audit", judged=only(rows(chapter, "norm.audit_judged", **of_year)), last=year,
                stand_for=only(rows(chapter, "norm.audit_represents", **of_year)))  # fmt: skip
    kappa = only(rows(chapter, "norm.audit_agreement", definition="kappa-rd-ppi", **of_year))
    chapter.say(f"norm.agreement.{_agreement(kappa)}", kappa=kappa)
    tests = norm.in_order(
        rows(chapter, "norm.audit_sensitivity", "norm.audit_specificity", **of_year)
    )
    chapter.table("norm-tests", tests, by="definition", across="id")
    counted = norm.in_order(rows(chapter, "norm.marked_count_share", **of_year))
    corrected = norm.in_order(rows(chapter, "norm.measured_count_share", **of_year))
    chapter.say("norm.counts")
    chapter.table("norm-counts", pd.concat([counted, corrected]), by="definition",
                  across="period")  # fmt: skip


def classifier(chapter: Chapter) -> None:
    """Show how well titles, codes and signals tell innovation."""
    ids = [f"norm.classifier_{name}" for name in ("precision", "recall")]
    shown = norm.whole(chapter, *ids, definition="by-buyer")
    if not known(shown):
        if not rows(chapter, "norm.registered").empty:
            chapter.say("norm.classifier.none")
        return
    whole = shown[shown["group"] == "all"]
    found, right = (only(whole[whole["id"] == id]) for id in reversed(ids))
    chapter.say("norm.classifier", right=right, found=found)
    chapter.figure(
        "norm-classifier", figures_norm.found_by_language, shown, right=right, found=found
    )
    names = ("precision", "recall", "pr_auc", "brier", "slope")
    quality = norm.whole(chapter, *(f"norm.classifier_{name}" for name in names), group="all")
    chapter.say("norm.quality")
    chapter.table("norm-quality", quality, by="definition", across="id")
    drift = rows(chapter, "norm.classifier_psi")
    if known(drift):
        of_last = drift[drift["period"] == norm.last(drift)]
        moved = only(of_last)
        key = "still" if moved.row["value"] < _GOOD_ENOUGH else "moved"
        chapter.say(f"norm.drift.{key}", drift=moved, last=norm.last(drift))


def confusion(chapter: Chapter) -> None:
    """Show, by language, what coders found of what the score calls."""
    cells = ("found", "wrong", "missed", "left")
    shown = norm.whole(chapter, *(f"norm.confusion_{cell}" for cell in cells))
    if not shown.empty:
        chapter.table("norm-confusion", shown)


def signals(chapter: Chapter) -> None:
    """Show the signals of the register, and the check on the PIO list."""
    ids = ("norm.signal_contracts", "norm.signal_marked", "norm.signal_right")
    shown = norm.whole(chapter, *ids)
    if shown.empty:
        return
    chapter.say("norm.signals")
    chapter.table("norm-signals", shown)
    listed = norm.whole(chapter, "norm.pio_marked")
    if known(listed):
        own = only(norm.whole(chapter, "norm.pio_contracts"))
        scored = only(norm.whole(chapter, "norm.pio_text"))
        chapter.say("norm.pio", contracts=own, marked=only(listed), scored=scored)


def notices(chapter: Chapter) -> None:
    """Show which signals published notices carry, and how often they were filled in."""
    ids = ("norm.lots_signalled", "norm.lot_signal_known", "norm.lot_signal_share")
    shown = norm.whole(chapter, *ids)
    if not shown.empty:
        chapter.say("norm.notices", period=labels.of_period(str(shown["period"].iloc[0])))
        chapter.table("norm-notices", shown)


def _published(chapter: Chapter, marked: pd.DataFrame) -> pd.DataFrame:
    """Published shares to stand beside the register's; none beside an invented register."""
    found = tables.first_known(chapter.rows("norm.share"), ("recomputed", "recomputed-128"))
    is_real = set(marked["kind"]) != {"simulated"}
    return found[found["value"].notna() & is_real]


def _verdict(chapter: Chapter, year: str) -> Number:
    return only(
        rows(chapter, "norm.measured_verdict", period=year, group="all", definition=norm.HEADLINE)
    )


def _said(verdict: Number) -> str:
    value = verdict.row["value"]
    return "undeterminable" if value is None else "met" if value else "not-met"


def _agreement(kappa: Number) -> str:
    value = kappa.row["value"]
    if value is None:
        return "unknown"
    return "firm" if value >= _FIRM else "tentative" if value >= _TENTATIVE else "poor"
