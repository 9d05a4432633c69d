"""What an analyst holds in a notebook: every table and every indicator of a report, as pandas.

What is computed here is not disclosure-controlled and must not be published as it is; the ledger
and the indicators of a `Workbook` are.
"""

from analysis.lab.book import Workbook
from analysis.lab.drawn import flanders, show

__all__ = ["Workbook", "flanders", "show"]
