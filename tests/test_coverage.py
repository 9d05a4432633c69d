"""What the data chapter tells about the files it was given."""

from decimal import Decimal

import pandas as pd

from analysis.contracts import REJECTS, SIGNALS
from analysis.contracts.cells import NOTICE_CELLS
from analysis.contracts.lots import RULE_LOG
from analysis.indicators.coverage import coverage
from analysis.results import ledger


def notices(*rows):
    """Rows of (year, era, kind, form, notices)."""
    columns = ["year", "era", "kind", "form", "notices"]
    return pd.DataFrame(rows, columns=columns).assign(published=True)[list(NOTICE_CELLS.columns)]


def frame(table, *rows):
    return table.arrow([table.Row(**row) for row in rows]).to_pandas()


def told(rejects=(), signals=(), log=(), cells=None):
    """(id, period, group) -> row."""
    cells = notices((2020, "ted-r209", "award", "F03", 3)) if cells is None else cells
    rows = coverage(
        cells,
        rejects=frame(REJECTS, *rejects),
        signals=frame(SIGNALS, *signals),
        rule_log=frame(RULE_LOG, *log),
        kind="sample",
        inputs="test",
    )
    found = ledger(rows).to_dict("records")
    return {(row["id"], row["period"], row["group"]): row for row in found}


def test_notices_are_told_by_era_kind_form_and_year():
    cells = notices(
        (2020, "ted-r209", "award", "F03", 3),
        (2021, "eforms", "award", "29", 2),
        (2021, "eforms", "modification", "38", 1),
    )
    found = told(cells=cells)
    whole = {group: row["value"] for (_, period, group), row in found.items()
             if row["id"] == "data.notices" and period == "2020-2021"}  # fmt: skip
    assert whole == {
        "all": 6, "era=ted-r209": 3, "era=eforms": 3, "kind=award": 5, "kind=modification": 1,
        "form=F03": 3, "form=29": 2, "form=38": 1,
    }  # fmt: skip
    assert found["data.notices", "2021", "all"]["value"] == 3


def test_a_notice_without_a_date_is_in_the_whole_and_in_no_year():
    cells = notices((2020, "eforms", "award", "29", 1), (None, "eforms", "award", "29", 1))
    found = told(cells=cells.astype({"year": "Int64"}))
    assert found["data.notices", "2020-2020", "all"]["value"] == 2


def test_no_reject_is_told_as_none_and_rejects_by_their_reason():
    assert told()["data.rejects", "2020-2020", "all"]["value"] == 0
    file = {"delivery": "d", "found": "", "to_do": ""}
    found = told(rejects=[file | {"file": name, "reason": "not-a-notice"} for name in "ab"])
    assert found["data.rejects", "2020-2020", "reason=not-a-notice"]["value"] == 2


def test_a_name_met_in_two_deliveries_is_one_signal_met_more_often():
    met = {"era": "eforms", "place": "code", "found": "x"}
    found = told(signals=[met | {"times": 2, "example": "1"}, met | {"times": 3, "example": "2"}])
    assert found["data.signals", "2020-2020", "era=eforms"]["value"] == 1
    assert found["data.signal_times", "2020-2020", "all"]["value"] == 5


RULE = {"rule": "N07", "key": "duplicate-across-eras", "on": True, "effect": "removed",
        "notices": 1, "lots": 1, "awards": 2, "eur": Decimal("321000.50"), "eur_known": 1,
        "other_currency": 0}  # fmt: skip


def test_a_rule_tells_what_it_removed_and_of_how_many_awards_the_amount_is_not_known():
    found = told(log=[RULE])
    row = found["data.rule_eur", "2020-2020", "rule=N07"]
    assert (row["value"], row["unit"], row["n"], row["unknown"]) == (321000.5, "EUR", 1, 1)
    assert found["data.rule_awards", "2020-2020", "rule=N07"]["value"] == 2
    assert row["definition"] == "rule-applied"


def test_a_rule_that_is_off_says_so_and_unknown_euros_are_not_zero():
    off = RULE | {"on": False, "eur": None, "eur_known": 0}
    row = told(log=[off])["data.rule_eur", "2020-2020", "rule=N07"]
    assert pd.isna(row["value"])
    assert (row["definition"], row["unknown"]) == ("rule-only-counted", 2)
