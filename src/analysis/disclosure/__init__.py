"""What may be published of tables that link awards to firms' sizes (methods 7, class L).

Contract notices are public, and so is what follows from them and from the register (class P). A
definition that looks at accounts is a linked table: fewer than three enterprises behind a figure,
or one or two that make up nearly all euros, and the figure is withheld; and so are others from
which it could be found. `control` withholds, and attacks what
is left.
"""

from analysis.disclosure.contributors import COLUMNS, of_access, of_programme
from analysis.disclosure.publishing import audit, control, protect
from analysis.disclosure.targets import WITHHELD, dominated, too_few

__all__ = [
    "COLUMNS",
    "WITHHELD",
    "audit",
    "control",
    "dominated",
    "of_access",
    "of_programme",
    "protect",
    "too_few",
]
