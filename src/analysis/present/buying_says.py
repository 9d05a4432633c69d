"""What chapter 21 says: the sentences that are true of what was delivered, or was not."""

from typing import Any

import pandas as pd

from analysis.contracts.intake import SHEETS, WORKBOOKS
from analysis.present import (
    blocks,
    buying,
    buying_barriers,
    figures_buying,
    labels,
    notes,
    origins,
    tables,
)
from analysis.present.access import in_order, known, only
from analysis.present.chapter import Chapter
from analysis.present.language import LANGUAGES, Number
from analysis.present.partner_groups import parts

# A table that was delivered gives rows of this indicator.
_TELLS = {
    "startup_actions": "actions",
    "startup_barriers": "barrier_standing",
    "project_group": "members",
    "marketplace_needs": "needs",
    "marketplace_firms": "firms",
}
_MARKET = ("needs", "responses_per_need", "answered_share", "needs_awarded", "matches", "firms")


def answer(chapter: Chapter) -> None:
    """Show the answer: what was done, and how the barriers moved; or that nothing is known."""
    rows = chapter.ledger
    moved = _moved(rows)
    told: dict[str, Number] = {"measured": only(buying.of(rows, "barriers_measured"))}
    key = "nothing" if not told["measured"].row["value"] else "still"
    if any(moved[name].row["value"] for name in ("expected", "against")):
        key = "barriers"
        told |= {name: moved[name] for name in ("expected", "against", "open")}
    if known(buying.of(rows, "actions")):
        told |= {name: _done(rows)[name] for name in ("done", "actions")}
        chapter.answer(f"buying.answer.actions.{key}", **told)
    else:
        public = only(buying.of(rows, "milestones"))
        chapter.answer(f"buying.answer.public.{key}", public=public, **told)


def basis(chapter: Chapter) -> None:
    """Say what the delivered files are, and which ones the chapter does not have."""
    there = {name: buying.of(chapter.ledger, id) for name, id in _TELLS.items()}
    kinds = {kind for rows in there.values() for kind in rows["kind"]}
    if kinds:
        chapter.say(f"buying.warning.{notes.mark(pd.concat(there.values())) or 'real'}")
    absent = [name for name, rows in there.items() if rows.empty]
    if absent:
        chapter.say(f"buying.{'absent' if kinds else 'nothing'}", sheets=_sheets(absent))


def cards(chapter: Chapter) -> None:
    """Show actions done, members, needs and barriers measured, where two of them are known."""
    rows = chapter.ledger
    found = {"buying_measured": buying.of(rows, "barriers_measured")}
    done = buying.of(rows, "actions")
    found["buying_done"] = done[done["group"] == "action_status=done"]
    members, needs = buying.of(rows, "members"), buying.of(rows, "needs")
    found["buying_members"] = members[members["group"] == "all"]
    found["buying_needs"] = needs[needs["period"].str.contains("-")]
    names = ("buying_done", "buying_members", "buying_needs", "buying_measured")
    shown = {name: only(found[name]) for name in names if known(found[name])}
    if len(shown) > 1:
        chapter.cards(**shown)


def public(chapter: Chapter) -> None:
    """Show what is public of the project."""
    chapter.say("buying.public")
    show("buying-milestones", buying.milestones(chapter.year))


def actions(chapter: Chapter) -> None:
    """Show what was done, and what was late; nothing where no actions were delivered."""
    rows = chapter.ledger
    if not known(buying.of(rows, "actions")):
        return
    told = _done(rows)
    late = told.pop("late")
    chapter.say("buying.actions", **told, share=only(buying.of(rows, "actions_done_share")))
    if told["done"].row["value"]:
        after, evidence = (
            only(buying.of(rows, n)) for n in ("actions_done_late", "evidence_share")
        )
        chapter.say("buying.actions.done", after=after, evidence=evidence)
    if late.row["value"] is not None:
        chapter.say("buying.actions.late", late=late)
    if late.row["unknown"]:
        chapter.say("buying.actions.undated", late=late)
    show("buying-actions-counted", buying.counted(rows), buying.of(rows, "actions"))
    show("buying-actions", buying.actions(rows), buying.of(rows, "action", "action_late"))


def group(chapter: Chapter) -> None:
    """Show who is in the project group, and its mandate; nothing where that is not delivered."""
    rows = chapter.ledger
    members = buying.of(rows, "members")
    if not known(members):
        return
    number = only(members[members["group"] == "all"])
    left = only(buying.of(rows, "members_left"))
    chapter.say(f"buying.group.{'there' if number.row['value'] else 'gone'}", members=number,
                left=left)  # fmt: skip
    for mandate in buying.of(rows, "mandate")["group"]:
        words = blocks.literal(parts(mandate)["mandate"])
        chapter.say("buying.mandate", mandate=words)
    if buying.of(rows, "mandate").empty:
        chapter.say("buying.mandate.none")
    show("buying-group", buying.group(rows), buying.of(rows, "member"))


def barriers(chapter: Chapter) -> None:
    """Show every barrier with its measure, as a figure and a table, and what was judged of it."""
    rows = chapter.ledger
    shown = buying.of(rows, "barrier_baseline", "barrier_latest", "barrier_change")
    if shown.empty:
        return
    chapter.say("buying.barriers")
    ends = shown[shown["id"] != "buying.barrier_change"]
    moved = _moved(rows)
    if known(ends):
        chapter.say("buying.barriers.figure")
        told: dict[str, Any] = {name: moved[name] for name in ("expected", "against", "open")}
        told["measured"] = only(buying.of(rows, "barriers_measured"))
        chapter.figure("buying-barriers", figures_buying.barriers, ends, **told)
        chapter.say("buying.barriers.table")
    show("buying-barriers", buying_barriers.barriers(rows), shown[shown["value"].notna()])
    judgements = buying.of(rows, "barrier_standing")
    if len(judgements):
        chapter.say("buying.judged")
        show("buying-judged", buying_barriers.judged(rows), judgements)


def market(chapter: Chapter) -> None:
    """Show how the marketplace is used, by year; nothing where that was not delivered."""
    rows = chapter.ledger
    shown = buying.of(rows, *_MARKET)
    yearly = shown[~shown["period"].str.contains("-")].sort_values("period", kind="stable")
    if not known(yearly):
        return
    chapter.say("buying.market")
    whole = shown[shown["period"].str.contains("-")]
    named = {name: whole[whole["id"] == f"buying.{name}"] for name in ("needs", "matches")}
    if all(known(found) for found in named.values()):
        awarded = only(whole[whole["id"] == "buying.needs_awarded"])
        told = {name: only(found) for name, found in named.items()}
        chapter.say("buying.market.whole", awarded=awarded, **told)
    chapter.table("buying-market", yearly, by="period")
    young = buying.of(rows, "registrant_startup_share")
    if known(young):
        five, ten = (only(young[young["definition"] == f"startup-{age}"]) for age in (5, 10))
        chapter.say("buying.market.young", five=five, ten=ten)


def alignment(chapter: Chapter) -> None:
    """Show how far the marketplace and PIO meet, and the same table for every kind of firm."""
    rows = chapter.ledger
    chapter.say("buying.alignment")
    meeting = buying.of(rows, "coh1", "coh1_of_winners", "coh1_of_registrants")
    if known(meeting):
        chapter.say("buying.coh1")
        chapter.table("buying-coh1", in_order(meeting), by="definition")
    needs = buying.of(rows, "coh2")
    if known(needs):
        chapter.say("buying.coh2", share=only(needs))
    if meeting.empty and needs.empty:
        chapter.say("buying.coh.none")
    _classes(chapter)
    _innovation(chapter)


def _innovation(chapter: Chapter) -> None:
    """Show the share of innovation beside that of start-ups, as VARIO asks."""
    both = buying.innovation(chapter.ledger, chapter.year)
    if len(set(both["id"])) > 1 and known(both):
        chapter.say("buying.innovation")
        chapter.table("buying-innovation", both, by="period")


def _classes(chapter: Chapter) -> None:
    rows = chapter.ledger
    lots = rows[(rows["id"] == "access.class_share") & (rows["perimeter"] == "flemish-public")]
    lots = lots[lots["period"].str.contains("-") & ~lots["group"].str.contains(",")]
    lots = origins.called(lots, id="buying.lot_class_share")
    number = buying.of(rows, "pio_class_share", "consulted_class_share")
    euros = buying.of(rows, "class_euro_share", "pio_class_euro_share")
    if known(lots) or known(number):
        chapter.say("buying.classes")
        if number.empty:
            chapter.say("buying.classes.only_notices")
        chapter.table("buying-classes", buying.classes(lots, number))
    if known(euros):
        chapter.table("buying-classes-euro", buying.classes(euros))


def show(name: str, shape: tables.Shape, rows: pd.DataFrame | None = None) -> None:
    """Show columns and cells as a table, with the note and the mark of the rows behind it."""
    blocks.show(
        blocks.table(
            id=name,
            caption=labels.every(f"table.{name}"),
            columns=shape.columns,
            rows=shape.rows,
            note=None if rows is None or rows.empty else notes.on(rows),
            mark=None if rows is None else notes.mark(rows),
        )
    )


def _done(rows: pd.DataFrame) -> dict[str, Number]:
    counts = buying.of(rows, "actions")
    done = counts[counts["group"] == "action_status=done"]
    late = only(buying.of(rows, "actions_late"))
    return {"done": only(done), "actions": only(counts[counts["group"] == "all"]), "late": late}


def _moved(rows: pd.DataFrame) -> dict[str, Number]:
    """How many barriers moved how, by the word for it."""
    counts = buying.of(rows, "barriers_moved")
    return {
        parts(group)["barrier_moved"]: only(counts[counts["group"] == group])
        for group in counts["group"]
    }


def _sheets(names: list[str]) -> dict[str, str]:
    """Titles of sheets, by the file of `pio templates` that holds them."""
    return {language: "; ".join(_of_files(names, language)) for language in LANGUAGES}


def _of_files(names: list[str], language: str) -> list[str]:
    titles = {
        file: [SHEETS[one.table.name].title[language] for one in sheets if one.table.name in names]
        for file, sheets in WORKBOOKS.items()
    }
    return [f"`{file}.xlsx` ({', '.join(some)})" for file, some in titles.items() if some]
