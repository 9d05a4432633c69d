"""'Kopen bij start-ups': buyers, actions and barriers of the project group, the marketplace."""

from dataclasses import replace

from analysis.contracts.access import BUYERS
from analysis.contracts.intake.shape import (
    COMPANY,
    COUNT,
    DAY,
    ENTERPRISE,
    TEXT,
    YEAR,
    choice,
    maybe,
    sheet,
    sheet_of,
)

ORGANISATION_TYPES = (
    "department",
    "agency",
    "municipality",
    "social-welfare-centre",
    "intercommunal",
    "province",
    "hospital",
    "care",
    "school",
    "public-company",
    "other",
)
# of the eligible buyers by staff
THIRDS = ("smallest", "middle", "largest", "not-stated")
MEASURES = ("announce", "simplify", "measure-3", "outside-the-note")
PROGRESS = ("planned", "running", "done", "cancelled")
BARRIERS = (
    "publication",
    "lots",
    "value-bands",
    "selection-requirements",
    "procedure-barrier",
    "payment-barrier",
    "time-to-award",
    "first-time-bidders",
    "finding-each-other",
)
STANDINGS = ("unchanged", "lower", "removed", "higher")

_NUMBERED = replace(BUYERS.columns["company_id"], unit=ENTERPRISE)
PUBLIC_BODIES = sheet_of(
    "startups", replace(BUYERS, columns={**BUYERS.columns, "company_id": _NUMBERED})
)

ELIGIBLE = sheet(
    "startups",
    "eligible_buyers",
    key=("company_id", "year"),
    columns={
        "company_id": COMPANY,
        "year": YEAR,
        "organisation_type": choice(*ORGANISATION_TYPES),
        "name": maybe(TEXT),
        "staff": maybe(COUNT),
    },
)

ACTIONS = sheet(
    "startups",
    "startup_actions",
    key=("action",),
    columns={
        "action": TEXT,
        "measure": choice(*MEASURES),
        "description": TEXT,
        "owner": maybe(TEXT),
        "planned": maybe(DAY),
        "done": maybe(DAY),
        "progress": choice(*PROGRESS),
        "evidence": maybe(TEXT),
    },
    rules={"done-has-the-status-done": "done is null or progress = 'done'"},
)

HURDLES = sheet(
    "startups",
    "startup_barriers",
    key=("barrier", "year"),
    columns={
        "barrier": choice(*BARRIERS),
        "year": YEAR,
        "standing": maybe(choice(*STANDINGS)),
        "action": maybe(TEXT),
        "progress_note": maybe(TEXT),
        "evidence": maybe(TEXT),
    },
)

GROUP = sheet(
    "startups",
    "project_group",
    key=("organisation", "since"),
    columns={
        "organisation": TEXT,
        "since": DAY,
        "until": maybe(DAY),
        "role": maybe(choice("chair", "secretariat", "member")),
        "mandate": maybe(TEXT),
    },
    rules={"until-after-since": "until >= since"},
)

NEEDS = sheet(
    "startups",
    "marketplace_needs",
    key=("need",),
    columns={
        "need": TEXT,
        "buyer": COMPANY,
        "posted": DAY,
        "closed": maybe(DAY),
        "responses": maybe(COUNT),
        "project": maybe(TEXT),
        "awarded": maybe(DAY),
        "winner": maybe(COMPANY),
    },
    rules={
        "closed-after-posted": "closed >= posted",
        "awarded-after-posted": "awarded >= posted",
    },
)

FIRMS = sheet(
    "startups",
    "marketplace_firms",
    key=("company_id",),
    columns={"company_id": COMPANY, "registered": DAY, "left": maybe(DAY)},
    rules={"left-after-registered": '"left" >= registered'},
)

BUYER_SHEETS = (PUBLIC_BODIES, ELIGIBLE)
PROJECT_SHEETS = (ACTIONS, HURDLES, GROUP)
MARKET_SHEETS = (NEEDS, FIRMS)
