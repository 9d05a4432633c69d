"""Executed chapters as one notebook, and from it the files of a report.

The exporters of nbconvert give the same bytes; to import that takes a second, and nothing here
needs it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nbformat import NotebookNode, v4

from analysis.present.blocks import MIME
from analysis.report import annex, html, pdf
from analysis.report.document import document


class Exported(NamedTuple):
    """A report in one language: the page, the PDF, and its tables as a workbook."""

    html: str
    pdf: bytes
    xlsx: bytes


def merge(notebooks: Sequence[NotebookNode], meta: Mapping[str, Any]) -> NotebookNode:
    """Join executed chapters, in the order given, into one notebook.

    Parameters
    ----------
    notebooks : executed chapters
    meta : title, subtitle, organisation, date (a text per language), day ("2025-03-31", the
        file date of the PDF) and mark (None, "sample" or "simulated")
    """
    cells = []
    for number, notebook in enumerate(notebooks, 1):
        name = notebook.metadata.get("pio", {}).get("chapter", f"chapter {number}")
        for cell in notebook.cells:
            copy = NotebookNode(cell)
            copy.metadata = NotebookNode(cell.metadata) | {"pio": {"chapter": name}}
            cells.append(copy)
    return v4.new_notebook(cells=cells, metadata={"pio": dict(meta)})


def export(notebook: NotebookNode, language: str) -> Exported:
    """Return the page, the PDF and the workbook of an executed chapter or merged report.

    The document behind them is made once.
    """
    content = document(notebook, language)
    tables = [block for block in emitted(notebook) if block["type"] == "table"]
    return Exported(html.render(content), pdf.render(content), annex.annex(content, tables))


def summary(notebook: NotebookNode, language: str) -> bytes:
    """Return the first chapter alone as a PDF of a page or two, without cover and contents."""
    return pdf.render(document(notebook, language), brief=True)


def emitted(notebook: NotebookNode) -> Iterator[dict[str, Any]]:
    """Every block that a chapter or report shows, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                yield output["data"][MIME]
