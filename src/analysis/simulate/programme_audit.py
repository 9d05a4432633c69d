"""The invented audit sample: drawn by chance as large as the contract, judged by two coders."""

import datetime as dt
from random import Random
from typing import Any

from analysis.simulate.people import LAST_DAY
from analysis.simulate.programme_base import PROGRAMME, ROW, falls, pick, spawn
from analysis.simulate.programme_register import Entry

AUDIT = PROGRAMME["audit"]
NEXT_TO = {"rd": ["ppi"], "ppi": ["rd", "none"], "none": ["ppi"]}


def audit(seed: int, found: list[Entry], rows: list[Any]) -> list[Any]:
    """Return the verdicts of two coders on a sample of each year that was audited.

    The largest contracts and framework ceilings are judged for certain, of the others so many of
    those that are marked as innovative and of those that are not. `chance` is the probability that
    a contract is in the sample: in proportion to the estimate, or to half the mean if that is more.

    Parameters
    ----------
    seed : decides everything
    found, rows : the contracts and their rows in the register, in the same order
    """
    made = []
    marks = {row.contract: row.innovation for row in rows}
    for year in AUDIT["years"]:
        of_year = [entry for entry in found if entry.deal.day.year == year]
        random = spawn(seed, "audit", year)
        for entry, stratum, chance in _sample(random, of_year, marks):
            place = (f"{year} {stratum}", chance)
            made += [_judged(random, entry, coder, *place) for coder in AUDIT["coders"]]
    return made


def _sample(
    random: Random, of_year: list[Entry], marks: dict[str, bool | None]
) -> list[tuple[Entry, str, float]]:
    by_size = sorted(of_year, key=lambda e: (-e.deal.estimate, e.deal.contract))
    certain = {e.deal.contract for e in by_size[: AUDIT["certain"]]} | {
        e.deal.contract
        for e in of_year
        if e.deal.is_framework and e.deal.estimate > 100 * AUDIT["ceiling"]
    }
    sample = [(e, "zeker", 1.0) for e in of_year if e.deal.contract in certain]
    for stratum, many in AUDIT["drawn"].items():
        rest = [
            e
            for e in of_year
            if e.deal.contract not in certain
            and (marks[e.deal.contract] is True) == (stratum == "gemarkeerd")
        ]
        sample += [(entry, stratum, chance) for entry, chance in _drawn(random, rest, many)]
    return sample


def _drawn(random: Random, rest: list[Entry], many: int) -> list[tuple[Entry, float]]:
    """Draw so many, each with a chance in proportion to its estimate: one step through the sum."""
    least = sum(entry.deal.estimate for entry in rest) / max(1, 2 * len(rest))
    chances = _chances([max(entry.deal.estimate, least) for entry in rest], many)
    until, found = random.random(), []
    for entry, chance in zip(rest, chances, strict=True):
        until -= chance
        if until < 0:
            found.append((entry, round(chance, 9)))
            until += 1
    return found


def _chances(sizes: list[float], many: int) -> list[float]:
    """Return chances that are in proportion to size and at most 1, and together `many`."""
    certain: set[int] = set()
    while True:
        rest = sum(size for place, size in enumerate(sizes) if place not in certain)
        left = many - len(certain)
        over = {
            place
            for place, size in enumerate(sizes)
            if place not in certain and left * size >= rest
        }
        if not over:
            break
        certain |= over
    return [1.0 if p in certain else left * size / rest for p, size in enumerate(sizes)]


def _judged(random: Random, entry: Entry, coder: str, stratum: str, chance: float) -> Any:
    """Return what a coder makes of a contract: mostly what it is, else what is next to it."""
    verdict = entry.verdict
    if falls(random, AUDIT["undecidable"]):
        verdict = "undecidable"
    elif not falls(random, AUDIT["right"]):
        verdict = pick(random, NEXT_TO[verdict])
    judged = dt.date(entry.deal.day.year + 1, 2, 1) + dt.timedelta(int(random.random() * 60))
    return ROW["audit_sample"](
        entry.deal.contract, coder, verdict, min(judged, LAST_DAY), stratum, chance
    )
