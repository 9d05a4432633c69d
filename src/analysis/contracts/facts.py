"""The small files kept by hand: what parliament, agencies and the press published."""

from analysis.contracts import judgement, questions, recommendations
from analysis.contracts.fact_columns import (
    FIGURE_UNITS,
    LABEL,
    NOTE,
    PERIOD,
    VARIANT,
    both,
    dated,
    facts,
    figures,
    maybe,
    text,
)
from analysis.contracts.table import Column, Rule, Table

PARTNER_KINDS = ("subsidy", "contract", "brexit-extra")
FINDING_KINDS = (
    "budget-next-year",
    "engagement",
    "evaluation",
    "adjusted",
    "kpi-attained",
    "hard-theme",
    "lagging",
    "reach",
    "remedy",
    "plan",
)
AUTHORITY_TYPES = ("department", "agency", "local", "public-company", "care")

PARTNERS = facts(
    "partners",
    row="one amount promised to one structural partner or consortium for one year",
    key=("partner", "kind", "year"),
    columns={
        "partner": text("Short name that joins the amounts of one line of the reply"),
        "kind": text("Subsidy, service contract, or extra for Brexit", PARTNER_KINDS),
        "year": Column("Working year", "whole"),
        "amount_eur": Column("Exactly as published", "money", "EUR"),
        "vat": text("What the reply says of VAT", ("included", "not-stated")),
        "status": text("Promised is not paid", ("promised",)),
        "named": maybe("Partners that the reply names as sharing the amount", "whole", "count"),
        **LABEL,
        **NOTE,
    },
    rules=(Rule("an amount is above zero", "amount_eur > 0"),),
)

PARTNER_FINDINGS = facts(
    "partner_findings",
    row="one statement of the reply on engagement, evaluation or key performance indicators",
    key=("year", "kind", "subject", "theme"),
    columns={
        "year": Column("Working year that the reply looks back on", "whole"),
        "kind": text("What the statement is about", FINDING_KINDS),
        "subject": text("Partner or consortium as the reply names it, else all"),
        "theme": text("Service or theme as a short name"),
        "answer": maybe("Where the reply answers yes or no", values=("yes", "no")),
        **LABEL,
    },
)

PARTNER_FIGURES = figures(
    "partner_figures",
    row="one published number on the partnerships as a whole",
    items=("contract_total", "organisations", "initiatives_announced", "initiatives_started"),
)

NORM = figures(
    "norm",
    row="one published number on the 3 % norm",
    items=("target", "numerator", "denominator", "share"),
    rounded_to=maybe("Unit of the last digit published, in `unit`; our reading", "money"),
)

NORM_WORDING = facts(
    "norm_wording",
    row="one statement on what the norm is, who signed it and how it is measured",
    key=("item", "variant"),
    columns={"item": text("What the statement is about"), **VARIANT, **PERIOD, **LABEL},
)

CALLS = facts(
    "calls",
    row="one submission date of a call for proposals, or the calls of a programme together",
    key=("call",),
    columns={
        "call": text("Short name"),
        "period": text("Year or years of the call"),
        "launched": maybe("When the call opened"),
        "deadline": maybe("Last day for proposals", "day"),
        "proposals": maybe("Proposals received; missing: not found", "whole", "count"),
        "proposals_local": maybe("Of these from local authorities", "whole", "count"),
        "selected": maybe("Proposals selected; a selection is not a contract", "whole", "count"),
        "budget_eur": maybe("Budget of the selected projects together", "money", "EUR"),
        **LABEL,
        **NOTE,
    },
    rules=(
        Rule("no more are selected than proposed", "selected <= proposals"),
        Rule("a part is no more than the whole", "proposals_local <= proposals"),
    ),
    found="deadline is not null or proposals is not null",
)

MILESTONES = facts(
    "milestones",
    row="one event, rule or evaluation of a programme",
    key=("programme", "item", "variant"),
    columns={
        "programme": text("Programme", ("innovatief-aanbesteden", "pio", "kopen-bij-start-ups")),
        "kind": text("What it is", ("event", "rule", "evaluation")),
        "item": text("Short name"),
        **VARIANT,
        **PERIOD,
        **LABEL,
    },
)

PROGRAMME_FIGURES = figures(
    "programme_figures",
    row="one published number on the programme that is not about a single call",
    items=(
        "projects_cumulative",
        "projects_per_counsellor",
        "policy_domains",
        "clusters",
        "submission_dates_per_year",
        "target_share",
        "budget",
        "budget_per_year",
        "cofinancing_amount",
        "cofinancing_share",
    ),
)

PROJECTS = facts(
    "projects",
    row="one project named in public",
    key=("project",),
    columns={
        "project": text("Short name"),
        **PERIOD,
        **LABEL,
        "authority": maybe("Public body as published; missing: not found"),
        "authority_type": maybe("Kind of public body", values=AUTHORITY_TYPES),
        **both("theme", "Theme"),
        "supplier": maybe("Organisations that carry it out; missing: not found"),
        **both("status", "Last status found"),
        **NOTE,
    },
)

BREAKS = facts(
    "breaks",
    row="one day on which a series stops being comparable with itself",
    key=("item",),
    columns={
        "item": text("Short name"),
        "date": Column("First day; for a month or year its first day, or its middle", "day"),
        "precision": text("How exactly the date is known", ("day", "month", "year")),
        "verified": Column("Read in a source; no: general knowledge, verify first", "flag"),
        **LABEL,
        **both("breaks", "What it breaks"),
    },
    found="verified",
)

SCOREBOARD = figures(
    "scoreboard",
    row="one published number of the Single Market Scoreboard",
    items=(
        "sme_contractors",
        "sme_bids",
        "single_bidder",
        "no_calls",
        "publication_rate",
        "lowest_price",
        "decision_speed",
        "divided_into_lots",
    ),
)

SME_FIGURES = figures(
    "sme_figures",
    row="one other published number on small and medium-sized firms and public contracts",
    items=(
        "sme_without_contract",
        "municipalities_with_guidance",
        "bidders_with_barriers",
        "buyers_disclosing_winner",
        "cases_with_winner_disclosed",
        "budget_disclosed",
        "sme_selected",
        "selected_firms",
        "share_of_firms",
        "share_of_jobs",
        "firms",
        "sme_share_by_number",
        "sme_share_by_value",
    ),
)

CONTESTED = Table(
    "contested",
    row="one fact on which sources differ; both values are printed, neither is corrected",
    key=("item",),
    columns={
        "item": text("Short name"),
        **PERIOD,
        **LABEL,
        **both("value_1", "What one source says"),
        "source_1": text("Document or web address"),
        **both("value_2", "What another source says"),
        "source_2": text("Document or web address"),
        "number_1": maybe("Value 1 where it is a single number", "money"),
        "number_2": maybe("Value 2 where it is a single number", "money"),
        "unit": maybe("Unit of the two numbers", values=FIGURE_UNITS),
    },
    rules=(
        dated("period"),
        Rule(
            "a number stands on both sides, with its unit, or on neither",
            "(number_1 is null) = (number_2 is null) and (number_1 is null) = (unit is null)",
        ),
    ),
)

FACTS = {
    "partners": (PARTNERS, PARTNER_FINDINGS, PARTNER_FIGURES),
    "norm": (NORM, NORM_WORDING),
    "programme": (CALLS, MILESTONES, PROGRAMME_FIGURES, PROJECTS),
    "breaks": (BREAKS,),
    "scoreboard": (SCOREBOARD, SME_FIGURES),
    "contested": (CONTESTED,),
    "not_found": (recommendations.NOT_FOUND,),
    "judgement": (judgement.JUDGEMENT,),
    "questions": (questions.QUESTIONS, questions.QUESTION_POINTS),
    "recommendations": (recommendations.RECOMMENDATIONS,),
}
