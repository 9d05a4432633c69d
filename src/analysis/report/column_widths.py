"""How wide the columns of a printed table are, as a browser finds it: from the widths of its words.

Typst can measure texts too, but to have it do so took a third of the time of the whole report.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import repeat
from typing import Any, NamedTuple

from analysis.present.drawing import FONTS

ROOM = 160 / 25.4 * 72  # points between the margins of `report.typ`
GUTTER = 10.0  # points between two columns
CUTS = {400: "Regular", 600: "SemiBold"}  # of cells and of labels
# What kerning may add to a text, at most (it mostly takes away): so many ems, and of its width.
_SLACK, _STRETCH, _ROUNDING = 0.06, 1.005, 0.001
_SIZES = ((8.4, True), (7.8, True), (7.2, True), (7.2, False), (6.6, False))
_SMALLEST = 6.0
_HYPHENATED, _LONG_WORD = 0.65, 10  # of a long word of a label, where room is short
_SHORT = 80.0  # points: a text that stays on one line while there is room
_LEADING, _INSET, _LETTER = 0.52, 4.4, 0.44  # ems, points, ems
_LONG = 80 / 25.4 * 72  # points: a higher table may run on over pages


class _Column(NamedTuple):
    """Widths in ems: of the widest cell, of the widest word in one, of the label and its words."""

    cell: float
    word: float
    label: float
    parts: list[tuple[int, float]]  # letters, width
    is_number: bool


class _Width(NamedTuple):
    """Points that a column needs, and that it would like."""

    least: float
    most: float


def laid(table: dict[str, Any]) -> dict[str, Any]:
    """How a table is laid out on the page.

    Parameters
    ----------
    table : block of a document, with `columns` (`label`, `align`) and `rows` of texts

    Returns
    -------
    size : of its text  [pt]
    widths : of the columns  [pt], None for the one that takes the room that is left
    whole : whether every word stays whole; else long words of texts and labels are hyphenated
    long : whether it may run on over pages, being high
    """
    columns = [
        _column(column, [row[place] for row in table["rows"]])
        for place, column in enumerate(table["columns"])
    ]
    size, widths, whole = _fitted(columns)
    is_long = _height(table["rows"], size, widths) > _LONG
    shown = [None if width is None else round(width, 3) for width in widths]
    return {"size": size, "widths": shown, "whole": whole, "long": is_long}


def width(text: str, weight: int = 400) -> float:
    """Width of a text in Inter with figures of one width, without kerning  [em]."""
    return sum(map(_advances(CUTS[weight]).get, text, repeat(0.0)))


@cache
def _advances(cut: str) -> dict[str, float]:
    from matplotlib.ft2font import FT2Font, LoadFlags

    font: Any = FT2Font(str(FONTS / f"Inter-{cut}.ttf"))
    named = {font.get_glyph_name(glyph): glyph for glyph in range(font.num_glyphs)}
    found = {}
    for code, glyph in font.get_charmap().items():
        tabular = named.get(f"{font.get_glyph_name(glyph)}.tf", glyph)
        advance = font.load_glyph(tabular, flags=LoadFlags.NO_SCALE).horiAdvance
        found[chr(code)] = advance / font.units_per_EM
    return found


def room(text: str, weight: int = 400) -> float:
    """Width that a text needs at most, with kerning, of which figures and signs have none  [em]."""
    own = width(text, weight)
    return own * _STRETCH + _SLACK if any(map(str.isalpha, text)) else own + _ROUNDING


def _widest(texts: Iterable[str], weight: int) -> float:
    return max((room(text, weight) for text in set(texts) if text), default=0.0)


def _column(head: dict[str, str], cells: Sequence[str]) -> _Column:
    words = {word for cell in cells for word in cell.split(" ")}
    parts = [(len(word), _widest([word], 600)) for word in head["label"].split(" ")]
    label = _widest([head["label"]], 600)
    return _Column(_widest(cells, 400), _widest(words, 400), label, parts, head["align"] == "right")


def _fitted(columns: list[_Column]) -> tuple[float, list[float | None], bool]:
    """The largest text whose words fit; where none does, shares of the page, and words break."""
    for size, whole in _SIZES:
        widths = [_width(column, size, whole=whole) for column in columns]
        if sum(one.least for one in widths) <= ROOM:
            return size, _spread(widths), whole
    least = [_width(column, _SMALLEST, whole=False).least for column in columns]
    return _SMALLEST, [ROOM * one / sum(least) for one in least], False


def _width(column: _Column, size: float, *, whole: bool) -> _Width:
    """Numbers and short texts stay on one line as long as there is room."""
    widest = column.cell * size
    is_unbroken = whole and (column.is_number or widest < _SHORT)
    parts = (
        part * size * (1 if whole or letters < _LONG_WORD else _HYPHENATED)
        for letters, part in column.parts
    )
    least = max(widest if is_unbroken else column.word * size, *parts)
    return _Width(least + GUTTER, max(least, column.label * size, widest) + GUTTER)


def _spread(widths: list[_Width]) -> list[float | None]:
    """The rest is shared out in proportion to what the columns would like."""
    wishes = [one.most - one.least for one in widths]
    spare = ROOM - sum(one.least for one in widths)
    if sum(wishes) <= spare:
        return [None, *(one.most for one in widths[1:])]
    return [
        one.least + spare * wish / sum(wishes) for one, wish in zip(widths, wishes, strict=True)
    ]


def _height(rows: Sequence[Sequence[str]], size: float, widths: Sequence[float | None]) -> float:
    """How high a table will be, near enough to keep it whole or not  [pt]."""
    line = (1 + _LEADING) * size
    return sum(
        max(_lines(cell, size, wide) for cell, wide in zip(row, widths, strict=True)) * line
        + 2 * _INSET
        for row in rows
    )


def _lines(cell: str, size: float, wide: float | None) -> int:
    return 1 if wide is None else max(1, math.ceil(len(cell) * _LETTER * size / (wide - GUTTER)))
