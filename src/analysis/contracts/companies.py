"""What the registers of companies must deliver: extracts, and the sizes from accounts."""

from analysis.contracts.table import Column, Rule, Table

LANGUAGES = ("fr", "nl", "de", "en")
NAME_KINDS = ("name", "abbreviation", "commercial", "branch")
NACE_VERSIONS = ("2003", "2008", "2025")
ACTIVITY_CLASSES = ("main", "secondary", "ancillary")

_NUMBER = Column("Enterprise number, ten digits without dots, e.g. 0200065765", "text")
_TEN_DIGITS = Rule(
    "the number has ten digits, the first 0 or 1", "regexp_full_match(number, '[01][0-9]{9}')"
)

CHECK_DIGITS = Rule(
    "company_id is an enterprise number with its check digits",
    "case when regexp_full_match(company_id, '[01][0-9]{9}') "
    "then (company_id[:8]::int + company_id[9:]::int) % 97 = 0 else company_id is null end",
)


def _maybe(about: str, kind: str = "text", unit: str = "", values: tuple[str, ...] = ()) -> Column:
    return Column(about, kind, unit, may_be_missing=True, values=values)


COMPANIES = Table(
    name="companies",
    row="one enterprise of the register; of a natural person only number and start date",
    key=("number",),
    columns={
        "number": _NUMBER,
        "is_natural_person": Column("The enterprise is a natural person", "flag"),
        "legal_form": _maybe("KBO's code of the legal form, three digits, e.g. 014 (NV)"),
        "legal_form_cac": _maybe("Code of the form that the 2019 companies code gives it"),
        "situation": _maybe("KBO's code of the legal situation, 000 normal, 050 bankruptcy"),
        "start_date": _maybe(
            "Start; of a natural person the start of the last active period", "day"
        ),
        "end_date": _maybe(
            "Day on which it stopped, where the register tells of stopped ones (KBO Open Data "
            "does not)",
            "day",
        ),
        "snapshot_date": Column("Day on which the register said so", "day"),
    },
    rules=(
        _TEN_DIGITS,
        Rule(
            "of a natural person nothing but number and start date is kept",
            "not is_natural_person or "
            "coalesce(legal_form, legal_form_cac, situation, end_date::varchar) is null",
        ),
    ),
)

UNITS = Table(
    name="units",
    row="one establishment unit or branch of a legal person",
    key=("unit",),
    columns={
        "unit": Column("Number of the establishment unit or branch, ten digits", "text"),
        "number": _NUMBER,
    },
    rules=(_TEN_DIGITS,),
)

NAMES = Table(
    name="names",
    row="one name of a legal person, its own or that of one of its units; of no natural person",
    key=("number", "unit", "language", "kind", "name"),
    columns={
        "number": _NUMBER,
        "unit": _maybe("Establishment unit or branch that bears the name; missing: the company"),
        "language": _maybe("Language of the name; missing: not stated", values=LANGUAGES),
        "kind": Column("What the name is", "text", values=NAME_KINDS),
        "name": Column("Name as registered", "text"),
    },
    rules=(_TEN_DIGITS,),
)

ADDRESSES = Table(
    name="addresses",
    row="the seat of one legal person; of no natural person",
    key=("number",),
    columns={
        "number": _NUMBER,
        "postcode": _maybe("Postal code as registered"),
        "municipality_nl": _maybe("Municipality in Dutch"),
        "municipality_fr": _maybe("Municipality in French"),
        "street_nl": _maybe("Street in Dutch"),
        "street_fr": _maybe("Street in French"),
        "house_number": _maybe("House number, no box"),
        "country": Column("Country in Dutch; België where KBO writes none, as it means", "text"),
        "struck_off": _maybe("Day on which the seat was struck off ex officio", "day"),
    },
    rules=(_TEN_DIGITS,),
)

ACTIVITIES = Table(
    name="activities",
    row="one activity of a legal person as a whole, not of its units; of no natural person",
    key=("number", "activity_group", "nace_version", "nace_code", "activity_class"),
    columns={
        "number": _NUMBER,
        "activity_group": Column(
            "KBO's code of the source, e.g. 001 VAT, 006 social security", "text"
        ),
        "nace_version": Column("Year of the NACE-BEL list", "text", values=NACE_VERSIONS),
        "nace_code": Column("NACE-BEL code without dots, two to seven digits", "text"),
        "activity_class": Column("Weight of the activity", "text", values=ACTIVITY_CLASSES),
    },
    rules=(_TEN_DIGITS,),
)

LIFESPANS = Table(
    name="lifespans",
    row="one enterprise over all extracts that are kept",
    key=("number",),
    columns={
        "number": _NUMBER,
        "first_seen": Column("Day of the first extract that has it, active or stopped", "day"),
        "last_seen": Column("Day of the last extract that has it, active or stopped", "day"),
        "ceased_after": _maybe("Last day on which it is known to have existed", "day"),
        "ceased_before": _maybe("First day on which it is known to be gone", "day"),
        "reappeared": Column("Between the two it was gone: not active in an extract", "flag"),
    },
    rules=(
        _TEN_DIGITS,
        Rule("first_seen is not after last_seen", "first_seen <= last_seen"),
        Rule(
            "who ceased has both limits, in order",
            "(ceased_after is null) = (ceased_before is null) and "
            "coalesce(ceased_after < ceased_before, true)",
        ),
    ),
)

SIZES = Table(
    name="sizes",
    row="one company in one financial year",
    key=("company_id", "year"),
    columns={
        "company_id": Column("Enterprise number, ten digits without dots", "text"),
        "year": Column("Year in which the financial year ends", "whole", within=(1980, 2100)),
        "employees_fte": _maybe("Workers, average over the year", "number", "FTE"),
        "turnover_eur": _maybe("Turnover, no VAT", "money", "EUR"),
        "balance_eur": _maybe("Balance sheet total", "money", "EUR"),
    },
    rules=(
        CHECK_DIGITS,
        Rule("employees_fte is not negative", "employees_fte >= 0"),
        Rule("balance_eur is not negative", "balance_eur >= 0"),
    ),
)

COMPANY_TABLES = (COMPANIES, UNITS, NAMES, ADDRESSES, ACTIVITIES)
