"""What the admitted projects are about, and which organisations lead them."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import pandas as pd

from analysis.contracts.intake.pio import PRIORITIES, THEMES
from analysis.contracts.intake.startups import ORGANISATION_TYPES
from analysis.indicators.competition import Answer
from analysis.indicators.given import Given
from analysis.indicators.portfolio_buyers import has_register, register_of, type_at
from analysis.indicators.portfolio_funnel import share
from analysis.indicators.portfolio_lines import Portfolio, admitted, number_of, plans, rows_on
from analysis.inference.diversity import SEED, effective_number, same_mix_p
from analysis.inference.intervals import representation_ratio

DRAWS = 9999
_ADMITTED = "admitted-applications"
_OF_2020 = ("circular-economy", "energy-transition")  # thematic call of 2020; seed 004


def rows(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Rows on themes, digital solutions, priorities and kinds of organisations."""
    if has_register(given):
        yield _register(given)
    if not given.has("pio_applications"):
        return
    row = rows_on(given, "pio_applications", "pio_projects")
    parts = {name: admitted(part) for name, part in plans(found).items()}
    for period, part in (parts | {found.whole: admitted(found.lines)}).items():
        yield from _themes(part, partial(row, period=period))
        yield from _shares(part, partial(row, period=period))
    yield from _changes(parts, row)
    if has_register(given):
        yield from _types(given, found)


def _themes(part: pd.DataFrame, row: partial) -> Iterator[tuple]:
    theme = part["theme"]
    for name in THEMES:
        answers = theme.eq(name).astype("boolean").mask(theme.isna())
        at = {"group": f"theme={name}", "definition": "main-theme"}
        yield row("portfolio.theme_share", **at, **share(answers, _ADMITTED))
    open_ = share(theme.isna().astype("boolean"), _ADMITTED)
    at = {"group": "theme=not-stated", "definition": "main-theme"}
    yield row(
        "portfolio.theme_share", **at, **open_ | {"low": None, "high": None, "interval": "none"}
    )
    for definition, answer in effective(theme).items():
        at = {"definition": definition}
        yield row("portfolio.effective_themes", **at, **answer._asdict())


def effective(kinds: pd.Series) -> dict[str, Answer]:
    """Effective number of kinds by definition (OD1-4, OD1-7), of those whose kind is known.

    `simpson-corrected` is missing where no two share a kind: then there is no telling.
    """
    counts = kinds.dropna().value_counts()
    n, unknown = int(counts.sum()), int(kinds.isna().sum())
    if not n:
        nothing = Answer(None, "mean", 0, _ADMITTED, unknown)
        return {"simpson-corrected": nothing, "shannon": nothing}
    found = effective_number(counts.to_numpy())
    shared = _ADMITTED if found.simpson_corrected else "no-two-share-a-kind"
    return {
        "simpson-corrected": Answer(found.simpson_corrected, "mean", n, shared, unknown),
        "shannon": Answer(found.shannon, "mean", n, _ADMITTED, unknown),
    }


def _shares(part: pd.DataFrame, row: partial) -> Iterator[tuple]:
    digital = part["digital"].astype("boolean")
    for name, answers in (("digital", digital), ("other", ~digital)):
        at = {"group": f"solution={name}", "definition": "digital-at-its-core"}
        yield row("portfolio.solution_share", **at, **share(answers, _ADMITTED))
    named = {name: (name,) for name in PRIORITIES[:-1]} | {"circular-or-energy": _OF_2020}
    for name, some in (named | {"none": ("none",)}).items():
        at = {"group": f"priority={name}", "definition": "first-or-second-priority"}
        yield row("portfolio.priority_share", **at, **share(serves(part, some), _ADMITTED))


def serves(part: pd.DataFrame, priorities: tuple[str, ...]) -> pd.Series:
    """Whether each application serves one of some priorities; missing where none was filled in."""
    first, second = part["priority"], part["priority_2"]
    either = first.isin(priorities) | second.isin(priorities)
    return either.astype("boolean").mask(first.isna() & ~either)


def _changes(parts: dict[str, pd.DataFrame], row: partial) -> Iterator[tuple]:
    """Whether the mix of themes of one plan is that of the next: p of a permutation test."""
    for (old, before), (new, after) in pairwise(parts.items()):
        mixes = [[int(part["theme"].eq(one).sum()) for one in THEMES] for part in (before, after)]
        known = [sum(mix) for mix in mixes]
        unknown = len(before) + len(after) - sum(known)
        p = same_mix_p(mixes[0], mixes[1], draws=DRAWS, seed=SEED) if all(known) else None
        yield row(
            "portfolio.theme_change_p",
            period=f"{old.split('-')[0]}-{new.split('-')[1]}",
            group=f"before={old},after={new}",
            definition="permutation-of-themes",
            value=p,
            unit="p-value",
            n=sum(known),
            unknown=unknown,
            denominator=_ADMITTED,
        )


def _register(given: Given) -> tuple:
    register = register_of(given)
    at = {"period": int(register["year"].iloc[0]), "definition": "eligible-buyers"}
    return rows_on(given, "eligible_buyers")(
        "portfolio.eligible", **at, **number_of(len(register), "eligible-buyers")
    )


def _types(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Kinds of organisations among admitted projects, and among those that could apply."""
    row = rows_on(given, "pio_applications", "pio_projects", "eligible_buyers")
    row = partial(row, period=found.whole)
    led = admitted(found.lines)
    kinds = type_at(given.tables["eligible_buyers"], led["buyer"], led["call_year"])
    for definition, answer in effective(kinds).items():
        yield row("portfolio.effective_types", definition=definition, **answer._asdict())
    could = register_of(given)["organisation_type"]
    for name in ORGANISATION_TYPES:
        at = {"group": f"organisation_type={name}"}
        own = kinds.eq(name).astype("boolean").mask(kinds.isna())
        yield row("portfolio.type_share", definition="leading-buyer", **at, **share(own, _ADMITTED))
        of_all = share(could.eq(name).astype("boolean"), "eligible-buyers")
        yield row("portfolio.eligible_share", definition="eligible-buyers", **at, **of_all)
        answer = representation(own, int((could == name).sum()), len(could))
        at |= {"definition": "projects-over-eligible", "grade": "C"}
        yield row("portfolio.representation_ratio", **at, **answer._asdict())


def representation(own: pd.Series, firms: int, all_: int) -> Answer:
    """Share of a kind among projects over its share among eligible buyers (methods 1.4 and 2.9).

    RR = (a/n)/(B/M), interval of ln RR; projects of one buyer are taken as independent. Missing
    where no eligible buyer is of the kind, or no project is of a known kind.
    """
    known = own.dropna()
    a, n, unknown = int(known.sum()), len(known), int(own.isna().sum())
    if not (n and firms):
        return Answer(None, "ratio", n, "no-such-eligible-buyer" if n else _ADMITTED, unknown)
    found = representation_ratio(won=a, lots=n, startups=firms, firms=all_)
    if found.low is None:
        return Answer(found.value, "ratio", n, _ADMITTED, unknown)
    return Answer(found.value, "ratio", n, _ADMITTED, unknown, found.low, found.high, "sampling")
