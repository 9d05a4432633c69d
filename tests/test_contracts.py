"""What a contract promises about rows."""

import pytest

from analysis.contracts import AWARDS, RESULTS, Column, Rule, Table, keep
from analysis.refusal import ContractError
from analysis.results import ledger, number, read, write

LOTS = Table(
    name="lots",
    row="one lot",
    key=("lot",),
    columns={
        "lot": Column("Lot", "text"),
        "share": Column("Share", "number", within=(0, 1), may_be_missing=True),
        "size": Column("Size", "text", values=("small", "large"), may_be_missing=True),
    },
    rules=(Rule("a large lot has a share", "size <> 'large' or share is not null"),),
)

A_NUMBER = {
    "chapter": "15",
    "period": 2020,
    "definition": "d",
    "perimeter": "belgium",
    "unit": "share",
    "denominator": "lots",
    "kind": "real",
    "inputs": "x@1",
}


def _lots(*rows):
    return LOTS.arrow([LOTS.Row(*row) for row in rows])


def test_rows_that_keep_the_contract_pass_unchanged():
    rows = _lots(("1", 0.5, "small"), ("2", None, None))
    assert keep(rows, LOTS) is rows


def test_every_breach_is_named_at_once_with_its_count_and_first_key():
    rows = _lots(("1", 1.5, "small"), ("1", 0.1, "huge"), (None, 0.2, None), ("4", None, "large"))
    with pytest.raises(ContractError) as caught:
        keep(rows, LOTS)
    message = str(caught.value)
    assert "share is within 0 and 1: 1 rows, first 1" in message
    assert "size is one of small, large: 1 rows" in message
    assert "lot is stated: 1 rows" in message
    assert "a large lot has a share: 1 rows, first 4" in message
    assert "identifies one row: 1 keys" in message


def test_a_missing_value_breaks_no_limit():
    keep(_lots(("1", None, None)), LOTS)


def test_a_column_too_many_or_too_few_is_refused():
    frame = _lots(("1", 0.5, "small")).to_pandas()
    with pytest.raises(ContractError, match="columns missing: share"):
        keep(frame.drop(columns="share"), LOTS)
    with pytest.raises(ContractError, match="not in the contract: colour"):
        keep(_lots(("1", 0.5, "small")).append_column("colour", [["red"]]), LOTS)


def test_an_award_without_outcome_is_refused():
    rows = AWARDS.arrow([AWARDS.Row(notice_id="1-2020", document="a", award_id="1", lot_id="1")])
    with pytest.raises(ContractError, match="outcome is stated"):
        keep(rows, AWARDS)


def test_the_ledger_reads_back_what_was_written(tmp_path):
    rows = [
        number("b", value=0.1 + 0.2, n=7, **A_NUMBER),
        number("a", value=None, low=0.1, high=0.4, interval="bounds", n=None, **A_NUMBER),
    ]
    table = ledger(rows)
    write(table, tmp_path / "results.csv")
    assert read(tmp_path / "results.csv").equals(table)
    assert list(table["id"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"definition": ""}, "no identification is empty"),
        ({"interval": "bounds"}, "an interval has two ends"),
        ({"low": 0.1, "high": 0.9}, "none has no end"),
        ({"low": 0.6, "high": 0.9, "interval": "bounds"}, "the value lies between low and high"),
        ({"value": 1.2}, "a share lies between 0 and 1"),
        ({"kind": "guess"}, "kind is one of"),
        ({"grade": "F"}, "grade is one of"),
    ],
)
def test_a_number_that_cannot_be_published_is_refused(change, sentence):
    with pytest.raises(ContractError, match=sentence):
        ledger([number("a", **({"value": 0.5, "n": 1} | A_NUMBER | change))])


def test_the_same_number_twice_is_refused():
    with pytest.raises(ContractError, match="identifies one row"):
        ledger([number("a", value=0.5, n=1, **A_NUMBER)] * 2)


def test_the_ledger_has_the_columns_that_were_agreed():
    agreed = (
        "id chapter version period group definition perimeter value low high interval unit n "
        "denominator unknown grade kind inputs"
    )
    assert list(RESULTS.columns) == agreed.split()
