"""What a chapter holds in its hand: the ledger, and ways to show it in every language."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis import results
from analysis.present import blocks, labels, notes, tables
from analysis.present.language import LANGUAGES, Number, sentence
from analysis.refusal import ReportError

REPORTS = Path(__file__).resolve().parents[3] / "reports"


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
        self.ledger = results.read(self.folder / "results.csv")

    def rows(self, *ids: str, **where: str) -> pd.DataFrame:
        """Ledger rows of some indicators, in the order of the ledger.

        Parameters
        ----------
        ids : indicators; all of the chapter if none is named
        where : column=value that a row must have; a value that ends with `*` is a beginning

        Raises
        ------
        ReportError
            If an indicator has no row at all in the ledger.
        """
        if absent := sorted(set(ids) - set(self.ledger["id"])):
            raise self._refusal(f"no rows of {', '.join(absent)}", "indicators that the ledger has")
        chosen = self.ledger["id"].isin(ids) if ids else self.ledger["chapter"] == self.chapter
        for column, value in where.items():
            text = self.ledger[column]
            begins = value.endswith("*")
            chosen &= text.str.startswith(value[:-1]) if begins else text == value
        return self.ledger[chosen]

    def number(self, id: str, **where: str) -> Number:
        """The one number of an indicator that `where` singles out."""
        rows = self.rows(id, **where)
        if len(rows) != 1:
            raise self._refusal(f"{len(rows)} rows of {id} where {where}", "exactly one row")
        return Number(rows.iloc[0].astype(object).where(rows.iloc[0].notna(), None).to_dict())

    def has(self, id: str, **where: str) -> bool:
        """Whether the ledger holds such a number, known or not."""
        return id in set(self.ledger["id"]) and not self.rows(id, **where).empty

    def say(self, key: str, **blanks: object) -> None:
        """Show a sentence or paragraphs of the catalogue (markdown), blanks filled."""
        blocks.show(blocks.text(self._in_every(key, **blanks)))

    def answer(self, key: str, **blanks: object) -> None:
        """Show the chapter's answer, with the evidence grade and what the numbers rest on."""
        rows = [blank.row for blank in blanks.values() if isinstance(blank, Number)]
        grade = notes.grade(rows)
        said = self._in_every(key, **blanks)
        blocks.show(blocks.answer({lang: f"{said[lang]} {grade[lang]}" for lang in LANGUAGES}))

    def cards(self, **numbers: Number) -> None:
        """Show two to four key figures; the words stand at `card.<name>.label` and `.note`."""
        blocks.show(blocks.cards([_card(name, number) for name, number in numbers.items()]))

    def table(
        self,
        name: str,
        rows: pd.DataFrame,
        *,
        by: str = "group",
        across: str = "id",
        styles: dict[str, str] | None = None,
        n: str = "",
    ) -> None:
        """Show ledger rows as a table.

        Parameters
        ----------
        name : id of the table; its caption stands at `table.<name>`
        rows : ledger rows
        by, across : ledger columns whose values make the rows and the columns of the table
        styles : number style by value of `across`, see `present.language.Number`
        n : value of `across` whose number of units `n` is shown as a last column
        """
        shape = tables.pivot(rows, by=by, across=across, styles=styles or {}, n=n)
        self._show_table(name, shape, notes.on(rows), notes.mark(rows))

    def facts(self, name: str, facts: pd.DataFrame, *columns: str) -> None:
        """Show facts as they are kept, with their sources; columns in the order named."""
        self._show_table(name, tables.of_facts(facts, columns))

    def figure(
        self,
        name: str,
        draw: Callable[[pd.DataFrame, str], object],
        rows: pd.DataFrame,
        **blanks: object,
    ) -> None:
        """Show ledger rows as a figure drawn once in every language.

        Parameters
        ----------
        name : id of the figure; words at `figure.<name>` and `figure.<name>.alt`
        draw : function of (rows, language) that returns a matplotlib figure
        rows : ledger rows, all of them drawn
        blanks : numbers that the alternative text states
        """
        from analysis.present.drawing import svg

        blocks.show(
            blocks.figure(
                id=name,
                caption=labels.every(f"figure.{name}"),
                alt=self._in_every(f"figure.{name}.alt", **blanks),
                svg={lang: svg(draw(rows, lang), name) for lang in LANGUAGES},
                data=tables.csv(rows),
                note=notes.on(rows),
                mark=notes.mark(rows),
            )
        )

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
    return {
        "label": labels.every(f"card.{name}.label"),
        "value": labels.of_number(number.row),
        "note": {lang: sentence(f"card.{name}.note", lang, number=number) for lang in LANGUAGES},
    }
