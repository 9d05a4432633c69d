"""Definitions of a start-up and its like, as dated data: one file each in `definitions/`."""

import inspect
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.companies import criteria
from analysis.companies.criteria import COLUMNS
from analysis.refusal import ReportError
from analysis.yaml_text import read_yaml

FOLDER = Path(__file__).parent / "definitions"
CRITERIA = {
    name: criterion
    for name, criterion in inspect.getmembers(criteria, inspect.isfunction)
    if not name.startswith("_")
}
_FAULTS = (KeyError, TypeError, ValueError, OSError, yaml.YAMLError)


_SIZES = ("employees", "turnover", "balance", "growth")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    """The name in every language."""

    nl: str
    en: str


class Source(_Strict):
    """Where a definition stands, and whether somebody has read it there.

    Certainty: A official text read, B secondary text read, K general knowledge, D our own choice.
    """

    name: str
    url: str | None = None
    certainty: Literal["A", "B", "K", "D"]
    verified: bool


class Value(_Strict):
    """A limit with its unit, by the first day on which it applies; `always` where none is known."""

    unit: Literal["years", "days", "FTE", "EUR", "share", "date"]
    verified: bool
    note: str | None = None
    since: dict[date | Literal["always"], int | float | date] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> "Value":
        if "always" in self.since and len(self.since) > 1:
            raise ValueError("`always` leaves no room for another day")
        if any(isinstance(value, date) != (self.unit == "date") for value in self.since.values()):
            raise ValueError("a value is a day where the unit is `date`, and else a number")
        return self

    def on(self, days: pd.Series) -> pd.Series:
        """Value in force on each day: missing before the first, and on an unknown day."""
        kind = "datetime64[us]" if self.unit == "date" else "Float64"
        found = pd.Series(self.since.get("always"), index=days.index, dtype=kind)
        for first in sorted(day for day in self.since if isinstance(day, date)):
            found = found.mask(days >= pd.Timestamp(first), self.since[first])
        return found


_ID = re.compile(r"(?!younger-than-(?!\d+$))[a-z0-9]+(-[a-z0-9]+)*")  # the ages of the curve


class Example(_Strict):
    """An invented firm and its answer: yes, no, or (null) it cannot be told."""

    why: str
    firm: dict[str, Any]
    answer: bool | None


class Definition(_Strict):
    """A definition: a firm answers to it if all criteria hold and all of `must_be` is so.

    `undecided` says of a column why no open source fills it, so that it is unknown unless somebody
    brings it; `assumes` says how we read what the sources leave open.
    """

    id: str
    title: Title
    sources: list[Source] = Field(min_length=1)
    criteria: list[str] = Field(min_length=1)
    values: dict[str, Value]
    must_be: dict[str, bool] = {}
    undecided: dict[str, str] = {}
    assumes: list[str] = []
    examples: list[Example]

    @model_validator(mode="after")
    def _names_exist(self) -> "Definition":
        if not _ID.fullmatch(self.id):
            raise ValueError(f"the id {self.id}; an id is of a-z, 0-9 and hyphens, and "
                             "`younger-than-` goes before a number")  # fmt: skip
        if wrong := set(self.criteria) - set(CRITERIA):
            raise ValueError(f"no criterion is called {sorted(wrong)}; there are {list(CRITERIA)}")
        wanted = {name for criterion in self.criteria for name in value_names(criterion)}
        if wanted != set(self.values):
            raise ValueError(f"the criteria take the values {sorted(wanted)}")
        used = {*self.must_be, *self.undecided, *(c for e in self.examples for c in e.firm)}
        if wrong := used - set(COLUMNS):
            raise ValueError(f"no column is called {sorted(wrong)}; there are {list(COLUMNS)}")
        return self


def value_names(criterion: str) -> list[str]:
    """The values that a criterion takes: its keyword names."""
    return list(inspect.signature(CRITERIA[criterion]).parameters)[1:]


def definitions(folder: Path = FOLDER) -> dict[str, Definition]:
    """Every definition of a folder, by id, in the order of the files' names.

    A file with `up_to: 15` gives fifteen definitions, with 1 to 15 for `{n}`; its examples may say
    `yes_from: n`. A file `based_on` another id adds to it: what it states itself goes first.

    Raises
    ------
    ReportError
        A file cannot be read or breaks a promise, or two have the same id.
    """
    files = sorted(folder.glob("*.yml"))
    written = [path.stat() for path in files if path.exists()]
    return _read(tuple(files), tuple((one.st_mtime_ns, one.st_size) for one in written)).copy()


@lru_cache(maxsize=4)  # folders; read anew when a file has another time or size
def _read(files: tuple[Path, ...], _: tuple[tuple[int, int], ...]) -> dict[str, Definition]:
    sheets: dict[str, dict] = {}
    found: dict[str, Path] = {}
    for path in files:
        try:
            for sheet in _sheets(path.read_text(encoding="utf-8")):
                if sheet["id"] in sheets:
                    raise ValueError(f"another file has the id {sheet['id']}")
                sheets[sheet["id"]], found[sheet["id"]] = sheet, path
        except _FAULTS as fault:
            raise _refuse(path, fault) from fault
    return {key: _checked(sheet, sheets, path=found[key]) for key, sheet in sheets.items()}


def _sheets(text: str) -> list[dict]:
    """What a file states, once for each `{n}`."""
    sheet = read_yaml(text)
    if not isinstance(sheet, dict):
        raise ValueError("no keys with values")
    last = sheet.pop("up_to", None)
    return [sheet] if last is None else [_filled(sheet, n) for n in range(1, last + 1)]


def _filled(part: Any, n: int) -> Any:
    if isinstance(part, str):
        return n if part == "{n}" else part.replace("{n}", str(n))
    if isinstance(part, list):
        return [_filled(item, n) for item in part]
    if not isinstance(part, dict):
        return part
    known = {"answer": n >= part["yes_from"]} if "yes_from" in part else {}
    return known | {key: _filled(item, n) for key, item in part.items() if key != "yes_from"}


def _checked(sheet: dict, sheets: dict[str, dict], *, path: Path) -> Definition:
    try:
        return Definition.model_validate(_added(sheet, sheets) if "based_on" in sheet else sheet)
    except _FAULTS as fault:
        raise _refuse(path, fault) from fault


def _added(sheet: dict, sheets: dict[str, dict]) -> dict:
    own = {key: part for key, part in sheet.items() if key != "based_on"}
    base = sheets[sheet["based_on"]]
    for key in ("criteria", "sources", "assumes"):
        own[key] = base.get(key, []) + own.get(key, [])
    for key in ("values", "must_be", "undecided"):
        own[key] = base.get(key, {}) | own.get(key, {})
    return base | own


def _refuse(path: Path, fault: Exception) -> ReportError:
    return ReportError(
        str(path), found=str(fault), expected="a definition as the others", do="correct the file"
    )


def uses_sizes(definition: Definition) -> bool:
    """Whether a definition sets limits to employees, turnover or balance sheets.

    To leave out firms that their own published accounts show to be large tells nothing more of
    those that remain: the headlines are not linked tables (docs/decisions.md, 17).
    """
    return any(size in value for value in definition.values for size in _SIZES)
