"""A block as plain HTML in one language, for whoever works in JupyterLab. Not the report."""

import base64
from html import escape
from typing import Any

import mistune

_markdown = mistune.create_markdown(escape=True, plugins=["footnotes"])


def preview(block: dict[str, Any], language: str) -> str:
    """Return HTML for the notebook view; text from strangers is escaped."""
    return _KINDS[block["type"]](block, language)


def _text(block: dict[str, Any], language: str) -> str:
    return str(_markdown(block["text"][language]))


def _answer(block: dict[str, Any], language: str) -> str:
    return f"<blockquote><strong>{_text(block, language)}</strong></blockquote>"


def _figure(block: dict[str, Any], language: str) -> str:
    # As an image: JupyterLab takes a drawing out of a notebook that it does not trust.
    drawing = base64.b64encode(block["svg"][language].encode()).decode()
    return (
        f'<figure><img alt="{escape(block["alt"][language])}" '
        f'src="data:image/svg+xml;base64,{drawing}">'
        f"<figcaption>{escape(block['caption'][language])}</figcaption></figure>"
    )


def _table(block: dict[str, Any], language: str) -> str:
    head = "".join(
        f'<th scope="col">{escape(column["label"][language])}</th>' for column in block["columns"]
    )
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell[language])}</td>" for cell in row) + "</tr>"
        for row in block["rows"]
    )
    caption = escape(block["caption"][language])
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _cards(block: dict[str, Any], language: str) -> str:
    items = (
        f"<dt>{escape(item['label'][language])}</dt>"
        f"<dd><strong>{escape(item['value'][language])}</strong> "
        f"{escape(item['note'][language])}</dd>"
        for item in block["items"]
    )
    return f"<dl>{''.join(items)}</dl>"


def _explorer(block: dict[str, Any], language: str) -> str:
    return f"<p><em>{escape(block['id'])}: HTML</em></p>"


_KINDS = {
    "text": _text,
    "answer": _answer,
    "figure": _figure,
    "table": _table,
    "cards": _cards,
    "explorer": _explorer,
}
