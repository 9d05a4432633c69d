"""What happened in the invented Flanders: contracts, bids, winners, and who told of them.

The shares are those of world.yml: invented but for those that the methods name, and known. In the
long run 25 % of lots draw a single bid, any bid is as likely to win as any other, and the share of
start-ups among bids, and so among contracts, is the same in every year. Nothing here is a finding
about a real buyer, firm or year.
"""

import datetime as dt
from bisect import bisect
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from math import exp, fsum
from random import Random
from statistics import NormalDist

from analysis.progress import shown
from analysis.simulate.bidders import Draw, bidders
from analysis.simulate.buyers import Buyers, buyers
from analysis.simulate.contracts import Lot, Notice, Tender
from analysis.simulate.firms import found_by, population
from analysis.simulate.partnerships import told_as
from analysis.simulate.people import FIRST_DAY, LAST_DAY, WORLD, by_weight
from analysis.simulate.publication import announced, story, weekday

BIDS, LOTS, JOINT, PROCEDURES = (
    by_weight(WORLD[name]) for name in ("bids", "lots", "joint_bids", "procedures")
)
NORMAL = NormalDist()


def invent(seed: int, scale: float = 1, *, draw: Draw | None = None) -> Iterator[Notice]:
    """Yield what the seed decides, contract by contract: each notice, and what nobody published.

    Parameters
    ----------
    seed : decides everything
    scale : 1 gives some 6,000 awards in notices; 100 a hundred times as many
    draw : draws bidders from the population of that seed and scale, where it is at hand
    """
    if draw is None:
        firms = population(seed, scale)
        draw = bidders(firms, found_by(firms))
    buying, vehicles = buyers(scale), count(1)
    years = LAST_DAY.year - FIRST_DAY.year + 1
    a_year = max(1, round(WORLD["procedures_per_year"] * scale))
    with shown("inventing notices", a_year * years) as advance:
        for n in range(1, a_year * years + 1):
            random = Random((seed << 40) + (1 << 38) + n)
            year = FIRST_DAY.year + (n - 1) // a_year
            yield from story(_procedure(random, (seed, n, year), buying, draw, vehicles), random)
            advance(1)


def _procedure(
    random: Random, label: tuple[int, int, int], buying: Buyers, draw: Draw, vehicles: Iterator[int]
) -> Notice | None:
    """Return the first notice of a procedure; None of one that came to nothing and was not told."""
    seed, n, year = label
    decided = weekday(dt.date(year, 1, 1) + dt.timedelta(days=int(random.random() * 365)))
    decided = max(decided, dt.date(year, 1, 1))
    place = bisect(buying.until, random.random() * buying.until[-1])
    sector = int(random.random() * len(WORLD["purchases"]))
    euros, is_large = _worth(random, sector)
    notice = announced(
        random, Notice(
            seed, 4 * n, f"C{n:04d}", "", "", decided, decided, buying.all[place],
            PROCEDURES[int(random.random() * 100)], is_large, (), frozenset(),
        ), buying.care[place],
    )  # fmt: skip
    if notice is None:
        return None
    many = LOTS[int(random.random() * 100)]
    shares = [0.5 + random.random() for _ in range(many)]
    euros_a_share = euros / fsum(shares)
    estimates = [100 * int(euros_a_share * share) for share in shares]
    firms = [draw(random, decided, sector, is_large) for _ in range(many)]
    lots = tuple(
        _lot(random, notice, sector, number, estimate, each, vehicles)
        for number, (estimate, each) in enumerate(zip(estimates, firms, strict=True), 1)
    )
    return replace(notice, lots=lots)


def _worth(random: Random, sector: int) -> tuple[int, bool]:
    """Return the estimate in EUR, and whether it reaches the threshold: log-normal by CPV."""
    _, nature, above, sigma, *_ = WORLD["purchases"][sector]
    chance = max(random.random(), 1e-9)
    limit = NORMAL.inv_cdf(1 - above / 100)
    euros = WORLD["thresholds"][nature] * exp(sigma * (NORMAL.inv_cdf(chance) - limit))
    return max(2_000, round(euros / 100) * 100), chance >= 1 - above / 100


def _lot(
    random: Random,
    notice: Notice,
    sector: int,
    number: int,
    estimate: int,
    firms: Iterator,
    vehicles: Iterator[int],
) -> Lot:
    cpv, nature, *_ = WORLD["purchases"][sector]
    tenders = _tenders(random, estimate, firms)
    must_win = notice.era == "ted-old" or notice.counts == "ex-ante"  # these know no lot without
    if random.random() * 100 < WORLD["not_awarded"] and not must_win:
        reason = WORLD["reasons"][int(random.random() * len(WORLD["reasons"]))]
        if reason == "open" and notice.era != "eforms":
            reason = "discontinued"
        return Lot(
            number, cpv, nature, estimate, () if reason == "no-bids" else tenders, (), reason
        )
    first = int(random.random() * len(tenders))
    two = "framework" in notice.traits and len(tenders) > 3 and random.random() < 0.5
    won = sorted({first, (first + 1) % len(tenders)} if two else {first})
    made = list(tenders)
    for place in won:
        slip = random.random() * 100
        made[place] = told_as(random, notice, nature, made[place], vehicles)
        if slip < WORLD["slips"]:
            made[place] = replace(made[place], slip=(2, 3, -2)[int(slip * 1e6) % 3])
    return Lot(number, cpv, nature, estimate, tuple(made), tuple(won))


def _tenders(random: Random, estimate: int, firms: Iterator) -> tuple[Tender, ...]:
    made = []
    for place in range(BIDS[int(random.random() * 100)]):
        many = JOINT[int(random.random() * 100)]
        members = tuple(firm for _ in range(many) if (firm := next(firms, None)))
        if members:
            below = int(random.random() * WORLD["spread"] * 100)  # in hundredths of a percent
            made.append(Tender(members, estimate * (10_000 - below) // 10_000 + place))
    return tuple(made)
