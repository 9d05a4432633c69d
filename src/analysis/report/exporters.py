"""The report's own path and nbconvert's are one: exporters `pio-html` and `pio-pdf`.

`jupyter nbconvert --to pio-html chapter.ipynb` and JupyterLab's export menu find them through
the package's entry points.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode, v4
from traitlets import Enum, default

from analysis.present.blocks import MIME
from analysis.present.language import LANGUAGES
from analysis.report import annex, html, pdf
from analysis.report.document import document


class _PioExporter(Exporter):
    """What both have in common: the language, and the document behind the pages."""

    language = Enum(LANGUAGES, "nl", help="language of the report").tag(config=True)

    def _document(self, notebook: NotebookNode, resources: Any) -> tuple[dict[str, Any], Any]:
        copy, resources = super().from_notebook_node(notebook, resources)
        return document(copy, self.language), resources


class PioHtmlExporter(_PioExporter):
    """One self-contained HTML file."""

    output_mimetype = "text/html"
    export_from_notebook = "PIO report (HTML)"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **_: Any
    ) -> tuple[str, Any]:
        """Return the page of an executed notebook."""
        content, resources = self._document(nb, resources)
        return html.render(content), resources


class PioPdfExporter(_PioExporter):
    """One tagged PDF (PDF/UA-1, PDF/A-2a)."""

    output_mimetype = "application/pdf"
    export_from_notebook = "PIO report (PDF)"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **_: Any
    ) -> tuple[bytes, Any]:
        """Return the pages of an executed notebook."""
        content, resources = self._document(nb, resources)
        return pdf.render(content), resources


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


class Exported(NamedTuple):
    """A report in one language: the page, the PDF, and its tables as a workbook."""

    html: str
    pdf: bytes
    xlsx: bytes


def export(notebook: NotebookNode, language: str) -> Exported:
    """Return the page, the PDF and the workbook of an executed chapter or merged report.

    The same bytes as the two exporters give; the document behind them is made once.
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
