"""Two editions of the report side by side: every number that changed, and what it changed by."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from analysis.contracts import RESULTS
from analysis.report.verify_bundle import Run, opened, record
from analysis.report.verify_numbers import IDENTICAL, Key, Row, read
from analysis.report.verify_numbers import compare as held

DATA, SOURCE, DEFINITION, CODE = (
    "new data",
    "corrected source",
    "changed definition",
    "changed code",
)
CAUSES = (DATA, SOURCE, DEFINITION, CODE)
LEDGER = "results.csv"
_DEFINITIONS = "src/analysis/companies/definitions/"
_CURVE = ("age_curve", "younger-than-")  # one file for the definitions whose names begin so
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
    once with each. `changed definition`: the file of its definition differs, or the version of its
    indicator. `new data` and `corrected source`: it rests on other inputs, of which some are new,
    or bear the name of an earlier one with other bytes. `changed code`: nothing else explains it.
    """
    why = _Why.of(old, new)
    everything = held(before, after, lacks=False, other_inputs=True)
    changed = sorted(number.key for number in everything if number.status != IDENTICAL)
    return [_change(key, before.get(key), after.get(key), why) for key in changed]


class _Why(NamedTuple):
    """What differs between two runs: the last year of the old one, definitions, kinds of inputs."""

    year: int
    definitions: frozenset[str]
    inputs: tuple[str, ...]

    @classmethod
    def of(cls, old: Run, new: Run) -> "_Why":
        names = {name for name in old.code.keys() | new.code.keys() if _DEFINITIONS in name}
        files = {Path(name).stem for name in names if old.code.get(name) != new.code.get(name)}
        before = {(one.name, one.sha256) for one in old.inputs}
        after = {(one.name, one.sha256) for one in new.inputs}
        gone, come = ({name for name, _ in some} for some in (before - after, after - before))
        corrected, other = gone & come, gone ^ come
        kinds = [cause for cause, found in ((DATA, other), (SOURCE, corrected)) if found]
        return cls(old.parameters.year, frozenset(files), tuple(kinds))


def _change(key: Key, old: Row | None, new: Row | None, why: _Why) -> Change:
    causes = set(_of_data(key, old, new, why))
    if _other_definition(key[_PLACE["definition"]], why) or _other_version(old, new):
        causes.add(DEFINITION)
    return Change(key, old, new, tuple(one for one in CAUSES if one in causes) or (CODE,))


def _of_data(key: Key, old: Row | None, new: Row | None, why: _Why) -> Iterator[str]:
    period = key[_PLACE["period"]]
    if not old and period[-4:].isdigit() and int(period[-4:]) > why.year:
        yield DATA  # a year that the old edition could not have
    elif old and new and old["inputs"] != new["inputs"]:
        yield from why.inputs or _of_facts(old["inputs"], new["inputs"])


def _of_facts(old: str, new: str) -> Iterator[str]:
    """Published figures are kept by hand: the same name with other digits was corrected."""
    yield SOURCE if old.partition("@")[0] == new.partition("@")[0] else DATA


def _other_definition(name: str, why: _Why) -> bool:
    file, begins = _CURVE
    own = {name.replace("-", "_")} | ({file} if name.startswith(begins) else set())
    return not own.isdisjoint(why.definitions)


def _other_version(old: Row | None, new: Row | None) -> bool:
    return bool(old and new and old["version"] != new["version"])
