"""What start-ups' access becomes when it is small: yes, no and unknown per definition and part.

Everything is about awarded lots. Weights are parts of lots, so that they add up to lots; euros are
the parts of `value_eur` of the lots that have one. Unknown stands apart, and is never no.
"""

from analysis.contracts.access import CLASSES, METHODS, ORIGINS
from analysis.contracts.lots import VALUE_BANDS
from analysis.contracts.notices import BUYER_TYPES, PROCEDURES
from analysis.contracts.table import Column, Rule, Table

HEADLINE = ("startup-5", "startup-10")
PERIMETERS = {
    "flemish-administration": "flemish_administration",
    "flemish-public": "flemish_public",
    "located-in-flanders": "located_in_flanders",
    "belgium": "belgium",
}
WIDE = ("flemish-public", "belgium")  # all definitions here, headline ones in every perimeter
DATES = ("contract", "publication")


def _by(about: str, kind: str = "text", values: tuple[str, ...] = ()) -> Column:
    return Column(about, kind, may_be_missing=True, values=values)


def _count(about: str) -> Column:
    return Column(about, "whole", "count")


def _weight(about: str) -> Column:
    return Column(about, "number", "lots")


def _eur(about: str) -> Column:
    return Column(about, "money", "EUR")


FLAGS = {flag: _by(f"The buyer is inside {name}", "flag") for name, flag in PERIMETERS.items()}
_YEAR = {"year": _by("Year of the lot", "whole")}
_PLACED = _YEAR | FLAGS
_PART = {"definition": Column("Id of the definition", "text")} | _PLACED
_FRAMEWORK = {"framework": _by("A framework agreement is involved", "flag")}

MEASURES = {
    "lots": _count("Awarded lots with a winner in this cell"),
    "lots_unknown": _count("Of those, lots with a winner here whose answer is not known"),
    "yes": _weight("Weight of winners that answer to the definition"),
    "no": _weight("Weight of winners that do not"),
    "unknown": _weight("Weight of winners of which it is not known"),
    "valued": _count("Lots of `lots` with a usable value"),
    "valued_unknown": _count("Lots of `lots_unknown` with a usable value"),
    "eur_yes": _eur("Euros of winners that answer to the definition"),
    "eur_no": _eur("Euros of winners that do not"),
    "eur_unknown": _eur("Euros of winners of which it is not known"),
}
_WHOLE_LOTS = Rule("weights add up to the lots", "abs(yes + no + unknown - lots) < 1e-6")
_COUNTED = ("lots", "lots_unknown")
_PARTS = Rule(
    "no part exceeds its whole",
    "lots_unknown <= lots and valued <= lots and valued_unknown <= least(valued, lots_unknown)",
)


def _cells(name: str, row: str, keys: dict[str, Column], measures: dict, *rules: Rule) -> Table:
    return Table(name=name, row=row, key=tuple(keys), columns=keys | measures, rules=rules)


ACCESS_CELLS = _cells(
    "access_cells",
    "awarded lots that share definition, year, perimeters, buyer and being a framework",
    _PART | {"buyer": _by("Number of the (first) buyer")} | _FRAMEWORK,
    MEASURES,
    _WHOLE_LOTS,
    _PARTS,
)

KIND_CELLS = _cells(
    "kind_cells",
    "awarded lots of one kind; headline definitions only",
    _PART
    | {
        "buyer_type": _by("Kind of buyer", values=BUYER_TYPES),
        "cpv_division": _by("First two digits of the main CPV code"),
        "procedure": _by("Procedure", values=PROCEDURES),
        "value_band": _by("Size class of the value", values=VALUE_BANDS),
        "comparable": _by("Its value reaches the one threshold of all years", "flag"),
    }
    | _FRAMEWORK,
    MEASURES,
    _WHOLE_LOTS,
    _PARTS,
)

ORIGIN_CELLS = _cells(
    "origin_cells",
    "winners of one origin; headline definitions only; a lot counts for each of its origins",
    _PART | {"origin": Column("Where the seat of the winner is", "text", values=ORIGINS)},
    MEASURES,
    _PARTS,
)

RULE_CELLS = _cells(
    "rule_cells",
    "awarded lots by the day that dates them, with three rules for lots of several winners",
    {"date": Column("Day that dates the lot", "text", values=DATES)} | _PART | _FRAMEWORK,
    {name: MEASURES[name] for name in _COUNTED}
    | {
        f"{joint}_{answer}": _weight(f"Lots: {rule}, {answer}")
        for joint, rule in (
            ("fractional", "each winner counts for its weight"),
            ("any", "one winner that answers makes it yes"),
            ("all", "one winner that does not answer makes it no"),
        )
        for answer in ("yes", "no", "unknown")
    },
)

MARKED_CELLS = _cells(
    "marked_cells",
    "awarded lots that their notice marks as innovative, and that share definition and perimeters",
    _PART,
    {name: MEASURES[name] for name in (*_COUNTED, "yes", "no", "unknown")},
    _WHOLE_LOTS,
)

AWARD_VALUES = _cells(
    "award_values",
    "one awarded lot with a usable value, no framework, of which an answer is known; headline",
    {
        "definition": Column("Id of the definition", "text"),
        "lot": Column("Running number of the lot in the order of its key", "whole"),
    },
    _PLACED
    | {
        "buyer": _by("Number of the (first) buyer"),
        "value_eur": _eur("Its euros of winners whose answer is known"),
        "startup_eur": _eur("Of those, euros of winners that answer to the definition"),
    },
    Rule("start-ups get a part of the value", "startup_eur between 0 and value_eur"),
)

DOUBTS = ("suspect", "framework")
DOUBTED_CELLS = _cells(
    "doubted_cells",
    "awarded lots whose published amount is in no headline sum, by the reason; headline only",
    {
        "doubt": Column(
            "suspect: an amount that lies between two ends; framework: what is stated for one",
            "text",
            values=DOUBTS,
        )
    }
    | _PART,
    {
        "lots": _count("Lots of which an amount, or its two ends, are known"),
        **{
            f"{end}_{answer}": _eur(f"Euros at the {end} end of winners that answer {answer}")
            for end in ("low", "high")
            for answer in ("yes", "no", "unknown")
        },
    },
)

COMPANY_COUNTS = _cells(
    "company_counts",
    "the companies that won in one part, each counted once",
    {
        "definition": Column("Id of the definition", "text"),
        "perimeter": Column("Whose contracts", "text", values=tuple(PERIMETERS)),
        "period": Column("Year, or first and last year", "text"),
        "group": Column("Part of the perimeter as in RESULTS; parts of headline only", "text"),
    },
    {
        "yes": _count("Companies that answered to the definition at one win or more"),
        "no": _count("Companies that surely did not at any"),
        "unknown": _count("Companies of which it is not known"),
        "unlinked": _count("Stated names that are no known company, none counted twice"),
        "eur_yes": _eur("Euros that the companies of `yes` won as such"),
        "eur_first": _eur("Of those, euros of the company that won most"),
        "eur_second": _eur("Of those, euros of the next"),
    },
)

SUPPLIER_CELLS = _cells(
    "supplier_cells",
    "what one company won of one kind; frameworks without their euros",
    FLAGS
    | {
        "cpv_division": _by("First two digits of the main CPV code"),
        "cpv_group": _by("First three digits of the main CPV code"),
        "company_id": _by("Enterprise number; missing where not linked"),
    },
    {
        "members": _count("Winners of lots"),
        "members_without_value": _count("Of those, without euros: no usable value, a framework"),
        "eur": _eur("Euros won"),
    },
)

MEMBER_CELLS = _cells(
    "member_cells",
    "winners that share year, perimeters, origin, kind of firm, being new, and how linked",
    _PLACED
    | {
        "origin": Column("Where the seat is", "text", values=ORIGINS),
        "firm_class": Column("What kind of firm it is", "text", values=CLASSES),
        "is_new_winner": _by("Won nothing in the 36 months before", "flag"),
        "method": Column("How it was linked", "text", values=METHODS),
    },
    {"members": _count("Winners"), "weight": _weight("Their parts of lots")},
)

BID_CELLS = _cells(
    "bid_cells",
    "tenders for lots of which every tender is known",
    _PART,
    {
        "lots": _count("Lots of which every tender is known"),
        **{answer: _weight(f"Tenders: {answer}") for answer in ("yes", "no", "unknown")},
        **{f"won_{a}": _weight(f"Of those, won: {a}") for a in ("yes", "no", "unknown")},
    },
)

LOT_CELLS = _cells(
    "lot_cells",
    "awarded lots that share year, perimeters, having one bid, having a value, the one threshold",
    _PLACED
    | {
        "single_bid": _by("Exactly one bid; missing where bids are not known", "flag"),
        "valued": Column("It has a usable value", "flag"),
        "comparable": _by("Its value reaches the one threshold of all years", "flag"),
    },
    {
        "notices": _count("Notices with an awarded lot, each counted at its first"),
        "lots": _count("Awarded lots"),
        "pairs": _count("Contract-winner pairs"),
    },
)

LAG_CELLS = _cells(
    "lag_cells",
    "awarded lots by month of award and months until they were published",
    FLAGS
    | {
        "month": Column("First day of the month of award", "day"),
        "lag": Column("Months from award to publication; 0 where published before", "whole"),
    },
    {"lots": _count("Awarded lots with both days known")},
)
