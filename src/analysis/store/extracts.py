"""What one delivery of a register tells, and of which day."""

import datetime as dt
import json
from pathlib import Path
from typing import NamedTuple

STATES = ("full", "update", "companies")  # deliveries that tell of enterprises on a day
PROGRAMME = "programme"  # tables of `contracts.intake`, no register
SUPERSEDED = "superseded"  # an update to a state that a full extract tells too: nothing is read


class Extract(NamedTuple):
    """What a register delivery is.

    `kind` is full, update or SUPERSEDED (KBO Open Data), companies (canonical tables of active
    and stopped enterprises), sizes or buyers, or PROGRAMME; `day` is the day of the register,
    `number` the place in KBO's series.
    """

    kind: str
    day: dt.date | None = None
    number: int | None = None


def note(extract: Extract, folder: Path) -> None:
    """Write down in `folder` what was read there."""
    said = extract._asdict() | {"day": extract.day.isoformat() if extract.day else None}
    (folder / "extract.json").write_text(json.dumps(said) + "\n", encoding="utf-8")


def noted(folder: Path) -> Extract:
    """What was read in `folder`."""
    said = json.loads((folder / "extract.json").read_text("utf-8"))
    return Extract(
        said["kind"], dt.date.fromisoformat(said["day"]) if said["day"] else None, said["number"]
    )
