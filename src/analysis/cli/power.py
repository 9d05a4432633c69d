"""`pio power`: what the panel of buyers could show, before anything is estimated."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.parts import table

_HEADS = {
    "outcome": "outcome",
    "role": "role",
    "treated": "admitted",
    "controls": "compared",
    "known": "years",
    "mean": "mean",
    "sd": "sd within",
    "effect": "smallest effect",
}


def power(
    year: Annotated[
        int | None, typer.Option(help="Last year of the panel; the newest with data if not given.")
    ] = None,
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="Notices and files; else the store.")
    ] = None,
) -> None:
    """Print the smallest effect of PIO that the panel of buyers can show; nothing is estimated."""
    from analysis.report import build

    found, plan = build.power(year=year, data=data or [])
    own = plan.laid.power
    typer.echo(f"plan {plan.inputs}, {len(plan.deviations)} deviations logged")
    typer.echo(
        f"smallest effect found in {own.wished:.0%} of simulated panels, test at {own.alpha:.0%}; "
        "shares as 0-1; nan: too few admitted buyers, or nothing read"
    )
    typer.echo(table(found[list(_HEADS)].rename(columns=_HEADS).round(3)))
