"""One recognised sheet while it is read: its rows, and what is wrong with it or to be known."""

from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from analysis.sources.grids import Grid
from analysis.sources.intake_faults import Fault, Heading, fault, note
from analysis.sources.intake_heads import Head


@dataclass
class Parsed:
    """What one sheet holds: its rows as the table's columns, and what was found on the way."""

    grid: Grid
    head: Head
    language: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # row in the sheet of each of `rows`
    misread: set[tuple[int, str]] = field(default_factory=set)  # place in `rows`, column
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def heading(self, column: str | int) -> Heading:
        """Give a column as it stands in the file, by our name for it or by its position."""
        if isinstance(column, int):
            return Heading(get_column_letter(column), self.head.names.get(column, "?"))
        places = [place for place, ours in self.head.columns.items() if ours == column]
        if places:
            return self.heading(places[0])
        return Heading("", self.head.sheet.fields[column].label[self.language])

    def blame(
        self, name: str, column: str | int, row: int | None = None, found: Any = None, **blanks: Any
    ) -> None:
        """Note a fault of a column, or of one of its cells."""
        self.faults.append(
            fault(
                name,
                self.language,
                sheet=self.grid.name,
                row=row,
                heading=self.heading(column),
                found=found,
                **blanks,
            )
        )

    def remark(self, name: str, **blanks: Any) -> None:
        """Note what a person should know of what was read, or passed over."""
        self.notes.append(note(name, self.language, sheet=self.grid.name, **blanks))
