"""What is wrong with the columns of a sheet, and with what hides or joins its cells."""

from difflib import get_close_matches

from openpyxl.utils import get_column_letter

from analysis.sources.intake_cells import normal
from analysis.sources.intake_parsed import Parsed


def check(parsed: Parsed, lines: list[int]) -> None:
    """Note every fault of the columns, and of hidden or merged cells among the rows `lines`."""
    _foreign(parsed, lines)
    _lacking(parsed)
    _hidden(parsed, lines)
    _merged(parsed, lines)


def _foreign(parsed: Parsed, lines: list[int]) -> None:
    """Columns that the form does not have, or has already."""
    head = parsed.head
    used = {place for row in lines for place in parsed.grid.rows.get(row, {})}
    for place in sorted(used | head.names.keys()):
        if place in head.twice:
            parsed.blame("double-column", place, found=head.names[place])
        elif place not in head.names:
            first = min(row for row in lines if place in parsed.grid.rows.get(row, {}))
            parsed.blame("unnamed-column", place, first, parsed.grid.rows[first][place])
        elif place in head.ignored:
            parsed.remark("ignored", heading=head.names[place])
        elif place not in head.columns and place != head.marker:
            _unknown(parsed, place)


def _unknown(parsed: Parsed, place: int) -> None:
    head, name = parsed.head, parsed.head.names[place]
    free = {
        normal(label): label
        for column, words in head.sheet.fields.items()
        if column not in head.columns.values()
        for label in words.label.values()
    }
    near = get_close_matches(normal(name), free, n=1, cutoff=0.6)
    title = head.sheet.title[parsed.language]
    if near:
        parsed.blame("unknown-column-but-near", place, found=name, title=title, near=free[near[0]])
    else:
        parsed.blame("unknown-column", place, found=name, title=title)


def _lacking(parsed: Parsed) -> None:
    """A column that must be stated is a fault; one that may be missing is not known."""
    sheet = parsed.head.sheet
    for name, column in sheet.table.columns.items():
        if name not in parsed.head.columns.values():
            label = sheet.fields[name].label[parsed.language]
            if column.may_be_missing:
                parsed.remark("lacking", heading=label)
            else:
                help_ = sheet.fields[name].help[parsed.language]
                parsed.blame("missing-column", name, label=label, help=help_)


def _hidden(parsed: Parsed, lines: list[int]) -> None:
    """What a person does not see while checking is not taken along in silence."""
    shape = parsed.grid.structure
    for row in lines:
        if row in shape.hidden_rows:
            place = min(parsed.grid.rows.get(row, {1: None}))
            parsed.blame("hidden-row", place, row, parsed.grid.rows.get(row, {}).get(place))
    for place in sorted(shape.hidden_columns & parsed.head.columns.keys()):
        parsed.blame("hidden-column", place, found=parsed.head.names[place])


def _merged(parsed: Parsed, lines: list[int]) -> None:
    """A value over several cells: nobody can tell whether it holds for each."""
    first, last = min(lines), max(lines)
    for top, left, bottom, right in parsed.grid.structure.merged:
        among = first <= bottom and top <= last and top > parsed.head.row
        if among and any(left <= place <= right for place in parsed.head.columns):
            cells = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            parsed.blame("merged", left, top, parsed.grid.at(top, left), range=cells)
