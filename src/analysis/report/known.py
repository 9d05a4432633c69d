"""What was asked before, and which report answers it: no need to open the data to see it stands."""

import json
import os
from pathlib import Path
from typing import NamedTuple

KEPT = 50  # questions
_FILE = "reports.json"


class Known(NamedTuple):
    """The year that a report turned out to be of, and the key of its folder."""

    year: int
    key: str


def of(home: Path, asked: str) -> Known | None:
    """What answered the question with the digest `asked`, as far as the store `home` remembers."""
    try:
        year, key = _all(home)[asked]
        return Known(int(year), str(key))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def keep(home: Path, asked: str, found: Known) -> None:
    """Remember what answers a question, and no more than `KEPT` answers in all."""
    try:
        before = _all(home)
    except (OSError, ValueError):
        before = {}
    before.pop(asked, None)
    lasting = dict([*before.items(), (asked, list(found))][-KEPT:])
    new = home / f".{_FILE}.{os.getpid()}"
    new.write_text(json.dumps(lasting, indent=1) + "\n", encoding="utf-8")
    new.replace(home / _FILE)


def _all(home: Path) -> dict[str, list]:
    found = json.loads((home / _FILE).read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}
