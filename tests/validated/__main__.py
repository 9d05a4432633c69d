"""Write docs/validation.md: `python -m tests.validated` in the project's folder."""

import sys
import warnings

from analysis.progress import shown

from . import PAGE, NoDataError, collected, page, row


def main() -> None:
    """Compute every fixture and write the page."""
    fixtures = collected()
    rows = []
    with shown("numbers of others", len(fixtures)) as advance, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of packages that carry data
        for name, fixture in fixtures.items():
            rows.append(row(name, fixture))
            advance(1)
    PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except NoDataError as why:
        sys.exit(f"{PAGE.name} is left as it was: {why}")
