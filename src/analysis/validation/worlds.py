"""The worlds that are tried: methods 8, W0 to W21, in their order."""

from analysis.refusal import ReportError
from analysis.simulate.worlds import (
    amounts,
    anticipation,
    changes,
    classifier_claims,
    coverage,
    did,
    firms_after,
    full,
    kpi,
    norm_claims,
    publication,
    regions,
    series,
    spillover,
    survey,
    survivors,
    trends,
)
from analysis.simulate.worlds.claims import World
from analysis.validation import births, consortia, linked, slips, withheld

_LISTED = (
    full.WORLD,
    amounts.WORLD,
    coverage.WORLD,
    survivors.WORLD,
    births.WORLD,
    linked.WORLD,
    slips.WORLD,
    consortia.WORLD,
    changes.WORLD,
    classifier_claims.WORLD,
    norm_claims.WORLD,
    did.WORLD,
    trends.WORLD,
    anticipation.WORLD,
    publication.WORLD,
    spillover.WORLD,
    series.WORLD,
    regions.WORLD,
    firms_after.WORLD,
    survey.WORLD,
    kpi.WORLD,
    withheld.WORLD,
)
WORLDS: dict[str, World] = {world.id: world for world in _LISTED}


def chosen(ids: str | None) -> tuple[World, ...]:
    """Worlds by their numbers (`W0,W3`), in the order of the list; all of them for nothing.

    Raises
    ------
    ReportError
        A number is that of no world.
    """
    asked = [name.strip() for name in ids.split(",")] if ids is not None else list(WORLDS)
    if wrong := [name for name in asked if name not in WORLDS]:
        raise ReportError(
            "worlds to validate in",
            found=", ".join(wrong),
            expected=", ".join(WORLDS),
            do="write the numbers with a comma between, such as W0,W3",
        )
    return tuple(WORLDS[name] for name in WORLDS if name in asked)
