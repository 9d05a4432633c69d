"""What is wrong with a form, in words: where, what was found, what was expected, what to do."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

from analysis.contracts.intake.shape import code_words
from analysis.contracts.table import Column
from analysis.refusal import SourceError
from analysis.sources.grids import Percent

LANGUAGES = ("nl", "en")
_SHOWN = 60  # signs of a cell
_CONTENTS = 5  # different contents shown of one fault of one column


class Heading(NamedTuple):
    """A column as it stands in the file: its letter (none if it lacks) and its name there."""

    letter: str
    name: str


class Fault(NamedTuple):
    """One thing that is wrong with a file, in the language of the reader."""

    sheet: str
    row: int | None
    heading: Heading | None
    found: str | None
    expected: str
    do: str


@cache
def words() -> dict[str, Any]:
    """Every sentence about a form, in both languages."""
    text = resources.files(__package__).joinpath("intake_faults.yml").read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def fault(
    name: str,
    language: str,
    *,
    sheet: str,
    row: int | None = None,
    heading: Heading | None = None,
    found: Any = None,
    **blanks: Any,
) -> Fault:
    """Give the fault `name` of intake_faults.yml, its sentence filled with `blanks`."""
    expected, do = (part.format(**blanks) for part in words()["faults"][name][language])
    return Fault(sheet, row, heading, shown(found, language), expected, do)


def note(name: str, language: str, **blanks: Any) -> str:
    """Give one remark about what was read, or passed over."""
    return words()["notes"][name][language].format(**blanks)


def about_mapping(part: str, language: str, **blanks: Any) -> str:
    """Give one part of what is said of a mapping of columns that cannot be used."""
    return words()["mapping"][part][language].format(**blanks)


def about_delivery(where: str, name: str, language: str, **blanks: Any) -> SourceError:
    """Give the refusal `name` of a delivery of several files, each of them right by itself."""
    said = {key: words()["delivery"][key][language] for key in (name, "expected", "do")}
    return SourceError(
        where,
        found=said[name].format(**blanks),
        expected=said["expected"],
        do=said["do"],
        language=language,
    )


def shown(value: Any, language: str = "en") -> str | None:
    """The content of a cell as a person sees it, cut short; None where there is none.

    >>> shown(1.5, "nl"), shown(Percent(0.45), "en")
    ("'1,5'", "'45%'")
    """
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime | dt.date):
        return f"'{value:%d/%m/%Y}'"
    text = " ".join(_written(value, language).split())
    return f"'{text}'" if len(text) <= _SHOWN else f"'{text[:_SHOWN]}…'"


def _written(value: Any, language: str) -> str:
    """A number as Excel shows it in the language of the reader; a text as it is."""
    if isinstance(value, str):
        return value
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, Percent):
        text = f"{100 * value:.10g}%"
    return text.replace(".", ",") if language == "nl" else text


def asked(column: Column, language: str) -> dict[str, str]:
    """What a column asks for, to fill the sentence about one of its cells."""
    listed = ", ".join(code_words(code)[language] for code in column.values)
    kinds = words()["kinds"]
    kind = (kinds.get(column.unit) or kinds[column.kind])[language]
    one_of = words()["faults"]["not-in-list"][language][0]
    return {"kind": one_of.format(list=listed) if listed else kind, "list": listed}


def refusal(name: str, faults: list[Fault], language: str) -> SourceError:
    """Give the one refusal that names every fault of a file."""
    said = {key: words()["words"][key][language] for key in ("one", "total", "expected", "do")}
    head = said["one"] if len(faults) == 1 else said["total"].format(count=len(faults))
    return SourceError(
        name,
        found="\n            ".join([head, *sentences(faults, language)]),
        expected=said["expected"],
        do=said["do"],
        language=language,
    )


def sentences(faults: Iterable[Fault], language: str) -> list[str]:
    """Every fault with its sheet, row, column, and what was found and expected.

    Rows of one column that have the same fault and the same content share a sentence. Of a
    fault with more than a few contents every row is named, but not every content.
    """
    alike: dict[tuple, list[Fault]] = {}
    for one in faults:
        alike.setdefault((one.sheet, one.heading, one.expected, one.do), []).append(one)
    return [
        _sentence(group, language)
        for group in sorted((g for a in alike.values() for g in _by_content(a)), key=_order)
    ]


def _by_content(faults: list[Fault]) -> list[list[Fault]]:
    contents: dict[str | None, list[Fault]] = {}
    for one in faults:
        contents.setdefault(one.found, []).append(one)
    return list(contents.values()) if len(contents) <= _CONTENTS else [faults]


def _order(faults: list[Fault]) -> tuple:
    letter = faults[0].heading.letter if faults[0].heading else ""
    return faults[0].sheet, faults[0].row or 0, len(letter), letter, faults[0].expected


def _sentence(faults: list[Fault], language: str) -> str:
    first = faults[0]
    said = {key: spoken[language] for key, spoken in words()["words"].items()}
    rows = _ranges([one.row for one in faults if one.row])
    place = said["row"].format(rows=rows) if rows else ""
    if first.heading:
        place += said["column" if first.heading.letter else "heading"].format(
            letter=first.heading.letter, heading=first.heading.name
        )
    contents = list(dict.fromkeys(one.found or said["nothing"] for one in faults))
    found = ", ".join(contents[:_CONTENTS])
    if len(contents) > _CONTENTS:
        found += said["also"].format(more=len(contents) - _CONTENTS)
    return words()["line"][language].format(
        sheet=first.sheet, place=place, found=found, expected=first.expected, do=first.do
    )


def _ranges(rows: list[int]) -> str:
    """Rows as people write them: 4, 7-9."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs)
