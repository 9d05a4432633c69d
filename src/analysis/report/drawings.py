"""Drawings (SVG) as a report may hold them: no script, nothing from outside, our fonts only."""

import re

from lxml import etree

from analysis.refusal import ReportError

_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_REFUSED = {"script", "foreignObject", "style", "image", "a", "iframe", "animate", "set"}
_FAMILY = re.compile(r"font(?:-family)?:\s*([^;]+)")
_SIZE = re.compile(r"^.*?(?:px|pt|em)\s+")  # "italic 8px 'Inter'": what precedes the family


def read(drawing: str, *, where: str) -> etree._Element:
    """Parse a drawing; refuse what could load, run or restyle anything.

    Raises
    ------
    ReportError
        If it is no SVG, or holds a script, a style sheet, an event or an outside reference.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(drawing.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(where, f"text that is no SVG: {error}") from None
    found = next((fault for node in root.iter() for fault in _faults(node)), None)
    if found or etree.QName(root).localname != "svg":
        raise _refusal(where, found or f"a <{root.tag}>")
    return root


def labelled(drawing: str, *, alt: str, where: str) -> str:
    """Return the drawing for use inside HTML: one image, whose name is its alt text."""
    root = read(drawing, where=where)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, "")
    root.set("role", "img")
    root.set("aria-label", alt)
    return str(etree.tostring(root, encoding="unicode"))


def families(drawing: str, *, where: str) -> set[str]:
    """Return the first font family of every text in the drawing."""
    styles = (node.get("style", "") for node in read(drawing, where=where).iter())
    asked = (family for style in styles for family in _FAMILY.findall(style))
    return {_SIZE.sub("", family).split(",")[0].strip(" '\"") for family in asked}


def _faults(node: etree._Element) -> list[str]:
    if not isinstance(node.tag, str):
        return ["a comment, entity or instruction"]
    faults = [f"a <{etree.QName(node).localname}>"]
    if etree.QName(node).localname not in _REFUSED:
        faults = []
    for name, value in node.attrib.items():
        if str(name).lower().startswith("on"):
            faults.append(f"an event {name!r}")
        if name in (_XLINK_HREF, "href") and not str(value).startswith("#"):
            faults.append(f"a reference to {value!r}")
        if re.search(r"url\(\s*['\"]?(?!#)", str(value)):
            faults.append(f"a style that loads {value!r}")
    return faults


def _refusal(where: str, found: str) -> ReportError:
    return ReportError(
        where,
        found=found,
        expected="a still drawing that holds everything it needs",
        do="draw it with matplotlib and analysis.present.drawing.svg",
    )
