"""The document as one self-contained HTML file: nothing is loaded from outside.

There is no script but the one of the definition explorer, on pages that have it; the policy of the
page lets that one run, by its digest, and no other.
"""

import base64
import hashlib
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.present.drawing import FONTS, TEMPLATE
from analysis.report import drawings

_CUTS = {
    "Regular": ("normal", 400),
    "Italic": ("italic", 400),
    "SemiBold": ("normal", 600),
    "Bold": ("normal", 700),
}


def render(document: dict[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    document : from `analysis.report.document.document`
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = _fonts() + (TEMPLATE / "style.css").read_text(encoding="utf-8")
    page = environment.get_template("report.html.j2")
    has_script = any(
        block["kind"] == "explorer"
        for chapter in document["chapters"]
        for block in chapter["blocks"]
    )
    script = (TEMPLATE / "explorer.js").read_text(encoding="utf-8") if has_script else ""
    return page.render(
        document,
        drawing=_drawing,
        style=Markup(style),
        script=Markup(script),
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _drawing(figure: dict[str, Any]) -> Markup:
    return Markup(drawings.labelled(figure["svg"], alt=figure["alt"], where=figure["id"]))


def _fonts() -> str:
    return "".join(
        f"@font-face{{font-family:Inter;font-style:{style};font-weight:{weight};"
        f"font-display:swap;src:url(data:font/woff2;base64,{_encoded(cut)}) format('woff2')}}\n"
        for cut, (style, weight) in _CUTS.items()
    )


def _encoded(cut: str) -> str:
    return base64.b64encode((FONTS / f"Inter-{cut}.woff2").read_bytes()).decode("ascii")
