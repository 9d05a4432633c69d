"""What the programmes deliver, as workbooks that people fill in: tables, words and references."""

from analysis.contracts.intake import norm, outreach, partners, pio, startups, survey
from analysis.contracts.intake.shape import Sheet

# One workbook an input, by the Dutch name of its file; each with its sheets in order.
WORKBOOKS: dict[str, tuple[Sheet, ...]] = {
    "pio": pio.SHEETS,
    "contractenregister": (norm.REGISTER,),
    "audit": (norm.AUDIT,),
    "bevraging": survey.SHEETS,
    "partners": partners.SHEETS,
    "aankopers": startups.BUYER_SHEETS,
    "kopen-bij-start-ups": startups.PROJECT_SHEETS,
    "marktplaats": startups.MARKET_SHEETS,
    "kennis-events-europa": outreach.SHEETS,
}
SHEETS = {sheet.table.name: sheet for sheets in WORKBOOKS.values() for sheet in sheets}
TABLES = {name: sheet.table for name, sheet in SHEETS.items()}

# Column that names a row of another table -> that table and its column.
REFERENCES = {
    ("pio_applications", "call"): ("pio_calls", "call"),
    ("pio_projects", "application"): ("pio_applications", "application"),
    ("pio_contracts", "project"): ("pio_projects", "project"),
    ("pio_bidders", "contract"): ("pio_contracts", "contract"),
    ("pio_consulted", "project"): ("pio_projects", "project"),
    ("survey_answers", "question"): ("survey_questions", "question"),
    ("partner_instruments", "partner"): ("structural_partners", "partner"),
    ("partner_kpis", "instrument"): ("partner_instruments", "instrument"),
    ("partner_payments", "instrument"): ("partner_instruments", "instrument"),
    ("startup_barriers", "action"): ("startup_actions", "action"),
    ("knowledge_use", "item"): ("knowledge_items", "item"),
    ("event_attendance", "event"): ("events", "event"),
}

__all__ = ["REFERENCES", "SHEETS", "TABLES", "WORKBOOKS", "Sheet"]
