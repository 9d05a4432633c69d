"""W7: lots that firms win together. All invented.

15 % of the lots go to two, three or four firms. Start-ups win 5 % of the lots alone, and are 12 %
of the members of a group, but only 4 % of those that are named first.
"""

import datetime as dt
from functools import cache

import numpy as np
import pyarrow as pa

from analysis.cells.access_answers import of_definitions
from analysis.cells.access_base import number_lots
from analysis.cells.access_marks import mark_lots
from analysis.companies.births import LOG, Births, births
from analysis.companies.parties import split
from analysis.contracts import notices
from analysis.contracts.access import ANSWERS, LINKS, TENDERERS
from analysis.contracts.access_cells import FLAGS
from analysis.contracts.lots import LOT_RESULTS, WINNERS
from analysis.inference.bounds import Tally, observed_share
from analysis.notices.stages import Engine, Relation
from analysis.simulate.worlds.claims import Claim, Outcome, World, fails, unbiased
from analysis.validation.invented import engine, firm, number, register, relation

LOTS, FIRMS = 600, 400
JOINT, SIZES = 0.15, (2, 3, 4)
ALONE, FIRST, MEMBER = 0.05, 0.04, 0.12  # chance that a winner is a start-up
DAY = dt.date(2024, 6, 1)
DEFINITION = "startup-5"
YOUNG = FIRMS // 4  # the first so many firms are start-ups
# Members of a group: the first by FIRST, the others so that all together make MEMBER.
OTHERS = {m: (MEMBER * m - FIRST) / (m - 1) for m in SIZES}


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """One year of lots, from who won them to shares by every rule for joint wins."""
    groups = [_group(random) for _ in range(LOTS)]
    shares = _published(groups)
    part = [float(np.mean([place < YOUNG for place in group])) for group in groups]
    first = float(np.mean([group[0] < YOUNG for group in groups]))
    expected = (1 - JOINT) * ALONE + JOINT * MEMBER
    ordered = shares["all"] <= shares["fractional"] <= shares["any"]
    return {
        "fractional": Outcome(expected, shares["fractional"]),
        "fractional, of what there was": Outcome(float(np.mean(part)), shares["fractional"]),
        "any member": Outcome(expected, shares["any"]),
        "all members": Outcome(expected, shares["all"]),
        "first named only": Outcome(expected, first),
        "order of the rules": Outcome(covered=float(ordered)),
    }


def _group(random: np.random.Generator) -> list[int]:
    """The firms that win a lot, the first named first; those below YOUNG are start-ups."""
    if random.random() >= JOINT:
        return _drawn(random, [ALONE])
    many = int(random.choice(SIZES))
    return _drawn(random, [FIRST, *[OTHERS[many]] * (many - 1)])


def _drawn(random: np.random.Generator, chances: list[float]) -> list[int]:
    """Different firms, each a start-up by its chance."""
    young = random.random(len(chances)) < chances
    some = random.choice(YOUNG, len(chances), replace=False)
    others = YOUNG + random.choice(FIRMS - YOUNG, len(chances), replace=False)
    return [int(place) for place in np.where(young, some, others)]


def _published(groups: list[list[int]]) -> dict[str, float]:
    """Shares of start-ups by every rule, from the tables that the product makes."""
    with engine() as made:
        answers = relation(made, ANSWERS, _SAID)
        lots, winners = _lots(made, groups)
        inside = _perimeters(made, len(groups))
        shared = _members(made, winners)
        number_lots(made, lots=lots, perimeters=inside, members=shared, winners=winners)
        mark_lots(made, relation(made, notices.LOTS, []))  # no notice says anything of innovation
        tenderers = relation(made, TENDERERS, [])
        found = of_definitions(made, [DEFINITION], answers=answers, tenderers=tenderers)
        rules = found["rules"].to_pylist()
    [row] = [row for row in rules if row["date"] == "contract"]
    return {rule: _share(row, rule) for rule in ("fractional", "any", "all")}


def _share(row: dict, rule: str) -> float:
    yes, no, unknown = (float(row[f"{rule}_{answer}"]) for answer in ("yes", "no", "unknown"))
    return observed_share(Tally(yes=yes, no=no, unknown=unknown))


def _lots(made: Engine, groups: list[list[int]]) -> tuple[Relation, Relation]:
    lot = {"document": "sha", "lot_id": "1", "first_of_notice": True, "era": "eforms"}
    lot |= {"form": "29", "outcome": "awarded", "date": DAY, "date_rule": "contract"}
    lot |= {"year": DAY.year, "publication_date": DAY, "country": "BE", "corrected": False}
    lot |= {"awards": 1, "sme_won": "unknown", "cross_border": "unknown", "is_framework": False}
    winner = {"document": "sha", "lot_id": "1", "country": "BE"}
    lots = [
        lot | {"notice_id": f"{n}-2024", "winners": len(group), "joint": len(group) > 1}
        for n, group in enumerate(groups)
    ]
    winners = [
        winner
        | {"notice_id": f"{n}-2024", "winner": at, "lot_weight": 1 / len(group)}
        | {"number": number(place)}
        for n, group in enumerate(groups)
        for at, place in enumerate(group, start=1)
    ]
    return relation(made, LOT_RESULTS, lots), relation(made, WINNERS, winners)


def _perimeters(made: Engine, lots: int) -> Relation:
    rows = [
        {"notice_id": f"{n}-2024", "document": "sha", "lot_id": "1"} | dict.fromkeys(FLAGS, True)
        for n in range(lots)
    ]
    return made.from_arrow(pa.Table.from_pylist(rows))


def _members(made: Engine, winners: Relation) -> Relation:
    """Winners split into members by the rules of the product; what is not asked is unknown."""
    linked = [{"number": number(place), "company_id": number(place)} for place in range(FIRMS)]
    usual = {"country": "BE", "method": "number", "part": 1, "parts": 1, "reason": "linked"}
    links = relation(made, LINKS, [usual | one for one in linked])
    units = winners.project(
        f"""* exclude (lot_weight), '' as tender_id, winner::varchar as unit,
        true as together, date '{DAY}' as on_date"""
    )
    born = Births(made.from_arrow(_judged()), LOG.empty_table())
    return split(made, units, links, born).project(
        """* exclude (value_share), null::double as value_share, null::boolean as is_new_winner,
        'unknown' as origin, 'unknown' as firm_class"""
    )


@cache
def _judged() -> pa.Table:
    """What the rules on births say of the firms: the same in every replication, asked once."""
    with engine() as made:
        starts = [dt.date(2022 if place < YOUNG else 2001, 1, 1) for place in range(FIRMS)]
        held = register(made, [firm(place, start) for place, start in enumerate(starts)])
        asked = held["companies"].project("number as company_id")
        return births(made, asked, held).companies.to_arrow_table()


_SAID = [
    {"company_id": number(place), "on_date": DAY, "definition": DEFINITION, "answer": place < YOUNG}
    for place in range(FIRMS)
]


WORLD = World(
    "W7",
    "Lots won together",
    "15 % of the lots go to two to four firms; start-ups are 5 % of the others and 12 % of those.",
    replicate,
    (
        unbiased("An equal part for every member is right.", "fractional"),
        Claim(
            "It is just what there was.", "fractional, of what there was", "largest", high=1e-9
        ),
        Claim("All members is at most that, any member at least.", "order of the rules",
              "coverage", low=1),
        fails("Any member takes it for too much.", "any member", "bias", low=0.005),
        fails("All members takes it for too little.", "all members", "bias", high=-0.005),
        fails("Who is named first takes it for too little.", "first named only", "bias",
              high=-0.005),
    ),
)  # fmt: skip
