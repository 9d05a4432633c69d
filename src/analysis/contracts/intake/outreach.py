"""Knowledge platform, events and European participations: what OD2, OD3 and OD4 are about."""

from analysis.contracts.intake.shape import (
    COMPANY,
    COUNT,
    DAY,
    MONEY,
    TEXT,
    choice,
    maybe,
    sheet,
)

ITEM_KINDS = ("guide", "template", "clause", "case", "tool", "training", "other")
EVENT_KINDS = ("information-session", "workshop", "market-meeting", "conference", "other")
EU_PROGRAMMES = ("fp7", "horizon-2020", "horizon-europe", "interreg", "digital-europe", "other")
EU_ACTIONS = ("pcp", "ppi-action", "csa", "other")
EU_ROLES = ("coordinator", "lead-procurer", "partner")

ITEMS = sheet(
    "outreach",
    "knowledge_items",
    key=("item",),
    columns={
        "item": TEXT,
        "item_kind": choice(*ITEM_KINDS),
        "title": TEXT,
        "published": DAY,
        "project": maybe(TEXT),
    },
)

USE = sheet(
    "outreach",
    "knowledge_use",
    key=("item", "company_id"),
    columns={"item": TEXT, "company_id": COMPANY, "first_used": DAY},
)

HELPDESK = sheet(
    "outreach",
    "helpdesk",
    key=("request",),
    columns={"request": TEXT, "asked": DAY, "answered": maybe(DAY)},
    rules={"answered-after-asked": "answered >= asked"},
)

EVENTS = sheet(
    "outreach",
    "events",
    key=("event",),
    columns={
        "event": TEXT,
        "event_kind": choice(*EVENT_KINDS),
        "title": TEXT,
        "on_date": DAY,
        "organisations": maybe(COUNT),
    },
)

ATTENDANCE = sheet(
    "outreach",
    "event_attendance",
    key=("event", "company_id"),
    columns={"event": TEXT, "company_id": COMPANY},
)

EUROPE = sheet(
    "outreach",
    "eu_participations",
    key=("eu_project", "company_id"),
    columns={
        "eu_project": TEXT,
        "acronym": maybe(TEXT),
        "company_id": COMPANY,
        "eu_programme": choice(*EU_PROGRAMMES),
        "eu_action": choice(*EU_ACTIONS),
        "eu_role": choice(*EU_ROLES),
        "starts": DAY,
        "ends": maybe(DAY),
        "contribution_eur": maybe(MONEY),
    },
    rules={"ends-after-starts": "ends >= starts"},
)

SHEETS = (ITEMS, USE, HELPDESK, EVENTS, ATTENDANCE, EUROPE)
