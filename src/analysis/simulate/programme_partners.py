"""Invented structural partners, from the year after the published one: targets, results, money."""

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

from analysis.simulate.people import enterprise_number
from analysis.simulate.programme_base import (
    MONTH,
    PROGRAMME,
    ROW,
    Told,
    Truth,
    between,
    days,
    falls,
    in_time,
    pick,
    poisson,
    spawn,
    weighed,
)

PARTNERS = PROGRAMME["partners"]
SERIALS = 60_000  # after the public bodies, before the firms
LAGS = 0.95  # of a target: who reaches less may agree on how to catch up


def partners(seed: int) -> Told:
    """Return partners, agreements, KPIs, payments; the truth: what part of a target is expected."""
    tables: dict[str, list[Any]] = {"structural_partners": list(_organisations())}
    truth: list[Truth] = []
    for letter in PARTNERS["letters"]:
        for year in PARTNERS["years"]:
            for kind in PARTNERS["kinds"][letter]:
                random = spawn(seed, "partner", letter, year, kind)
                name = f"partner-{letter.lower()}-{year}-{kind}"
                for table, row in _instrument(random, letter, year, kind, name):
                    (truth if table == "truth" else tables.setdefault(table, [])).append(row)
    return Told(tables, truth)


def _organisations() -> Iterator[Any]:
    for place, letter in enumerate(PARTNERS["letters"]):
        is_many = letter in PARTNERS["consortia"]
        name = f"Verzonnen {'Consortium' if is_many else 'Partner'} {letter}"
        number = enterprise_number(SERIALS + place)
        yield ROW["structural_partners"](f"partner-{letter.lower()}", name, number, is_many)


def _instrument(
    random: Random, letter: str, year: int, kind: str, name: str
) -> Iterator[tuple[str, Any]]:
    """Yield every row of one agreement of one year, each with its table."""
    change = pick(random, PARTNERS["adjustments"])
    yield (
        "partner_instruments",
        ROW["partner_instruments"](
            instrument=name,
            partner=f"partner-{letter.lower()}",
            instrument_kind=kind,
            year=year,
            starts=dt.date(year, 1, 1),
            ends=dt.date(year, 12, 31),
            engaged_until=None if kind == "brexit-extra" else PARTNERS["engaged_until"],
            adjusted=f"Verzonnen bijsturing: {change}"
            if falls(random, PARTNERS["adjusted"])
            else None,
        ),
    )
    for service in PARTNERS["services"][letter]:
        yield from _kpi(random, name, service, year)
    for row in _payments(random, name, kind, year):
        yield "partner_payments", row


def _kpi(random: Random, instrument: str, service: str, year: int) -> Iterator[tuple[str, Any]]:
    counted = PARTNERS["counted"].get(service, "trajecten")
    initial = pick(random, PARTNERS["targets"])
    is_revised = falls(random, PARTNERS["revised"])
    target = round(initial * between(random, (0.6, 0.9))) if is_revised else initial
    ratio = PARTNERS["hard"].get(service, 1)
    reached = poisson(random, ratio * target)
    late = PARTNERS["late"].get(year, 0) + PARTNERS["reached_unknown"]
    is_known = not falls(random, late)
    unique = between(random, PARTNERS["enterprises"])
    agreed = reached < LAGS * target and falls(random, PARTNERS["agreed"])
    kpi = f"{counted} {PARTNERS['named'][service]}"
    yield "partner_kpis", ROW["partner_kpis"](
        instrument=instrument,
        kpi=kpi,
        year=year,
        service=service,
        counted=counted,
        target_initial=initial,
        target_revised=target if is_revised else None,
        revised=dt.date(year, 4, 1) + days(random, (0, 90)) if is_revised else None,
        reached=reached if is_known else None,
        enterprises=int(reached * unique / 100) if is_known else None,
        agreed=f"Verzonnen afspraak: {pick(random, PARTNERS['agreements'])}"
        if agreed and is_known
        else None,
    )  # fmt: skip
    yield "truth", Truth("partner_kpis", f"{instrument}/{kpi}", "ratio to be expected", ratio)
    if not is_known:
        yield "truth", Truth("partner_kpis", f"{instrument}/{kpi}", "reached", reached)


def _payments(random: Random, instrument: str, kind: str, year: int) -> Iterator[Any]:
    """Yield what was promised, committed, paid in instalments, and now and then recovered."""
    vat = weighed(random, PARTNERS["vat"][kind])
    promised = 100 * round(between(random, PARTNERS["amounts"][kind]) / 100)
    committed = round(promised * between(random, PARTNERS["committed"]) / 100)
    paid = committed * between(random, PARTNERS["paid"]) / 100
    begin = dt.date(year, 1, 1)
    booked = [
        ("promised", promised, begin - days(random, (20, 90))),
        ("committed", committed, begin + days(random, (0, 45))),
    ]
    for percent, months in PARTNERS["instalments"]:
        day = begin + dt.timedelta(int(months * MONTH)) + days(random, (0, 45))
        booked.append(("paid", round(paid * percent / 100), day))
    if falls(random, PARTNERS["recovered"]):
        day = booked[-1][2] + days(random, (60, 200))
        booked.append(("recovered", round(paid * between(random, (0.02, 0.1))), day))
    for n, (stage, euros, day) in enumerate(booked, 1):
        if in_time(day):
            amount = f"B-{instrument}-{n}"
            yield ROW["partner_payments"](amount, instrument, year, stage, euros, vat, day)
