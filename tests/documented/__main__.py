"""Write docs/indicators: `python -m tests.documented [LEDGER]` in the project's folder.

With a ledger (`results.csv` of the invented Flanders) the list of indicators is renewed first.
"""

import sys
from pathlib import Path

from . import FOLDER, listed, pages, write_list


def main(ledger: str | None) -> None:
    """Write every page."""
    if ledger:
        write_list(listed(Path(ledger)))
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
