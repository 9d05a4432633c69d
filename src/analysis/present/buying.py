"""What chapter 21 shows of the ledger: tables of actions, of the project group and of barriers.

Every function takes ledger rows and gives columns and cells; texts are as they were delivered.
"""

import datetime as dt
from typing import Any

import pandas as pd

from analysis.contracts.access import CLASSES
from analysis.contracts.intake.startups import MEASURES
from analysis.present import labels, origins
from analysis.present.labels import Texts
from analysis.present.language import LANGUAGES, written_day
from analysis.present.partner_groups import parts
from analysis.present.tables import Shape, first_known
from analysis.sources.facts import published

PROGRAMME = "kopen-bij-start-ups"
STATUSES = ("done", "running", "planned", "done-later", "cancelled")
_NORM = ("recomputed", "recomputed-128", "published")  # of a year, the first that has a value
_SHARES = {"norm.share": "buying.innovation_share", "access.lot_share": "buying.startup_share"}
Row = dict[str, Any]


def of(ledger: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Rows of `buying.<name>`, indicators in the order named; none where the ledger has none."""
    ids = [f"buying.{name}" for name in names]
    rows = ledger[ledger["id"].isin(ids)]
    return rows.sort_values("id", key=lambda found: found.map(ids.index), kind="stable")


def milestones(year: int) -> Shape:
    """Public events of the project up to the end of a year: when, what, and the source."""
    rows = published()["milestones"].rows
    own = rows[rows["programme"] == PROGRAMME]
    own = own[own["period"].fillna("").str[:4] <= str(year)]  # one without a day is of any year
    cells = [
        [
            labels.of_period(one["period"] or "undated"),
            {lang: one[f"label_{lang}"] for lang in LANGUAGES},
            labels.of_source(one["source"]),
        ]
        for one in plain(own.sort_values("period", kind="stable"))
    ]
    return Shape(_heads("when", "label", "source"), cells)


def counted(ledger: pd.DataFrame) -> Shape:
    """Actions by measure of the concept note and by status; a status that does not occur is out."""
    cells = {row["group"]: row for row in plain(of(ledger, "actions"))}
    shown = [name for name in STATUSES if cells[f"action_status={name}"]["value"]]
    body = []
    for measure in (*MEASURES, None):
        kind = [] if measure is None else [f"action_measure={measure}"]
        name = word("buying", "together") if measure is None else word("action_measure", measure)
        groups = [",".join([*kind, f"action_status={status}"]) for status in shown]
        body.append([name, *(number(cells[group]) for group in (*groups, ",".join(kind) or "all"))])
    heads = [head("measure"), *(_status_head(name) for name in shown)]
    return Shape([*heads, head("actions", "right")], body)


def actions(ledger: pd.DataFrame) -> Shape:
    """Every action: what and by whom, its measure, its two days, its status, and the evidence."""
    days = _by_name(of(ledger, "action_planned", "action_done", "action_late"), "startup_action")
    told = [(parts(row["group"]), row) for row in plain(of(ledger, "action"))]
    body = []
    for said, _ in sorted(told, key=lambda one: (MEASURES.index(one[0]["action_measure"]),
                                                 one[0]["startup_action"])):  # fmt: skip
        own = days[said["startup_action"]]
        status = word("action_status", said["action_status"])
        if own["buying.action_late"]["value"] == 1:
            status = joined(status, word("buying", "late"), ", ")
        what = labels.same(said.get("action_text", said["startup_action"]))
        if "action_owner" in said:
            what = {lang: f"{what[lang]} ({said['action_owner']})" for lang in LANGUAGES}
        planned, done = (_day(own[f"buying.action_{at}"]) for at in ("planned", "done"))
        measure = word("action_measure.short", said["action_measure"])
        body.append([what, measure, planned, done, status, source(said.get("action_evidence"))])
    return Shape(_heads("action", "measure", "planned", "done", "status", "evidence"), body)


def group(ledger: pd.DataFrame) -> Shape:
    """Organisations of the project group, those of today first: role, since and until."""
    days = _by_name(of(ledger, "member_since", "member_until"), "organisation", "since")
    told = [(parts(row["group"]), row["value"]) for row in plain(of(ledger, "member"))]
    body = []
    for said, there in sorted(told, key=lambda one: (-one[1], one[0]["since"],
                                                     one[0]["organisation"])):  # fmt: skip
        own = days[f"{said['organisation']},{said['since']}"]
        until = own.get("buying.member_until")
        still = word("buying", "still") if there and until is None else _day(until)
        role = word("group_role", said["group_role"])
        since = _day(own["buying.member_since"])
        body.append([labels.same(said["organisation"]), role, since, still])
    return Shape(_heads("organisation", "role", "since", "until"), body)


def classes(*shown: pd.DataFrame) -> pd.DataFrame:
    """Rows on kinds of firms: kinds in order, then firms from abroad, then unknown ones."""
    rows = pd.concat(shown)
    known = [f"firm_class={name}" for name in CLASSES if name != "unknown"]
    order = {name: at for at, name in enumerate([*known, "origin=abroad", "firm_class=unknown"])}
    rows = rows[rows["group"].isin(order)]
    return rows.sort_values("group", key=lambda groups: groups.map(order), kind="stable")


def innovation(ledger: pd.DataFrame, year: int) -> pd.DataFrame:
    """Published share of innovation, and share of lots of start-ups in the same years."""
    norm = first_known(ledger[ledger["id"] == "norm.share"], _NORM)
    norm = norm[norm["value"].notna() & (norm["period"] <= str(year))]
    lots = ledger[(ledger["id"] == "access.lot_share") & (ledger["definition"] == "startup-5")]
    lots = lots[(lots["perimeter"] == "flemish-administration") & (lots["group"] == "all")]
    both = pd.concat([norm, lots[lots["period"].isin(norm["period"])]])
    return origins.called(both, id=both["id"].map(_SHARES))


def _by_name(rows: pd.DataFrame, *kinds: str) -> dict[str, dict[str, Row]]:
    """Rows by what some parts of their group name, then by indicator."""
    found: dict[str, dict[str, Row]] = {}
    for row in plain(rows):
        said = parts(row["group"])
        found.setdefault(",".join(said[kind] for kind in kinds), {})[row["id"]] = row
    return found


def plain(rows: pd.DataFrame) -> list[Row]:
    """Rows as dicts; missing is None."""
    listed = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in listed]


def word(kind: str, code: str) -> Texts:
    """The word of the catalogue for a code."""
    return labels.every(f"{kind}.{code}")


def joined(first: Texts, second: Texts, by: str) -> Texts:
    """Two texts with something between them."""
    return {lang: f"{first[lang]}{by}{second[lang]}" for lang in LANGUAGES}


def number(row: Row | None) -> Texts:
    """The number of a row with its interval; nothing where there is no row."""
    return labels.same("") if row is None else labels.cell(row, style=style(row))


def style(row: Row | pd.Series) -> str:
    """How a number of chapter 21 is written: means with one digit, days with one if not whole."""
    whole = bool(pd.isna(row["value"])) or float(row["value"]).is_integer()
    return {"days": "0" if whole else "1", "mean": "1"}.get(row["unit"], "")


def _day(row: Row | None) -> Texts:
    """A day of the ledger, its month brief; nothing where it is not told."""
    if row is None or row["value"] is None:
        return labels.same("")
    day = dt.datetime.strptime(str(int(row["value"])), "%Y%m%d").date()
    return {lang: written_day(day, lang, "d MMM y") for lang in LANGUAGES}


def source(text: str | None) -> Texts:
    """Evidence as delivered; of a web address, its host."""
    if text is None:
        return labels.same("")
    return labels.of_source(text) if "://" in text else labels.same(text)


def _heads(*names: str) -> list[dict]:
    return [head(name) for name in names]


def head(name: str, align: str = "left") -> dict:
    """The head of a column."""
    return {"label": labels.every(f"column.buying.{name}"), "align": align}


def _status_head(status: str) -> dict:
    return {"label": word("action_status", status), "align": "right"}
