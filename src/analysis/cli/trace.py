"""`pio trace`: what a number of the report rests on."""

from pathlib import Path
from typing import Annotated

import typer


def trace(
    id: Annotated[
        str,
        typer.Argument(
            help="Indicator, e.g. competition.single_bid_share, or the reference of a number."
        ),
    ],
    period: Annotated[str | None, typer.Option(help="Year or years of the number.")] = None,
    group: Annotated[str | None, typer.Option(help="Part, e.g. procedure=open.")] = None,
    definition: Annotated[str | None, typer.Option(help="Definition, e.g. startup-5.")] = None,
    perimeter: Annotated[str | None, typer.Option(help="Perimeter, e.g. belgium.")] = None,
    year: Annotated[
        int | None, typer.Option(help="Year of the report; the newest with data if not given.")
    ] = None,
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="What the report rests on; else the store.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="Rows of each kind that are shown.")] = 20,
) -> None:
    """Print a number's rows of the ledger, its definition, and the notices and lots behind it."""
    from analysis.report import build
    from analysis.report.trace import trace as lines

    told = {"period": period, "group": group, "definition": definition, "perimeter": perimeter}
    where = {name: value for name, value in told.items() if value is not None}
    found, ledger = build.opened(year=year, data=data or [])
    for line in lines(id, where, ledger, found, rows=rows):
        typer.echo(line)
