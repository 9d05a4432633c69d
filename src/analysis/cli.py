"""The command `pio`: the only place that prints a refusal and exits."""

import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from analysis.refusal import Refusal

app = typer.Typer(
    name="pio",
    help="The yearly evaluation of innovation procurement and start-up access in Flanders.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
data = typer.Typer(help="Bring in files, and see what is there.", no_args_is_help=True)
app.add_typer(data, name="data")
links = typer.Typer(help="Winners and the companies they are.", no_args_is_help=True)
app.add_typer(links, name="link")

_NOTICES = "Files, folders or packages to use; what was added to the store if not given."
_KINDS = ("real", "sample", "simulated")
_LANGUAGES = ("nl", "en")


# The commands import what they need only when they run, so that `pio --help` answers at once.
@app.command()
def report(
    year: Annotated[
        int | None, typer.Option(help="Last year evaluated; the newest with data if not given.")
    ] = None,
    language: Annotated[str, typer.Option(help="Languages, separated by commas.")] = "nl,en",
    data: Annotated[list[Path] | None, typer.Option(help=_NOTICES)] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the report; reports/<year> if not given.")
    ] = None,
) -> None:
    """Build the report of a year: HTML and PDF, the ledger, tables and figures."""
    from analysis.report.build import build

    built = build(year=year, languages=language.split(","), data=data or [], out=out)
    typer.echo(f"{'built' if built.is_new else 'nothing changed'}: {built.folder}")


@app.command()
def answer(
    question: Annotated[str, typer.Argument(help="pq-101: start-ups in public contracts.")],
    year: Annotated[
        int | None, typer.Option(help="Last year of the answer; the newest with data if not given.")
    ] = None,
    language: Annotated[str, typer.Option(help="nl or en.")] = "nl",
    data: Annotated[list[Path] | None, typer.Option(help=_NOTICES)] = None,
    out: Annotated[Path, typer.Option(help="Folder of the Word document.")] = Path(),
) -> None:
    """Answer a question of the Flemish Parliament: print it, and write it as a Word document."""
    from analysis.report import build
    from analysis.report.answer import answer

    ledger, newest = build.ledger(year=year, data=data or [])
    found = answer(question, ledger=ledger, year=newest, language=language)
    typer.echo(found.markdown)
    typer.echo(f"written: {build.write_beside(out, f'{question}.{language}.docx', found.docx)}")


@links.command("review")
def review(
    who: Annotated[str, typer.Option(help="Who decides; kept with every decision.")] = "",
    only_list: Annotated[
        bool, typer.Option("--list", help="Only show the names, decide nothing.")
    ] = False,
    first: Annotated[int, typer.Option(help="How many names, the most lots won first.")] = 25,
) -> None:
    """Show names that fit no company well enough, and keep what you decide about them."""
    from analysis import ingest, workbook
    from analysis.companies.review import ask
    from analysis.report.build import decisions
    from analysis.store import Store

    store = Store()
    lake = ingest.open_lake(store)
    path = decisions(store)
    cases, describe = workbook.doubtful(lake, workbook.reporting_year(lake, None), path)
    if only_list or cases.empty:
        typer.echo(_table(cases.head(first)))
        return
    name = who or typer.prompt("Who decides")
    made = ask(cases.head(first), path, who=name, when=dt.date.today(), describe=describe)
    typer.echo(f"{made} decisions kept in {path}")


@app.command()
def templates(
    out: Annotated[Path, typer.Option(help="Folder of the workbooks.")] = Path("templates"),
    language: Annotated[str, typer.Option(help="nl or en, of the list printed.")] = "nl",
) -> None:
    """Write the workbooks that the programmes fill in; `pio data add` reads them."""
    from analysis.contracts.intake import WORKBOOKS
    from analysis.sources import templates as workbooks

    _one_of("--language", language, _LANGUAGES)
    names = [f"{name}.xlsx" for name in WORKBOOKS]
    _nothing_there(out, names)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".templates-") as new:
        workbooks.write(Path(new))
        _moved(Path(new), out, names)
    for name, sheets in zip(names, WORKBOOKS.values(), strict=True):
        typer.echo(f"{out / name}: {', '.join(sheet.title[language] for sheet in sheets)}")


def _nothing_there(out: Path, names: list[str]) -> None:
    """Refuse to write over a workbook that somebody may have filled in."""
    taken = [name for name in names if (out / name).exists()]
    if taken or out.is_file():
        raise Refusal(
            str(out),
            found=f"already there: {', '.join(taken)}" if taken else "a file",
            expected="a folder without these workbooks, which may have been filled in",
            do="name another folder with --out, or move the workbooks away",
        )


def _moved(new: Path, out: Path, names: list[str]) -> None:
    """Move every file, or none."""
    try:
        for name in names:
            (new / name).rename(out / name)
    except BaseException:
        for name in names:
            if not (new / name).exists():
                (out / name).unlink(missing_ok=True)
        raise


@data.command("add")
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

    kind, language = _one_of("--kind", kind, _KINDS), _one_of("--language", language, _LANGUAGES)
    added = ingest.add(Store(), paths, kind=kind, columns=columns, language=language)
    lake = ingest.open_lake(Store())
    for part in lake.programme.parts:
        if part.delivery in added:
            typer.echo("\n".join([part.delivery.name, *(f"  {note}" for note in notes(part))]))
    typer.echo(_table(status.deliveries(lake)))


@data.command("invent")
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


@data.command("status")
def show_status() -> None:
    """Show what was added, what could not be read, and what nobody expected."""
    from analysis import ingest
    from analysis.store import Store, status

    lake = ingest.open_lake(Store())
    for title, table in (
        ("Deliveries", status.deliveries(lake)),
        ("Tables of the programmes", status.programme(lake)),
        ("Notices", status.notices(lake)),
        ("Files that could not be read", status.rejects(lake)),
        ("Names and codes that no reader knows", status.signals(lake)),
    ):
        typer.echo(f"{title}\n{_table(table)}\n")


def main() -> None:
    """Run the command; what cannot be done ends with one message and exit code 1 or 2."""
    try:
        app(standalone_mode=False)
    except Refusal as refusal:
        _stop(refusal, 1)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit("stopped; nothing was changed")
    except TyperException as fault:
        _stop(_usage(fault), 2)


def _usage(fault: Any) -> Refusal | str:
    """What was typed wrongly, and what could have been typed there."""
    if not fault.format_message():
        return ""  # a bare `pio` has shown its help
    context = fault.ctx
    known = [option for parameter in context.command.params for option in parameter.opts]
    return Refusal(
        context.command_path,
        found=fault.format_message(),
        expected=", ".join([*getattr(context.command, "commands", {}), *sorted(known)]),
        do=f"see `{context.command_path} --help`",
    )


def _one_of(option: str, word: Any, words: tuple[str, ...]) -> Any:
    if word not in (None, *words):
        raise Refusal(option, found=str(word), expected=" or ".join(words), do="correct the option")
    return word


def _table(frame: Any) -> str:
    return "  none" if frame.empty else frame.to_string(index=False)


def _stop(refusal: Refusal | str, code: int) -> None:
    print(refusal, file=sys.stderr)
    sys.exit(code)
