"""Two editions of the report side by side: every number that changed, and what it changed by."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from analysis.companies.definitions import FOLDER
from analysis.contracts import RESULTS
from analysis.contracts.facts import FACTS
from analysis.report.verify_bundle import Run, opened, record
from analysis.report.verify_numbers import IDENTICAL, Key, Row, read
from analysis.report.verify_numbers import compare as held
from analysis.yaml_text import read_yaml

DATA, SOURCE, DEFINITION, CODE = (
    "new data",
    "corrected source",
    "changed definition",
    "changed code",
)
CAUSES = (DATA, SOURCE, DEFINITION, CODE)
UNEXPLAINED = "no cause found"  # all that a run says of itself is the same
LEDGER = "results.csv"
_DEFINITIONS = "src/analysis/companies/definitions/"
_CURVE = ("age_curve", "younger-than-")  # one file for the definitions whose names begin so
_OF_THE_REPORT = "results"  # `inputs` of a row that counts the rows of its own ledger
_PLACE = {name: at for at, name in enumerate(RESULTS.key)}


class Change(NamedTuple):
    """A number that is not what it was: its key, old and new row (None: not there), and why."""

    key: Key
    old: Row | None
    new: Row | None
    causes: tuple[str, ...]


def compare(old: Path, new: Path) -> list[Change]:
    """Every number that differs between two reports, in the order of the ledger's key.

    Parameters
    ----------
    old, new : folders or zips of reports

    Raises
    ------
    Refusal
        One of them is no report, or hostile.
    """
    with opened(old) as one, opened(new) as other:
        before, after = read(one / LEDGER), read(other / LEDGER)
        return between(before, after, record(one).run, record(other).run)


def between(
    before: Mapping[Key, Row], after: Mapping[Key, Row], old: Run, new: Run
) -> list[Change]:
    """Every number that differs between two ledgers, and why, from how both were made.

    Notes
    -----
    A number may have several causes; which of them weighs most is not known without computing it
    once with each. `changed definition`: the file of its definition differs, or of the one that
    this is based on, or the version of its indicator. `new data` and `corrected source`: it rests
    on other inputs, of which some are new, or bear the name of an earlier one with other bytes; or
    on more of the same, as a report of a later year reads later notices. What none of these
    explains has changed by whatever else differs: code, definitions, or nothing that is known.
    """
    why = _Why.of(old, new)
    everything = held(before, after, lacks=False, other_inputs=True)
    changed = sorted(number.key for number in everything if number.status != IDENTICAL)
    return [_change(key, before.get(key), after.get(key), why) for key in changed]


class _Why(NamedTuple):
    """What differs between two runs.

    year : the last year of the old one
    is_moved : whether the new one is of another year
    definitions : names of the files of definitions that differ
    inputs : kinds of causes that the inputs give
    code : whether any other file differs
    """

    year: int
    is_moved: bool
    definitions: frozenset[str]
    inputs: tuple[str, ...]
    code: bool

    @classmethod
    def of(cls, old: Run, new: Run) -> "_Why":
        names = old.code.keys() | new.code.keys()
        other = {name for name in names if old.code.get(name) != new.code.get(name)}
        files = frozenset(Path(name).stem for name in other if _DEFINITIONS in name)
        year = old.parameters.year
        is_moved, rest = year != new.parameters.year, len(other) > len(files)
        return cls(year, is_moved, files, tuple(_of_inputs(old, new)), rest)

    def left(self, definition: str, *, by_data: bool) -> tuple[str, ...]:
        """What may have changed a number that nothing of its own explains.

        `by_data`: whether other data may have, though the row does not name other inputs.
        """
        is_own = definition in _based_on() or definition.startswith(_CURVE[1])
        is_other = bool(self.definitions) and not (self.code and is_own)
        found = {*(self.inputs if by_data else ())}
        differ = ((DATA, self.is_moved), (DEFINITION, is_other), (CODE, self.code))
        found |= {cause for cause, differs in differ if differs}
        return tuple(cause for cause in CAUSES if cause in found) or (UNEXPLAINED,)


def _of_inputs(old: Run, new: Run) -> Iterator[str]:
    before = {(one.name, one.sha256) for one in old.inputs}
    after = {(one.name, one.sha256) for one in new.inputs}
    gone, come = ({name for name, _ in some} for some in (before - after, after - before))
    if gone ^ come:
        yield DATA
    if gone & come:
        yield SOURCE


def _change(key: Key, old: Row | None, new: Row | None, why: _Why) -> Change:
    definition = key[_PLACE["definition"]]
    causes = set(_of_data(key, old, new, why))
    if _other_definition(definition, why) or _other_version(old, new):
        causes.add(DEFINITION)
    known = tuple(cause for cause in CAUSES if cause in causes)
    by_data = not old or not new or new["inputs"] == _OF_THE_REPORT
    return Change(key, old, new, known or why.left(definition, by_data=by_data))


def _of_data(key: Key, old: Row | None, new: Row | None, why: _Why) -> Iterator[str]:
    period = key[_PLACE["period"]]
    if not old and period[-4:].isdigit() and int(period[-4:]) > why.year:
        yield DATA  # a year that the old edition could not have
    elif old and new and old["inputs"] != new["inputs"]:
        yield from why.inputs or _of_facts(old["inputs"], new["inputs"])
    elif why.is_moved and (new or _ends_in(why.year, period)) and not _rests_on_facts(new or old):
        yield DATA


def _ends_in(year: int, period: str) -> bool:
    """Whether it is a range up to the last year of an edition, which the next has no more."""
    return period.endswith(f"-{year}")


def _rests_on_facts(row: Row | None) -> bool:
    tables = {table.name for tables in FACTS.values() for table in tables}
    return row is not None and row["inputs"].partition("@")[0] in tables


def _of_facts(old: str, new: str) -> Iterator[str]:
    """Published figures are kept by hand: the same name with other digits was corrected."""
    yield SOURCE if old.partition("@")[0] == new.partition("@")[0] else DATA


def _other_definition(name: str, why: _Why) -> bool:
    file, begins = _CURVE
    own = {name.replace("-", "_")} | ({file} if name.startswith(begins) else set())
    base = _based_on().get(name) if why.definitions else None
    return not own.isdisjoint(why.definitions) or bool(base and _other_definition(base, why))


@cache
def _based_on() -> dict[str, str | None]:
    """Every definition of today, and the one that it is based on."""
    sheets = [read_yaml(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))]
    return {sheet["id"]: sheet.get("based_on") for sheet in sheets}


def _other_version(old: Row | None, new: Row | None) -> bool:
    return bool(old and new and old["version"] != new["version"])
