"""The document as one self-contained HTML file: nothing is loaded from outside.

There is no script but one of our own: the definition explorer on pages that have it, and a few
lines that open the closed list to which a number leads, for browsers that do not do so themselves.
The policy of the page lets that one run, by its digest, and no other.
"""

import base64
import hashlib
from functools import partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.present.drawing import FONTS, TEMPLATE
from analysis.report import drawings, trace_links

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
    script = _script(document["chapters"])
    return page.render(
        document,
        drawing=_drawing,
        origins=partial(trace_links.told, language=document["meta"]["language"]),
        style=Markup(style),
        script=Markup(script),
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _script(chapters: list[dict[str, Any]]) -> str:
    """What runs on a page with these chapters; mostly nothing."""
    blocks = [block for chapter in chapters for block in chapter["blocks"]]
    wanted = {
        "explorer.js": any(block["kind"] == "explorer" for block in blocks),
        "origins.js": any(part.get("ledger") for part in (*blocks, *chapters)),
    }
    files = [TEMPLATE / name for name, is_wanted in wanted.items() if is_wanted]
    return "".join(file.read_text(encoding="utf-8") for file in files)


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
