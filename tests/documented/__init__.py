"""docs/indicators: one page a family of indicators, from docstrings, texts and the ledger.

What an indicator is stands once, in the docstring of the code that computes it, as an entry

    access.lot_share, access.lots_won
        Formula, unit and source.

Its name stands in the catalogue of words (`column.<id>`), its question in the notebook that shows
it, and its unit, denominator and interval in the ledger of the invented Flanders, of which
`docs/indicators/indicators.csv` keeps one line an indicator. `families.yml` holds what none of them
says: the literature, what is left out, and an example that runs; `examples.yml` has more of these
by id.
"""

import ast
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from analysis.present.language import LANGUAGES, catalogue
from analysis.sources.facts import published

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "indicators"
LIST = FOLDER / "indicators.csv"
FAMILIES = Path(__file__).with_name("families.yml")
EXAMPLES = Path(__file__).with_name("examples.yml")
COLUMNS = ("id", "chapter", "unit", "denominator", "interval", "grade", "kind")
_ROOMS = ("indicators", "disclosure")
_FIGURES = {
    "programme_figures": "programme",
    "partner_figures": "partners",
    "scoreboard": "scoreboard",
    "sme_figures": "sme",
}
_HEAD = re.compile(r"[a-z]+\.[a-z_0-9]+(?:,|$|  )")
_UNITS = {
    "share": "share, 0 to 1 (printed in %)",
    "share-difference": "difference of shares (printed in percentage points)",
    "share-per-year": "change of a share per year (printed in percentage points)",
    "points": "percentage points",
    "count": "number",
    "lots": "lots, joint wins in parts",
    "day": "day, as yyyymmdd",
    "verdict": "1 yes, 0 no, missing: cannot be determined",
    "flag": "1 yes, 0 no, missing: not known",
    "index": "index, 0 to 1",
    "p-value": "p-value, 0 to 1",
}
_INTERVALS = {
    "bounds": "bounds: how far the unknown could move it",
    "sampling": "sampling: how far chance could move it",
    "none": "none",
}
_KINDS = {
    "published": "published by others, with its source card",
    "simulated": "computed from deliveries; without any, from the invented Flanders",
    "sample": "computed from a sample",
    "real": "computed from deliveries that are complete",
}


def listed(ledger: Path) -> list[dict[str, str]]:
    """One line an indicator of a ledger: what its rows have in common, parted by `;`."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with ledger.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column in COLUMNS[1:]:
                found[row["id"]][column].add(row[column])
    return [
        {"id": id} | {name: ";".join(sorted(found[id][name])) for name in COLUMNS[1:]}
        for id in sorted(found)
    ]


def write_list(rows: list[dict[str, str]]) -> None:
    """Keep the list of indicators beside the pages."""
    with LIST.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def kept() -> list[dict[str, str]]:
    """The list of indicators that is kept beside the pages."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entries() -> dict[str, tuple[str, str]]:
    """Of every id that a docstring documents: the text, and the module that holds it."""
    found: dict[str, tuple[str, str]] = {}
    for room in _ROOMS:
        for file in sorted((ROOT / "src" / "analysis" / room).glob("*.py")):
            module = f"{room}/{file.name}"
            for text in _docstrings(ast.parse(file.read_text(encoding="utf-8"))):
                for id, said in _entries(text):
                    found.setdefault(id, (said, module))
    return found


def _docstrings(tree: ast.Module) -> Iterator[str]:
    yield ast.get_docstring(tree) or ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield ast.get_docstring(node) or ""


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Ids and texts of the entries of a docstring: a head that names ids, then indented lines."""
    lines = [*text.splitlines(), "end"]
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if not _HEAD.match(line):
            at += 1
            continue
        indent = len(lines[at]) - len(lines[at].lstrip())
        head, _, beside = line.partition("  ")
        at += 1
        while head.endswith(",") and at < len(lines):
            head, at = f"{head} {lines[at].strip()}", at + 1
        body = [beside.strip()] if beside else []
        while at < len(lines) and (not lines[at] or lines[at][: indent + 1].isspace()):
            body.append(lines[at][indent + 4 :])
            at += 1
        yield from ((id, "\n".join(body).strip()) for id in _ids(head))


def _ids(head: str) -> Iterator[str]:
    """Ids of a head: whole, `.name` of the same family, or `_name` that ends the first one."""
    first = head.split(",")[0].strip()
    for part in (part.strip() for part in head.split(",")):
        if part == "...":
            yield first.split(".")[0] + ".*"
        elif part.startswith("."):
            yield first.split(".")[0] + part
        elif part.startswith("_"):
            yield first + part
        elif " " not in part:
            yield part


def said(id: str, known: dict[str, tuple[str, str]]) -> tuple[str, str] | None:
    """What documents an id: its own entry, else the one for the rest of its family."""
    return known.get(id) or known.get(id.split(".")[0] + ".*")


def questions() -> dict[str, str]:
    """The question of every chapter, as its notebook opens with it."""
    found = {}
    for file in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        found[file.stem[:2]] = "".join(cells[0]["source"]).splitlines()[-1].strip()
    return found


def families() -> dict[str, dict]:
    """What is said of a family as a whole."""
    return yaml.safe_load(FAMILIES.read_text(encoding="utf-8"))


def examples() -> dict[str, str]:
    """Examples of single indicators, by id."""
    return yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))


@cache
def labels() -> dict[str, str]:
    """What published figures are called in their files, by id."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for table, theme in _FIGURES.items():
        for row in published()[table].rows.to_dict("records"):
            found[f"{theme}.{row['item']}"][f"{row['label_en']} ({row['label_nl']})"] = None
    return {id: "; ".join(said) for id, said in found.items()}


def pages() -> dict[str, str]:
    """Every page by its name in docs/indicators."""
    by_family: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in kept():
        by_family[row["id"].split(".")[0]].append(row)
    about, known, asks, shown = families(), entries(), questions(), examples()
    if new := sorted(by_family.keys() - about.keys()):
        raise LookupError(
            f"{FAMILIES.name} has no family {', '.join(new)}: give it a title, a question, what is "
            "left out, literature and an example, as its neighbours"
        )
    made = {
        f"{family}.md": "\n".join(_page(about[family], rows, known, asks, shown))
        for family, rows in by_family.items()
    }
    return made | {"README.md": "\n".join(_contents(by_family, about))}


def _contents(by_family: dict[str, list], about: dict[str, dict]) -> Iterator[str]:
    total = sum(map(len, by_family.values()))
    yield "# Indicators\n"
    yield f"The {total} indicators of the report, one page a family. {_MADE}\n"
    yield f"{_METHODS}\n"
    yield "| family | question | indicators |"
    yield "|---|---|---|"
    for family, rows in by_family.items():
        one = about[family]
        yield f"| [{one['title']}]({family}.md) `{family}` | {one['question']} | {len(rows)} |"
    yield ""


_METHODS = (
    "*Methods 2.4* and the like are sections of the note of methods that the workbook was built "
    "from; what follows from them is said beside it. *SU-1*, *REACH1*, *OD1-4* and the like are "
    "its names for indicators."
)
_MADE = "Made by `make docs` from the code that computes them; do not edit."


def _page(
    about: dict,
    rows: list[dict[str, str]],
    known: dict[str, tuple[str, str]],
    asks: dict[str, str],
    shown: dict[str, str],
) -> Iterator[str]:
    yield f"# {about['title']}\n"
    yield f"**Question:** {about['question']}\n"
    chapters = sorted({chapter for row in rows for chapter in row["chapter"].split(";")})
    for chapter in chapters:
        yield f"- Chapter {chapter} asks: {asks[chapter]}"
    yield f"\n**Left out:** {about['left_out'].strip()}\n"
    yield f"**Literature:** {about['literature'].strip()}\n"
    yield "**Example** (every example is run as a test):\n"
    yield f"```python\n{about['example'].strip()}\n```\n"
    yield f"{_MADE}\n"
    for row in rows:
        yield from _section(row, known, shown.get(row["id"]))


def _section(
    row: dict[str, str], known: dict[str, tuple[str, str]], example: str | None
) -> Iterator[str]:
    id = row["id"]
    yield f"## {id}\n"
    found = said(id, known)
    names = [f"{name} ({lang})" for lang in LANGUAGES if (name := _column(id, lang))]
    if names:
        yield f"In tables: {', '.join(names)}.\n"
    if called := labels().get(id):
        yield f"Published as: {called}.\n"
    if found:
        yield from ("> " + line if line else ">" for line in _markdown(found[0]))
        yield ""
    yield f"- Unit: {_told(row['unit'], _UNITS)}"
    yield f"- Counted over: {'; '.join(_words(row['denominator']))}"
    yield f"- Interval: {_told(row['interval'], _INTERVALS)}"
    yield f"- Evidence grade: {', '.join(row['grade'].split(';'))}"
    yield f"- Figures: {_told(row['kind'], _KINDS)}"
    if found:
        yield f"- Computed in: `src/analysis/{found[1]}`"
    yield f"- Look it up: `.venv/bin/pio trace {id}`\n"
    if example:
        yield f"Example:\n\n```python\n{example.strip()}\n```\n"


def _markdown(text: str) -> list[str]:
    """Lines of a docstring as Markdown shows them: `*`, `_` and `<` are meant as they stand."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([*_])", r"\\\1", part).replace("<", "&lt;") for part in parts[::2]]
    return "`".join(parts).splitlines()


def _column(id: str, language: str) -> str | None:
    return catalogue(language).get(f"column.{id}")


def _told(values: str, words: dict[str, str]) -> str:
    return "; ".join(words.get(value, value) for value in values.split(";"))


def _words(denominators: str) -> list[str]:
    told = catalogue("en")
    words = {told.get(f"denominator.{name}", name): None for name in denominators.split(";")}
    return list(words)
