"""Workbooks for people to fill in: `pio templates` and `pio norm draw`."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.parts import LANGUAGES, moved, nothing_there, one_of

norm = typer.Typer(help="The 3 % norm.", no_args_is_help=True)


def templates(
    out: Annotated[Path, typer.Option(help="Folder of the workbooks.")] = Path("templates"),
    language: Annotated[str, typer.Option(help="nl or en, of the list printed.")] = "nl",
) -> None:
    """Write the workbooks that the programmes fill in; `pio data add` reads them."""
    from analysis.contracts.intake import WORKBOOKS
    from analysis.sources import templates as workbooks

    one_of("--language", language, LANGUAGES)
    names = [f"{name}.xlsx" for name in WORKBOOKS]
    nothing_there(out, names)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".templates-") as new:
        workbooks.write(Path(new))
        moved(Path(new), out, names)
    for name, sheets in zip(names, WORKBOOKS.values(), strict=True):
        typer.echo(f"{out / name}: {', '.join(sheet.title[language] for sheet in sheets)}")


@norm.callback()
def _norm() -> None:
    """The 3 % norm."""


@norm.command("draw")
def draw(
    year: Annotated[int, typer.Option(help="Year of the contracts.")],
    n: Annotated[int, typer.Option(min=1, help="Contracts to be judged.")] = 600,
    certain: Annotated[int, typer.Option(min=0, help="Largest, judged for certain.")] = 80,
    out: Annotated[Path, typer.Option(help="Folder of the workbook.")] = Path(),
) -> None:
    """Draw the contracts of a year that two coders judge, and write their workbook."""
    from analysis import ingest
    from analysis.innovation.frame import draw_sample
    from analysis.sources import templates as workbooks
    from analysis.store import Store

    name = f"audit-{year}.xlsx"
    nothing_there(out, [name])
    delivered = ingest.open_lake(Store()).programme.tables()
    names = ("contract_register", "pio_contracts", "audit_sample")
    rows = draw_sample(*(delivered[one] for one in names), year=year, n=n, certain=certain)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".draw-") as new:
        workbooks.fill(Path(new) / name, "audit_sample", rows)
        moved(Path(new), out, [name])
    typer.echo(f"{out / name}: {len(rows) // 2} contracts, each for two coders")
