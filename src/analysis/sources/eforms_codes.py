"""Code lists of eForms (SDK 1.0 to 1.16) in the words of the contracts; None says nothing there."""

from collections.abc import Mapping

from babel.core import get_global

Codes = dict[str, str | None]


def _same(codes: str) -> Codes:
    return {code: code for code in codes.split()}


def _all(codes: str, meaning: str | None) -> Codes:
    return dict.fromkeys(codes.split(), meaning)


# notice-subtype, the prefix BE- of national Belgian notices cut off.
KINDS = (
    _all("25 26 27 28", "voluntary-ex-ante")
    | _all("29 30 31 32 33 34 35 36 37 E4 T02", "award")
    | _all("38 39 40 E6", "modification")
    | {"E5": "completion"}
    | _all("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24", "other")
    | _all("CEI E1 E2 E3 T01 X01 X02", "other")
)
CONCESSIONS = ("28", "32", "35", "40")

PROCEDURES = _all("comp-tend exp-int-rail oth-mult oth-single", "other") | {
    "open": "open",
    "restricted": "restricted",
    "neg-w-call": "negotiated-with-call",
    "neg-wo-call": "negotiated-without-call",
    "comp-dial": "competitive-dialogue",
    "innovation": "innovation-partnership",
}
# Lists of PartyTypeCode; only the first is read.
BUYER_LISTS = {"buyer-legal-type", "buyer-contracting-type"}
BUYERS = (
    _all("body-pl body-pl-cga body-pl-ra body-pl-la", "body-public-law")
    | {"cga": "national", "ra": "regional", "la": "local", "eu-ins-bod-ag": "eu-institution"}
    | {"int-org": "international"}
    | _all("pub-undert pub-undert-cga pub-undert-ra pub-undert-la spec-rights-entity", "utility")
    | _all("org-sub org-sub-cga org-sub-ra org-sub-la grp-p-aut def-cont", "other")
)
NATURES = _same("works supplies services") | {"combined": None}
SIZES = _same("micro small medium sme large")
CRITERIA = _same("price cost quality")

YES_NO = {"true": True, "1": True, "false": False, "0": False}
FRAMEWORK = {"none": False, "fa-mix": True, "fa-w-rc": True, "fa-wo-rc": True}
DPS = {"none": False, "dps-list": True, "dps-nlist": True}
EU_FUNDS = {"eu-funds": True, "no-eu-funds": False}

# Lists of ProcurementAdditionalType: the kinds of purchase, and what is bought as innovation.
STRATEGIC = _same("inn-pur env-imp soc-obj none")
INNOVATION = _same("mar-nov proc-innov prod-innov rd-act") | _same(
    "buy-eff fp-requ org-nov other"  # SDK 1.0 to 1.5
)
ADDITIONAL_LISTS = {"strategic-procurement": STRATEGIC, "innovative-acquisition": INNOVATION}
OTHER_ADDITIONAL_LISTS = _same(
    "accessibility contract-nature environmental-impact gpp-criteria social-objective "
    "transport-service"
)

RESULTS: Codes = {"selec-w": "awarded", "clos-nw": "not-awarded", "open-nw": "open"}
REASONS = _same(
    "all-rej chan-need ins-fund no-rece no-signed one-admis other rev-body rev-buyer tch-pr-error"
)
SUBMISSIONS = _all(
    "part-req t-large t-med t-micro t-no-verif t-small t-verif-inad t-verif-inad-low", None
) | {
    "tenders": "bids",
    "t-sme": "bids_sme",
    "t-oth-eea": "bids_other_eu",
    "t-no-eea": "bids_non_eu",
    "t-esubm": "bids_electronic",
}
CHANGES = _same("cancel cancel-intent cor-buy cor-esen cor-pub info-release susp-review update-add")
# non-publication-identifier: what a FieldsPrivacy withholds.
WITHHELD = _same(
    "awa-cri-com awa-cri-des awa-cri-fix awa-cri-nam awa-cri-num awa-cri-ord awa-cri-thr "
    "awa-cri-typ awa-cri-wei buy-rev-cou buy-rev-typ con-rev-buy con-rev-use cou-ori cro-bor-law "
    "dir-awa-jus dir-awa-pre dir-awa-tex gro-max-ide gro-max-val gro-ree-val max-val no-awa-rea "
    "not-app-val not-max-val not-val pro-acc pro-acc-jus pro-fea pro-typ rec-sub-cou rec-sub-typ "
    "ree-val rev-req sub-con sub-des sub-per sub-per-kno sub-val sub-val-kno ten-ran ten-val-hig "
    "ten-val-low val-con-des win-cho win-ten-val win-ten-var"
)


def _short(aliases: Mapping[str, str | list[str]]) -> Codes:
    """CLDR lists the three-letter codes of ISO 3166-1 and 639 as long ways to write the short."""
    several = {long: [to] if isinstance(to, str) else to for long, to in aliases.items()}
    return {
        long.upper(): short[0]
        for long, short in several.items()
        if len(long) == 3 and long.isalpha() and len(short) == 1 and len(short[0]) == 2
    }


# CLDR also lists private codes (QQQ); those have no languages. ZZ is its "unknown".
# 1A0 is how the Publications Office writes Kosovo.
_REAL = get_global("territory_languages").keys() - {"ZZ"}
COUNTRIES: Codes = {"1A0": "XK"}
COUNTRIES.update(
    (long, short)
    for long, short in _short(get_global("territory_aliases")).items()
    if short in _REAL
)
LANGUAGES = _short(get_global("language_aliases"))
