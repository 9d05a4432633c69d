"""What chapter 41 shows of the ledger: the four blocks, each indicator with what it is judged by.

Every indicator has a row in the table of its block, also where nothing was delivered for it.
"""

from typing import NamedTuple

import pandas as pd

from analysis.contracts.intake.startups import ORGANISATION_TYPES, THIRDS
from analysis.present import blocks, labels, notes, origins
from analysis.present.access import in_order, only, rows
from analysis.present.chapter import Chapter
from analysis.present.labels import Texts
from analysis.present.language import LANGUAGES, Number, write
from analysis.sources.facts import published

THEMES = ("reach", "opportunities", "innovations", "satisfaction")
HEADS = ("value", "n", "unknown", "baseline", "target", "grade")
LEFT = ("indicator", "respondents", "question", "wording", "criterion", "owner", "since")
STYLES = {"EUR": "mln", "trl": "1", "mean": "1"}


class Line(NamedTuple):
    """One row of the table of a block: the indicator and which of its rows."""

    id: str
    column: str = ""
    cell: str = ""

    @property
    def where(self) -> dict[str, str]:
        """What singles out its rows, for `Chapter.rows`."""
        return {self.column: self.cell} if self.column else {}

    @property
    def name(self) -> str:
        """Key of the words for this row."""
        code = self.cell.rpartition("=")[2]
        return f"blocks.row.{self.id}" + (f".{code}" if code else "")


def _lines(theme: str, *names: str) -> tuple[Line, ...]:
    """Lines of a theme; `name:column=cell` singles out rows."""
    parts = [name.partition(":") for name in names]
    cells = [(f"{theme}.{id}", *where.partition("=")) for id, _, where in parts]
    return tuple(Line(id, column, cell) for id, column, _, cell in cells)


LINES = {
    "reach": _lines(
        "reach",
        "admitted_share",
        "applied_share",
        "gini:definition=over-eligible",
        "gini:definition=over-admitted",
        "first_time_share",
    ),
    "opportunities": _lines(
        "opportunities",
        "contracts",
        "value",
        "winners",
        "startup_share:definition=startup-5",
        "startup_share:definition=startup-10",
        "startup_amount_share:definition=startup-5",
        "bidders",
        "bidders_difference",
        "participants",
        "participants_bid_share",
        "follow_on",
    ),
    "innovations": _lines(
        "innovations",
        "completed_share",
        "validated",
        "trl_change",
        "novelty_alpha",
        "novelty_share",
        "in_use_share:group=months=12",
        "in_use_share:group=months=24",
        "learning_share",
    ),
}


def latest(chapter: Chapter, id: str, **where: str) -> pd.DataFrame:
    """Rows of an indicator of the last period that ends by the year of the report."""
    found = rows(chapter, id, **where)
    ends = found["period"].str.slice(-4)
    return found[ends == ends.max()] if len(found) else found


def of_line(chapter: Chapter, line: Line) -> pd.DataFrame:
    """The last row of a line of a table; none where nothing was delivered for it."""
    return latest(chapter, line.id, **({"group": "all"} | line.where))


def table(chapter: Chapter, theme: str) -> None:
    """Show the indicators of a block; nothing if no row of the block is in the ledger."""
    found = {line: of_line(chapter, line) for line in LINES[theme]}
    there = [one for one in found.values() if len(one)]
    if not there:
        return
    baseline = chapter.number("judgement.baseline").row["value"]
    cells = [
        [labels.every(line.name), *_cells(chapter, line, one, int(baseline) // 10_000)]
        for line, one in found.items()
    ]
    show(f"blocks-{theme}", ("indicator", *HEADS), cells, pd.concat(there))


def show(
    name: str,
    heads: tuple[str, ...],
    cells: list[list[Texts]],
    on: pd.DataFrame | None = None,
) -> None:
    """Show a table; words at `table.<name>` and `blocks.head.<head>`, `on` the rows behind it."""
    columns = [
        {"label": labels.every(f"blocks.head.{head}"), "align": "left" if head in LEFT else "right"}
        for head in heads
    ]
    caption = labels.every(f"table.{name}")
    note, mark = (None, None) if on is None else (notes.on(on), notes.mark(on))
    blocks.show(
        blocks.table(id=name, caption=caption, columns=columns, rows=cells, note=note, mark=mark)
    )


def number(row: dict) -> Texts:
    """A number with its interval, or why there is none."""
    return labels.cell(row, style=STYLES.get(row["unit"], ""))


def plain(row: dict) -> Texts:
    """A number without its interval."""
    shown = labels.cell(row | {"interval": "none"}, style=STYLES.get(row["unit"], ""))
    return shown | {"row": origins.of_row(row)}


def counted(value: int | None) -> Texts:
    """A count, or nothing where there is none to give."""
    if value is None:
        return labels.same("")
    return {language: write(value, "count", language) for language in LANGUAGES}


def target(chapter: Chapter, id: str) -> Texts:
    """The target of an indicator, or that there is no norm."""
    return plain(chapter.number("judgement.target", group=f"indicator={id}").row)


def _cells(chapter: Chapter, line: Line, found: pd.DataFrame, year: int) -> list[Texts]:
    norm = target(chapter, _judged(line.id))
    if found.empty:
        nothing = labels.same("")
        return [labels.every("missing.not-delivered"), *[nothing] * 3, norm, nothing]
    row = only(found).row
    before = rows(chapter, line.id, **({"group": row["group"]} | line.where))
    before = before[
        (before["period"].str.slice(-4) == str(year)) & (row["period"][-4:] > str(year))
    ]
    then = plain(only(before).row) if len(before) else labels.every("blocks.no_baseline")
    grade = labels.same(row["grade"])
    return [number(row), counted(row["n"]), counted(row["unknown"]), then, norm, grade]


def _judged(id: str) -> str:
    """The indicator whose target holds for another one of the same kind."""
    same = {
        "opportunities.startup_amount_share": "opportunities.startup_share",
        "innovations.novelty_alpha": "innovations.novelty_share",
    }
    return same.get(id, id)


def types(chapter: Chapter) -> pd.DataFrame:
    """Shares reached by type of organisation, in the order of the forms, then of all."""
    ids = ("reach.admitted_share", "reach.applied_share")
    found = pd.concat([latest(chapter, id) for id in ids])
    place = {f"organisation_type={code}": at for at, code in enumerate(ORGANISATION_TYPES)}
    place["all"] = len(place)
    own = found[found["group"].isin(place)]
    order = own["group"].map(place).sort_values(kind="stable")
    return own.loc[order.index].sort_values("id", kind="stable").reset_index(drop=True)


def ends(shown: pd.DataFrame) -> dict[str, object]:
    """Of shares by type, the highest and the lowest, with their types."""
    known = shown[(shown["group"] != "all") & shown["value"].notna()]
    known = known[known["id"] == known["id"].iloc[0]].sort_values("value", kind="stable")
    low, high = only(known), only(known[::-1])
    kinds = {"lowest_type": low, "highest_type": high}
    named = {name: labels.of_group(one.row["group"]) for name, one in kinds.items()}
    return {"lowest": low, "highest": high, **named}


def by_type(chapter: Chapter) -> pd.DataFrame:
    """Reach by type of organisation and by third of size, for a table."""
    ids = ("eligible", "applied_share", "admitted_share", "representation")
    found = pd.concat([latest(chapter, f"reach.{id}", group="*=*") for id in ids])
    order = [f"organisation_type={code}" for code in ORGANISATION_TYPES]
    order += [f"staff_third={third}" for third in THIRDS]
    place = found["group"].map({group: at for at, group in enumerate(order)})
    ranks = pd.DataFrame({"id": found["id"].map(lambda id: ids.index(id[6:])), "place": place})
    return found.loc[ranks.sort_values(["place", "id"], kind="stable").index]


def definitions(chapter: Chapter) -> pd.DataFrame:
    """Shares that start-ups won under every definition: headlines, then ages, then the others."""
    return in_order(latest(chapter, "opportunities.startup_share"))


def headlines(shown: pd.DataFrame) -> dict[str, Number]:
    """Of shares under every definition, those of the two headlines."""
    names = {"five": "startup-5", "ten": "startup-10"}
    return {blank: only(shown[shown["definition"] == id]) for blank, id in names.items()}


def criteria() -> None:
    """Show the limits that this workbook chose, with their owner and day."""
    kept = published()["judgement"].rows
    own = kept[kept["criterion"] != "target"].to_dict("records")
    cells = [
        [
            {language: one[f"label_{language}"] for language in LANGUAGES},
            {language: _limit(one, language) for language in LANGUAGES},
            {language: one[f"owner_{language}"] for language in LANGUAGES},
            labels.of_period(str(one["source_date"])),
        ]
        for one in own
    ]
    show("blocks-criteria", ("criterion", "value", "owner", "since"), cells)


def _limit(one: dict, language: str) -> str:
    if one["unit"] == "year":
        return str(int(one["value"]))
    return write(float(one["value"]), "mean" if one["unit"] == "index" else "count", language)


def first_known(found: pd.DataFrame) -> Number | None:
    """The first of some rows as a number for a sentence, if it has a value."""
    known = found[found["value"].notna()]
    return only(known) if len(known) else None
