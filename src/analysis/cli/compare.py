"""`pio compare`: what changed between two editions of the report."""

from pathlib import Path
from typing import Annotated

import typer


def compare(
    old: Annotated[Path, typer.Argument(help="Folder or zip of the earlier report.")],
    new: Annotated[Path, typer.Argument(help="Folder or zip of the later report.")],
    every: Annotated[bool, typer.Option("--every", help="List every number that changed.")] = False,
    out: Annotated[Path | None, typer.Option(help="A CSV to write all changes to.")] = None,
) -> None:
    """Say which numbers changed between two reports, and by what."""
    from analysis.report.compare import compare as found
    from analysis.report.compare_said import said, write

    changes = found(old, new)
    for line in said(changes, every=every):
        typer.echo(line)
    if out is not None:
        write(changes, out)
        typer.echo(f"written: {out}")
