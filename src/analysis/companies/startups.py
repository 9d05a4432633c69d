"""Which firms answer to a definition on the day of their contract: yes, no or unknown."""

from functools import reduce
from operator import and_

import pandas as pd

from analysis.companies.criteria import COLUMNS
from analysis.companies.definitions import CRITERIA, Definition, value_names
from analysis.refusal import ContractError


def classify(firms: pd.DataFrame, definition: Definition) -> pd.Series:
    """Whether each firm answers to the definition on its day.

    Parameters
    ----------
    firms : one row per firm and day; the columns of `criteria.COLUMNS`, of which all but
        `start_date` and `on_date` may be left out, and are then unknown. Other columns are ignored.
    definition : one of `definitions()`

    Returns
    -------
    pandas.Series
        `boolean` on the index of `firms`, named after the definition; missing is unknown.

    Raises
    ------
    ContractError
        A column is missing, or holds what its kind cannot.
    """
    known = _known(firms)
    values = {name: value.on(known["on_date"]) for name, value in definition.values.items()}
    answers = [
        CRITERIA[criterion](known, **{name: values[name] for name in value_names(criterion)})
        for criterion in definition.criteria
    ]
    answers += [known[column] == wanted for column, wanted in definition.must_be.items()]
    return reduce(and_, answers).astype("boolean").rename(definition.id)


def _known(firms: pd.DataFrame) -> pd.DataFrame:
    try:
        firms[["start_date", "on_date"]]  # without these nothing can be said
        return firms.reindex(columns=[*COLUMNS]).astype(COLUMNS)
    except (KeyError, TypeError, ValueError) as fault:
        raise ContractError(
            "firms",
            found=str(fault),
            expected=", ".join(f"{name} ({kind})" for name, kind in COLUMNS.items()),
            do="correct the step that made the table",
        ) from fault
