"""What chapter 20 shows of the ledger, which may hold much, little or nothing about start-ups.

Without a register of companies no winner has an age: then there are fewer rows, and unknown ones.
"""

import re

import pandas as pd

from analysis.contracts.access import CLASSES, METHODS, ORIGINS
from analysis.contracts.lots import VALUE_BANDS
from analysis.indicators.access_doubts import ENDS, PARTS
from analysis.present.chapter import Chapter
from analysis.present.figures_access import AGES, HEADLINE
from analysis.present.language import Number

PUBLIC = "flemish-public"
ASKED_FROM = "2016"  # the first year of written question 101
ASKED = ("startups", "lots_won", "amount", "lot_share", "amount_share")
FEWEST_LOTS = 30  # of a group that a table of many groups lists
_WHOLE = {"perimeter": PUBLIC, "period": "*-*", "group": "all"}
_ORDERS = {
    "value_band": VALUE_BANDS,
    "firm_class": CLASSES,
    "origin": ORIGINS,
    "method": METHODS,
    "if": (*ENDS, *PARTS),
}


def rows(chapter: Chapter, *ids: str, **where: str) -> pd.DataFrame:
    """Ledger rows as `Chapter.rows` gives them; none where the ledger has no such indicator."""
    there = [id for id in ids if chapter.has(id)]
    return chapter.rows(*there, **where) if there else chapter.ledger.head(0)


def known(shown: pd.DataFrame) -> bool:
    """Whether a row has a value that rests on something, and is not the share of the unknown."""
    told = shown["value"].notna() & (shown["n"].fillna(1) > 0)
    return bool((told & ~shown["group"].str.endswith("=unknown")).any())


def only(shown: pd.DataFrame) -> Number:
    """The first of the rows, as a number for a sentence."""
    first = shown.iloc[0].astype(object)
    return Number(first.where(first.notna(), None).to_dict())


def ends(shown: pd.DataFrame) -> dict[str, Number]:
    """The rows of the lowest and of the highest known value."""
    order = shown[shown["value"].notna()].sort_values("value", kind="stable")
    return {"lowest": only(order), "highest": only(order[::-1])}


def last(shown: pd.DataFrame) -> Number:
    """The row of the last period of which a value is known."""
    return only(shown[shown["value"].notna()].sort_values("period", ascending=False, kind="stable"))


def curve(chapter: Chapter) -> pd.DataFrame:
    """Shares of the whole period: the age curve from young to old, then the two headlines."""
    shares = in_order(rows(chapter, "access.lot_share", **_WHOLE))
    ages = shares["definition"].str.startswith(AGES)
    return pd.concat([shares[ages], shares[shares["definition"].isin(HEADLINE)]])


def of_curve(shown: pd.DataFrame) -> dict[str, Number]:
    """The ends of the age curve and the two headlines on it."""
    ages = shown[shown["definition"].str.startswith(AGES)]
    five, ten = (only(shown[shown["definition"] == name]) for name in HEADLINE)
    return {"lowest": only(ages), "highest": only(ages[::-1]), "five": five, "ten": ten}


def over_all_years(shown: pd.DataFrame) -> pd.DataFrame:
    """Of rows on changes between years, those from the first year to the last."""
    years = shown["period"].str.extract(r"(\d{4})-(\d{4})")
    return shown[(years[0] == years[0].min()) & (years[1] == years[1].max())]


def in_order(shown: pd.DataFrame) -> pd.DataFrame:
    """Rows as a reader expects them: headlines first, ages and amounts rising, unknown last."""
    places = pd.DataFrame({name: shown[name].map(_place) for name in ("group", "definition")})
    return shown.loc[places.sort_values(["group", "definition"], kind="stable").index]


def by_rung(shown: pd.DataFrame) -> pd.DataFrame:
    """Rungs of the ladder from the weakest assumption to the strongest, largest factor first."""
    rung = shown["group"].str.extract(r"rung=(\w+)")[0]
    gamma = shown["group"].str.extract(r"gamma=([\d.]+)")[0].astype(float).fillna(0)
    places = {"rung": rung, "gamma": -gamma, "definition": shown["definition"].map(_place)}
    order = pd.DataFrame(places).sort_values([*places], kind="stable")
    return shown.loc[order.index]


def asked(ledger: pd.DataFrame, *, perimeter: str, definition: str, year: int) -> pd.DataFrame:
    """What written question 101 asks: yearly numbers since 2016, and the lots they are part of."""
    places = {f"access.{name}": at for at, name in enumerate(("lots", *ASKED))}
    years = ledger["period"].str.fullmatch(r"\d{4}") & ledger["period"].between(
        ASKED_FROM, str(year)
    )
    own = (ledger["id"] == "access.lots") | (ledger["definition"] == definition)
    inside = (ledger["perimeter"] == perimeter) & (ledger["group"] == "all")
    shown = ledger[years & own & inside & ledger["id"].isin(places)]
    place = pd.DataFrame({"period": shown["period"], "id": shown["id"].map(places)})
    return shown.loc[place.sort_values(["period", "id"]).index]


def together(*shown: pd.DataFrame) -> pd.DataFrame:
    """Rows of several indicators for one table, years in order."""
    return pd.concat(shown).sort_values("period", kind="stable")


def listed(shown: pd.DataFrame) -> pd.DataFrame:
    """Rows of the groups that hold enough lots, whether their answer is known or not."""
    shares = shown[shown["id"] == "access.lot_share"]
    large = shares["n"].fillna(0) + shares["unknown"].fillna(0) >= FEWEST_LOTS
    return shown[shown["group"].isin(set(shares["group"][large]))]


def directions(chapter: Chapter) -> dict[str, Number]:
    """How many specifications agree on the direction of the change, and which direction."""
    groups = {"same": "all", "rise": "sign=rise", "fall": "sign=fall"}
    id = "access.multiverse_same_sign"
    return {name: only(rows(chapter, id, group=group)) for name, group in groups.items()}


def whole_groups(shown: pd.DataFrame) -> pd.DataFrame:
    """Rows whose group is of one kind: `origin=flanders`, and no part of it."""
    return shown[~shown["group"].str.contains(",")]


def kinds(shown: pd.DataFrame) -> dict[str, Number]:
    """Some kinds of firms, and those of which the kind is not known."""
    names = {"young": "start-up", "smes": "other-sme", "mature": "mature", "unknown": "unknown"}
    of = shown.set_index("group", drop=False)
    return {word: only(of.loc[[f"firm_class={name}"]]) for word, name in names.items()}


def _place(code: str) -> tuple[int, int, str]:
    """Where a definition or a group comes among its like."""
    kind, _, name = code.split(",")[0].rpartition("=")
    if name in _ORDERS.get(kind, ()):
        return 0, _ORDERS[kind].index(name), ""
    number = re.search(r"\d+$", name)
    if number and (name in HEADLINE or name.startswith(AGES) or kind == "largest"):
        return int(name.startswith(AGES)), int(number.group()), ""
    return 2, 0, code
