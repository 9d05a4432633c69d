"""W21: awarded lots of few firms, so that figures by size would tell of single ones. All invented.

Definitions nest (micro in small in medium), perimeters nest, years add up; a firm may win often, in
several places and years, and of some firms nothing is known. Growth is rare.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

YEARS = tuple(range(2021, 2026))
SIZES = ("micro", "small", "medium", "large")
DEFINITIONS = ("eu-micro", "eu-small", "eu-medium", "oecd-high-growth")
PLACES = (  # perimeters that hold the buyer, and how many of a hundred lots are there
    (("belgium", "flemish-public"), 75),
    (("belgium",), 25),
)
_OF_SIZE = (45, 30, 17, 8)  # firms of a hundred
_UNKNOWN, _GROWS = 0.3, 0.08
_OFTEN = 1.2  # exponent of a Pareto law: a few firms win most


class Win(NamedTuple):
    """One awarded lot: who won it, when and where, its euros, and what the firm answers."""

    firm: int
    year: int
    perimeters: tuple[str, ...]
    euros: float
    answers: Mapping[str, bool | None]


def world(
    seed: int | np.random.SeedSequence | np.random.Generator,
    *,
    lots: int = 400,
    firms: int = 100,
) -> list[Win]:
    """Awarded lots of firms of every size; by default eighty a year, of which twenty elsewhere.

    A firm of which nothing is known answers unknown to every definition, in every year alike.
    """
    random = np.random.default_rng(seed)
    size = random.choice(len(SIZES), firms, p=np.array(_OF_SIZE) / 100)
    known, grows = random.random(firms) > _UNKNOWN, random.random(firms) < _GROWS
    often = random.pareto(_OFTEN, firms) + 0.1
    winner = random.choice(firms, lots, p=often / often.sum())
    parts = np.array([part for _, part in PLACES]) / 100
    place, year = random.choice(len(PLACES), lots, p=parts), random.choice(len(YEARS), lots)
    euros = np.round(random.lognormal(11, 1.2, lots), 2)
    return [
        Win(
            int(firm),
            YEARS[at],
            PLACES[where][0],
            float(eur),
            _answers(int(size[firm]), grows=bool(grows[firm])) if known[firm] else _NOTHING,
        )
        for firm, at, where, eur in zip(winner, year, place, euros, strict=True)
    ]


_NOTHING: Mapping[str, bool | None] = dict.fromkeys(DEFINITIONS)


def _answers(size: int, *, grows: bool) -> Mapping[str, bool | None]:
    """A firm of a size lies within every definition up to a larger one."""
    return {f"eu-{name}": size <= limit for limit, name in enumerate(SIZES[:3])} | {
        "oecd-high-growth": grows
    }
