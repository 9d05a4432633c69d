"""What the notice rules deliver: lots with one result each, winners, and what was set apart."""

from analysis.contracts.notices import BUYER_TYPES, ERAS, NATURES, PROCEDURES, SIZES
from analysis.contracts.table import Column, Rule, Table

ANSWERS = ("yes", "no", "unknown")
LOT_OUTCOMES = ("awarded", "not-awarded", "unknown")
DATE_RULES = ("contract", "decision", "dispatch", "publication", "unknown")
VALUE_BANDS = ("below-30k", "30k-144k", "144k-1m", "1m-5548k", "above-5548k")
EFFECTS = ("removed", "apart", "flagged")

NOTICE_ID = Column("Number in the Official Journal, else notice uuid/version", "text")
DOCUMENT = Column("sha256 of the XML document", "text")
LOT_ID = Column("Lot number as published, or a list of lots as published", "text")


def _maybe(about: str, kind: str = "text", unit: str = "", values: tuple[str, ...] = ()) -> Column:
    return Column(about, kind, unit, may_be_missing=True, values=values)


LOT_RESULTS = Table(
    name="lot_results",
    row="one lot of one award notice that the rules kept",
    key=("notice_id", "document", "lot_id"),
    columns={
        "notice_id": NOTICE_ID,
        "document": DOCUMENT,
        "lot_id": LOT_ID,
        "first_of_notice": Column("The lot at which its notice is counted", "flag"),
        "era": Column("Reader used", "text", values=ERAS),
        "form": Column("Form or eForms subtype as published", "text"),
        "outcome": Column("Result; a lot still open is unknown", "text", values=LOT_OUTCOMES),
        "date": _maybe("Earliest plausible day of the lot, see date_rule", "day"),
        "date_rule": Column("Which day `date` is", "text", values=DATE_RULES),
        "year": _maybe("Year of `date`", "whole"),
        "publication_date": _maybe(
            "Day of publication; of a national notice, which states none, of dispatch", "day"
        ),
        "country": _maybe("Country of the (first) buyer, ISO 3166-1 alpha-2"),
        "buyer": _maybe("Number of the (first) buyer, made comparable"),
        "buyer_type": _maybe("Kind of the (first) buyer", values=BUYER_TYPES),
        "buyer_postcode": _maybe("Postal code of the (first) buyer as published"),
        "buyer_nuts": _maybe("NUTS code of the (first) buyer as published"),
        "procedure": _maybe("Procedure", values=PROCEDURES),
        "nature": _maybe("Nature of the contract", values=NATURES),
        "cpv_division": _maybe("First two digits of the lot's main CPV code"),
        "cpv_group": _maybe("First three digits of the lot's main CPV code"),
        "is_framework": _maybe("A framework agreement is involved", "flag"),
        "corrected": Column("A correction in words names the notice", "flag"),
        "awards": Column("Contracts given for the lot", "whole", "count"),
        "bids": _maybe("Bids received for the lot, at least 1 if awarded", "whole", "count"),
        "bids_sme": _maybe("Bids received from SMEs, as published", "whole", "count"),
        "winners": Column("Different winners; an unnamed winner counts once", "whole", "count"),
        "joint": _maybe("One of its contracts was won by several firms together", "flag"),
        "sme_won": Column("At least one winner is an SME", "text", values=ANSWERS),
        "cross_border": Column("A winner is not in the buyer's country", "text", values=ANSWERS),
        "value_eur": _maybe("Sum of its contracts, if each is usable; no VAT", "money", "EUR"),
        "value_low_eur": _maybe("Lower bound of the same sum", "money", "EUR"),
        "value_high_eur": _maybe("Upper bound of the same sum", "money", "EUR"),
        "framework_eur": _maybe(
            "Stated for its framework agreement: the ceiling, else the amounts awarded; no VAT",
            "money",
            "EUR",
        ),
        "shared_value_eur": _maybe(
            "Known for the whole notice only, at its first lot", "money", "EUR"
        ),
        "value_band": _maybe("Size class of value_eur", values=VALUE_BANDS),
        "amount_flag": _maybe("Ids of the amount rules met, sorted, joined by +"),
    },
    rules=(
        Rule(
            "an awarded lot has winners, another has none", "(outcome = 'awarded') = (winners > 0)"
        ),
        Rule("an awarded lot had at least one bid", "outcome <> 'awarded' or bids >= 1"),
        Rule(
            "the value lies between its bounds",
            "value_eur between value_low_eur and value_high_eur",
        ),
    ),
)

WINNERS = Table(
    name="winners",
    row="one winner of one awarded lot; a winner that nobody named is one too",
    key=("notice_id", "document", "lot_id", "winner"),
    columns={
        "notice_id": NOTICE_ID,
        "document": DOCUMENT,
        "lot_id": LOT_ID,
        "winner": Column("Running number within the lot, from 1", "whole"),
        "lot_weight": Column("1/m for the m winners of the lot", "number", within=(0, 1)),
        "name": _maybe("Name as published; never printed for a natural person"),
        "identifier": _maybe("National number as published"),
        "number": _maybe("Belgian enterprise number, ten digits, check digits right"),
        "number_refused": _maybe("Why the identifier is no Belgian enterprise number"),
        "country": _maybe("ISO 3166-1 alpha-2"),
        "postcode": _maybe("Postal code as published; missing where two mentions differ"),
        "town": _maybe("Town as published; missing where two mentions differ"),
        "size": _maybe("Size as published; missing where two notices of it differ", values=SIZES),
        "is_natural_person": _maybe("Published as a natural person", "flag"),
        "value_share": _maybe("Part of the lot's value_eur, equal parts within a group", "number"),
    },
)

RULE_LOG = Table(
    name="rule_log",
    row="one rule, and what it met among what the rules before it had left",
    key=("rule",),
    columns={
        "rule": Column("Id of the rule, e.g. N07", "text"),
        "key": Column("Its switch and the name of its sentence", "text"),
        "on": Column("The rule was applied; else only counted", "flag"),
        "effect": Column("What it does with what it meets", "text", values=EFFECTS),
        "notices": Column("Notices concerned", "whole", "count"),
        "lots": Column("Lots concerned", "whole", "count"),
        "awards": Column("Contracts given that are concerned", "whole", "count"),
        "eur": _maybe("Their published amounts in EUR; missing if none states one", "money", "EUR"),
        "eur_known": Column("Contracts behind `eur`", "whole", "count"),
        "other_currency": Column("Contracts with an amount that is not in EUR", "whole", "count"),
    },
)
