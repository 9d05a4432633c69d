"""Tables that an evaluator provides, sizes and buyers: read, or refused with all faults at once."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from analysis.contracts import BUYERS, SIZES, Table, keep
from analysis.refusal import SourceError
from analysis.sources import canonical

HEADER = "company_id,year,employees_fte,turnover_eur,balance_eur\n"
BUYER = "company_id,body,since,until,source\n"


def read(table: Table, tmp_path: Path, text: str) -> list[tuple]:
    path = tmp_path / "given.csv"
    path.write_text(text, encoding="utf-8")
    canonical.read_plain(table, path, "sizes.csv", tmp_path)
    found = pq.read_table(tmp_path / f"{table.name}.parquet")
    return [tuple(row.values()) for row in keep(found, table).to_pylist()]


def faults(table: Table, tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(SourceError) as refused:
        read(table, tmp_path, text)
    assert refused.value.where == "sizes.csv"
    return [line.strip() for line in refused.value.found.splitlines()]


def test_money_is_exact_and_an_empty_cell_is_missing(tmp_path: Path) -> None:
    text = HEADER + "0200068636,2024,12.5,,0.1\n0200065765,2023,0,1440000.05,2000\n"
    assert read(SIZES, tmp_path, text) == [
        ("0200065765", 2023, 0.0, Decimal("1440000.05"), Decimal(2000)),
        ("0200068636", 2024, 12.5, None, Decimal("0.1")),
    ]


def test_columns_may_come_in_any_order_and_after_a_mark(tmp_path: Path) -> None:
    text = '\ufeff"year",company_id,balance_eur,turnover_eur,employees_fte\n2024,0200068636,,7,\n'
    assert read(SIZES, tmp_path, text) == [("0200068636", 2024, None, Decimal(7), None)]


def test_a_body_changes_its_government(tmp_path: Path) -> None:
    text = (
        BUYER
        + "0200065765,flemish-administration,2020-01-01,,decree\n"
        + "0200065765,federal,,2019-12-31,act\n"
    )
    assert read(BUYERS, tmp_path, text) == [
        ("0200065765", "federal", None, dt.date(2019, 12, 31), "act"),
        ("0200065765", "flemish-administration", dt.date(2020, 1, 1), None, "decree"),
    ]


def test_all_cells_that_are_badly_written_are_named_at_once(tmp_path: Path) -> None:
    text = HEADER + '0200065765,20x4,1,1,1\n0200065765,2024,1,"1,5",1\n'
    assert faults(SIZES, tmp_path, text) == [
        "not true that year is a whole number as 2024: 1 rows, line 2",
        "not true that turnover_eur is euros as 1440000.00: 1 rows, line 3",
    ]


def test_a_day_that_does_not_exist_is_badly_written(tmp_path: Path) -> None:
    text = BUYER + "0200065765,federal,2019-02-29,,act\n0200068636,federal,31-12-2019,,act\n"
    assert faults(BUYERS, tmp_path, text) == [
        "not true that since is a day as 2024-01-31: 2 rows, line 2, 3"
    ]


def test_all_broken_promises_are_named_at_once(tmp_path: Path) -> None:
    text = (
        HEADER
        + "0200065766,2024,1,1,1\n"  # a wrong check digit
        + "0200065765,2024,,,\n" * 2
        + ",1924,,,-1\n"
        + "0200.065.765,2024,1,1,1\n"
    )
    assert faults(SIZES, tmp_path, text) == [
        "not true that company_id is stated: 1 rows, line 5",
        "not true that year is within 1980 and 2100: 1 rows, line 5",
        "not true that company_id is an enterprise number with its check digits: 2 rows, line 2, 6",
        "not true that balance_eur is not negative: 1 rows, line 5",
        "not true that (company_id, year) identifies one row: 2 rows, line 3, 4",
    ]


def test_a_body_has_one_government_at_a_time(tmp_path: Path) -> None:
    text = (
        BUYER
        + "0200065765,federal,,2020-06-30,act\n"
        + "0200065765,walloon,2020-06-30,,act\n"
        + "0200068636,martian,,,\n"
        + "0200065766,federal,2021-01-01,2020-01-01,act\n"  # a wrong check digit
    )
    found = faults(BUYERS, tmp_path, text)
    assert [line.split(": ")[1] for line in found] == [
        "1 rows, line 4",  # no such kind of government
        "1 rows, line 4",  # no source
        "1 rows, line 5",  # ends before it begins
        "1 rows, line 5",  # check digits
        "1 rows, line 3",  # two governments on 30 June 2020
    ]


@pytest.mark.parametrize("text", ["company_id;year\n", HEADER + "0200065765,2024\n", "", "\x00"])
def test_another_table_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match="columns company_id, year"):
        read(SIZES, tmp_path, text)


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "buyers.csv"
    path.write_bytes((BUYER + "0200065765,federal,,,Caf\xe9\n").encode("latin-1"))
    with pytest.raises(SourceError, match="UTF-8"):
        canonical.read_plain(BUYERS, path, "buyers.csv", tmp_path)
