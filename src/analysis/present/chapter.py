"""What a chapter holds in its hand: the ledger, and ways to show it in every language."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.present import blocks, labels, ledger_rows, notes, tables
from analysis.present.figures import break_line
from analysis.present.language import LANGUAGES, Number, linked, sentence
from analysis.refusal import ReportError
from analysis.sources.facts import published

Draw = Callable[[pd.DataFrame, str], Figure]
REPORTS = Path(__file__).resolve().parents[3] / "reports"
_FIRST = 15  # of the files and names that a chapter lists; all of them stand beside the report
_LISTED = {"rejects": ("file", "reason"), "signals": ("era", "place", "found")}


class Chapter:
    """One chapter of the report of a year.

    Parameters
    ----------
    number : the chapter's number in the ledger, e.g. "15"
    year : last year evaluated
    folder : where `results.csv` of the report stands; reports/<year> if not given
    """

    def __init__(self, number: str, *, year: int, folder: str = "") -> None:
        self.chapter, self.year = number, year
        self.folder = Path(folder) if folder else REPORTS / str(year)
        if not (self.folder / "results.csv").is_file():
            raise self._refusal(f"no results.csv in {self.folder}", "the folder of a built report")
        self._kept = ledger_rows.read(self.folder)
        self.ledger = self._kept.ledger

    def rows(self, *ids: str, **where: str) -> pd.DataFrame:
        """Ledger rows of some indicators, in the order in which these are named.

        Years after the report's of which nothing is known are left out.

        Parameters
        ----------
        ids : indicators
        where : column=pattern that a row must match; `*` is any text, `?` any character

        Raises
        ------
        ReportError
            If an indicator has no row at all in the ledger.
        """
        rows = self._known(ids, where)
        years = (text for text in rows["period"].unique() if re.fullmatch(r"\d{4}", text))
        later = [text for text in years if text > str(self.year)]
        return rows[rows["value"].notna() | ~rows["period"].isin(later)] if later else rows

    def number(self, id: str, **where: str) -> Number:
        """The one number of an indicator that `where` singles out, of whatever year."""
        rows = self._known((id,), where)
        if len(rows) != 1:
            raise self._refusal(f"{len(rows)} rows of {id} where {where}", "exactly one row")
        return Number(rows.iloc[0].astype(object).where(rows.iloc[0].notna(), None).to_dict())

    def say(self, key: str, **blanks: object) -> None:
        """Show a sentence or paragraphs of the catalogue (markdown), blanks filled."""
        blocks.show(blocks.text(self._in_every(key, **linked(blanks)), labels.cells(blanks)))

    def say_of_kind(self, key: str) -> None:
        """Show the sentence that goes with what the notices are: `key.real`, `key.sample`, ..."""
        self.say(f"{key}.{self.rows('data.notices')['kind'].iloc[0]}")

    def answer(self, key: str, **blanks: object) -> None:
        """Show the chapter's answer, with the evidence grade and what the numbers rest on."""
        rows = [blank.row for blank in blanks.values() if isinstance(blank, Number)]
        grade = notes.grade(rows)
        said = self._in_every(key, **linked(blanks))
        graded = {lang: f"{said[lang]} {grade[lang]}" for lang in LANGUAGES}
        blocks.show(blocks.answer(graded, labels.cells(blanks)))

    def cards(self, **numbers: Number) -> None:
        """Show two to four key figures; the words stand at `card.<name>.label` and `.note`."""
        items = [_card(name, number) for name, number in numbers.items()]
        blocks.show(blocks.cards(items, labels.cells(numbers)))

    def table(
        self,
        name: str,
        rows: pd.DataFrame,
        *,
        by: str | tuple[str, ...] = "group",
        across: str | tuple[str, ...] = "id",
        style: str = "",
    ) -> None:
        """Show ledger rows as a table.

        Parameters
        ----------
        name : id of the table; its caption stands at `table.<name>`
        rows : ledger rows
        by, across : ledger columns whose values make the rows and the columns of the table
        style : how numbers are written, see `present.language.write`
        """
        shape = tables.pivot(rows, by=by, across=across, style=style)
        self._show_table(name, shape, notes.on(rows), notes.mark(rows))

    def facts(self, name: str, *columns: str) -> None:
        """Show facts as they are kept, days in order; columns in the order named."""
        rows = published()[name].rows
        rows = rows.sort_values("date", kind="stable") if "date" in columns else rows
        self._show_table(name.replace("_", "-"), tables.of_facts(rows, columns))

    def leftovers(self, name: str, rows: pd.DataFrame) -> None:
        """Show the rejects or signals: how many, and the first of them; or that there are none."""
        if rows.empty:
            self.say(f"data.no_{name}")
            return
        self.say(f"data.{name}")
        self.table(name, rows)
        columns = list(_LISTED[name])
        listed = pd.read_csv(self.folder / f"{name}.csv", dtype=str)[columns].drop_duplicates()
        self._show_table(f"{name}-first", tables.of_facts(listed.head(_FIRST), columns))

    def figure(
        self,
        name: str,
        draw: Draw,
        rows: pd.DataFrame,
        breaks: tuple[str, ...] = (),
        **blanks: object,
    ) -> None:
        """Show ledger rows as a figure drawn once in every language.

        Parameters
        ----------
        name : id of the figure; words at `figure.<name>` and `figure.<name>.alt`
        draw : function of (rows, language) that returns a matplotlib figure
        rows : ledger rows, all of them drawn; periods are years where breaks are marked
        breaks : items of the break register to mark as lines
        blanks : numbers that the alternative text states
        """
        from analysis.present.drawing import svg

        blocks.show(
            blocks.figure(
                id=name,
                caption=labels.every(f"figure.{name}"),
                alt=self._in_every(f"figure.{name}.alt", **blanks),
                svg={lang: svg(self._drawn(draw, rows, breaks, lang), name) for lang in LANGUAGES},
                data=tables.csv(rows),
                numbers=tables.behind(rows),
                note=notes.on(rows),
                mark=notes.mark(rows),
            )
        )

    def _drawn(
        self, draw: Draw, rows: pd.DataFrame, breaks: tuple[str, ...], language: str
    ) -> Figure:
        figure = draw(rows, language)
        for item in breaks:
            day = self.number("breaks.day", group=f"item={item}").row["value"]
            break_line(figure.axes[0], int(day), labels.every(f"break.{item}")[language])
        return figure

    def _known(self, ids: tuple[str, ...], where: dict[str, str]) -> pd.DataFrame:
        if absent := sorted(set(ids) - self._kept.of.keys()):
            raise self._refusal(f"no rows of {', '.join(absent)}", "indicators that the ledger has")
        return ledger_rows.find(self._kept, list(dict.fromkeys(ids)), where)

    def has(self, id: str) -> bool:
        """Whether the ledger has a row of an indicator."""
        return id in self._kept.of

    def _show_table(
        self,
        name: str,
        shape: tables.Shape,
        note: dict[str, str] | None = None,
        mark: str | None = None,
    ) -> None:
        caption = labels.every(f"table.{name}")
        columns, rows = shape
        blocks.show(
            blocks.table(id=name, caption=caption, columns=columns, rows=rows, note=note, mark=mark)
        )

    def _in_every(self, key: str, **blanks: object) -> dict[str, str]:
        given = {"year": str(self.year)} if "{year}" in labels.raw(key) else {}
        return {lang: sentence(key, lang, **given, **blanks) for lang in LANGUAGES}

    def _refusal(self, found: str, expected: str) -> ReportError:
        return ReportError(
            f"chapter {self.chapter}",
            found=found,
            expected=expected,
            do="build the report with `pio report`, or correct the name in the notebook",
        )


def _card(name: str, number: Number) -> dict:
    given = {"number": number} if "{number" in labels.raw(f"card.{name}.note") else {}
    style = "mln" if number.row["unit"] == "EUR" else ""
    value = labels.of_number(number.row | {"interval": "none"}, style=style)
    note = {lang: sentence(f"card.{name}.note", lang, **given) for lang in LANGUAGES}
    if labels.raw(kind := f"watermark.{number.row['kind']}"):
        note = {lang: f"{note[lang]} ({labels.every(kind)[lang]})" for lang in LANGUAGES}
    return {
        "label": labels.every(f"card.{name}.label"),
        "value": {lang: value[lang].replace("\u00a0", " ") for lang in LANGUAGES},  # may wrap
        "note": note,
    }
