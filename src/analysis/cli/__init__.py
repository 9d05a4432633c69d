"""The command `pio`: the only place that prints a refusal and exits."""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Annotated, Any

# Small matrices: a second thread costs more than it brings, and takes the core of another process.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import typer  # noqa: E402
from typer.exceptions import TyperException  # noqa: E402

from analysis.cli import compare, data, forms, lab, power, publish, trace, verify  # noqa: E402
from analysis.cli.parts import table  # noqa: E402
from analysis.refusal import Refusal  # noqa: E402

app = typer.Typer(
    name="pio",
    help="The yearly evaluation of innovation procurement and start-up access in Flanders.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
links = typer.Typer(help="Winners and the companies they are.", no_args_is_help=True)
app.add_typer(links, name="link")

app.add_typer(data.app, name="data")
app.add_typer(forms.norm, name="norm")

_QUESTIONS = "pq-101: start-ups in public contracts; pq-307: VLAIO's structural partners."
_INTERRUPTED = 130  # what typer gives back after Ctrl-C; the exit code that shells know it by
_NOTICES = "Files, folders or packages to use; what was added to the store if not given."


# The commands import what they need only when they run, so that `pio --help` answers at once.
@app.command()
def report(
    year: Annotated[
        int | None, typer.Option(help="Last year evaluated; the newest with data if not given.")
    ] = None,
    language: Annotated[str, typer.Option(help="Languages, separated by commas.")] = "nl,en",
    data: Annotated[list[Path] | None, typer.Option("--data", help=_NOTICES)] = None,
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
    question: Annotated[str, typer.Argument(help=_QUESTIONS)],
    year: Annotated[
        int | None, typer.Option(help="Last year of the answer; the newest with data if not given.")
    ] = None,
    language: Annotated[str, typer.Option(help="nl or en.")] = "nl",
    data: Annotated[list[Path] | None, typer.Option("--data", help=_NOTICES)] = None,
    out: Annotated[Path, typer.Option(help="Folder of the Word document.")] = Path(),
) -> None:
    """Answer a question of the Flemish Parliament: print it, and write it as a Word document."""
    from analysis.report import build
    from analysis.report.answer import answer, check

    check(question, language)  # before the minutes that the figures take
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
        typer.echo(table(cases.head(first)))
        return
    name = who or typer.prompt("Who decides")
    made = ask(cases.head(first), path, who=name, when=dt.date.today(), describe=describe)
    typer.echo(f"{made} decisions kept in {path}")


app.command("templates")(forms.templates)
app.command("power")(power.power)
app.command("verify")(verify.verify)
app.command("trace")(trace.trace)
app.command("compare")(compare.compare)
app.command("publish")(publish.publish)
app.command("lab")(lab.lab)


def main() -> None:
    """Run the command; what cannot be done ends with one message and exit code 1 or 2."""
    try:
        code = app(standalone_mode=False)
        if code == _INTERRUPTED:
            raise KeyboardInterrupt
        if code:
            sys.exit(code)  # a command that says how it ended
    except Refusal as refusal:
        _stop(refusal, 1)
    except (typer.Abort, KeyboardInterrupt):
        _stop("stopped; nothing was changed", _INTERRUPTED)
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
        expected=", ".join([*getattr(context.command, "commands", {}), *sorted(known)])
        or "nothing more",
        do=f"see `{context.command_path} --help`",
    )


def _stop(refusal: Refusal | str, code: int) -> None:
    print(refusal, file=sys.stderr)
    sys.exit(code)
