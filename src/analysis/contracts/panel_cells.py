"""What Flemish buyers awarded and announced, year by year: the panel that effects are sought in."""

from analysis.contracts.table import Column, Rule, Table


def _count(about: str) -> Column:
    return Column(about, "whole", "count")


def _read(about: str) -> Column:
    """A count that is not known where no notice of that kind was read at all."""
    return Column(f"{about}; missing: none were read of anybody", "whole", may_be_missing=True)


def _weight(about: str) -> Column:
    return Column(about, "number", "winners")


PANEL_CELLS = Table(
    name="panel_cells",
    row="one Flemish public buyer in one year of which something was published",
    key=("buyer", "year"),
    columns={
        "buyer": Column("Number of the buyer, made comparable; BE is left out", "text"),
        "year": Column("Year of the lots, of notices the year of publication", "whole"),
        "notices": _count("Award notices published in the year"),
        "calls": _read("Notices published in the year that open a competition"),
        "consultations": _read("Prior information notices and market consultations published"),
        "pio_lots": _count("Awarded lots of contracts that PIO co-financed: in no other column"),
        "lots": _count("Other awarded lots"),
        "flagged": _count("Of those, with a sign of research, development or innovation"),
        "placebo": _count("Of those, of office machinery and supplies (CPV 30)"),
        "valued_eur": Column("Euros of those, no framework agreements; no VAT", "money", "EUR"),
        "flagged_eur": Column("Of these euros, of lots with a sign", "money", "EUR"),
        "bids_lots": _count("Lots of which the number of bids is known"),
        "bids": _count("Bids for them"),
        "single": _count("Of them, with one bid"),
        "startup_yes": _weight("Winners that are a start-up by the headline definition"),
        "startup_no": _weight("Winners that are none"),
        "startup_unknown": _weight("Winners of which it is not known"),
        "new_yes": _weight("Winners that won nothing in the 36 months before"),
        "new_no": _weight("Winners that did"),
    },
    rules=(
        Rule(
            "no part exceeds its whole",
            "flagged <= lots and placebo <= lots and flagged_eur <= valued_eur and single <= bids",
        ),
    ),
)
