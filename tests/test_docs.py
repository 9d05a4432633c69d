"""The documents say what is so: pages come from the code, commands exist, examples run."""

import ast
import doctest
import re
from pathlib import Path

import documented
import pytest
import typer
import yaml
from documented import FOLDER, ROOT, entries, examples, families, kept, listed, pages, said

from analysis import cli, results
from analysis.present.language import LANGUAGES, catalogue
from analysis.report import build

DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
OF_OTHERS = {"decisions.md", "proofs.md", "validation.md"}  # they say how things went
OURS = [file for file in DOCS if file.name not in OF_OTHERS]
PAGES = sorted(name for name in pages() if name != "README.md")


def names(files: list[Path]) -> list[str]:
    return [file.name for file in files]


# The pages of the indicators.


def test_the_pages_are_what_the_code_says():
    written = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.md")}
    made = pages()
    assert sorted(written) == sorted(made), "run `make docs`"
    assert [name for name in made if written[name] != made[name]] == [], "run `make docs`"


def test_every_indicator_says_what_it_is_in_which_unit_and_out_of_what():
    known = entries()
    assert [row["id"] for row in kept() if said(row["id"], known) is None] == []
    lacking = [row["id"] for row in kept() for name in documented.COLUMNS if not row[name]]
    assert lacking == []


def test_a_family_that_nobody_has_described_is_named(monkeypatch):
    row = dict.fromkeys(documented.COLUMNS, "70") | {"id": "yardsticks.startups_that_won"}
    monkeypatch.setattr(documented, "kept", lambda: [row])
    with pytest.raises(LookupError, match=r"families\.yml has no family yardsticks"):
        pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_question_what_is_left_out_literature_and_a_formula_for_each_id(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    for part in ("Question", "Left out", "Literature"):
        assert re.search(rf"^\*\*{part}:\*\* \S.{{10,}}", text, re.M), part
    for section in text.split("\n## ")[1:]:
        assert len(re.findall(r"^> \S", section, re.M)) >= 1, section.splitlines()[0]
        assert re.search(r"^- Unit: \S", section, re.M)
        assert re.search(r"^- Counted over: \S", section, re.M)


@pytest.mark.parametrize("name", PAGES)
def test_every_example_of_a_page_runs(name):
    blocks = re.findall(r"```python\n(.*?)```", (FOLDER / name).read_text("utf-8"), re.S)
    assert blocks
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, {}, name, name, 0)
        assert sum(bool(example.want) for example in test.examples) >= 1
        told: list[str] = []
        found = doctest.DocTestRunner().run(test, out=told.append)
        assert found.failed == 0, "".join(told)


def test_families_and_examples_are_of_indicators_that_there_are():
    assert set(families()) == {row["id"].split(".")[0] for row in kept()}
    assert set(examples()) <= {row["id"] for row in kept()}


def test_an_entry_of_a_docstring_is_a_head_of_ids_and_what_stands_below_it(tmp_path, monkeypatch):
    docstring = '''"""A module.

A share, see reach.gini. Two sentences follow.

access.first, .second,
access.third, _bounds
    Sum of x.

    Share.
access.rest, ...
    As published.
Notes follow.
"""
'''
    [text, *_] = documented._docstrings(ast.parse(docstring))
    found = dict(documented._entries(text))
    assert [*found] == ["access.first", "access.second", "access.third", "access.first_bounds",
                        "access.rest", "access.*"]  # fmt: skip
    assert found["access.third"] == "Sum of x.\n\nShare."
    assert found["access.*"] == "As published."


def test_an_indicator_that_no_docstring_names_is_seen():
    known = {"reach.gini": ("2 sum i x/(n sum x)", "indicators/reach.py")}
    assert said("reach.gini", known) is not None
    assert said("reach.other", known) is None


def test_the_list_keeps_what_the_rows_of_an_indicator_have_in_common(tmp_path):
    ledger = tmp_path / "results.csv"
    head = ",".join(documented.COLUMNS)
    ledger.write_text(f"{head}\na.b,20,share,lots,bounds,D,real\na.b,20,share,none,bounds,C,real\n")
    assert listed(ledger) == [
        {"id": "a.b", "chapter": "20", "unit": "share", "denominator": "lots;none",
         "interval": "bounds", "grade": "C;D", "kind": "real"}
    ]  # fmt: skip


@pytest.mark.slow
def test_the_list_is_that_of_the_report_on_the_invented_flanders(tmp_path):
    rows, _ = build.ledger(year=None, data=[], home=tmp_path)
    ledger = tmp_path / "results.csv"
    results.write(rows, ledger)
    assert listed(ledger) == kept(), "run `make docs LEDGER=reports/<year>/results.csv`"


# Commands.


def spans(text: str) -> list[str]:
    """What stands as code: between backticks, or a line of a block of shell commands."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    plain = re.sub(r"```.*?```", "", text, flags=re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return lines + [span.strip() for span in re.findall(r"`([^`\n]+)`", plain)]


def commands(text: str, name: str) -> list[list[str]]:
    """The words after `pio` or `make`, of every command of that name in a text."""
    found = [re.fullmatch(rf"(?:\.venv/bin/)?{name} ([a-zA-Z].*)", span) for span in spans(text)]
    return [one[1].split() for one in found if one]


def accept(words: list[str]) -> None:
    """Let the parser of `pio` read a command, without running it; bare names need no arguments."""
    command = typer.main.get_command(cli.app)
    name = "pio"
    while hasattr(command, "commands") and words:
        name, *words = words
        command = command.commands[name]
    if words:
        command.make_context(name, list(words))


PIO = sorted(
    {" ".join(words) for file in DOCS for words in commands(file.read_text("utf-8"), "pio")}
)
MAKE = sorted(
    {" ".join(words) for file in DOCS for words in commands(file.read_text("utf-8"), "make")}
)


@pytest.mark.parametrize("command", PIO)
def test_pio_knows_every_command_that_a_document_shows(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("kolommen.yml").write_text("{}")
    accept(command.split())


@pytest.mark.parametrize(
    "wrong", ["reports", "report --yaer 2024", "norm draw --year soon", "compare ONE"]
)
def test_a_command_that_pio_does_not_know_is_seen(wrong):
    with pytest.raises((KeyError, typer.exceptions.TyperException)):
        accept(wrong.split())


def test_the_documents_show_every_command_of_pio():
    def paths(command, words=()):
        if hasattr(command, "commands"):
            for name, one in command.commands.items():
                yield from paths(one, (*words, name))
        else:
            yield " ".join(words)

    every = set(paths(typer.main.get_command(cli.app)))
    shown = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in sorted(every) if f"pio {name}" not in shown] == []


def test_make_has_every_target_that_a_document_shows():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    for command in MAKE:
        target, *settings = command.split()
        assert target in targets, command
        assert all(f"$({one.split('=')[0]})" in makefile for one in settings), command
    assert {"setup", "report", "test", "docs"} <= {command.split()[0] for command in MAKE}


# Links, pictures, marks.


def slugs(text: str) -> set[str]:
    """Anchors of the headings, as they are made on the platforms that show Markdown."""
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("file", DOCS, ids=names(DOCS))
def test_every_link_leads_somewhere(file):
    text = file.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]*(?:#[^)\s]*)?)\)", text):
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        found = (file.parent / path) if path else file
        assert found.exists(), target
        if anchor:
            assert anchor in slugs(found.read_text(encoding="utf-8")), target


def test_the_readme_leads_to_every_document():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [file.name for file in DOCS[1:] if f"{file.name})" not in readme] == []


def test_pictures_are_small_have_an_alternative_text_and_are_called_invented():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", readme)
    assert len(shown) == 3
    for text, path in shown:
        assert len(text) > 60
        assert (ROOT / path).read_bytes().startswith(b"\x89PNG")
        assert (ROOT / path).stat().st_size < 200_000
    assert "invented Flanders" in readme.split("docs/pictures/explorer.png)")[1].split("##")[0]


def test_what_a_source_costs_says_how_sure_that_is():
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    marked = r"\[(official|measured|others|memory)"
    lines = [line for line in text.splitlines() if "EUR " in line or "*Cost:*" in line]
    assert len(lines) > 5
    own = "*Cost:* the time of who fills them in"
    assert [line for line in lines if not re.search(marked, line) and own not in line] == []


def test_the_language_steps_name_every_file_that_names_the_languages():
    told = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## A language, step by step")[1]
    holds = re.compile(r"\"nl\"\s*[,:].*\"en\"|\bnl: str$", re.M)
    signals = {"indicators/norm_classifier.py", "present/norm.py"}  # languages of titles
    signals |= {"contracts/companies.py"}  # of names in the register
    room = ROOT / "src" / "analysis"
    files = {
        file.relative_to(room).as_posix()
        for file in room.rglob("*.py")
        if holds.search(file.read_text(encoding="utf-8"))
    }
    assert {"present/language.py", "companies/definitions.py"} <= files
    assert [name for name in sorted(files - signals) if name not in told] == []


def untold(tree: object, languages: tuple[str, ...]) -> set[str]:
    """Languages that some text of a YAML file lacks: wherever Dutch stands, all must."""
    if isinstance(tree, list):
        return set().union(*(untold(part, languages) for part in tree))
    if not isinstance(tree, dict):
        return set()
    here = set(languages) - tree.keys() if "nl" in tree else set()
    return here.union(*(untold(part, languages) for part in tree.values()))


def unlabelled(path: Path, languages: tuple[str, ...]) -> set[str]:
    """Languages in which a file of facts lacks a column that it has in Dutch."""
    head = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    dutch = [name.removesuffix("nl") for name in head if name.endswith("_nl")]
    return {one for one in languages for name in dutch if f"{name}{one}" not in head}


COMPANIES = ROOT / "src" / "analysis" / "companies"
TITLED = [
    ROOT / "reports" / "evaluation.yml",
    *sorted(COMPANIES.glob("definitions/*.yml")),
    *sorted(COMPANIES.glob("perimeters/*.yml")),
    *sorted((ROOT / "data" / "raw").glob("*/card.yml")),
]
FACTS = sorted((ROOT / "data" / "raw").glob("*/*.csv"))


def named(languages: tuple[str, ...]) -> list[str]:
    """Files of titles and facts that lack a language."""
    texts = [(file, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in TITLED]
    lacking = [file for file, tree in texts if untold(tree, languages)]
    lacking += [file for file in FACTS if unlabelled(file, languages)]
    return [file.relative_to(ROOT).as_posix() for file in lacking]


def test_titles_cards_and_facts_are_in_every_language_of_the_report():
    assert named(LANGUAGES) == []


def test_a_language_that_was_only_begun_is_missed_in_every_title_card_and_fact():
    lacking = named((*LANGUAGES, "fr"))
    assert "src/analysis/companies/definitions/startup_5.yml" in lacking
    assert {"reports/evaluation.yml", "data/raw/norm/card.yml", "data/raw/norm/norm.csv"} < {
        *lacking
    }
    assert len(lacking) > 40


# The glossary.

# Heads of columns that are terms of the field, and the row of the glossary that explains them.
TERMS = {
    "access.lots": "perceel",
    "access.awarded": "gegund",
    "access.notices": "aankondiging",
    "access.suppliers": "leverancier",
    "access.new_winner_share": "nieuwe winnaars",
    "access.breakdown_gamma": "kantelfactor",
    "access.completeness": "volledigheid",
    "access.provisional": "voorlopig",
    "access.representation_ratio": "vertegenwoordiging",
    "disclosure.withheld": "afgeschermd",
    "norm.numerator": "teller",
    "norm.denominator": "noemer",
    "partners.promised": "toegezegd",
    "partners.committed": "vastgelegd",
    "partners.paid": "uitbetaald",
    "portfolio.leverage": "hefboom",
    "portfolio.calls": "oproep",
    "portfolio.applications": "aanvraag",
    "portfolio.admitted": "ontvankelijk",
    "effects.mde": "aantoonbaar vanaf",
    "framework": "raamovereenkomst",
    "certainty": "zekerheid",
    "grade": "graad",
}


def glossary() -> dict[str, dict[str, list[str]]]:
    """Forms of every term by its Dutch name: of `lot (lots)` both."""
    rows: dict[str, dict[str, list[str]]] = {}
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 3 and cells[0] not in ("Dutch", "---"):
            forms = [[part.strip(" )") for part in cell.split("(")] for cell in cells[:2]]
            assert cells[2], line
            rows[forms[0][0]] = dict(zip(LANGUAGES, forms, strict=True))
    return rows


def test_the_words_of_the_glossary_are_those_of_the_report():
    for term, forms in glossary().items():
        for language in LANGUAGES:
            told = "\n".join(catalogue(language).values()).replace("\u00a0", " ").lower()
            used = any(form.lower().strip("‘’") in told for form in forms[language])
            assert used or term == "tijdelijke maatschap", forms[language]


def test_terms_at_the_head_of_columns_are_in_the_glossary_under_the_same_words():
    rows, heads = glossary(), {language: catalogue(language) for language in LANGUAGES}
    for key, term in TERMS.items():
        if f"column.{key}" not in heads["nl"]:
            continue
        for language in LANGUAGES:
            head = heads[language][f"column.{key}"].lower()
            assert any(form.lower() in head for form in rows[term][language]), (key, head)
    assert len([key for key in TERMS if f"column.{key}" in heads["nl"]]) > 20
