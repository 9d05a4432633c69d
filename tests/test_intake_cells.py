"""One cell as people write it: read as its column promises, or the reason why not."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.contracts.intake import TABLES
from analysis.contracts.intake.shape import (
    COMPANY,
    COUNT,
    COUNTRY,
    CPV,
    DAY,
    FLAG,
    MONEY,
    PART,
    TEXT,
    YEAR,
    choice,
    maybe,
)
from analysis.contracts.table import Column
from analysis.sources.grids import Percent
from analysis.sources.intake_cells import reader
from analysis.sources.intake_numbers import Misread

A_CPV, A_COUNTRY = Column("", "text", CPV), Column("", "text", COUNTRY)


def fault(column: Column, value: Any, *others: Any) -> str:
    with pytest.raises(Misread) as caught:
        reader(column, (value, *others))(value)
    return caught.value.fault


@pytest.mark.parametrize(
    ("column", "written", "read"),
    [
        (MONEY, "1.234.567,89", Decimal("1234567.89")),
        (MONEY, "1,234,567.89", Decimal("1234567.89")),
        (MONEY, "1 234 567,89", Decimal("1234567.89")),
        (MONEY, "1\u00a0234\u202f567", Decimal("1234567")),
        (MONEY, "1'234'567.89", Decimal("1234567.89")),
        (MONEY, "€ 12,5", Decimal("12.5")),
        (MONEY, "12.50 EUR", Decimal("12.5")),
        (MONEY, "1.250,-", Decimal("1250")),
        (MONEY, "1.234.567", Decimal("1234567")),
        (MONEY, "0,125", Decimal("0.125")),
        (MONEY, 0.1 + 0.2, Decimal("0.3000")),
        (MONEY, 0, Decimal(0)),
        (COUNT, "1.234", 1234),
        (COUNT, 45.0, 45),
        (YEAR, "2024", 2024),
        (PART, "12 %", 0.12),
        (PART, "12,5%", 0.125),
        (PART, Percent(0.12), 0.12),
        (PART, "0,5", 0.5),
        (DAY, dt.datetime(2024, 3, 4, 13, 30), dt.date(2024, 3, 4)),
        (DAY, "4/3/2024", dt.date(2024, 3, 4)),
        (DAY, "04-03-2024", dt.date(2024, 3, 4)),
        (DAY, "4.3.2024", dt.date(2024, 3, 4)),
        (DAY, "2024-03-04", dt.date(2024, 3, 4)),
        (DAY, "2024-03-04T00:00:00", dt.date(2024, 3, 4)),
        (DAY, 45355, dt.date(2024, 3, 4)),
        (DAY, "45355", dt.date(2024, 3, 4)),
        (FLAG, "Ja", True),
        (FLAG, "NEE ", False),
        (FLAG, 1, True),
        (FLAG, False, False),
        (choice("vat-included", "other"), "Incl. BTW", "vat-included"),
        (choice("yes", "no"), True, "yes"),
        (choice("4", "not-applicable"), 4.0, "4"),
        (maybe(choice("not-applicable", "other")), "niet van toepassing", "not-applicable"),
        (COMPANY, "BE 1999.999.943", "1999999943"),
        (COMPANY, "1999.999.943", "1999999943"),
        (COMPANY, 1999999943, "1999999943"),
        (COMPANY, "TVA BE 0200.065.765", "0200065765"),
        (COMPANY, 200065765, "0200065765"),
        (COMPANY, "0200065765_1495", "0200065765"),
        (A_CPV, "73100000-3", "73100000"),
        (A_CPV, 3000000, "03000000"),
        (A_COUNTRY, "be", "BE"),
        (TEXT, 2024.0, "2024"),
        (TEXT, "  twee \n woorden ", "twee woorden"),
    ],
)
def test_a_cell_is_read_as_its_column_promises(column: Column, written: Any, read: Any) -> None:
    assert reader(column, (written,))(written) == read


@pytest.mark.parametrize(
    ("column", "written", "why"),
    [
        (MONEY, "1.234", "two-numbers"),
        (MONEY, "1,234", "two-numbers"),
        (MONEY, "12.34.56", "not-a-number"),
        (MONEY, "1.23456", "too-many-decimals"),
        (MONEY, "veel", "not-a-number"),
        (MONEY, True, "not-a-number"),
        (MONEY, "-5", "negative"),
        (MONEY, "(5)", "negative"),
        (MONEY, "5-", "negative"),
        (MONEY, "£ 5", "other-currency"),
        (MONEY, "5 %", "percent"),
        (MONEY, Percent(0.05), "percent"),
        (MONEY, dt.datetime(2024, 1, 1), "day-for-number"),
        (MONEY, "9" * 15, "too-large"),
        (MONEY, "", "empty"),
        (MONEY, "n.v.t.", "empty"),
        (COUNT, "2,5", "not-whole"),
        (YEAR, 1890, "outside"),
        (PART, "120%", "outside"),
        (DAY, "12/31/2024", "month-first"),
        (DAY, "31/02/2024", "not-a-day"),
        (DAY, "4/3/24", "short-year"),
        (DAY, "2024", "not-a-day"),
        (DAY, 2024, "not-a-day"),
        (DAY, 10**40, "not-a-day"),
        (DAY, float("nan"), "not-a-day"),
        (MONEY, 10**40, "too-large"),
        (MONEY, float("inf"), "not-a-number"),
        (DAY, "4 maart 2024", "not-a-day"),
        (DAY, "04/03/2204", "not-a-likely-day"),
        (FLAG, "x", "not-yes-or-no"),
        (choice("vat-included", "vat-excluded"), "incl btww", "not-in-list-but-near"),
        (choice("vat-included", "vat-excluded"), "21", "not-in-list"),
        (COMPANY, "1999.999.944", "enterprise-checksum"),
        (COMPANY, "12345", "enterprise-too-short"),
        (COMPANY, "12345678901234", "enterprise-too-long"),
        (COMPANY, "OVAM", "enterprise-acronym"),
        (COMPANY, "FI21832199", "enterprise-foreign"),
        (A_CPV, "onderzoek", "not-cpv"),
        (A_COUNTRY, "België", "not-country"),
        (TEXT, dt.datetime(2026, 3, 1), "day-for-text"),
        (TEXT, "=HYPERLINK(1)", "formula-text"),
        (TEXT, "@SUM(1)", "formula-text"),
        (TEXT, "mail naar jan@voorbeeld.be", "contact"),
        (TEXT, "a" * 2001, "too-long"),
        (TEXT, "#N/B", "error-cell"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(column: Column, written: Any, why: str) -> None:
    assert fault(column, written) == why


@pytest.mark.parametrize("nothing", [None, "", " ", "-", "–", "nvt", "N.V.T.", "onbekend", "?"])
@pytest.mark.parametrize("column", [MONEY, DAY, FLAG, COMPANY, TEXT, choice("other")])
def test_nothing_is_missing_where_that_is_allowed_and_never_zero_or_no(
    column: Column, nothing: Any
) -> None:
    assert reader(maybe(column))(nothing) is None
    assert fault(column, nothing) == "empty"


def test_another_cell_of_the_column_shows_how_its_numbers_are_written() -> None:
    assert reader(MONEY, ["1.234", "12,50"])("1.234") == 1234
    assert reader(MONEY, ["1.234", "12.50"])("1.234") == Decimal("1.234")
    assert fault(MONEY, "1.234", "12,50", "12.50") == "two-numbers"


@given(
    cents=st.integers(0, 10**13),
    style=st.sampled_from(["{:,.2f}", "€ {:,.2f}", "{:.2f}", "{:,.2f} euro"]),
    dutch=st.booleans(),
)
def test_an_amount_reads_back_however_it_was_written(cents: int, style: str, dutch: bool) -> None:
    amount = Decimal(cents) / 100
    written = style.format(amount)
    if dutch:
        written = written.translate(str.maketrans(",.", ".,"))
    assert reader(MONEY)(written) == amount


@given(day=st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_reads_back_however_it_was_written(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    for written in (f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", day.isoformat(), serial, day):
        assert reader(DAY)(written) == day


@settings(deadline=None)
@given(
    table=st.sampled_from(sorted(TABLES)),
    value=st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates()),
)
def test_whatever_stands_in_a_cell_is_read_or_has_a_reason(table: str, value: Any) -> None:
    for column in TABLES[table].columns.values():
        read: Any = Misread
        with suppress(Misread):
            read = reader(column, (value,))(value)
        assert read is not None or column.may_be_missing


def test_a_number_beyond_every_measure_is_a_fault_too() -> None:
    assert fault(DAY, 10**400) == "not-a-day"
    assert fault(MONEY, 10**400) == "too-large"
    assert fault(TEXT, 10**4000) == "too-long"
