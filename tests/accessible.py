"""What must hold of a page for a reader who hears it, where axe-core has no rule; and figures."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html
from pdf_structure import is_placeholder

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_PAPER, _FRAME = "#ffffff", ("#1f2933", "#52606d", "#d5dbe1")  # no series has these
_APART = 3.0  # contrast at which two greys are told apart (WCAG 1.4.11)


def faults(page: str) -> set[str]:
    """The rules that a page breaks: alt, scope, data, pointer."""
    root = html.fromstring(page)
    rules = {"alt": _alts, "scope": _scopes, "data": _data, "pointer": _pointer}
    return {name for name, rule in rules.items() if any(rule(root))}


def _alts(root: html.HtmlElement) -> Iterator[bool]:
    """Every drawing has a text with its message and numbers, which is not its caption."""
    for figure in root.iter("figure"):
        caption = _words(figure.find("figcaption"))
        for drawing in figure.iter("svg"):
            text = drawing.get("aria-label", "")
            yield is_placeholder(text) or not re.search(r"\d", text) or text in caption
        yield not any(True for _ in figure.iter("svg"))


def _scopes(root: html.HtmlElement) -> Iterator[bool]:
    """Every header cell says of what it is the header."""
    return (cell.get("scope") not in {"col", "row", "rowgroup"} for cell in root.iter("th"))


def _data(root: html.HtmlElement) -> Iterator[bool]:
    """The numbers of every figure stand in a table under it, one step away."""
    for figure in root.iter("figure"):
        rows = figure.findall("details//table/tbody/tr")
        yield not rows or not _words(figure.find("details/summary"))


def _pointer(root: html.HtmlElement) -> Iterator[bool]:
    """Links that Tab passes by lead into a list beside them, which the keyboard opens."""
    lists = {row.get("id"): row for row in root.iterfind(".//details//*[@id]")}
    for link in root.iterfind(".//a[@tabindex='-1']"):
        target = lists.get(link.get("href", "")[1:])
        yield target is None or _block(target) is not _block(link)


def _block(element: html.HtmlElement) -> html.HtmlElement | None:
    """The table with all that belongs to it."""
    return next((up for up in element.iterancestors("div") if up.get("class") == "table"), None)


def _words(element: html.HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split())


# ---- figures ---------------------------------------------------------------------------------


def told_by_colour(drawing: Path) -> set[str]:
    """Pairs of colours of a figure that nothing but their hue tells apart.

    Marks of one shape, lines of one dash and areas of one hatch are alike where their greys
    differ by less than a contrast of 3.
    """
    root = etree.parse(drawing).getroot()
    kinds: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for kind, colour in (*_marks(root), *_lines(root), *_areas(root)):
        kinds[kind].add(colour)
    return {
        f"{one} {other}"
        for colours in kinds.values()
        for one in colours
        for other in colours
        if one < other and contrast(one, other) < _APART
    }


def _marks(root: etree._Element) -> Iterator[tuple[tuple[str, ...], str]]:
    known = {one.get("id"): one for one in root.iter(f"{_SVG}path") if one.get("id")}
    for use in root.iter(f"{_SVG}use"):
        shape, style = known.get(use.get(_HREF, "")[1:]), _style(use)
        if shape is not None:
            fill = style.get("fill", "")
            hollow = "hollow" if fill in ("", "none", _PAPER) else "full"
            yield ("mark", shape.get("d", ""), hollow), style.get("stroke", fill)


def _lines(root: etree._Element) -> Iterator[tuple[tuple[str, ...], str]]:
    for path in _drawn(root):
        style = _style(path)
        if style.get("fill") == "none" and style.get("stroke", _FRAME[0]) not in _FRAME:
            kind = ("line", style.get("stroke-dasharray", ""), style.get("stroke-width", "1"))
            yield kind, style["stroke"]


def _areas(root: etree._Element) -> Iterator[tuple[tuple[str, ...], str]]:
    hatches = {one.get("id"): one for one in root.iter(f"{_SVG}pattern")}
    for path in _drawn(root):
        style = _style(path)
        fill, hatch = style.get("fill", ""), ""
        if fill.startswith("url(#"):
            ground, lines = hatches[fill[5:-1]]
            fill, hatch = ground.get("fill", ""), lines.get("d", "")
        if fill not in ("", "none", _PAPER):
            yield ("area", hatch, style.get("opacity", "1")), fill


def _drawn(root: etree._Element) -> Iterator[etree._Element]:
    hidden = {f"{_SVG}{name}" for name in ("defs", "clipPath", "pattern")}
    for path in root.iter(f"{_SVG}path"):
        parent = path.getparent()
        if parent is not None and parent.tag not in hidden:
            yield path


def _style(element: etree._Element) -> dict[str, str]:
    given = re.sub(r"\s", "", element.get("style", "")).split(";")
    return dict(part.split(":", 1) for part in given if ":" in part)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2.2: (lighter + 0.05) / (darker + 0.05)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of `#rrggbb` (IEC 61966-2-1)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
