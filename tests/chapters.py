"""Small chapters as they leave the kernel: a test states only what it is about."""

from nbformat import NotebookNode, v4

from analysis.present import blocks

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="100pt" viewBox="0 0 200 100">'
    '<rect width="50" height="80" style="fill: #0a4d8c"/>'
    '<text x="9" y="95" style="font: 8px \'Inter\'">2024</text></svg>'
)
META = {
    "title": {"nl": "Overheidsopdrachten 2024", "en": "Public contracts 2024"},
    "subtitle": {"nl": "Een proefrapport", "en": "A trial report"},
    "organisation": {"nl": "Evaluatiecel", "en": "Evaluation unit"},
    "date": {"nl": "31 maart 2025", "en": "31 March 2025"},
    "day": "2025-03-31",
    "mark": None,
}


def both(text: str) -> dict[str, str]:
    return {"nl": text, "en": text}


def prose(markdown: str) -> dict:
    return blocks.text(both(markdown))


def figure(id: str = "bids", **other) -> dict:
    given = {
        "caption": both("Inschrijvingen"),
        "alt": both("Eén staaf: 80 inschrijvingen in 2024."),
        "svg": both(SVG),
        "data": both("Jaar,Aantal\n2024,80\n"),
    }
    return blocks.figure(id=id, **(given | other))


def table(id: str = "buyers", *, cells: list[list[str]] | None = None, **other) -> dict:
    rows = cells or [["Gent", "3"], ["Aalst", "12"]]
    columns = [
        {"label": both(f"Kolom {place}"), "align": "right" if place else "left"}
        for place in range(len(rows[0]))
    ]
    given = {"caption": both("Kopers"), "columns": columns}
    return blocks.table(
        id=id, rows=[[both(cell) for cell in row] for row in rows], **(given | other)
    )


def chapter(*emitted: dict, name: str = "15_bids", title: str = "Hoeveel bieders?") -> NotebookNode:
    """An executed chapter: its title, then the blocks given."""
    cells = [
        v4.new_code_cell(
            "chapter.show()",
            id=f"{name}-{place}",
            outputs=[v4.new_output("display_data", data=blocks.bundle(block, "nl"))],
        )
        for place, block in enumerate([prose(f"# {title}"), *emitted])
    ]
    return v4.new_notebook(cells=cells, metadata={"pio": {"chapter": name}})
