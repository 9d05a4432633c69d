"""The report's own path and nbconvert's are one: exporters `pio-html` and `pio-pdf`.

`jupyter nbconvert --to pio-html chapter.ipynb` and JupyterLab's export menu find them through
the package's entry points.
"""

from typing import Any

from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode
from traitlets import Enum, default

from analysis.present.language import LANGUAGES
from analysis.report import html, pdf
from analysis.report.document import document
from analysis.report.exported import emitted as emitted
from analysis.report.exported import export as export
from analysis.report.exported import merge as merge
from analysis.report.exported import summary as summary


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
