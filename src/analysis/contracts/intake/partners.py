"""The structural partners of VLAIO: who, under which agreement, what was aimed at and paid."""

from analysis.contracts.intake.shape import (
    COMPANY,
    COUNT,
    DAY,
    FLAG,
    MONEY,
    TEXT,
    YEAR,
    choice,
    maybe,
    sheet,
)

INSTRUMENTS = ("subsidy", "service-contract", "brexit-extra", "budget-line")
SERVICES = (
    "pre-starters",
    "starters",
    "growers",
    "stayers",
    "digitalisation",
    "artificial-intelligence",
    "cybersecurity",
    "climate-energy",
    "circular-economy",
    "innovation-acceleration",
    "knowledge-diffusion",
    "entrepreneurship-education",
    "stem",
    "other",
)
STAGES = ("promised", "committed", "paid", "recovered")
VAT = ("vat-included", "vat-excluded", "vat-exempt", "vat-not-stated")

PARTNERS = sheet(
    "partners",
    "structural_partners",
    key=("partner",),
    columns={
        "partner": TEXT,
        "name": TEXT,
        "company_id": maybe(COMPANY),
        "consortium": maybe(FLAG),
    },
)

AGREEMENTS = sheet(
    "partners",
    "partner_instruments",
    key=("instrument",),
    columns={
        "instrument": TEXT,
        "partner": TEXT,
        "instrument_kind": choice(*INSTRUMENTS),
        "year": YEAR,
        "starts": maybe(DAY),
        "ends": maybe(DAY),
        "engaged_until": maybe(DAY),
        "adjusted": maybe(TEXT),
    },
    rules={
        "ends-after-starts": "ends >= starts",
        "engaged-beyond-the-agreement": "engaged_until >= ends",
    },
)

KPIS = sheet(
    "partners",
    "partner_kpis",
    key=("instrument", "kpi", "year"),
    columns={
        "instrument": TEXT,
        "kpi": TEXT,
        "year": YEAR,
        "service": choice(*SERVICES),
        "counted": TEXT,
        "target_initial": COUNT,
        "target_revised": maybe(COUNT),
        "revised": maybe(DAY),
        "reached": maybe(COUNT),
        "enterprises": maybe(COUNT),
        "agreed": maybe(TEXT),
    },
    rules={"a-revision-has-a-target": "revised is null or target_revised is not null"},
)

PAYMENTS = sheet(
    "partners",
    "partner_payments",
    key=("payment",),
    columns={
        "payment": TEXT,
        "instrument": TEXT,
        "year": YEAR,
        "stage": choice(*STAGES),
        "amount_eur": MONEY,
        "vat": choice(*VAT),
        "on_date": maybe(DAY),
    },
    rules={"what-is-paid-has-a-day": "stage not in ('paid', 'recovered') or on_date is not null"},
)

SHEETS = (PARTNERS, AGREEMENTS, KPIS, PAYMENTS)
