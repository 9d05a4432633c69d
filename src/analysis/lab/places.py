"""Where contracting authorities are: region, and in Flanders the province."""

from pathlib import Path
from typing import Any

from analysis.companies.codes import region, seat_country
from analysis.notices.stages import Relation
from analysis.yaml_text import read_yaml

_TOLD: dict[str, Any] = read_yaml(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
PROVINCES: dict[str, dict[str, Any]] = _TOLD["provinces"]  # title, nuts, postcodes and tile
WORDS: dict[str, dict[str, str]] = _TOLD["words"]  # of the map
REGIONS = ("flanders", "brussels", "wallonia", "belgium", "abroad")  # belgium: no more is said
_REGIONS = {"BE1": "brussels", "BE2": "flanders", "BE3": "wallonia"}

# As the perimeters say it: the seat in the register first, and only without one the notice.
PLACES = """
select l.notice_id, l.document, l.lot_id,
    case when {seat} is not null then {seat} else coalesce({stated}, {nuts_region}) end
        as buyer_region,
    case when {seat} is not null then {seat_province}
         when {stated} is not null then {stated_province} else {nuts_province} end
        as buyer_province
from {lots} l left join {addresses} a
    on a.number = case when regexp_full_match(l.buyer, 'BE[01][0-9]{{9}}') then l.buyer[3:] end
"""


def places(lots: Relation, addresses: Relation) -> str:
    """SQL for the region and the province of the (first) buyer of each lot, by the key of the lot.

    `buyer_region` is one of REGIONS, `buyer_province` of PROVINCES. Either is missing where neither
    the register nor the notice tells, and the province outside Flanders.

    Parameters
    ----------
    lots, addresses : keep LOT_RESULTS and ADDRESSES; they become views of these names
    """
    lots.create_view("lab_lots", replace=True)
    addresses.create_view("lab_addresses", replace=True)
    country = seat_country("a.country")
    return PLACES.format(
        lots="lab_lots",
        addresses="lab_addresses",
        seat=f"({region('a.postcode', country)})",
        stated=f"({region('l.buyer_postcode', 'l.country')})",
        nuts_region=_of_nuts(_REGIONS, "case when l.country = 'BE' then 'belgium' end"),
        seat_province=_of_postcode("a.postcode", country),
        stated_province=_of_postcode("l.buyer_postcode", "l.country"),
        nuts_province=_of_nuts({one["nuts"]: id for id, one in PROVINCES.items()}),
    )


def _of_postcode(postcode: str, country: str) -> str:
    code = f"try_cast(regexp_extract({postcode}, '^(?:BE?)?[ -]*([1-9][0-9]{{3}})\\b', 1) as int)"
    cases = " ".join(
        f"when {country} = 'BE' and {code} between {low} and {high} then '{id}'"
        for id, one in PROVINCES.items()
        for low, high in one["postcodes"]
    )
    return f"case {cases} end"


def _of_nuts(codes: dict[str, str], otherwise: str = "null") -> str:
    cases = " ".join(
        f"when l.country = 'BE' and starts_with(l.buyer_nuts, '{code}') then '{name}'"
        for code, name in codes.items()
    )
    return f"case {cases} else {otherwise} end"
