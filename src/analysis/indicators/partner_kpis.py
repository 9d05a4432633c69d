"""Key performance indicators of VLAIO's structural partners, as delivered (`partner_kpis`).

Methods 6. The target in force is the revised one where there is one, else the first. A partner gets
no score and no rank. Period: the working year; groups
`structural_partner=...,kpi=...,service=...`.

partners.kpi_attainment
    KPI-1, reached over target: definitions `target-in-force` and `target-initial`; interval:
    Garwood, what a count would vary by chance. Missing: nothing reported yet, or a target of 0.
partners.kpi_reached, .kpi_target
    The two counts; the target under both definitions.
partners.kpi_light
    1 red, 2 amber, 3 green, missing: grey; under both definitions. Against the first target a
    KPI that was revised is grey.
partners.kpi_lights
    Number of KPIs by colour (`light=...`), for all and by service; against the target in force.
partners.kpi_revised_on
    Day of the revision of a target.
partners.kpi_mean_capped, .kpi_mean
    Mean of min(ratio, 1) and of the ratio itself, over KPIs of one service that count the same
    thing (`service=...,counted=...`); never over different ones.
partners.kpi_far_above
    KPIs reached for more than 150 %: a question to ask of the target.
partners.kpi_shrunk
    Ratio drawn to that of its service the more, the smaller the target (empirical Bayes), for
    services with three KPIs or more.
partners.kpi_funnel
    Ratio at a target (`target=...`) within which chance keeps a partner that does as agreed;
    definitions `funnel-95` and `funnel-99-8`; last year only.
partners.kpi_enterprises, .kpi_reach, .kpi_depth
    Unique enterprises; KPI-5, these over the target in force; KPI-6, what was reached over them.
    The form does not tell long trajectories from short contacts. An enterprise that is a client
    of two partners counts twice.
partners.kpi_shortfall
    What lacks to the target in force of a KPI that is red, or for which something was agreed; the
    words agreed are in the group (`agreed=...`; `none` where nothing was noted).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analysis.indicators.given import Given
from analysis.indicators.partner_lines import (
    AGREEMENTS,
    KPIS,
    as_number,
    code,
    days,
    of_agreements,
    rows_on,
)
from analysis.inference.bounds import Tally, no_assumption
from analysis.inference.counts import funnel_limits, garwood, shrunk, traffic_light

LIGHTS = ("grey", "red", "amber", "green")  # missing, 1, 2 and 3 in the ledger
IN_FORCE, INITIAL = "target-in-force", "target-initial"
_FEWEST = 3  # KPIs of a service before their ratios are drawn to one another
_FAR_ABOVE = 1.5
_LEVELS = {"funnel-95": 0.95, "funnel-99-8": 0.998}
_GRID = tuple(step * 10**power for power in range(7) for step in (1, 1.5, 2, 3, 4, 5, 7))


def results(given: Given) -> list[tuple]:
    """Rows of the ledger on delivered KPIs; none where none was delivered."""
    if not given.has(KPIS):
        return []
    row = rows_on(given, AGREEMENTS, KPIS)
    kpis = prepared(of_agreements(given, KPIS))
    rows: list[tuple] = []
    for year, of_year in kpis.groupby("year", sort=True):
        own = partial(row, period=year, denominator="kpi-target")
        for kpi in of_year.itertuples():
            rows += _of_kpi(kpi, partial(own, group=kpi.group))
        rows += [*_lights(of_year, own), *_means(of_year, own), *_drawn_together(of_year, own)]
    last = kpis[kpis["year"] == kpis["year"].max()]
    return [*rows, *_funnel(last, partial(row, period=last["year"].max()))]


def prepared(kpis: pd.DataFrame) -> pd.DataFrame:
    """KPIs with their group, target in force and light; counts as floats, NaN where not known.

    A KPI that a partner has in several agreements of a year is told apart by their kinds, and by
    their own names where these are of one kind.
    """
    counts = ["target_initial", "target_revised", "reached", "enterprises"]
    known = kpis.assign(**{name: kpis[name].astype("Float64").astype(float) for name in counts})
    known["target"] = known["target_revised"].fillna(known["target_initial"])
    known["changed"] = known["target"] != known["target_initial"]
    known["light"] = [
        traffic_light(o, t) for o, t in zip(known["reached"], known["target"], strict=True)
    ]
    known["ratio"] = (known["reached"] / known["target"]).where(known["target"] > 0)
    known["counted"] = known["counted"].map(code)
    known["revised"] = days(known["revised"])
    group = "structural_partner=" + known["partner"] + ",kpi=" + known["kpi"].map(code)
    group += ",service=" + known["service"]
    for name in ("instrument_kind", "instrument"):
        double = known.assign(group=group).duplicated(["year", "group"], keep=False)
        group = group.where(~double, group + f",{name}=" + known[name].map(code))
    return known.assign(group=group)


def _of_kpi(kpi: Any, row: partial) -> Iterator[tuple]:
    count = partial(row, unit="count", definition="kpi-reported")
    yield count("partners.kpi_reached", **_known(kpi.reached))
    for definition, target, changed in (
        (IN_FORCE, kpi.target, False),
        (INITIAL, kpi.target_initial, kpi.changed),
    ):
        one = partial(row, definition=definition)
        yield one("partners.kpi_target", value=target, unit="count", n=1)
        yield one("partners.kpi_attainment", unit="ratio", **_ratio(kpi.reached, target))
        light = traffic_light(kpi.reached, target, changed)
        place = LIGHTS.index(light) or None
        yield one("partners.kpi_light", value=place, unit="light", n=1, unknown=int(not place))
    if not pd.isna(kpi.revised):
        revised = partial(row, "partners.kpi_revised_on", definition="agreement-text", unit="day")
        yield revised(value=as_number(kpi.revised), n=1)
    yield from _depth(kpi, row)
    if kpi.light == "red" or not pd.isna(kpi.agreed):
        agreed = "none" if pd.isna(kpi.agreed) else code(kpi.agreed)
        lacks = np.maximum(kpi.target - kpi.reached, 0)  # not a number stays so
        group = f"{kpi.group},agreed={agreed}"
        yield count("partners.kpi_shortfall", **_known(lacks) | {"group": group})


def _known(value: float) -> dict[str, Any]:
    return {"value": value, "n": 1, "unknown": int(pd.isna(value))}


def _ratio(reached: float, target: float) -> dict[str, Any]:
    """Reached over target with its Garwood interval, or that it is not known."""
    if pd.isna(reached) or not target > 0:
        return {"value": None, "n": 1, "unknown": 1}
    low, high = garwood(reached, target)
    return {"value": reached / target, "low": low, "high": high, "interval": "sampling", "n": 1}


def _depth(kpi: Any, row: partial) -> Iterator[tuple]:
    one = partial(row, definition="kpi-reported")
    yield one("partners.kpi_enterprises", unit="count", **_known(kpi.enterprises))
    reach = kpi.enterprises / kpi.target if kpi.target > 0 else float("nan")
    yield one("partners.kpi_reach", unit="ratio", **_known(reach))
    depth = kpi.reached / kpi.enterprises if kpi.enterprises > 0 else float("nan")
    yield one("partners.kpi_depth", unit="ratio", **_known(depth))


def _lights(kpis: pd.DataFrame, row: partial) -> Iterator[tuple]:
    count = partial(row, definition=IN_FORCE, unit="count", denominator="partner-kpis")
    parts = {"": kpis} | {f"service={name},": part for name, part in kpis.groupby("service")}
    for prefix, part in parts.items():
        for light in LIGHTS:
            value = int((part["light"] == light).sum())
            group = f"{prefix}light={light}"
            yield count("partners.kpi_lights", group=group, value=value, n=len(part))
    above = kpis["ratio"] > _FAR_ABOVE
    unknown = int(kpis["ratio"].isna().sum())
    yield count("partners.kpi_far_above", value=above.sum(), n=len(kpis), unknown=unknown)


def _means(kpis: pd.DataFrame, row: partial) -> Iterator[tuple]:
    for (service, counted), part in kpis.groupby(["service", "counted"], sort=True):
        ratios = part["ratio"].dropna()
        unknown = len(part) - len(ratios)
        group = f"service={service},counted={counted}"
        about = {"definition": IN_FORCE, "denominator": "partner-kpis", "n": len(ratios)}
        mean = partial(row, group=group, unknown=unknown, **about)
        capped = ratios.clip(upper=1)
        ends = _ends(capped, unknown)
        yield mean("partners.kpi_mean", value=ratios.mean(), unit="ratio")
        yield mean("partners.kpi_mean_capped", value=capped.mean(), unit="ratio", **ends)


def _ends(capped: pd.Series, unknown: int) -> dict[str, Any]:
    """Bounds of the capped mean: of what is not known, nothing or all may have been reached."""
    if not unknown:
        return {}
    yes = float(capped.sum())
    low, high = no_assumption(Tally(yes=yes, no=len(capped) - yes, unknown=unknown))
    return {"low": low, "high": high, "interval": "bounds"}


def _drawn_together(kpis: pd.DataFrame, row: partial) -> Iterator[tuple]:
    for _, part in kpis.groupby("service", sort=True):
        known = part[part["ratio"].notna()]
        if len(known) < _FEWEST:
            continue
        values = shrunk(known["reached"], known["target"])
        for group, value in zip(known["group"], values, strict=True):
            about = {"definition": IN_FORCE, "unit": "ratio", "denominator": "partner-kpis"}
            yield row("partners.kpi_shrunk", group=group, value=value, n=len(known), **about)


def _funnel(kpis: pd.DataFrame, row: partial) -> Iterator[tuple]:
    targets = kpis.loc[kpis["ratio"].notna(), "target"]
    if targets.empty:
        return
    inside = [at for at in _GRID if at == int(at) and targets.min() <= at <= targets.max()]
    for target in sorted({*inside, targets.min(), targets.max()}):
        for definition, level in _LEVELS.items():
            low, high = funnel_limits(target, level)
            yield row(
                "partners.kpi_funnel",
                group=f"target={target:.0f}",
                definition=definition,
                value=1,
                low=low,
                high=high,
                interval="sampling",
                unit="ratio",
                n=int(target),
                denominator="kpi-target",
            )
