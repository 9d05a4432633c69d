"""Chapter 40: the portfolio of the Programma Innovatieve Overheidsopdrachten (OD1 to OD4).

Methods 1.4. All are counts of what was delivered, as it stood on the last day of the year; a call
year is the year of the deadline of a call. Those on admission rest on applications, one each.

portfolio.phase, portfolio.phase_share, portfolio.step_share
    Applications that had reached a phase (`submitted` ... `in_use`), by call year and together;
    as share of all admitted, and of those that reached the phase before. Bounds: admitted
    applications without a project, and for admission the undecided ones. An admitted project is not
    a contract.
portfolio.under_way
    Of the admitted: not stopped, not there, and able to get there yet.
portfolio.calls, portfolio.applications, portfolio.admitted, portfolio.success_rate
    OD1-2: calls held by year and kind. OD1-3: by call, admitted over decided, withdrawn ones
    included, with the Wilson interval.
portfolio.theme_share, portfolio.effective_themes, portfolio.theme_change_p
    OD1-4 by plan of approach: share per theme with bounds, and `not-stated`; effective number
    (Simpson, corrected for few projects; Shannon, not corrected); p of a permutation test that two
    plans have one mix.
portfolio.solution_share, portfolio.priority_share
    OD1-5: digital at its core, and other. OD1-6: serves a transversal priority, first or second.
portfolio.eligible, portfolio.effective_types, portfolio.type_share, portfolio.eligible_share,
portfolio.representation_ratio
    OD1-7: kinds of organisations that lead projects; against the last register of organisations
    that could apply: ratio of shares with the interval of its logarithm (methods 2.9).
portfolio.requested, portfolio.committed, portfolio.paid, portfolio.committed_per_project
    Euros of admitted applications and of projects, known amounts only: at least so much.
portfolio.committed_without, portfolio.paid_share
    Committed without the largest one and three; paid over committed where both are known.
portfolio.leverage
    EFF2: euros of buyers and third parties per euro committed, projects that state all three.
portfolio.case_share, portfolio.finished_projects, portfolio.adopters
    OD2-2: finished projects with a public case. SUS2: other authorities that took over.

Durations, outreach, events and published figures: `portfolio_durations`, `portfolio_outreach`,
`portfolio_events` and `portfolio_published`. EFF1, EFF4 and EFF5 need the programme's own costs,
OD2-4 and OD3-3 the survey, OD4-5 all partners of a European project: they are not here.
"""

from analysis.indicators import (
    portfolio_durations,
    portfolio_events,
    portfolio_funnel,
    portfolio_mix,
    portfolio_money,
    portfolio_outreach,
    portfolio_published,
)
from analysis.indicators.given import Given
from analysis.indicators.portfolio_lines import portfolio


def results(given: Given) -> list[tuple]:
    """Rows of the ledger on the portfolio; what was not delivered gives none."""
    rows = list(portfolio_outreach.rows(given))
    found = portfolio(given)
    themes = (
        portfolio_funnel,
        portfolio_mix,
        portfolio_money,
        portfolio_durations,
        portfolio_events,
        portfolio_published,
    )
    return rows + [row for theme in themes for row in theme.rows(given, found)]
