"""Tables of chapter 50 that a plain pivot cannot make: names and texts in columns of their own."""

from collections.abc import Callable, Sequence

import pandas as pd

from analysis.present import labels, origins
from analysis.present.labels import Texts
from analysis.present.language import LANGUAGES, write
from analysis.present.partner_groups import light_of, parts
from analysis.present.tables import Shape

_AGREED = ("structural_partner", "instrument_kind")
Cells = dict[tuple[str, str], dict]


def amounts(rows: pd.DataFrame) -> Shape:
    """Amounts of a year by partner, kind and VAT base, and what was used of them."""
    stages = [f"partners.{name}" for name in ("promised", "committed", "paid", "recovered")]
    cells = {(row["group"], row["definition"], row["id"]): row for row in _plain(rows)}
    lines = sorted({key[:2] for key in cells if key[2] in stages}, key=_by_name)
    body = []
    for group, base in lines:
        euros = [_euros(cells.get((group, base, stage))) for stage in stages]
        used = (cells.get((group, own, "partners.absorption")) for own in (base, "vat-bases-mixed"))
        body.append(
            [*_agreed(group), _vat(base), *euros, _number(next(filter(None, used), None), "2")]
        )
    return Shape(_heads([*_AGREED, "vat"], [*stages, "partners.absorption"]), body)


def promised(rows: pd.DataFrame) -> Shape:
    """Amounts promised by partner, kind and VAT base."""
    lines = sorted(_plain(rows), key=lambda row: _place(row["group"]))
    body = [[*_agreed(row["group"]), _vat(row["definition"]), _number(row, "2")] for row in lines]
    return Shape(_heads([*_AGREED, "vat"], ["partners.promised"]), body)


def engagements(rows: pd.DataFrame) -> Shape:
    """Formal duration and end of every agreement, the engagement beyond it, and its amount."""
    ids = ["partners.agreement_days", "partners.agreement_ends", "partners.engaged_until"]
    amounts: dict[str, dict[str, dict]] = {}
    for row in _plain(rows[rows["id"] == "partners.agreement_promised"]):
        amounts.setdefault(row["group"], {})[row["definition"]] = row
    cells = _by_group(rows)
    body = []
    for group in sorted({group for group, id in cells if id in ids}, key=_place):
        days = [_number(cells.get((group, id)), "0") for id in ids]
        bases: dict[str, dict | None] = {**amounts.get(group, {})} or {"": None}
        for base, told in bases.items():  # one line a VAT base
            euro = _euros(told) if told else labels.every("word.unknown")
            body.append([*_agreed(group), *days, _vat(base) if base else labels.same(""), euro])
    heads = [*_heads(_AGREED, ids), *_heads(["vat"], ["partners.promised"])]
    return Shape(heads, body)


def kpis(rows: pd.DataFrame) -> Shape:
    """Target in force, result, ratio with its interval, shrunk ratio and colour of every KPI."""
    ids = [f"partners.kpi_{name}" for name in ("target", "reached", "attainment", "shrunk")]
    styles = ("0", "0", "2", "2")
    return _of_kpis(rows, ids, styles, last=("partners.kpi_light", _light))


def revised(rows: pd.DataFrame) -> Shape:
    """Both targets of the KPIs whose target was revised, and the ratio to each."""
    named = origins.called(rows, id=rows["id"] + ":" + rows["definition"])
    ids = [
        "partners.kpi_target:target-initial",
        "partners.kpi_target:target-in-force",
        "partners.kpi_revised_on:agreement-text",
        "partners.kpi_attainment:target-initial",
        "partners.kpi_attainment:target-in-force",
    ]
    return _of_kpis(named, ids, ("0", "0", "", "2", "2"))


def depth(rows: pd.DataFrame) -> Shape:
    """Unique enterprises, reach and depth of every KPI."""
    ids = [f"partners.kpi_{name}" for name in ("enterprises", "reach", "depth")]
    return _of_kpis(rows, ids, ("0", "2", "2"))


def catching_up(rows: pd.DataFrame) -> Shape:
    """Colour, shortfall and what was agreed, of every KPI that has to catch up."""
    lights = {row["group"]: row for row in _plain(rows[rows["id"] == "partners.kpi_light"])}
    body = []
    lacks = _plain(rows[rows["id"] == "partners.kpi_shortfall"])
    for row in sorted(lacks, key=lambda row: _place(row["group"])):
        said = parts(row["group"])
        light = lights.get(row["group"].split(",agreed=")[0])
        agreed = said["agreed"]
        words = labels.every("agreed.none") if agreed == "none" else labels.same(agreed)
        name = labels.same(said["structural_partner"])
        body.append([name, _kpi(said), _light(light), _number(row, "0"), words])
    columns = _heads(
        ["structural_partner", "kpi", "partners.kpi_light"], ["partners.kpi_shortfall"]
    )
    return Shape([*columns, *_heads(["agreed"], [])], body)


def adjusted(rows: pd.DataFrame) -> Shape:
    """What was adjusted in the year, in the words delivered."""
    body = []
    for row in sorted(_plain(rows), key=lambda row: _place(row["group"])):
        body.append([*_agreed(row["group"]), labels.same(parts(row["group"])["adjusted"])])
    return Shape(_heads([*_AGREED, "adjusted"], []), body)


def costs(rows: pd.DataFrame) -> Shape:
    """Unit costs: service by service, what is counted, then the partners by name."""
    ids = ["partners.unit_cost_committed", "partners.unit_cost_paid"]
    cells = {((row["group"], row["definition"]), row["id"]): row for row in _plain(rows)}
    body = []
    for group, base in sorted({key for key, _ in cells}, key=_by_name):
        said = parts(group)
        what = _joined(labels.coded("service", said["service"]), labels.same(said["counted"]))
        body.append(
            [
                what,
                labels.same(said["structural_partner"]),
                _vat(base),
                *(_number(cells.get(((group, base), id)), "0") for id in ids),
            ]
        )
    return Shape(_heads(["service", "structural_partner", "vat"], ids), body)


def _of_kpis(
    rows: pd.DataFrame,
    ids: Sequence[str],
    styles: Sequence[str],
    last: tuple[str, Callable[[dict | None], Texts]] | None = None,
) -> Shape:
    """One row a KPI, partners by name; `last` is a column of words."""
    cells = _by_group(rows)
    groups = sorted({group for group, _ in cells}, key=_place)
    body = []
    for group in groups:
        said = parts(group)
        line = [labels.same(said["structural_partner"]), _kpi(said)]
        line += [_number(cells.get((group, id)), s) for id, s in zip(ids, styles, strict=True)]
        body.append(line + ([last[1](cells.get((group, last[0])))] if last else []))
    shown = [*ids, *([last[0]] if last else [])]
    return Shape(_heads(["structural_partner", "kpi"], shown), body)


def _by_group(rows: pd.DataFrame) -> Cells:
    return {(row["group"], row["id"]): row for row in _plain(rows)}


def _plain(rows: pd.DataFrame) -> list[dict]:
    return rows.astype(object).where(rows.notna(), None).to_dict("records")


def _place(group: str) -> tuple[str, ...]:
    """Groups in the order of the names in them, as a reader looks them up."""
    said = parts(group)
    first = [said[kind] for kind in ("service", "counted") if kind in said and "kpi" not in said]
    rest = [said.get(kind, "") for kind in ("structural_partner", "kpi", "instrument_kind")]
    return tuple(part.casefold() for part in (*first, *rest, group))


def _agreed(group: str) -> list[Texts]:
    """Partner and kind of instrument; its own name where the partner has several of a kind."""
    said = parts(group)
    kind = labels.coded("instrument_kind", said["instrument_kind"])
    return [labels.same(said["structural_partner"]), _with(kind, said.get("instrument"))]


def _by_name(line: tuple[str, str]) -> tuple[tuple[str, ...], str]:
    """Lines of a group and a VAT base in the order of the names, then of the bases."""
    return _place(line[0]), line[1]


def _kpi(said: dict[str, str]) -> Texts:
    named = labels.same(said["kpi"])
    if kind := said.get("instrument_kind"):
        beside = labels.coded("instrument_kind", kind)
        named = {lang: f"{named[lang]}, {beside[lang]}" for lang in LANGUAGES}
    named = _with(named, said.get("instrument"))
    service = labels.coded("service", said["service"])
    return {lang: f"{named[lang]} ({service[lang]})" for lang in LANGUAGES}


def _with(name: Texts, instrument: str | None) -> Texts:
    return _joined(name, labels.same(instrument)) if instrument else name


def _vat(base: str) -> Texts:
    return labels.every(f"definition.short.{base}")


def _joined(first: Texts, second: Texts) -> Texts:
    return {lang: f"{first[lang]}: {second[lang]}" for lang in LANGUAGES}


def _light(row: dict | None) -> Texts:
    return labels.every(f"light.{light_of(row['value'] if row else None)}")


def _number(row: dict | None, style: str) -> Texts:
    return labels.same("") if row is None else labels.cell(row, style=style)


def _euros(row: dict | None) -> Texts:
    """Whole euros without the word, which stands in the head of the column."""
    if row is None:
        return labels.same("")
    return {lang: write(row["value"], "count", lang) for lang in LANGUAGES}


def _heads(texts: Sequence[str], numbers: Sequence[str]) -> list[dict]:
    heads = [{"label": labels.every(f"column.{name}"), "align": "left"} for name in texts]
    return heads + [{"label": labels.every(f"column.{id}"), "align": "right"} for id in numbers]
