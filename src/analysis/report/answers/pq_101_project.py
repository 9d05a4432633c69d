"""Points 1 to 4 of question 101: the project 'kopen bij start-ups', from the rows of chapter 21."""

from collections.abc import Iterator

import pandas as pd

from analysis.present import access, buying, buying_barriers, tables
from analysis.present.figures_access import HEADLINE
from analysis.present.partner_groups import parts
from analysis.report.answers.parts import Answering, Asked, Part, items
from analysis.sources.facts import published

ADMINISTRATION = "flemish-administration"
_WIDER = "flemish-public"
_ADVICE = "vario"  # how the milestones of the advice begin
_SHARES = {"norm.share": "answer.innovation_share", "access.lot_share": "answer.startup_share"}
_NORM = ("recomputed", "recomputed-128", "published")


def _actions(asked: Asked) -> Iterator[Part]:
    yield asked.text("pq-101.milestones")
    yield from items(_milestones(asked, advice=False), asked.language)
    if buying.of(asked.ledger, "actions").empty:
        yield asked.text("pq-101.unavailable.1")
        return
    yield asked.text("pq-101.delivered.1")
    yield asked.drawn(asked.said("table.actions_counted"), buying.counted(asked.ledger))
    yield asked.drawn(asked.said("table.actions"), buying.actions(asked.ledger))


def _results(asked: Asked) -> Iterator[Part]:
    if buying.of(asked.ledger, "barrier_latest").empty:
        yield asked.text("pq-101.unavailable.2")
        return
    yield asked.text("pq-101.delivered.2")
    yield asked.drawn(asked.said("table.barriers"), buying_barriers.barriers(asked.ledger))
    if buying.of(asked.ledger, "barrier_standing").empty:
        yield asked.text("pq-101.unavailable.judged")
    else:
        yield asked.drawn(asked.said("table.judged"), buying_barriers.judged(asked.ledger))


def _group(asked: Asked) -> Iterator[Part]:
    members = buying.of(asked.ledger, "members")
    if members.empty:
        yield asked.text("pq-101.unavailable.3")
        return
    there = access.only(members[members["group"] == "all"])
    key = "there" if there.row["value"] else "gone"
    yield asked.text(f"pq-101.group.{key}", members=there)
    mandates = [parts(group)["mandate"] for group in buying.of(asked.ledger, "mandate")["group"]]
    yield asked.text("pq-101.mandate" if mandates else "pq-101.unavailable.mandate")
    yield from (Part("item", mandate) for mandate in mandates)
    yield asked.drawn(asked.said("table.group"), buying.group(asked.ledger))


def _alignment(asked: Asked) -> Iterator[Part]:
    yield asked.text("pq-101.advice")
    yield from items(_milestones(asked, advice=True), asked.language)
    shared = buying.of(asked.ledger, "coh1", "coh1_of_winners", "coh1_of_registrants")
    needs = buying.of(asked.ledger, "coh2")
    if access.known(shared):
        yield asked.text("pq-101.delivered.4")
        by = {"by": "definition", "across": "id", "style": ""}
        yield asked.drawn(asked.said("table.alignment"), tables.pivot(shared, **by))
    if access.known(needs):
        yield asked.text("pq-101.needs", share=access.only(needs))
    if not (access.known(shared) or access.known(needs)):
        yield asked.text("pq-101.unavailable.4")
    yield from _kinds_of_firms(asked)
    rows = _innovation_and_startups(asked)
    if len(rows):
        yield asked.text("pq-101.both_shares")
        by = {"by": "period", "across": "id", "style": ""}
        yield asked.drawn(asked.said("table.both_shares"), tables.pivot(rows, **by))


def _kinds_of_firms(asked: Asked) -> Iterator[Part]:
    """The same shares for every kind of firm, as far as they are known."""
    lots = asked.rows("access.class_share", perimeter=_WIDER)
    lots = lots[lots["period"].str.contains("-") & ~lots["group"].str.contains(",")]
    others = buying.of(asked.ledger, "pio_class_share", "consulted_class_share")
    shown = buying.classes(lots, others)
    if access.known(shown):
        yield asked.text("pq-101.kinds_of_firms")
        by = {"by": "group", "across": "id", "style": ""}
        yield asked.drawn(asked.said("table.kinds_of_firms"), tables.pivot(shown, **by))


def _milestones(asked: Asked, *, advice: bool) -> pd.DataFrame:
    rows = published()["milestones"].rows
    own = (rows["programme"] == "kopen-bij-start-ups") & (rows["period"].str[:4] <= str(asked.year))
    return rows[own & (rows["item"].str.startswith(_ADVICE) == advice)]


def _innovation_and_startups(asked: Asked) -> pd.DataFrame:
    """What VARIO asks to be seen together: the share of innovation, and that of start-ups."""
    norm = tables.first_known(asked.rows("norm.share"), _NORM)
    norm = norm[norm["value"].notna() & (norm["period"] <= str(asked.year))]
    lots = asked.rows("access.lot_share", definition=HEADLINE[0], perimeter=ADMINISTRATION)
    lots = lots[(lots["group"] == "all") & lots["period"].isin(norm["period"])]
    both = pd.concat([norm, lots]) if len(lots) else norm
    return both.assign(id=both["id"].map(_SHARES))


ANSWERS: dict[str, Answering] = {
    "1": _actions,
    "2": _results,
    "3": _group,
    "4": _alignment,
}
