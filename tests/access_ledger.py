"""An invented ledger of chapter 20: plain numbers that a test can recompute, both with a register
of companies and without one."""

import math
from functools import cache

import pandas as pd
from ledger_rows import published

from analysis import results
from analysis.indicators import programme
from analysis.results import number

YEARS = tuple(range(2016, 2026))
WHOLE = "2016-2025"
PERIMETERS = ("flemish-administration", "flemish-public")
HEADLINE = {"startup-5": 0.05, "startup-10": 0.11}
CURVE = {f"younger-than-{age}": 0.012 * age for age in range(1, 16)}
OTHERS = {
    "gber-22": None,
    "startup-5-independent": None,
    "eu-small": 0.4,
    "tax-shelter-startup": 0.04,
}
CLASSES = ("start-up", "scale-up", "other-sme", "mature", "public", "person", "unknown")
ORIGINS = ("flanders", "brussels", "wallonia", "abroad", "unknown")
_JOINT = ("fractional", "any", "all")


def ledger(*, linked: bool = True, kind: str = "simulated", lots: int = 400) -> pd.DataFrame:
    """Every kind of row of chapter 20, and the rows of other chapters that it needs.

    `linked=False` is the ledger of somebody who gave no register: no answer is known, and what
    needs one has no row at all.
    """
    return _ledger(linked, kind, lots).copy()


@cache
def _ledger(linked: bool, kind: str, lots: int) -> pd.DataFrame:
    rows = [*_sizes(linked, kind, lots), *_by_year(linked, kind, lots)]
    if linked:
        rows += [*_groups(kind, lots), *_classes(kind, lots), *_rules(kind, lots)]
    given = _row("data.notices", kind, definition="counted", perimeter="notices-read", value=900,
                 unit="count", n=900, denominator="notices", chapter="10")  # fmt: skip
    return results.ledger([*rows, given, *_published()])


@cache
def _published() -> list[tuple]:
    return list(programme.results(published()))


def _row(id: str, kind: str, **columns) -> tuple:
    given = {"chapter": "20", "period": WHOLE, "denominator": "awarded-lots"}
    return number(id, kind=kind, inputs="invented@1", **(given | columns))


def _share(id: str, kind: str, share: float | None, *, lots: int, linked: bool, **columns) -> tuple:
    """A share of which nine in ten answers are known, or none."""
    known = round(0.9 * lots) if linked and share is not None else 0
    low = (share or 0) * known / lots
    return _row(id, kind, value=share if known else None, low=low,
                high=low + (lots - known) / lots, interval="bounds", unit="share", n=known,
                unknown=lots - known, **columns)  # fmt: skip


def _sizes(linked: bool, kind: str, lots: int):
    for perimeter in PERIMETERS:
        for period in (WHOLE, *map(str, YEARS)):
            part = lots if period == WHOLE else lots // 10
            at = {"perimeter": perimeter, "period": period, "unit": "count"}
            for id, definition, value in (
                ("access.notices", "award-notices", part // 2),
                ("access.lots", "awarded-lots", part),
                ("access.pairs", "contract-winner-pairs", part + part // 10),
            ):
                yield _row(id, kind, definition=definition, value=value, n=value, **at)
        yield _row("access.perimeter_unknown", kind, definition="perimeter-not-known", value=7,
                   unit="count", n=7, denominator="lots", perimeter=perimeter)  # fmt: skip
        for group, value in (("all", 0.9), ("method=number", 0.6), ("method=exact", 0.3)):
            yield _row("access.link_share", kind, definition="linked-to-a-company", group=group,
                       value=value * linked, unit="share", n=lots, perimeter=perimeter)  # fmt: skip


def _by_year(linked: bool, kind: str, lots: int):
    for definition, share in {**HEADLINE, **CURVE, **OTHERS}.items():
        for perimeter in PERIMETERS:
            at = {"definition": definition, "perimeter": perimeter}
            yield _share("access.lot_share", kind, share, lots=lots, linked=linked, **at)
            if definition not in HEADLINE:
                continue
            yield from _headline(kind, share, lots, linked, at | {"period": WHOLE})
            for place, year in enumerate(YEARS):
                of_year = at | {"period": str(year)}
                moved = share * (0.8 + 0.04 * place)
                yield _share("access.lot_share", kind, moved, lots=lots // 10, linked=linked,
                             **of_year)  # fmt: skip
                yield from _headline(kind, moved, lots // 10, linked, of_year)


def _headline(kind: str, share: float, lots: int, linked: bool, at: dict):
    known = round(0.9 * lots) if linked else 0
    won = share * known
    for id, value, more, unit in (
        ("access.lots_won", won, lots - known, "count"),
        ("access.startups", math.floor(won), lots - known, "count"),
        ("access.amount", won * 2e5, (lots - known) * 2e5, "EUR"),
    ):
        yield _row(id, kind, value=value, low=value, high=value + more,
                   interval="bounds", unit=unit, n=known, unknown=lots - known, **at)  # fmt: skip
    for id in ("access.amount_share", "access.comparable_lot_share"):
        yield _share(id, kind, share * 0.7, lots=lots, linked=linked, **at)
    if known:
        for id in ("access.lot_share_sampling", "access.amount_share_sampling"):
            value = share if id == "access.lot_share_sampling" else share * 0.7
            yield _row(id, kind, value=value, low=value / 2, high=value * 2, interval="sampling",
                       unit="share", n=known, unknown=lots - known, **at)  # fmt: skip


def _groups(kind: str, lots: int):
    groups = ["buyer_type=local", "buyer_type=regional", "cpv_division=45", "cpv_division=72",
              "value_band=below-30k", "value_band=above-5548k", "procedure=open",
              "origin=flanders"]  # fmt: skip
    for definition, share in HEADLINE.items():
        at = {"definition": definition, "perimeter": "flemish-public"}
        for place, group in enumerate(groups):
            own = {**at, "group": group}
            of_group = share * (0.5 + 0.2 * place)
            yield _share("access.lot_share", kind, of_group, lots=lots // 4, linked=True, **own)
            yield _row("access.lots_won", kind, value=of_group * lots / 4, unit="count",
                       n=lots // 4, **own)  # fmt: skip
        for top in (1, 3, 5, 10):
            yield _share("access.amount_share_without", kind, share * (0.7 - top / 50), lots=lots,
                         linked=True, group=f"largest={top}", **at)  # fmt: skip
        yield _share("access.bid_share", kind, share * 1.1, lots=lots, linked=True, **at)
        for who, rate in (("start-up", 0.18), ("other", 0.25)):
            yield _share("access.win_rate", kind, rate, lots=lots, linked=True,
                         group=f"who={who}", **at)  # fmt: skip
        for year in YEARS[-2:]:
            yield _row("access.representation_ratio", kind, value=0.56, low=0.415, high=0.755,
                       interval="sampling", unit="ratio", n=lots, grade="C", period=str(year),
                       **at)  # fmt: skip


def _classes(kind: str, lots: int):
    at = {"perimeter": "flemish-public", "definition": "firm-class", "kind": kind, "unit": "share"}
    shares = dict(zip(CLASSES, (0.05, 0.06, 0.4, 0.3, 0.02, 0.07, 0.1), strict=True))
    of_origin = dict(zip(ORIGINS, (0.6, 0.1, 0.1, 0.15, 0.05), strict=True))
    for name, share in shares.items():
        yield _kind(f"firm_class={name}", share, lots, at)
        for origin, part in of_origin.items():
            yield _kind(f"origin={origin},firm_class={name}", part * share, lots, at)
    for origin, part in of_origin.items():
        yield _kind(f"origin={origin}", part, lots, at)
    yield _row("access.bid_lots", kind, definition="all-tenders-known", value=lots // 3,
               perimeter="flemish-public", unit="count", n=lots // 3)  # fmt: skip
    yield _share("access.single_bid_share", kind, 0.21, lots=lots, linked=True,
                 definition="exactly-one-bid", perimeter="flemish-public")  # fmt: skip
    for year in YEARS[-2:]:
        yield _share("access.new_winner_share", kind, 0.3, lots=lots, linked=True,
                     definition="new-winner-36-months", perimeter="flemish-public",
                     period=str(year))  # fmt: skip
    for id, value, unit in (
        ("access.hhi", 0.12, "index"),
        ("access.c4", 0.55, "share"),
        ("access.effective_suppliers", 8.3, "count"),
        ("access.suppliers", 41, "count"),
    ):
        for group in ("cpv_division=45", "cpv_division=72"):
            at = {"definition": "value-by-company", "perimeter": "flemish-public", "group": group}
            yield _row(id, kind, value=value, unit=unit, n=lots, **at)


def _kind(group: str, certain: float, lots: int, at: dict) -> tuple:
    """A share of all lots that is certain; a tenth is of unknown kind. Unknown has no bounds."""
    if "=unknown" in group:
        return _row("access.class_share", group=group, value=certain, n=lots, **at)
    return _row("access.class_share", group=group, value=certain / 0.9, low=certain,
                high=certain + 0.1, interval="bounds", n=lots, unknown=40, **at)  # fmt: skip


def _rules(kind: str, lots: int):
    at = {"perimeter": "flemish-public", "unit": "share"}
    for definition in HEADLINE:
        own = at | {"definition": definition}
        ends = {
            "A0": (0.04, 0.14), "A1,gamma=3": (0.045, 0.08), "A1,gamma=2": (0.047, 0.07),
            "A1,gamma=1.5": (0.049, 0.06), "A2": (0.052, 0.052), "A3": (0.05, 0.05),
        }  # fmt: skip
        for rung, (low, high) in ends.items():
            value = low if low == high else None
            yield _row("access.ladder", kind, group=f"rung={rung}", value=value, low=low, high=high,
                       interval="bounds", n=lots, **own)  # fmt: skip
        for period in ("2024-2025", WHOLE):
            yield from _changes(kind, own | {"period": period}, lots)
    yield from _multiverse(kind, at)
    for year in YEARS:
        yield _row("access.provisional", kind, definition="chain-ladder", period=str(year),
                   perimeter="flemish-public", unit="verdict", n=lots,
                   value=float(year == YEARS[-1]))  # fmt: skip
        yield _row("access.completeness", kind, definition="chain-ladder", period=str(year),
                   perimeter="flemish-public", unit="share", n=lots,
                   value=0.82 if year == YEARS[-1] else 1.0)  # fmt: skip


def _changes(kind: str, at: dict, lots: int):
    difference = at | {"unit": "share-difference"}
    for id in ("access.change", "access.comparable_change"):
        yield _row(id, kind, value=0.018, low=-0.082, high=0.118, interval="bounds", n=lots,
                   **difference)  # fmt: skip
    gamma = at | {"unit": "ratio", "denominator": "years"}
    yield _row("access.breakdown_gamma", kind, group="selection=free", value=1.42, n=lots, **gamma)
    gamma["denominator"] = "no-gamma-undoes-it"
    yield _row("access.breakdown_gamma", kind, group="selection=common", value=None, n=lots,
               **gamma)  # fmt: skip
    for part, value in (("within", 0.012), ("mix", 0.006)):
        yield _row("access.decomposition", kind, group=f"by=lot-kind,part={part}", value=value,
                   n=lots, **difference)  # fmt: skip


def _multiverse(kind: str, at: dict):
    slopes = []
    for place, definition in enumerate({**HEADLINE, **CURVE, **OTHERS}):
        for joint in _JOINT:
            for framework in ("in", "out"):
                known = OTHERS.get(definition, 1) is not None
                slope = (20 - 2 * place + 5 * _JOINT.index(joint) - 3 * len(framework)) / 1e4
                group = f"joint={joint},framework={framework},date=contract"
                slopes += [slope] if known else []
                yield _row("access.multiverse_slope", kind, definition=definition, group=group,
                           value=slope if known else None, n=10 * known,
                           **(at | {"unit": "share-per-year"}))  # fmt: skip
    rising = sum(slope > 0 for slope in slopes)
    rising /= len(slopes)
    for group, value in (("all", max(rising, 1 - rising)), ("sign=rise", rising),
                         ("sign=fall", 1 - rising), ("sign=level", 0.0)):  # fmt: skip
        yield _row("access.multiverse_same_sign", kind, definition="all-specifications",
                   group=group, value=value, n=len(slopes), **at)  # fmt: skip
