"""Which enterprises stand behind the linked figures of the programmes."""

import pandas as pd
import pyarrow as pa

from analysis.disclosure.contributors import COLUMNS
from analysis.disclosure.nesting import CLASSED, SIZED_CLASSES, UNDATED, linked_definitions
from analysis.indicators.given import Given

_PERIMETER = "flemish-public"


def of_programme(given: Given) -> pa.Table:
    """The contributors of the chapters on PIO, as `contributors.COLUMNS`.

    Winners of contracts by definition (theme `pio`) and by class (`pio-classes`), joint winners in
    equal parts; firms consulted by class (`consulted`), each once a consultation.
    """
    won, met = _winners(given), _consulted(given)
    frames = [
        _answered(given, won).assign(theme="pio"),
        _classed(given, won).assign(theme="pio-classes"),
        _classed(given, met).assign(theme="consulted"),
    ]
    found = pd.concat([frame for frame in frames if len(frame)] or frames, ignore_index=True)
    found = found.assign(
        perimeters=_PERIMETER,
        group="all",
        who=pd.factorize(found["company_id"], sort=True)[0],
        year=[UNDATED if pd.isna(day) else str(day.year) for day in found["day"]],
    )
    return pa.Table.from_pandas(found[COLUMNS.names], schema=COLUMNS, preserve_index=False)


def _winners(given: Given) -> pd.DataFrame:
    """company_id, day, lots and euros of winners with a number."""
    awards = given.tables["pio_contracts"][["contract", "awarded", "value_eur"]].astype("object")
    listed = given.tables["pio_bidders"][["contract", "company_id", "won"]].astype("object")
    won = listed[listed["won"].fillna(False).astype(bool)]
    both = awards.merge(won, on="contract")
    parts = 1 / both.groupby("contract")["contract"].transform("size")
    euros = pd.to_numeric(both["value_eur"].map(_plain), errors="coerce").fillna(0.0)
    found = both.assign(lots=parts, euros=euros * parts, day=_days(both["awarded"]))
    return found[["company_id", "day", "lots", "euros"]].dropna(subset=["company_id"])


def _consulted(given: Given) -> pd.DataFrame:
    listed = given.tables["pio_consulted"].astype("object")
    table = listed[listed["participant_kind"].fillna("company").eq("company")]
    projects = given.tables["pio_projects"][["project", "consulted"]].astype("object")
    firms = table[["project", "company_id"]].dropna(subset=["company_id"])
    both = firms.merge(projects, on="project", how="left")
    return both.assign(lots=1.0, euros=0.0, day=_days(both["consulted"]))


def _answered(given: Given, firms: pd.DataFrame) -> pd.DataFrame:
    told = given.answers.dropna(subset=["answer", "company_id"])
    told = told[told["definition"].isin(linked_definitions())]
    said = told["answer"].astype(bool).map({True: "yes", False: "no"})
    keys = {"company_id": told["company_id"].astype("object"), "day": _days(told["on_date"])}
    answers = pd.DataFrame(keys | {"definition": told["definition"], "answer": said})
    return firms.merge(answers, on=["company_id", "day"])


def _classed(given: Given, firms: pd.DataFrame) -> pd.DataFrame:
    told = given.classes[given.classes["firm_class"].isin(SIZED_CLASSES)]
    keys = {"company_id": told["company_id"].astype("object"), "day": _days(told["on_date"])}
    classes = pd.DataFrame(keys | {"answer": told["firm_class"], "definition": CLASSED})
    return firms.merge(classes, on=["company_id", "day"])


def _days(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column.astype("object"))


def _plain(amount: object) -> float:
    return float("nan") if pd.isna(amount) else float(amount)  # type: ignore[call-overload,arg-type]
