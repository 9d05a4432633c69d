"""`pio verify`: make a report again and say what is not the same."""

from pathlib import Path
from typing import Annotated

import typer


def verify(
    report: Annotated[Path, typer.Argument(help="Folder of a report, or a zip of one.")],
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="What it rests on; the store, or else the invented Flanders."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--every", help="List every number, also those that are identical.")
    ] = False,
) -> None:
    """Make a report again from its data; ends with 1 unless every number and page is the same."""
    from analysis.report.verify import verify as made_again
    from analysis.report.verify_said import said

    verdict = made_again(report, data or [])
    for line in said(verdict, every=every):
        typer.echo(line)
    if not verdict.is_same:
        raise typer.Exit(1)
