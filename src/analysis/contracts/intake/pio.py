"""The PIO portfolio as the programme keeps it: calls, applications, projects, contracts."""

from analysis.contracts.intake.shape import (
    COMPANY,
    COUNT,
    COUNTRY,
    CPV,
    DAY,
    FLAG,
    MONEY,
    TEXT,
    choice,
    maybe,
    sheet,
)
from analysis.contracts.notices import PROCEDURES
from analysis.contracts.table import Column

THEMES = (
    "digital",
    "circular-economy",
    "energy",
    "mobility",
    "infrastructure",
    "water",
    "environment",
    "health-care",
    "housing",
    "work-social",
    "education",
    "culture",
    "sport",
    "agriculture",
    "other",
)
PRIORITIES = ("circular-economy", "energy-transition", "digitalisation", "other", "none")
DECISIONS = ("admitted", "inadmissible", "withdrawn", "pending")
PHASES = ("submitted", "admissible", "consulted", "tendered", "awarded", "finished", "in_use")
BELGIAN_PROCEDURES = (*PROCEDURES[:-1], "low-value", "other")
LAND = Column("", "text", COUNTRY)
_TRL = Column("", "whole", "TRL", may_be_missing=True, within=(1, 9))
_NOVELTY = Column("", "whole", "0-3", may_be_missing=True, within=(0, 3))
_SCORE = Column("", "number", "points", may_be_missing=True, within=(0, 1000))


def _in_order() -> dict[str, str]:
    """Each phase against the last stated phase before it, so that one slip is told once."""
    return {
        f"{phase}-in-order": f"{phase} >= coalesce({', '.join(reversed(PHASES[:place]))})"
        for place, phase in enumerate(PHASES)
        if place
    }


CALLS = sheet(
    "pio",
    "pio_calls",
    key=("call",),
    columns={
        "call": TEXT,
        "call_kind": choice("open-call", "thematic-call"),
        "priority": maybe(choice(*PRIORITIES)),
        "opened": maybe(DAY),
        "deadline": DAY,
        "budget_eur": maybe(MONEY),
    },
    rules={"deadline-after-opened": "deadline >= opened"},
)

APPLICATIONS = sheet(
    "pio",
    "pio_applications",
    key=("application",),
    columns={
        "application": TEXT,
        "call": TEXT,
        "buyer": COMPANY,
        "title": maybe(TEXT),
        "submitted": DAY,
        "decision": choice(*DECISIONS),
        "decided": maybe(DAY),
        "theme": maybe(choice(*THEMES)),
        "digital": maybe(FLAG),
        "priority": maybe(choice(*PRIORITIES)),
        "priority_2": maybe(choice(*PRIORITIES)),
        "requested_eur": maybe(MONEY),
        "score": _SCORE,
        "score_needed": _SCORE,
    },
    rules={
        "decided-after-submitted": "decided >= submitted",
        "a-pending-one-is-not-decided": "decision <> 'pending' or decided is null",
        "two-priorities-differ": "priority_2 <> priority",
    },
)

PROJECTS = sheet(
    "pio",
    "pio_projects",
    key=("project",),
    columns={
        "project": TEXT,
        "application": TEXT,
        "buyer": COMPANY,
        "title": maybe(TEXT),
        "submitted": DAY,
        **{phase: maybe(DAY) for phase in PHASES[1:]},
        "stopped": maybe(DAY),
        "committed_eur": maybe(MONEY),
        "paid_eur": maybe(MONEY),
        "buyer_eur": maybe(MONEY),
        "third_party_eur": maybe(MONEY),
        "trl_start": _TRL,
        "trl_end": _TRL,
        "novelty_1": _NOVELTY,
        "novelty_2": _NOVELTY,
        "public_case": maybe(FLAG),
        "learning_report": maybe(FLAG),
        "adopters": maybe(COUNT),
    },
    rules={
        **_in_order(),
        "stopped-is-last": f"stopped >= greatest({', '.join(PHASES[:-2])})",
        "stopped-is-not-finished": "stopped is null or (finished is null and in_use is null)",
        "paid-within-committed": "paid_eur <= committed_eur",
    },
)

CONTRACTS = sheet(
    "pio",
    "pio_contracts",
    key=("contract",),
    columns={
        "contract": TEXT,
        "project": TEXT,
        "awarded": DAY,
        "value_eur": maybe(MONEY),
        "procedure": maybe(choice(*BELGIAN_PROCEDURES)),
        "cpv": maybe(Column("", "text", CPV)),
        "notice_id": maybe(TEXT),
    },
)

BIDDERS = sheet(
    "pio",
    "pio_bidders",
    key=("contract", "bidder"),
    columns={
        "contract": TEXT,
        "bidder": TEXT,
        "company_id": maybe(COMPANY),
        "country": LAND,
        "won": FLAG,
    },
)

PARTICIPANTS = sheet(
    "pio",
    "pio_consulted",
    key=("project", "participant"),
    columns={
        "project": TEXT,
        "participant": TEXT,
        "company_id": maybe(COMPANY),
        "country": LAND,
        "participant_kind": maybe(choice("company", "knowledge-institution", "other")),
    },
)

SHEETS = (CALLS, APPLICATIONS, PROJECTS, CONTRACTS, BIDDERS, PARTICIPANTS)
