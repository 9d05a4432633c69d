"""A matplotlib figure as SVG: real text in Inter, and the same bytes whenever it is drawn."""

import io
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

TEMPLATE = Path(__file__).resolve().parents[3] / "reports" / "template"
FONTS = TEMPLATE / "fonts"

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_UNWANTED = (f"{_SVG}metadata", f"{_SVG}style")


def svg(figure: Any, id: str) -> str:
    """Return the figure as SVG text and close it.

    Parameters
    ----------
    figure : matplotlib Figure
    id : the block's id; all ids inside the drawing start with it, so drawings share a page

    Notes
    -----
    Text stays text (selectable in the PDF), the family is Inter, and nothing in the drawing
    depends on the day, the machine or the hash seed.
    """
    import matplotlib as mpl
    from matplotlib import pyplot as plt
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.text import Text

    _inter()
    for text in figure.findobj(Text):
        text.set_fontfamily("Inter")
    out = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": id, "svg.fonttype": "none"}):
        # `savefig` would draw everything twice, to crop what is not cropped here
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None})
    plt.close(figure)
    return _clean(out.getvalue(), prefix=f"svg-{id}--")


@cache
def _inter() -> None:
    """Make matplotlib know Inter: it measures text with the font in which it will be read."""
    from matplotlib import font_manager

    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def _clean(drawing: bytes, *, prefix: str) -> str:
    root = etree.fromstring(drawing, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in list(root.iter(*_UNWANTED)):
        element.getparent().remove(element)
    # matplotlib's style rule addresses `*`: inlined in HTML it would reach the whole page
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    for element in root.iter():
        _rename(element, prefix)
    return str(etree.tostring(root, encoding="unicode"))


def _rename(element: Any, prefix: str) -> None:
    for name, value in element.attrib.items():
        if name == "id":
            element.set(name, prefix + value)
        elif name == _HREF:
            element.set(name, value.replace("#", f"#{prefix}", 1))
        elif "url(#" in value:
            element.set(name, value.replace("url(#", f"url(#{prefix}"))
