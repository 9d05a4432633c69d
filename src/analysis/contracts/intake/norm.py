"""What the 3 % norm needs: a register of contracts, and a sample of it judged by coders."""

from analysis.contracts.intake.pio import BELGIAN_PROCEDURES
from analysis.contracts.intake.shape import (
    COMPANY,
    CPV,
    DAY,
    FLAG,
    MONEY,
    PART,
    TEXT,
    choice,
    maybe,
    sheet,
)
from analysis.contracts.table import Column

# The policy domains and bodies of the working group as the page of 2015 names them (seed 001).
POLICY_DOMAINS = ("ewi", "kb", "cjsm", "lne", "mow", "soc", "veb", "other")
# Seed 001 names five kinds; organisational innovation stands in later lists (domain.md 4).
INNOVATION_KINDS = (
    "product-innovation",
    "technological-innovation",
    "service-innovation",
    "process-innovation",
    "social-innovation",
    "organisational-innovation",
    "other",
)
VERDICTS = ("rd", "ppi", "none", "undecidable")

REGISTER = sheet(
    "norm",
    "contract_register",
    key=("contract",),
    columns={
        "contract": TEXT,
        "buyer": COMPANY,
        "policy_domain": maybe(choice(*POLICY_DOMAINS)),
        "title": maybe(TEXT),
        "date": DAY,
        "estimated_eur": maybe(MONEY),
        "awarded_eur": maybe(MONEY),
        "procedure": maybe(choice(*BELGIAN_PROCEDURES)),
        "framework": maybe(FLAG),
        "cpv": maybe(Column("", "text", CPV)),
        "innovation": maybe(FLAG),
        "innovation_kind": maybe(choice(*INNOVATION_KINDS)),
        "company_id": maybe(COMPANY),
    },
    rules={"a-kind-goes-with-the-mark": "innovation_kind is null or coalesce(innovation, true)"},
)

AUDIT = sheet(
    "norm",
    "audit_sample",
    key=("contract", "coder"),
    columns={
        "contract": TEXT,
        "coder": TEXT,
        "verdict": choice(*VERDICTS),
        "coded": maybe(DAY),
        "stratum": maybe(TEXT),
        "chance": maybe(PART),
    },
    rules={"a-drawn-contract-had-a-chance": "chance > 0"},
)

SHEETS = (REGISTER, AUDIT)
