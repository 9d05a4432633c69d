"""W2: a law makes buyers publish more small contracts, and nothing else changes. All invented.

Small contracts (.6 of all) go to start-ups in 8 %, large ones in 3 %: 6.0 % in both periods. Of the
small 10 % are published before and 70 % after, of the large 60 % and 80 %; so 4.0 % shows before
and 5.84 % after.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.inference.bounds import (
    Bounds,
    Tally,
    imbens_manski,
    no_assumption,
    with_unpublished,
)
from analysis.inference.changes import change_bounds
from analysis.inference.intervals import clustered_ratio
from analysis.inference.share_change import share_change
from analysis.simulate.worlds import buyers
from analysis.simulate.worlds.claims import Outcome, World, bounds, covers, fails, size

Counts = NDArray[np.int64]
SMALL = 0.6
STARTUPS = {"small": 0.08, "large": 0.03}
PUBLISHED = {"before": {"small": 0.1, "large": 0.6}, "after": {"small": 0.7, "large": 0.8}}
SHARE = 0.06
AWARDS = 60  # a buyer and period: three years
LEANS = 4.0  # shape of the gamma law, of mean one, by which a buyer favours start-ups
ALPHA = 0.05
UNSEEN, SEEN = 0.67, 0.05  # where the truth is an end of the bounds: unpublished, and their share


class Period(NamedTuple):
    """Awards per buyer: all, all of start-ups, and of each size those published."""

    known: Counts
    yes: Counts
    published: dict[str, Counts]
    published_yes: dict[str, Counts]


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Two periods at the same buyers, and what is published of them."""
    leans = random.gamma(LEANS, 1 / LEANS, buyers.BUYERS)
    before, after = (period(random, leans, PUBLISHED[when]) for when in ("before", "after"))
    return {
        "full series": _change(*_published(before), *_published(after)),
        "comparability series": _change(*_large(before), *_large(after)),
        **_bounds(before, after),
        "Imbens-Manski at the lower end": _at_an_end(random, startups_hide=False),
        "Imbens-Manski at the upper end": _at_an_end(random, startups_hide=True),
    }


def period(random: np.random.Generator, leans: NDArray, published: dict[str, float]) -> Period:
    """Awards of one period at every buyer."""
    known = buyers.awards(random, (buyers.BUYERS,), mean=AWARDS)
    small = random.binomial(known, SMALL)
    awarded = {"small": small, "large": known - small}
    yes = {s: random.binomial(n, np.minimum(STARTUPS[s] * leans, 1)) for s, n in awarded.items()}
    seen_yes = {s: random.binomial(yes[s], published[s]) for s in awarded}
    seen_no = {s: random.binomial(awarded[s] - yes[s], published[s]) for s in awarded}
    seen = {s: seen_yes[s] + seen_no[s] for s in awarded}
    return Period(known, yes["small"] + yes["large"], seen, seen_yes)


def _published(one: Period) -> tuple[Counts, Counts]:
    return sum(one.published_yes.values()), sum(one.published.values())  # type: ignore[return-value]


def _large(one: Period) -> tuple[Counts, Counts]:
    """The comparability series: what had to be published throughout."""
    return one.published_yes["large"], one.published["large"]


def _change(*counts: Counts) -> Outcome:
    change = share_change(*counts)
    return Outcome(0.0, change.change, change.se, rejected=float(change.p < ALPHA), p=change.p)


def _bounds(before: Period, after: Period) -> dict[str, Outcome]:
    """A0 of the awards that there were, Imbens-Manski of the chance, and A0 of the change."""
    held = [_among_all(one) for one in (before, after)]
    truth = [one.yes.sum() / one.known.sum() for one in (before, after)]
    return {
        "A0 bounds": bounds(truth[0], *held[0]),
        "A0 bounds of the change": bounds(truth[1] - truth[0], *change_bounds(*held)),
        "Imbens-Manski": _imbens_manski(before),
    }


def _among_all(one: Period) -> Bounds:
    yes, seen = (float(part.sum()) for part in _published(one))
    published = no_assumption(Tally(yes=yes, no=seen - yes, unknown=0))
    return with_unpublished(published, coverage=seen / float(one.known.sum()))


def _imbens_manski(one: Period) -> Outcome:
    yes, seen = _published(one)
    ends = (yes, yes + one.known - seen)
    low, high = (clustered_ratio(end, one.known) for end in ends)
    found = imbens_manski(Bounds(low.value, high.value), se_low=low.se, se_high=high.se)
    return bounds(SHARE, found.low, found.high)


def _at_an_end(random: np.random.Generator, *, startups_hide: bool) -> Outcome:
    """Where the unpublished are no start-ups at all, or all of them are: the truth is an end."""
    known = buyers.awards(random, (buyers.BUYERS,), mean=AWARDS)
    unknown = random.binomial(known, UNSEEN)
    yes = random.binomial(known - unknown, SEEN)
    truth = (1 - UNSEEN) * SEEN + UNSEEN * startups_hide
    low, high = clustered_ratio(yes, known), clustered_ratio(yes + unknown, known)
    found = imbens_manski(Bounds(low.value, high.value), se_low=low.se, se_high=high.se)
    return bounds(truth, found.low, found.high)


WORLD = World(
    "W2",
    "A break in what is published",
    "Start-ups win 6.0 % in both periods; small contracts become seven times as visible.",
    replicate,
    (
        size("The comparability series is flat.", "comparability series"),
        covers("Bounds without assumption hold the share.", "A0 bounds", least=1),
        covers("Bounds on the change hold the change.", "A0 bounds of the change", least=1),
        covers("Imbens-Manski covers within the bounds.", "Imbens-Manski", least=0.94),
        *(
            covers(
                f"Imbens-Manski covers at the {end} end.",
                f"Imbens-Manski at the {end} end",
                least=0.94,
            )
            for end in ("lower", "upper")
        ),
        fails("The full series rises by 1.8 points.", "full series", "bias", low=0.016, high=0.021),
        fails("The full series is called a rise.", "full series", "power", low=0.95),
    ),
)
