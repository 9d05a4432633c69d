"""Who won, as companies: buyers' bodies, links to the register, members of winners, answers."""

from analysis.contracts.companies import CHECK_DIGITS
from analysis.contracts.lots import DOCUMENT, LOT_ID, NOTICE_ID
from analysis.contracts.table import Column, Rule, Table

BODIES = (
    "flemish-administration",  # departments and agencies: perimeter P1
    "flemish-local",  # municipalities, OCMW, intercommunal bodies, provinces
    "flemish-other",  # education, care, utilities and other public bodies of Flanders
    "federal",
    "walloon",
    "brussels",
    "eu",
    "foreign",
)
METHODS = ("number", "exact", "tokens", "fuzzy", "review", "none")
LINK_REASONS = (
    "linked",
    "no-name",
    "foreign",
    "group-name",  # only the name of a group of companies
    "ambiguous",  # two or more companies fit about as well
    "doubtful",  # the best candidate does not fit well enough
    "no-candidate",
    "not-in-register",  # a right number that the register does not have
    "refused-in-review",
)
ORIGINS = ("flanders", "brussels", "wallonia", "abroad", "unknown")
CLASSES = ("start-up", "scale-up", "other-sme", "mature", "public", "person", "unknown")

_COMPANY = Column(
    "Enterprise number, ten digits; missing where not linked", "text", may_be_missing=True
)


def _maybe(about: str, kind: str = "text", unit: str = "", values: tuple[str, ...] = ()) -> Column:
    return Column(about, kind, unit, may_be_missing=True, values=values)


BUYERS = Table(
    name="buyers",
    row="one public body in one period, and which government it belongs to",
    key=("company_id", "since"),
    columns={
        "company_id": Column("Enterprise number, ten digits without dots", "text"),
        "body": Column("Kind of government", "text", values=BODIES),
        "since": _maybe("First day on which this holds; missing: always", "day"),
        "until": _maybe("Last day on which this holds; missing: still", "day"),
        "source": Column("Where this stands", "text"),
    },
    rules=(Rule("until is not before since", "until >= since"), CHECK_DIGITS),
)

LINKS = Table(
    name="links",
    row="one part of one stated name (a member of a partnership), and the company it is",
    key=("name", "number", "postcode", "country", "part"),
    columns={
        "name": _maybe("Name as published"),
        "number": _maybe("Enterprise number as read from the notice, check digits right"),
        "postcode": _maybe("Postal code as published"),
        "country": _maybe("ISO 3166-1 alpha-2"),
        "part": Column("Running number of the part within the name, from 1", "whole"),
        "parts": Column("Parts of the name: 1, or the members of a partnership", "whole"),
        "part_name": _maybe("The words of this part; never printed for a natural person"),
        "company_id": _COMPANY,
        "method": Column("Which step of the cascade linked it", "text", values=METHODS),
        "score": _maybe("How well the name fits, 1 is the same", "number"),
        "runner_up": _maybe("Company that fits best but this one, or best of the refused"),
        "runner_up_score": _maybe("How well that one fits", "number"),
        "reason": Column("Why there is a link, or none", "text", values=LINK_REASONS),
    },
    rules=(
        Rule(
            "a link has a method, none has none",
            "(company_id is null) = (method = 'none') and "
            "(company_id is not null) = (reason = 'linked')",
        ),
        Rule("scores lie between 0 and 1", "score between 0 and 1"),
    ),
)

VERDICTS = ("confirm", "refuse")
DECISIONS = Table(
    name="decisions",
    row="what a person decided about one part of a stated name",
    key=("name", "postcode", "country", "part_name"),
    columns={
        "name": Column("Name as published", "text"),
        "postcode": _maybe("Postal code as published"),
        "country": _maybe("ISO 3166-1 alpha-2"),
        "part_name": Column("The words of this part; never of a natural person", "text"),
        "company_id": _maybe("The company that it is or is not; missing: none of the register"),
        "verdict": Column("It is this company, or it is not", "text", values=VERDICTS),
        "who": Column("Who decided", "text"),
        "when": Column("Day of the decision", "day"),
        "why": Column("On what ground", "text"),
    },
    rules=(
        Rule(
            "the company is an enterprise number, ten digits",
            "regexp_full_match(company_id, '[01][0-9]{9}')",
        ),
        Rule("who confirms names the company", "verdict <> 'confirm' or company_id is not null"),
    ),
)

MEMBERS = Table(
    name="members",
    row="one member of one winner of one awarded lot; a winner that is no partnership has one",
    key=("notice_id", "document", "lot_id", "winner", "member"),
    columns={
        "notice_id": NOTICE_ID,
        "document": DOCUMENT,
        "lot_id": LOT_ID,
        "winner": Column("Running number of the winner, as in WINNERS", "whole"),
        "member": Column("Running number of the member within the winner, from 1", "whole"),
        "weight": Column("Part of the lot; adds up to 1 over the lot", "number", within=(0, 1)),
        "value_share": _maybe("Part of the lot's value_eur", "number"),
        "company_id": _COMPANY,
        "method": Column("How it was linked", "text", values=METHODS),
        "on_date": _maybe("Day on which the firm is judged: the lot's date", "day"),
        "is_vehicle": _maybe(
            "A partnership or project company whose members are not known", "flag"
        ),
        "is_false_birth": _maybe("The number is new, the firm is not", "flag"),
        "is_new_winner": _maybe(
            "Won nothing in the 36 months before; missing where the data reach less far", "flag"
        ),
        "origin": Column("Where its seat is", "text", values=ORIGINS),
        "firm_class": Column("What kind of firm it is", "text", values=CLASSES),
    },
)

TENDERERS = Table(
    name="tenderers",
    row="one member of one tender, for lots of which every tender is known",
    key=("notice_id", "document", "lot_id", "tender_id", "member"),
    columns={
        "notice_id": NOTICE_ID,
        "document": DOCUMENT,
        "lot_id": LOT_ID,
        "tender_id": Column("Tender as in BIDS", "text"),
        "member": Column("Running number of the member within the tender, from 1", "whole"),
        "weight": Column("Part of the tender; adds up to 1", "number", within=(0, 1)),
        "company_id": _COMPANY,
        "on_date": _maybe("Day on which the firm is judged: the lot's date", "day"),
        "won": Column("The tender won", "flag"),
    },
)

ANSWERS = Table(
    name="answers",
    row="what one firm on one day answers to one definition",
    key=("company_id", "on_date", "definition"),
    columns={
        "company_id": Column("Enterprise number, ten digits", "text"),
        "on_date": Column("Day on which the firm is judged", "day"),
        "definition": Column("Id of the definition", "text"),
        "answer": _maybe("Yes or no; missing: it cannot be told", "flag"),
    },
)
