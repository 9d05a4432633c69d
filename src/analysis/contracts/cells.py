"""What of any size becomes small: counts and euros per kind of lot, and counts of notices."""

from analysis.contracts.lots import VALUE_BANDS
from analysis.contracts.notices import BUYER_TYPES, ERAS, NATURES, NOTICE_KINDS, PROCEDURES
from analysis.contracts.table import Column, Rule, Table


def _count(about: str) -> Column:
    return Column(about, "whole", "count")


def _by(about: str, kind: str = "text", values: tuple[str, ...] = ()) -> Column:
    return Column(about, kind, may_be_missing=True, values=values)


CELL_KEYS = {
    "year": _by("Year of the lot", "whole"),
    "era": Column("Reader used", "text", values=ERAS),
    "country": _by("Country of the buyer"),
    "buyer_type": _by("Kind of buyer", values=BUYER_TYPES),
    "procedure": _by("Procedure", values=PROCEDURES),
    "nature": _by("Nature of the contract", values=NATURES),
    "value_band": _by("Size class of the value", values=VALUE_BANDS),
    "bids": _by("Bids received for each of these lots; missing where not known", "whole"),
}

CELLS = Table(
    name="cells",
    row="all lots that share year, era, country, buyer type, procedure, nature, value and bids",
    key=tuple(CELL_KEYS),
    columns=CELL_KEYS
    | {
        "notices": _count("Notices, each counted at its first lot"),
        "lots": _count("Lots, whatever their result"),
        "awarded": _count("Lots awarded; every column below is about these"),
        "not_awarded": _count("Lots not awarded"),
        "outcome_unknown": _count("Lots whose result is not known"),
        "pairs": _count("Contract-winner pairs"),
        "weight": Column("Sum of lot weights; equals `awarded`", "number"),
        "sme_bids_lots": _count("Lots with bids and SME bids known, SME bids not above bids"),
        "sme_bids": _count("SME bids of those lots"),
        "sme_bids_wrong": _count("Lots that state more SME bids than bids"),
        "sme_won_yes": _count("Lots won by an SME"),
        "sme_won_no": _count("Lots not won by an SME"),
        "sme_won_unknown": _count(
            "Lots with a winner of unknown size, and no winner known as an SME"
        ),
        "sme_won_bids_stated": _count("Lots won by an SME that state the number of SME bids"),
        "sme_won_without_bid": _count("Of those, lots that state none"),
        "value_known": _count("Lots with a usable value"),
        "value_eur": Column("Sum of the usable values", "money", "EUR"),
        "shared_value_eur": Column("Sum of values known for a whole notice only", "money", "EUR"),
    },
    rules=(
        Rule("every lot has one result", "lots = awarded + not_awarded + outcome_unknown"),
        Rule(
            "every awarded lot has one answer about SMEs",
            "awarded = sme_won_yes + sme_won_no + sme_won_unknown",
        ),
        Rule("weights add up to the awarded lots", "abs(weight - awarded) < 1e-6"),
    ),
)

NOTICE_CELLS = Table(
    name="notice_cells",
    row="all notice documents that share year, era, kind, form and being published",
    key=("year", "era", "kind", "form", "published"),
    columns={
        "year": _by("Year of publication, else of dispatch", "whole"),
        "era": Column("Reader used", "text", values=ERAS),
        "kind": Column("What the notices are", "text", values=NOTICE_KINDS),
        "form": Column("Form without its version, e.g. F03, 29, E4", "text"),
        "published": Column("They carry a number of the Official Journal", "flag"),
        "notices": _count("Notice documents"),
    },
)
