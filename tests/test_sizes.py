"""Sizes of companies from a plain table: read as money, or refused with all faults at once."""

from decimal import Decimal
from pathlib import Path

import pytest

from analysis.contracts.companies import SIZES
from analysis.contracts.table import keep
from analysis.refusal import SourceError
from analysis.sources import sizes

HEADER = "company_id,year,employees_fte,turnover_eur,balance_eur\n"


def test_money_is_exact_and_an_empty_cell_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "sizes.csv"
    path.write_text(HEADER + "0200068636,2024,12.5,,0.1\n0200065765,2023,0,1440000.05,2000\n")
    assert [tuple(row.values()) for row in keep(sizes.read(path), SIZES).to_pylist()] == [
        ("0200065765", 2023, 0.0, Decimal("1440000.05"), Decimal(2000)),
        ("0200068636", 2024, 12.5, None, Decimal("0.1")),
    ]


def test_all_cells_that_are_badly_written_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sizes.csv"
    path.write_text(HEADER + '0200.065.765,2024,1,1,1\n0200065765,24,1,"1,5",1\n')
    with pytest.raises(SourceError) as refused:
        sizes.read(path)
    assert [line.strip() for line in refused.value.found.splitlines()] == [
        "not true that company_id is ten digits as 0200065765: 1 rows, line 2",
        "not true that year is a year as 2024: 1 rows, line 3",
        "not true that turnover_eur is euros as 1440000.00: 1 rows, line 3",
    ]


def test_all_broken_promises_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sizes.csv"
    path.write_text(
        HEADER
        + "0200065766,2024,1,1,1\n"  # a wrong check digit
        + "0200065765,2024,,,\n" * 2
        + ",1924,,,-1\n"
    )
    with pytest.raises(SourceError) as refused:
        sizes.read(path)
    assert [line.strip() for line in refused.value.found.splitlines()] == [
        "not true that company_id is stated: 1 rows, line 5",
        "not true that year is within 1980 and 2100: 1 rows, line 5",
        "not true that company_id is an enterprise number with its check digits: 1 rows, line 2",
        "not true that balance_eur is not negative: 1 rows, line 5",
        "not true that (company_id, year) identifies one row: 2 rows, line 3, 4",
    ]


@pytest.mark.parametrize("text", ["company_id;year\n", HEADER + "0200065765,2024\n", ""])
def test_another_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sizes.csv"
    path.write_text(text)
    with pytest.raises(SourceError, match="UTF-8 CSV with the columns company_id, year"):
        sizes.read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="FileNotFoundError"):
        sizes.read(tmp_path / "none.csv")
