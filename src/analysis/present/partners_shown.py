"""What chapter 50 shows of the ledger: what was published, and what was delivered, where it was.

Without delivered tables there are only the published figures, and the sentence that says so.
"""

from typing import Any

import pandas as pd

from analysis.present import access, blocks, figures_partners, labels, notes, partner_tables, tables
from analysis.present.chapter import Chapter
from analysis.present.language import Number
from analysis.present.partner_groups import LIGHTS, parts
from analysis.sources.facts import published

AMOUNTS = ("promised", "committed", "paid", "recovered")
_DELIVERED = ("partners.kpi_light", *(f"partners.{stage}" for stage in AMOUNTS))
_YEARS = 6  # of totals, the last ones
_TILE_LINES = 15  # of a figure that fits a page with its caption
_MOST_FIGURES = 4


def rows(chapter: Chapter, *names: str, last: bool = True, **where: str) -> pd.DataFrame:
    """Delivered rows of `partners.<name>`, of the last year that has any; none if none has."""
    found = access.rows(chapter, *(f"partners.{name}" for name in names), **where)
    return found[found["period"] == found["period"].max()] if last else found


def answer(chapter: Chapter, **published: object) -> None:
    """Show the answer: what was published, and how many delivered KPIs reached their target."""
    counted = _counts(chapter)
    if counted and counted["green"].row["kind"] != "simulated":
        told = {"green": counted["green"], "red": counted["red"]}
        year = counted["green"].row["period"]
        chapter.answer("partners.answer.given", **published, **told, when=year)
    else:
        chapter.answer("partners.answer", **published)


def counts(chapter: Chapter) -> dict[str, Number]:
    """How many contracts and subsidy lines were published, and how many partners share one."""
    lines = {"contracts": "kind=contract", "subsidies": "kind=subsidy"}
    numbers = {
        word: chapter.number("partners.lines", group=group, definition="vat-*")
        for word, group in lines.items()
    }
    return numbers | {"shared": chapter.number("partners.named", group="kind=subsidy,*")}


def findings(name: str, *kinds: str) -> None:
    """Show the published statements of some kinds, kinds in the order named."""
    said = published()["partner_findings"].rows
    said = pd.concat([said[said["kind"] == kind] for kind in kinds])
    _show(f"partner-findings-{name}", tables.of_facts(said, ("kind", "subject", "label")))


def shared_amounts() -> None:
    """Show the published lines that carry a remark: amounts that several partners share."""
    lines = published()["partners"].rows
    noted = lines[lines["note_nl"].notna()].drop_duplicates(["label_nl", "note_nl"])
    _show("partner-notes", tables.of_facts(noted, ("label", "note")))


def delivered(chapter: Chapter) -> None:
    """Show the second part of the chapter: what delivered tables tell, or that none came."""
    own = chapter.ledger[chapter.ledger["id"].isin(("partners.agreement_days", *_DELIVERED))]
    if own.empty:
        chapter.say("partners.given.nothing")
        return
    chapter.say("partners.given")
    chapter.say(f"partners.kind.{notes.mark(own) or 'real'}")
    engagements(chapter)
    money(chapter)
    targets(chapter)
    catching_up(chapter)
    within_services(chapter)


def money(chapter: Chapter) -> None:
    """Show what was promised, committed and paid by the delivered tables."""
    lines = rows(chapter, *AMOUNTS)
    if lines.empty:
        chapter.say("partners.delivered.none")
        return
    day = access.only(rows(chapter, "last_payment"))
    chapter.say("partners.delivered", when=lines["period"].iloc[0], day=day)
    totals = rows(chapter, *(f"{stage}_total" for stage in AMOUNTS), group="all")
    chapter.table("partner-stages", totals, by="definition", style="million")
    of_lines = pd.concat([lines, rows(chapter, "absorption", group="structural_partner=*")])
    _show("partner-lines", partner_tables.amounts(of_lines), of_lines)
    absorbed = rows(chapter, "absorption", "committed_of_promised", "paid_of_promised")
    chapter.say("partners.absorption")
    whole = absorbed[~absorbed["group"].str.startswith("structural_partner=")]
    if access.known(whole):
        chapter.table("partner-absorption", whole, by=("group", "definition"), style="2")
    _years(chapter)


def _years(chapter: Chapter) -> None:
    """Show totals of the last years; sums of unlike VAT bases and suppositions are left out."""
    ids = [f"{stage}_total" for stage in AMOUNTS]
    totals = rows(chapter, *ids, last=False, group="all", definition="vat-*")
    totals = totals[totals["definition"] != "vat-bases-mixed"]
    years = sorted(totals["period"].unique())[-_YEARS:]
    if len(years) > 1:
        shown = totals[totals["period"].isin(years)].sort_values(
            ["period", "definition"], kind="stable"
        )
        chapter.say("partners.years")
        chapter.table("partner-years", shown, by=("period", "definition"), style="0")


def engagements(chapter: Chapter) -> None:
    """Show formal agreements beside the engagement that goes on after them."""
    agreed = rows(chapter, "agreement_days", "agreement_ends", "engaged_until")
    if agreed.empty:
        chapter.say("partners.engagements.none")
        return
    shares = {
        name: access.only(rows(chapter, f"{name}_share")) for name in ("one_year", "multi_year")
    }
    chapter.say("partners.engagements", **shares, when=agreed["period"].iloc[0])
    promised = rows(chapter, "agreement_promised", period=agreed["period"].iloc[0])
    shown = pd.concat([agreed, promised])
    _show("partner-engagements", partner_tables.engagements(shown), shown)


def targets(chapter: Chapter) -> None:
    """Show how far delivered KPIs are from their targets, or that none came."""
    told = rows(chapter, "kpi_light", "kpi_attainment", "kpi_target", "kpi_reached", "kpi_shrunk")
    if told.empty:
        chapter.say("partners.targets.none")
        return
    counted = _counts(chapter)
    chapter.say("partners.targets", when=told["period"].iloc[0], **counted)
    in_force = told[told["definition"] == "target-in-force"]
    _tiles(chapter, in_force, counted)
    _funnel(chapter, in_force, counted)
    chapter.say("partners.targets.table")
    shown = told[told["definition"] != "target-initial"]
    _show("partner-kpis", partner_tables.kpis(shown), shown)
    _revised(chapter, told)


def _tiles(chapter: Chapter, told: pd.DataFrame, counted: dict[str, Any]) -> None:
    """The tiles, in as many figures as their partners need; a partner is never cut in two."""
    own = told[told["id"].isin(("partners.kpi_light", "partners.kpi_attainment"))]
    tiles = figures_partners.tiles_of(own)
    lines = {tile["partner"]: tile["line"] for tile in tiles}  # the last line of each
    pages: dict[str, int] = {}
    page, start = 0, 0
    for partner, line in lines.items():
        if line - start >= _TILE_LINES:
            first = min(t["line"] for t in tiles if t["partner"] == partner)
            page, start = min(page + 1, _MOST_FIGURES - 1), first
        pages[partner] = page
    partners = own["group"].map(lambda group: parts(group)["structural_partner"])
    for number in range(page + 1):
        name = f"partner-lights-{number + 1}"
        chapter.figure(name, figures_partners.lights, own[partners.map(pages) == number], **counted)


def _funnel(chapter: Chapter, told: pd.DataFrame, counted: dict[str, Any]) -> None:
    ids = [f"partners.kpi_{name}" for name in ("attainment", "target", "light")]
    drawn = told[told["id"].isin(ids)]
    limits = rows(chapter, "kpi_funnel")
    limits = limits[limits["period"].isin(told["period"])]
    ratios = drawn[(drawn["id"] == ids[0]) & drawn["value"].notna()]
    if len(ratios) and len(limits):
        chapter.say("partners.funnel")
        shown = pd.concat([drawn, limits])
        said: dict[str, Any] = {**access.ends(ratios), **counted}
        del said["grey"]
        chapter.figure("partner-funnel", figures_partners.funnel, shown, **said)


def _revised(chapter: Chapter, told: pd.DataFrame) -> None:
    """Show targets that were revised, with the ratio to the first and to the revised one."""
    target = told[told["id"] == "partners.kpi_target"]
    wide = target.pivot_table(index="group", columns="definition", values="value")
    changed = wide.index[wide["target-in-force"] != wide["target-initial"]]
    if changed.empty:
        chapter.say("partners.revised.none")
        return
    both = pd.concat([told, rows(chapter, "kpi_revised_on", period=told["period"].iloc[0])])
    shown = both[both["group"].isin(changed)]
    chapter.say("partners.revised")
    _show("partner-revised", partner_tables.revised(shown), shown)


def catching_up(chapter: Chapter) -> None:
    """Show which KPIs have to catch up by the delivered tables, and what was agreed on them."""
    told = rows(chapter, "kpi_light", definition="target-in-force")
    if told.empty:
        return
    lacks = rows(chapter, "kpi_shortfall", period=told["period"].iloc[0])
    key = "partners.catching_up" if len(lacks) else "partners.catching_up.nobody"
    chapter.say(key, when=told["period"].iloc[0])
    if len(lacks):
        shown = pd.concat([lacks, told])
        _show("partner-catching-up", partner_tables.catching_up(shown), lacks)
    adjusted = rows(chapter, "adjusted", period=told["period"].iloc[0])
    if len(adjusted):
        chapter.say("partners.adjusted", when=told["period"].iloc[0])
        _show("partner-adjusted", partner_tables.adjusted(adjusted), adjusted)


def within_services(chapter: Chapter) -> None:
    """Show means, reach, depth and unit cost: each within one service, one unit, one VAT base."""
    means = rows(chapter, "kpi_mean_capped", "kpi_mean")
    if means.empty:
        return
    above = access.only(rows(chapter, "kpi_far_above"))
    chapter.say("partners.means", above=above, when=means["period"].iloc[0])
    chapter.table("partner-means", means, style="2")
    depth = rows(chapter, "kpi_enterprises", "kpi_reach", "kpi_depth")
    chapter.say("partners.depth")
    if access.known(depth):
        known = depth[depth["id"].eq("partners.kpi_enterprises") & depth["value"].notna()]
        shown = depth[depth["group"].isin(known["group"])]
        _show("partner-depth", partner_tables.depth(shown), shown)
    costs = rows(chapter, "unit_cost_committed", "unit_cost_paid")
    if access.known(costs):
        left = access.only(rows(chapter, "cost_not_of_one_service"))
        chapter.say("partners.costs", left_out=left)
        _show("partner-costs", partner_tables.costs(costs), costs)
    else:
        chapter.say("partners.costs.none")


def _counts(chapter: Chapter) -> dict[str, Number]:
    """How many KPIs of the last year are of each colour; nothing where none was delivered."""
    found = rows(chapter, "kpi_lights", group="light=*").set_index("group", drop=False)
    if found.empty:
        return {}
    return {light: access.only(found.loc[[f"light={light}"]]) for light in LIGHTS}


def _show(name: str, shape: tables.Shape, shown: pd.DataFrame | None = None) -> None:
    columns, cells = shape
    caption = labels.every(f"table.{name}")
    note = None if shown is None else notes.on(shown)
    mark = None if shown is None else notes.mark(shown)
    blocks.show(
        blocks.table(id=name, caption=caption, columns=columns, rows=cells, note=note, mark=mark)
    )
