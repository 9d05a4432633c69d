"""The answer to written question 307: the structural partners of VLAIO."""

from collections.abc import Iterator

import pandas as pd

from analysis.present import access, labels, notes, partner_tables, tables
from analysis.present.partner_groups import LIGHTS
from analysis.present.partners_shown import AMOUNTS
from analysis.report.answers.parts import Answering, Asked, Part, by_point, items, opening
from analysis.sources.facts import published

_YEAR = "2022"  # that the question is about
_NEXT = "2023"
_TOTALS = {
    "subsidies": ("kind=subsidy", "vat-not-stated"),
    "contracts": ("kind=contract", "vat-included"),
    "brexit": ("kind=brexit-extra", "vat-mixed"),
    "mixed": ("all", "vat-mixed"),
    "net": ("all", "excl-21pct-what-if"),
}


def answer(asked: Asked) -> Iterator[Part]:
    """Every piece of the answer, in order."""
    own = asked.ledger[asked.ledger["id"].str.startswith("partners.")]
    mark = notes.mark(own)
    yield from opening("pq-307", asked, asked.said(f"pq-307.{mark}") if mark else "")
    yield from by_point("pq-307", asked, _ANSWERS)
    yield Part("heading", asked.said("heading.sources"))
    source = str(published()["partners"].rows["source"].iloc[0])
    yield asked.text("pq-307.sources", source=source, inputs="; ".join(sorted(set(own["inputs"]))))
    yield Part("heading", asked.said("heading.notes"))
    for name in ("vat", "promised", "rank", "light"):
        yield Part("item", asked.said(f"pq-307.note.{name}"))
    grades = {
        "amounts": asked.rows("partners.total")["grade"].max(),
        "statements": asked.rows("partners.findings")["grade"].max(),
    }
    yield Part("item", asked.said("pq-307.note.grade", **grades))


def _amounts(asked: Asked) -> Iterator[Part]:
    totals = {
        word: access.only(asked.rows("partners.total", group=group, definition=definition))
        for word, (group, definition) in _TOTALS.items()
    }
    yield asked.text("pq-307.totals", when=_YEAR, **totals)
    across = {"by": "group", "across": "definition", "style": "2"}
    yield asked.table("table.partners", asked.rows("partners.amount"), **across)
    yield from _remarks(asked.language)
    shown = tables.without(asked.rows("partners.total"), "excl-21pct-where-included")
    yield asked.table("table.partner-totals", shown, **across)
    if asked.rows("partners.paid", period=_YEAR).empty:
        yield asked.text("pq-307.unavailable.paid", when=_YEAR)
    ids = [f"partners.{stage}_total" for stage in AMOUNTS]
    years = asked.rows(*ids, group="all")
    years = years[_until(years, asked) & years["definition"].str.startswith("vat-")]
    years = tables.without(years, "vat-bases-mixed")
    if len(years):
        yield _marked(years, asked, "pq-307.years")
        by = ("period", "definition")
        years = years.sort_values(list(by), kind="stable")
        yield asked.table("table.partner-years", years, by=by, across="id", style="2")


def _remarks(language: str) -> Iterator[Part]:
    """What the reply says beside some amounts; that an amount is for Brexit, its kind tells."""
    lines = published()["partners"].rows
    noted = lines[lines["note_nl"].notna() & (lines["kind"] == "subsidy")]
    for line in noted.to_dict("records"):
        yield Part("item", f"{line[f'label_{language}']}: {line[f'note_{language}']}")


def _next_year(asked: Asked) -> Iterator[Part]:
    yield from items(_findings("budget-next-year"), asked.language)
    lines = asked.rows("partners.promised", period=_NEXT)
    if lines.empty:
        whole = access.only(asked.rows("partners.total", group="all", definition="vat-mixed"))
        yield asked.text("pq-307.unavailable.budget", when=_NEXT, before=_YEAR, mixed=whole)
    else:
        yield _marked(lines, asked, "pq-307.budget", when=_NEXT)
        yield asked.drawn(asked.said("table.next_year"), partner_tables.promised(lines))


def _engagements(asked: Asked) -> Iterator[Part]:
    yield from items(_findings("engagement"), asked.language)
    agreed = _last(asked, "agreement_days", "agreement_ends", "engaged_until", "agreement_promised")
    if agreed.empty or agreed["period"].iloc[0] != _YEAR:
        yield asked.text("pq-307.unavailable.engagements", when=_YEAR)
    if len(agreed):
        yield _marked(agreed, asked, "pq-307.engagements", when=agreed["period"].iloc[0])
        caption = labels.every("table.partner-engagements")[asked.language]
        yield asked.drawn(caption, partner_tables.engagements(agreed))


def _adjustments(asked: Asked) -> Iterator[Part]:
    yield from items(_findings("evaluation", "adjusted"), asked.language)
    yield asked.text("pq-307.bottlenecks")
    yield from items(_findings("hard-theme"), asked.language)
    adjusted = _last(asked, "adjusted")
    if adjusted.empty:
        yield asked.text("pq-307.unavailable.adjusted")
    else:
        yield _marked(adjusted, asked, "pq-307.adjusted", when=adjusted["period"].iloc[0])
        caption = labels.every("table.partner-adjusted")[asked.language]
        yield asked.drawn(caption, partner_tables.adjusted(adjusted))


def _conditions(asked: Asked) -> Iterator[Part]:
    yield asked.text("pq-307.conditions")


def _all_reached(asked: Asked) -> Iterator[Part]:
    yield from items(_findings("kpi-attained"), asked.language)
    counted = _last(asked, "kpi_lights")
    if counted.empty:
        yield asked.text("pq-307.unavailable.kpis", when=_YEAR)
        return
    lights = {light: counted[counted["group"] == f"light={light}"] for light in LIGHTS}
    numbers = {light: access.only(found) for light, found in lights.items()}
    when = counted["period"].iloc[0]
    yield _marked(counted, asked, "pq-307.lights", when=when, **numbers)


def _catching_up(asked: Asked) -> Iterator[Part]:
    yield from items(_findings("lagging", "reach"), asked.language)
    told = _last(asked, "kpi_light")
    if told.empty:
        yield asked.text("pq-307.unavailable.catching_up")
        return
    when = told["period"].iloc[0]
    lacks = asked.rows("partners.kpi_shortfall", period=when)
    if lacks.empty:
        yield _marked(told, asked, "pq-307.nobody", when=when)
        return
    yield _marked(told, asked, "pq-307.catching_up", when=when)
    in_force = told[told["definition"] == "target-in-force"]
    caption = labels.every("table.partner-catching-up")[asked.language]
    yield asked.drawn(caption, partner_tables.catching_up(pd.concat([lacks, in_force])))


def _remedies(asked: Asked) -> Iterator[Part]:
    yield from items(_findings("remedy"), asked.language)
    lacks = _last(asked, "kpi_shortfall")
    none = lacks.empty or lacks["group"].str.endswith(",agreed=none").all()
    yield asked.text("pq-307.unavailable.agreed" if none else "pq-307.agreed")


def _plans(asked: Asked) -> Iterator[Part]:
    yield from items(_findings("plan"), asked.language)
    yield asked.text("pq-307.plan")


def _findings(*kinds: str) -> pd.DataFrame:
    said = published()["partner_findings"].rows
    return pd.concat([said[said["kind"] == kind] for kind in kinds])


def _last(asked: Asked, *names: str) -> pd.DataFrame:
    """Delivered rows of the last year up to the answer's that has any."""
    rows = asked.rows(*(f"partners.{name}" for name in names))
    rows = rows[_until(rows, asked)]
    return rows[rows["period"] == rows["period"].max()]


def _until(rows: pd.DataFrame, asked: Asked) -> pd.Series:
    return rows["period"] <= str(asked.year)


def _marked(rows: pd.DataFrame, asked: Asked, key: str, **blanks: object) -> Part:
    """A sentence on delivered rows, preceded by what they are where they are not real."""
    said = asked.said(key, **blanks)
    mark = notes.mark(rows)
    return Part("text", f"{asked.said(f'delivered.{mark}')} {said}" if mark else said)


_ANSWERS: dict[str, Answering] = {
    "1": _amounts,
    "2": _next_year,
    "3": _engagements,
    "4": _adjustments,
    "5": _conditions,
    "5a": _all_reached,
    "5b": _catching_up,
    "5c": _remedies,
    "6": _plans,
}
