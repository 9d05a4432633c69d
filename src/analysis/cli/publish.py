"""`pio publish`: freeze the numbers of a report as a published edition."""

from pathlib import Path
from typing import Annotated

import typer


def publish(
    report: Annotated[Path, typer.Argument(help="Folder of a report, or a zip of one.")],
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="What it rests on; else the store.")
    ] = None,
) -> None:
    """Make a report again and, if it is the same, keep its numbers in reports/published/<year>."""
    from analysis.report.compare_publish import publish as kept

    edition = kept(report, data or [])
    typer.echo(f"published: {edition}")
    typer.echo("commit that folder; `make test` makes its numbers again from now on")
