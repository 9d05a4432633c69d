"""What the readers of notices must deliver, whatever the era of the form."""

from analysis.contracts.table import Column, Rule, Table

ERAS = ("ted-old", "ted-r209", "eforms")
NOTICE_KINDS = ("award", "voluntary-ex-ante", "modification", "completion", "correction", "other")
PROCEDURES = (
    "open",
    "restricted",
    "negotiated-with-call",
    "negotiated-without-call",
    "competitive-dialogue",
    "innovation-partnership",
    "design-contest",
    "concession",
    "other",
)
BUYER_TYPES = (
    "national",
    "regional",
    "local",
    "regional-or-local",
    "body-public-law",
    "utility",
    "eu-institution",
    "international",
    "other",
)
NATURES = ("works", "supplies", "services")
SIZES = ("micro", "small", "medium", "sme", "large")
OUTCOMES = ("awarded", "not-awarded", "open", "unknown")

_NOTICE_ID = Column(
    "Number in the Official Journal, e.g. 73997-2021; else notice uuid/version", "text"
)


def _maybe(about: str, kind: str = "text", unit: str = "", values: tuple[str, ...] = ()) -> Column:
    return Column(about, kind, unit, may_be_missing=True, values=values)


NOTICES = Table(
    name="notices",
    row="one notice document",
    key=("notice_id", "document"),
    columns={
        "notice_id": _NOTICE_ID,
        "document": Column("sha256 of the XML document", "text"),
        "own_id": _maybe("Notice uuid/version that its sender gave (eForms); changes cite it"),
        "era": Column("Reader used", "text", values=ERAS),
        "form": Column("Form or eForms subtype as published, e.g. F03_2014, 29, E4", "text"),
        "schema_version": _maybe("Schema or SDK version as published"),
        "kind": Column(
            "What the notice is; only `award` counts as awards", "text", values=NOTICE_KINDS
        ),
        "published": Column("Carries a publication number of the Official Journal", "flag"),
        "publication_date": _maybe("Day of publication", "day"),
        "dispatch_date": _maybe("Day of dispatch", "day"),
        "language": _maybe("Original language, two letters, lower case"),
        "country": _maybe("Country of the (first) buyer, ISO 3166-1 alpha-2 (GR, GB)"),
        "buyer_type": _maybe("Kind of the (first) buyer", values=BUYER_TYPES),
        "eu_institution": _maybe("The buyer is an institution, body or agency of the EU", "flag"),
        "legal_basis": _maybe("Directive or regulation as published"),
        "procedure": _maybe("Procedure, one list for all eras", values=PROCEDURES),
        "procedure_published": _maybe("Procedure code as published"),
        "procedure_id": _maybe("BT-04, joins the notices of one procedure"),
        "nature": _maybe("Main nature of the contract", values=NATURES),
        "cpv": _maybe("Main CPV code, eight digits"),
        "is_framework": _maybe("A framework agreement is involved", "flag"),
        "is_dps": _maybe("A dynamic purchasing system is involved", "flag"),
        "previous_notice": _maybe("Number of the earlier notice of this procedure"),
        "changes_notice": _maybe("Number or uuid/version of the notice that this one changes"),
        "change_reason": _maybe("Code of the change, e.g. cancel, cor-buy"),
        "total_value": _maybe("Total value of the notice, no VAT", "money", "currency"),
        "total_low": _maybe("Lowest total where a range is published", "money", "currency"),
        "total_high": _maybe("Highest total where a range is published", "money", "currency"),
        "total_currency": _maybe("ISO 4217 code as published"),
        "total_withheld": Column("The total is withheld from publication", "flag"),
    },
)

LOTS = Table(
    name="lots",
    row="one lot as one notice document describes it; an undivided contract is one lot",
    key=("notice_id", "document", "lot_id"),
    columns={
        "notice_id": _NOTICE_ID,
        "document": Column("sha256 of the XML document", "text"),
        "lot_id": Column(
            "Lot number as published, e.g. 1 or LOT-0001; an undivided contract: 1", "text"
        ),
        "title": _maybe("Title in the original language"),
        "nature": _maybe("Nature of the contract", values=NATURES),
        "cpv": _maybe("Main CPV code of the lot, eight digits"),
        "place_nuts": _maybe("First NUTS code of the place of performance"),
        "is_framework": _maybe("The lot is a framework agreement", "flag"),
        "is_dps": _maybe("The lot is a dynamic purchasing system", "flag"),
        "criteria": _maybe("Kinds of award criteria, sorted, joined by +: cost, price, quality"),
        "eu_funded": _maybe("Paid with EU funds", "flag"),
        "strategic": _maybe("BT-06 codes as published, sorted, joined by +"),
        "innovation": _maybe("BT-776 codes as published, sorted, joined by +"),
        "estimated_value": _maybe("Estimated before award, no VAT", "money", "currency"),
        "framework_maximum": _maybe("Ceiling of the framework, no VAT", "money", "currency"),
        "currency": _maybe("ISO 4217 code of the two amounts"),
    },
)

AWARDS = Table(
    name="awards",
    row="one contract given for one lot, or the decision not to give one",
    key=("notice_id", "document", "award_id"),
    columns={
        "notice_id": _NOTICE_ID,
        "document": Column("sha256 of the XML document", "text"),
        "award_id": Column("Running number in the document, from 1", "text"),
        "lot_id": Column("Lot of LOTS, or a list of lots as published", "text"),
        "contract_id": _maybe("Contract number as published"),
        "outcome": Column("Result of the lot; open: no decision yet", "text", values=OUTCOMES),
        "reason": _maybe("Why no contract was given, as published"),
        "decision_date": _maybe("Day of the award decision", "day"),
        "contract_date": _maybe("Day the contract was concluded", "day"),
        "winners": Column("Organisations that won this contract together", "whole", "count"),
        "is_group": _maybe("Awarded to a group of economic operators", "flag"),
        "bids": _maybe("Tenders received for the lot", "whole", "count"),
        "bids_sme": _maybe("Tenders received from SMEs", "whole", "count"),
        "bids_other_eu": _maybe("Tenders from other EU member states", "whole", "count"),
        "bids_non_eu": _maybe("Tenders from outside the EU", "whole", "count"),
        "bids_electronic": _maybe("Tenders received electronically", "whole", "count"),
        "bids_withheld": Column("The number of tenders is withheld from publication", "flag"),
        "value": _maybe("Value of the contract, no VAT unless stated", "money", "currency"),
        "value_low": _maybe("Lowest tender or lower end of a range", "money", "currency"),
        "value_high": _maybe("Highest tender or upper end of a range", "money", "currency"),
        "currency": _maybe("ISO 4217 code as published"),
        "vat_included": _maybe("The value includes VAT (old forms say so)", "flag"),
        "vat_rate": _maybe("VAT rate in percent where the value includes VAT", "number", "%"),
        "value_withheld": Column("The value is withheld from publication", "flag"),
        "estimated_value": _maybe("Estimated value of the contract", "money", "currency"),
        "is_framework": _maybe("The contract is (under) a framework agreement", "flag"),
    },
    rules=(
        Rule("only an awarded lot has winners", "winners = 0 or outcome = 'awarded'"),
        Rule(
            "no count is negative",
            "least(winners, bids, bids_sme, bids_other_eu, bids_non_eu, bids_electronic) >= 0",
        ),
    ),
)

BIDS = Table(
    name="bids",
    row="one organisation in one tender for one lot, the winning and the losing ones",
    key=("notice_id", "document", "lot_id", "tender_id", "organisation_id"),
    columns={
        "notice_id": _NOTICE_ID,
        "document": Column("sha256 of the XML document", "text"),
        "lot_id": Column("Lot, as in AWARDS", "text"),
        "tender_id": Column("Tender as published (TEN-0001), else the award number", "text"),
        "organisation_id": Column("Organisation of ORGANISATIONS", "text"),
        "award_id": _maybe("The award that this tender won; missing for a losing tender"),
        "won": Column("The tender won", "flag"),
        "rank": _maybe("Rank of the tender as published", "whole"),
        "members": Column("Organisations in this tender", "whole", "count"),
        "value": _maybe("Value of the tender", "money", "currency"),
        "currency": _maybe("ISO 4217 code as published"),
    },
    rules=(
        Rule("a won tender names its award, a lost one does not", "won = (award_id is not null)"),
        Rule("a tender has at least one member", "members >= 1"),
    ),
)

ORGANISATIONS = Table(
    name="organisations",
    row="one organisation as one notice document names it; no contact data",
    key=("notice_id", "document", "organisation_id"),
    columns={
        "notice_id": _NOTICE_ID,
        "document": Column("sha256 of the XML document", "text"),
        "organisation_id": Column(
            "ORG-0001 in eForms, else B1.. (buyers) and W1.. (winners)", "text"
        ),
        "is_buyer": Column("Named as a buyer", "flag"),
        "is_tenderer": Column("Named as a tenderer or winner", "flag"),
        "name": _maybe("Name as published, in the original language"),
        "identifier": _maybe("National number as published, not normalised"),
        "country": _maybe("ISO 3166-1 alpha-2"),
        "postcode": _maybe("Postal code as published"),
        "town": _maybe("Town as published"),
        "nuts": _maybe("NUTS code as published"),
        "size": _maybe("Size as published; TED: sme, or large for 'not an SME'", values=SIZES),
        "is_natural_person": _maybe("Published as a natural person (BT-633)", "flag"),
    },
)
