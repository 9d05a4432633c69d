"""What chapter 90 says of the edition before: how many numbers changed by which cause, and which.

The changes stand in `changes-since-<year>.csv` beside the ledger; it is there if an earlier edition
was published. They are told of two ledgers, so they are rows of neither.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from analysis.contracts import RESULTS
from analysis.present import blocks, labels, notes
from analysis.present.chapter import REPORTS, Chapter
from analysis.present.labels import Texts
from analysis.present.language import LANGUAGES, sentence, write
from analysis.refusal import ReportError

CAUSES = ("new data", "corrected source", "changed definition", "changed code")
PUBLISHED = REPORTS / "published"
MOST = 30  # changes that are all shown; of more the largest
_LARGEST = 15
_KEY = list(RESULTS.key)
_ENDS = ("value", "low", "high", "n")
_POINTS = ("share", "share-difference", "share-per-year")


def changed(chapter: Chapter) -> None:
    """Show what changed since the last published edition, or that there is none.

    Raises
    ------
    ReportError
        There is an earlier edition, but the report was not held against it.
    """
    chapter.say("changes.title")
    found = sorted(chapter.folder.glob("changes-since-*.csv"))
    if not found:
        _refuse_unknown(chapter.year)
        chapter.say("changes.none")
        return
    edition, rows = found[-1].stem.rpartition("-")[2], _read(found[-1])
    if rows.empty:
        chapter.say("changes.same", edition=edition)
        return
    counts = {kind: _count(int((rows["kind"] == kind).sum())) for kind in ("both", "new", "gone")}
    chapter.say("changes.some", edition=edition, **counts)
    _summary(chapter, rows)
    if len(rows) <= MOST:
        chapter.say("changes.all")
        _listed(chapter, rows)
        return
    moved = rows[rows["kind"] == "both"].sort_values("size", ascending=False, kind="stable")
    if len(moved):
        first = moved.head(_LARGEST)
        chapter.say("changes.largest", n=_count(len(first)), file=found[-1].name)
        _listed(chapter, first)


def _refuse_unknown(year: int) -> None:
    """It is not said that there is no edition where there is one."""
    known = {int(path.parent.name) for path in PUBLISHED.glob("[0-9]*/results.csv")}
    if earlier := sorted(one for one in known if one < year):
        raise ReportError(
            "chapter 90",
            found=f"no changes since the edition of {earlier[-1]}, which was published",
            expected=f"changes-since-{earlier[-1]}.csv beside the ledger",
            do="build the report again with `pio report`",
        )


def _read(path: Path) -> pd.DataFrame:
    """The changes, each with its `kind` (both, new, gone) and the `size` of what moved.

    The size is the difference of two shares, and of other numbers the difference over the larger.
    """
    text = pd.read_csv(path, dtype=str, keep_default_na=False)
    key = text[_KEY].map(lambda part: part.removeprefix("'"))
    ends = {f"{age}_{end}" for age in ("old", "new") for end in _ENDS}
    numbers = text[sorted(ends)].apply(pd.to_numeric).astype(float)
    rows = key.join(text[["chapter", "unit", "in_old", "in_new", "causes"]]).join(numbers)
    old, new = rows["old_value"], rows["new_value"]
    of_larger = pd.concat([old.abs(), new.abs()], axis=1).max(axis=1).where(lambda top: top > 0, 1)
    size = (new - old).abs() / of_larger.mask(rows["unit"].isin(_POINTS), 1.0)
    kind = rows["in_old"].map({"yes": "both", "no": "new"}).mask(rows["in_new"] == "no", "gone")
    return rows.assign(kind=kind, size=size.fillna(0.0))


def _summary(chapter: Chapter, rows: pd.DataFrame) -> None:
    """How many numbers of each chapter changed, are new or are gone, and by each cause."""
    flags = pd.DataFrame({kind: rows["kind"] == kind for kind in ("both", "new", "gone")})
    for cause in CAUSES:
        flags[cause] = rows["causes"].str.contains(cause, regex=False)
    counts = flags.groupby(rows["chapter"]).sum()
    lines = [
        [label, *map(_counted, map(int, own))]
        for label, own in [
            *((_chapter(name), counts.loc[name]) for name in counts.index),
            (labels.every("changes.together"), flags.sum()),
        ]
    ]
    heads = [_column("changes.head.chapter", "left")]
    names = [str(name).replace(" ", "-") for name in flags]
    heads += [_column(f"changes.head.{name}", "right") for name in names]
    _show("changes", heads, lines, chapter)


def _listed(chapter: Chapter, rows: pd.DataFrame) -> None:
    """Each number with what it was and is, and why it changed."""
    now = chapter.ledger.set_index(_KEY)
    lines = [_line(row, now) for row in rows.to_dict("records")]
    heads = [_column("changes.head.number", "left")]
    heads += [_column(f"changes.head.{age}", "right") for age in ("old", "now")]
    _show("changes-listed", [*heads, _column("changes.head.cause", "left")], lines, chapter)


def _line(row: dict[Any, Any], now: pd.DataFrame) -> list[Texts]:
    key = tuple(row[name] for name in _KEY)
    said = dict(zip(_KEY, key, strict=True)) | {"denominator": "", "unit": row["unit"]}
    old = labels.every("changes.no_row")
    if row["kind"] != "new":
        old = labels.of_number(said | _ends(row, "old"))
    new = labels.every("changes.no_row")
    if row["kind"] != "gone":
        kept = now.loc[[key]].reset_index().iloc[0].astype(object)
        new = labels.cell(kept.where(kept.notna(), None).to_dict())
    causes = [labels.every(f"changes.cause.{one.replace(' ', '-')}") for one in CAUSES]
    named = [text for one, text in zip(CAUSES, causes, strict=True) if one in row["causes"]]
    why = {language: ", ".join(text[language] for text in named) for language in LANGUAGES}
    return [_named(said), old, new, why]


def _ends(row: dict[Any, Any], age: str) -> dict[str, Any]:
    ends = {end: row[f"{age}_{end}"] for end in _ENDS}
    known = {end: None if pd.isna(value) else value for end, value in ends.items()}
    return known | {"interval": "none" if known["low"] is None else "bounds"}


def _named(row: dict[str, Any]) -> Texts:
    """Indicator, part, definition, perimeter and period, as far as they say something."""
    id = f"column.{row['id']}"
    parts = [labels.every(id) if labels.raw(id) else labels.same(row["id"])]
    parts += [labels.of_group(row["group"])] if row["group"] != "all" else []
    parts += [labels.coded(kind, row[kind]) for kind in ("definition", "perimeter")]
    parts += [labels.of_period(row["period"])]
    return {language: ", ".join(part[language] for part in parts) for language in LANGUAGES}


def _chapter(number: object) -> Texts:
    return {lang: sentence("changes.chapter", lang, number=str(number)) for lang in LANGUAGES}


def _count(number: int) -> Texts:
    return {language: write(number, "count", language) for language in LANGUAGES}


def _counted(number: int) -> dict[str, Any]:
    return _count(number) | {"number": [number, None, None, "count"]}


def _column(key: str, align: str) -> dict[str, Any]:
    return {"label": labels.every(key), "align": align}


def _show(
    name: str, columns: list[dict[str, Any]], lines: list[list[Texts]], chapter: Chapter
) -> None:
    caption, mark = labels.every(f"table.{name}"), notes.mark(chapter.ledger)
    blocks.show(blocks.table(id=name, caption=caption, columns=columns, rows=lines, mark=mark))
