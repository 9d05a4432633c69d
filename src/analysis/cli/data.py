"""`pio data`: bring in files, and see what is there."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.parts import LANGUAGES, one_of, table
from analysis.refusal import Refusal

app = typer.Typer(help="Bring in files, and see what is there.", no_args_is_help=True)
_KINDS = ("real", "sample", "simulated")


@app.command("add")
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, zip, tar or tar.gz.")],
    kind: Annotated[
        str | None, typer.Option(help="real (complete for its period), sample or simulated.")
    ] = None,
    columns: Annotated[
        Path | None,
        typer.Option(help="YAML file: columns of an export -> ours.", exists=True, dir_okay=False),
    ] = None,
    language: Annotated[str, typer.Option(help="nl or en, of faults in workbooks.")] = "nl",
) -> None:
    """Read notices, registers and workbooks and keep them; the same twice changes nothing."""
    from analysis import ingest
    from analysis.sources.programme import notes
    from analysis.store import Store, status

    kind, language = one_of("--kind", kind, _KINDS), one_of("--language", language, LANGUAGES)
    added = ingest.add(Store(), paths, kind=kind, columns=columns, language=language)
    lake = ingest.open_lake(Store())
    for part in lake.programme.parts:
        if part.delivery in added:
            typer.echo("\n".join([part.delivery.name, *(f"  {note}" for note in notes(part))]))
    typer.echo(table(status.deliveries(lake)))


@app.command("invent")
def invent(
    folder: Annotated[Path, typer.Argument(help="New folder for the files.")],
    scale: Annotated[
        float, typer.Option(min=0.01, max=1000, help="1: some 6,000 awards; 100: a hundred times.")
    ] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Decides everything.")] = 20160101,
) -> None:
    """Write the invented Flanders in the publishers' formats, with the truth beside it."""
    from analysis import simulate

    if folder.exists():
        raise Refusal(
            str(folder),
            found="a file or folder that exists",
            expected="a new folder",
            do="name another folder",
        )
    beside = folder.resolve().parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".invent-") as new:
        simulate.write(Path(new) / "new", seed, scale)
        (Path(new) / "new").replace(folder)
    typer.echo(f"written: {folder}; read it with `pio report --data`, every file but the truth")


@app.command("status")
def show_status() -> None:
    """Show what was added, what could not be read, and what nobody expected."""
    from analysis import ingest
    from analysis.store import Store, status

    lake = ingest.open_lake(Store())
    for title, shown in (
        ("Deliveries", status.deliveries(lake)),
        ("Tables of the programmes", status.programme(lake)),
        ("Notices", status.notices(lake)),
        ("Files that could not be read", status.rejects(lake)),
        ("Names and codes that no reader knows", status.signals(lake)),
    ):
        typer.echo(f"{title}\n{table(shown)}\n")
