"""What may tell that a contract buys innovation: codes, procedure, CPV, the PIO list, words.

A signal is yes, no or missing. Most codes are optional: where none is given nothing is known, so
contracts without signals are not contracts without innovation. What a signal tells, `rd` (research
and development), `ppi` (first purchase of something new) or `weak` (neither for certain), is
in SIGNALS.

The justification of a direct award (BT-136, codes of research and development) would be one more;
the notices as they are kept do not hold it, so it is not read (NOT_READ).
"""

from functools import reduce
from operator import or_

import pandas as pd

from analysis.innovation.words import of_texts

SIGNALS = {
    "bt_776_rd": "rd",
    "bt_776_ppi": "ppi",
    "bt_06": "ppi",
    "partnership": "rd",
    "pio": "ppi",
    "text_rd": "rd",
    "text_ppi": "ppi",
    "cpv_73": "weak",  # holds studies and consultancy too: half to four fifths are research
    "text_weak": "weak",
}
# What the buyer itself states in a field of the notice: neither our reading of words and CPV codes,
# nor the programme's list.
MARKS = ("bt_776_rd", "bt_776_ppi", "bt_06", "partnership")
NOT_READ = ("direct_award_rd",)
# Innovative-acquisition (BT-776): four codes since SDK 1.7; of the older ones, organisational
# novelty is innovation, and efficiency, functional requirements and `other` are none.
_RD, _PPI = {"rd-act"}, {"mar-nov", "prod-innov", "proc-innov", "org-nov"}
_STRATEGIC = {"inn-pur"}  # strategic-procurement (BT-06)
_RESEARCH = "73"  # CPV division of research and development services


def of_register(register: pd.DataFrame, pio: pd.DataFrame) -> pd.DataFrame:
    """Signals of the contracts of a register.

    Parameters
    ----------
    register : rows of contract_register
    pio : rows of pio_contracts; without rows the list is not known

    Returns
    -------
    One column for each signal that a register has, missing where nothing is known; the index is
    that of `register`. A contract is on the PIO list if its number is, or a contract of the same
    day and the same awarded value; a contract of such a day without a value may be.
    """
    found = of_texts(register["title"])
    found["cpv_73"] = _is(register["cpv"].str[:2], {_RESEARCH})
    found["partnership"] = _is(register["procedure"], {"innovation-partnership"})
    found["pio"] = _on_list(register, pio)
    return found


def of_lots(lots: pd.DataFrame, pio: pd.DataFrame) -> pd.DataFrame:
    """Signals of the lots of notices.

    Parameters
    ----------
    lots : `notice_id`, `procedure`, `title`, `cpv`, `strategic` (BT-06), `innovation` (BT-776)
    pio : rows of pio_contracts; without rows the list is not known

    Returns
    -------
    One column for each signal, missing where nothing is known; the index is that of `lots`.
    """
    found = of_texts(lots["title"]).assign(**_stated(lots))
    found["cpv_73"] = _is(lots["cpv"].str[:2], {_RESEARCH})
    found["pio"] = _listed(lots["notice_id"], pio["notice_id"].dropna())
    return found


def marked(lots: pd.DataFrame) -> pd.Series:
    """Whether the notice itself marks a lot as innovative: one of MARKS says yes.

    Parameters
    ----------
    lots : `procedure`, `strategic` (BT-06), `innovation` (BT-776)

    Returns
    -------
    yes, no, or missing where no field says yes and one was not filled in; the index is that of
    `lots`.
    """
    return reduce(or_, _stated(lots).values())


def _stated(lots: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "bt_776_rd": _codes(lots["innovation"], _RD),
        "bt_776_ppi": _codes(lots["innovation"], _PPI),
        "bt_06": _codes(lots["strategic"], _STRATEGIC),
        "partnership": _is(lots["procedure"], {"innovation-partnership"}),
    }


def telling(signals: pd.DataFrame, *groups: str) -> pd.Series:
    """Whether a signal of one of the groups (`rd`, `ppi`, `weak`) says yes; never missing."""
    own = [name for name in signals if SIGNALS[str(name)] in groups]
    return signals[own].fillna(False).any(axis=1).astype(bool)


def _is(codes: pd.Series, meant: set[str]) -> pd.Series:
    return codes.isin(meant).astype("boolean").mask(codes.isna())


def _codes(published: pd.Series, meant: set[str]) -> pd.Series:
    """Whether a list of codes as published, joined by +, holds one of those meant."""
    known = {text: bool(meant & set(text.split("+"))) for text in published.dropna().unique()}
    return published.map(known).astype("boolean")


def _on_list(register: pd.DataFrame, pio: pd.DataFrame) -> pd.Series:
    by_number = _listed(register["contract"], pio["contract"])
    known = pio.dropna(subset=["awarded", "value_eur"])
    paid = set(zip(known["awarded"], known["value_eur"].astype(float).round(2), strict=True))
    days = register["date"]
    values = register["awarded_eur"].astype("Float64").round(2)
    same = pd.Series(
        [(day, value) in paid for day, value in zip(days, values, strict=True)],
        index=register.index, dtype="boolean",
    )  # fmt: skip
    may_be = values.isna() & days.isin(set(known["awarded"]))
    return by_number | same.mask(may_be & ~same)


def _listed(names: pd.Series, listed: pd.Series) -> pd.Series:
    found = names.isin(set(listed)).astype("boolean")
    return found if len(listed) else found.mask(found.notna())
