"""How a table that people fill in is promised: structure in Python, words in YAML beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

from analysis.contracts.table import Column, Rule, Table

Spoken = dict[str, str]  # language (nl, en) -> words

# The unit of a column also tells how people write it: the reader takes every way apart.
ENTERPRISE, COUNTRY, CPV, EUR, SHARE = "enterprise number", "ISO 3166-1", "CPV", "EUR", "share"

TEXT = Column("", "text")
DAY = Column("", "day")
FLAG = Column("", "flag")
YEAR = Column("", "whole", "year", within=(1990, 2100))
COUNT = Column("", "whole", "count", within=(0, 10**9))
MONEY = Column("", "money", EUR, within=(0, 10**12))
PART = Column("", "number", SHARE, within=(0, 1))
COMPANY = Column("", "text", ENTERPRISE)


def maybe(column: Column) -> Column:
    """Give the same column, that may be missing."""
    return replace(column, may_be_missing=True)


def choice(*codes: str) -> Column:
    """Give a text from a closed list; codes.yml has the words for each code."""
    return Column("", "text", values=codes)


class Field(NamedTuple):
    """What a person reads about a column: heading, help, and one cell filled in."""

    label: Spoken
    help: Spoken
    example: Any


class Check(NamedTuple):
    """A promise about one row: the column it is told at, the sentence, the SQL condition."""

    column: str
    sentence: Spoken
    holds: str


@dataclass(frozen=True)
class Sheet:
    """One table as one sheet of a workbook, with its words in both languages."""

    table: Table
    title: Spoken
    row: Spoken
    fields: dict[str, Field]
    checks: tuple[Check, ...]


def sheet(
    workbook: str,
    name: str,
    key: tuple[str, ...],
    columns: dict[str, Column],
    rules: Mapping[str, str] | None = None,
) -> Sheet:
    """Make the sheet `name` of a workbook.

    Parameters
    ----------
    workbook : name of the YAML file beside this one that holds the words
    name, key : of the table
    columns : by name; what a column says (`about`) is its English help
    rules : name of the rule in the YAML -> SQL condition that every row must keep
    """
    words = spoken(workbook)[name]
    table = Table(
        name=name,
        row=words["row"]["en"],
        key=key,
        columns={
            column: replace(shape, about=words["columns"][column]["en"][1])
            for column, shape in columns.items()
        },
        rules=tuple(
            Rule(words["rules"][rule]["en"], holds) for rule, holds in (rules or {}).items()
        ),
    )
    return sheet_of(workbook, table)


def sheet_of(workbook: str, table: Table) -> Sheet:
    """Make the sheet of a table; a rule without words is only kept, not told at a cell."""
    words = spoken(workbook)[table.name]
    fields = {
        column: Field(
            label={language: said[language][0] for language in ("nl", "en")},
            help={language: said[language][1] for language in ("nl", "en")},
            example=said["example"],
        )
        for column, said in words["columns"].items()
    }
    told = {said["en"]: said for said in words.get("rules", {}).values()}
    checks = tuple(
        Check(said["at"], {"nl": said["nl"], "en": said["en"]}, rule.holds)
        for rule in table.rules
        if (said := told.get(rule.sentence))
    )
    return Sheet(table, words["title"], words["row"], fields, checks)


@cache
def spoken(file: str) -> dict[str, Any]:
    """Give the words of one YAML file beside this one."""
    text = resources.files(__package__).joinpath(f"{file}.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def code_words(code: str) -> Spoken:
    """Give the words for one code of a closed list, in both languages."""
    return spoken("codes")[code]
