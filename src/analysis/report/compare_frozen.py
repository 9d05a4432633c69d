"""Numbers of a published edition that are not made again, and who said why."""

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from analysis import results, workbook
from analysis.contracts import RESULTS
from analysis.refusal import ReportError
from analysis.report import verify_inputs
from analysis.report.compare import LEDGER
from analysis.report.compare_edition import editions
from analysis.report.folder import sha256
from analysis.report.verify_bundle import record
from analysis.report.verify_numbers import IDENTICAL, NEAR, Key, Row, read
from analysis.report.verify_numbers import compare as held
from analysis.yaml_text import read_yaml

CAUSES = "causes.yml"
_OF_THE_REPORT = "results"  # rows that count the rows of their own ledger
_ANY = "*"


class Cause(BaseModel):
    """Why numbers of a published edition are no longer made as they were published.

    The numbers are named by patterns (`*`, `?`) of the parts of their key.
    """

    model_config = ConfigDict(extra="forbid")
    edition: int
    id: str
    period: str = _ANY
    group: str = _ANY
    definition: str = _ANY
    perimeter: str = _ANY
    cause: Literal["new data", "corrected source", "changed definition", "changed code"]
    why: str = Field(min_length=1)
    since: dt.date

    def explains(self, key: Key) -> bool:
        """Whether the number is one of those named."""
        patterns = (getattr(self, name) for name in RESULTS.key)
        return all(map(fnmatchcase, key, patterns))


class Frozen(NamedTuple):
    """What became of the numbers of an edition.

    unexplained : names of numbers that are not made again, without a stated cause
    idle : stated causes that explain nothing (any more)
    absent : names of inputs that are not here; nothing was made again then
    """

    unexplained: list[str]
    idle: list[Cause]
    absent: list[str]


def checked(published: Path, home: Path) -> Iterator[tuple[str, Frozen]]:
    """Make the numbers of every published edition again and hold them against what is frozen.

    Parameters
    ----------
    published : folder of the editions, with `causes.yml` if numbers were corrected
    home : the store that has their inputs

    Raises
    ------
    ReportError
        A frozen ledger is not the one that was published, or `causes.yml` cannot be used.
    """
    stated = causes(published)
    for edition in editions(published):
        own = [cause for cause in stated if str(cause.edition) == edition.name]
        yield edition.name, _checked(edition, own, home)


def frozen(before: Mapping[Key, Row], again: Mapping[Key, Row], stated: Sequence[Cause]) -> Frozen:
    """Hold a published ledger against the one that is made now from the same inputs.

    What is only new is no difference, nor is the last digit of a sum (1e-9, relative), nor are
    rows that count the rows of their own ledger.
    """
    compared = held(before, again, lacks=False, other_inputs=False)
    moved = [
        number
        for number in sorted(compared)
        if number.status not in (IDENTICAL, NEAR)
        and number.key in before
        and before[number.key]["inputs"] != _OF_THE_REPORT
    ]
    explained = {n.key: [c for c in stated if c.explains(n.key)] for n in moved}
    used = [cause for found in explained.values() for cause in found]
    return Frozen(
        [number.name for number in moved if not explained[number.key]],
        [cause for cause in stated if cause not in used],
        [],
    )


def causes(published: Path) -> list[Cause]:
    """The stated causes, none without the file.

    Raises
    ------
    ReportError
        The file is not as `Cause` asks, or names an edition that was not published.
    """
    path = published / CAUSES
    if not path.is_file():
        return []
    try:
        found = TypeAdapter(list[Cause]).validate_python(read_yaml(path.read_text("utf-8")) or [])
    except (yaml.YAMLError, ValidationError) as fault:
        raise _refused(path, str(fault), "a list of edition, id, cause, why and since") from fault
    known = {edition.name for edition in editions(published)}
    for one in found:
        if str(one.edition) not in known:
            raise _refused(path, f"edition {one.edition}", " or ".join(sorted(known)) or "none")
    return found


def _checked(edition: Path, stated: list[Cause], home: Path) -> Frozen:
    said = record(edition)
    if said.files.get(LEDGER) != sha256((edition / LEDGER).read_bytes()):
        raise ReportError(
            f"{edition.parent.name}/{edition.name}/{LEDGER}",
            found="a ledger with another sha256 than its report.json says",
            expected="the ledger as it was published",
            do=f"bring back the published file; a correction is stated in {CAUSES}",
        )
    with tempfile.TemporaryDirectory(prefix="pio-frozen-") as new:
        work, inputs = Path(new), said.run.inputs
        found = verify_inputs.match(inputs, verify_inputs.offered([], home, work, inputs))
        lacking = sorted(one.name for one in (*found.absent, *found.changed))
        again = None if lacking else verify_inputs.reopen(inputs, found, work)
        if again is None or again.lake is None:
            return Frozen([], [], lacking or [again.why if again else "all inputs"])
        rows = workbook.ledger(again.lake, said.run.parameters.year, again.decisions)
        results.write(rows, work / LEDGER)
        return frozen(read(edition / LEDGER), read(work / LEDGER), stated)


def _refused(path: Path, found: str, expected: str) -> ReportError:
    return ReportError(
        f"{path.parent.name}/{path.name}", found=found, expected=expected, do="correct the file"
    )
