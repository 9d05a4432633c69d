"""Chapter 21: 'kopen bij start-ups' (methods 1.1, 1.5 Q-1 to Q-4; seed 000, questions 1 to 4).

All are counts of what was delivered or published, as it stood on the last day of the year. Nothing
here says what the project brought about. Texts that were delivered stand in the group of a row.

buying.milestones
    Q-1: public events of the project. Count.
buying.actions, buying.actions_done_share, buying.evidence_share
    Q-1: actions by measure of the concept note (`action_measure=`) and status (`action_status=`);
    done over all, cancelled ones included; done with evidence told over done. Count, share.
buying.actions_late, buying.actions_done_late
    Actions whose planned day had passed and that were not done; actions done after their planned
    day. Bounds where no day is told. Count.
buying.action, buying.action_planned, buying.action_done, buying.action_late
    One action: measure, status, text, owner and evidence in the group; its days; whether late.
buying.members, buying.members_left, buying.at_work, buying.member, buying.member_since,
buying.member_until, buying.mandate
    Q-3: organisations in the project group on the last day, by role; those that left; whether the
    group had a member at all (flag); each of them; the mandate that a present member states.
buying.divided_share, buying.lots_per_procedure, buying.open_share, buying.days_to_award
    Procedures of Flemish public buyers in the Official Journal, by year: share divided into lots,
    mean number of lots, share open, median days from call to award. Share, mean, days.
buying.consultations, buying.pio_days_to_award
    Market consultations of PIO held, and median days from tender to award of PIO projects.
buying.barrier_baseline, buying.barrier_latest, buying.barrier_change
    Q-2: the measure of each barrier (`buying_barriers.MEASURES`) in 2018 or the first known year
    after it, in the last known year, and latest - baseline. A barrier without a measure has a row
    `barrier_latest` without value, whose denominator says why.
buying.barriers_measured, buying.barrier_swing, buying.barrier_direction, buying.barriers_moved
    Barriers of which a year is known; the usual change from one known year to the next (median);
    whether the measure moved as a falling barrier would have it (`barrier_moved=`), four times as
    much or more; how many did. Not comparable: the publication duty of 2023 lies between, or one
    year only is known.
buying.barrier_standing, buying.barrier_note, buying.barriers_judged
    What the project group judged of a barrier against the year before; its words; counts of the
    last year judged. Grade E. Stands beside the measure and is never merged with it.
buying.needs, buying.responses, buying.responses_per_need, buying.answered_share,
buying.needs_awarded, buying.matches, buying.firms, buying.registrant_startup_share
    The marketplace by year of posting: needs, responses that are known, mean of these, share with a
    response, awarded by the last day, and won by a firm on the marketplace; firms on the last day;
    start-ups among the registered, on the day of registration.
buying.coh1, buying.coh1_of_winners, buying.coh1_of_registrants, buying.coh2
    Q-4: COH1 = start-up winners of PIO that are registered on the marketplace, and over each of the
    two sets; COH2 = needs that are PIO projects over all needs.
buying.class_euro_share, buying.pio_class_share, buying.pio_class_euro_share,
buying.consulted_class_share
    VARIO's advice 9: share of the euros of published awards, of PIO contracts, of their euros and
    of participations in consultations, by kind of firm (`firm_class=`) and from abroad (`origin=`).
    Shares of lots are `access.class_share`.
"""

from functools import partial
from typing import Any

import pandas as pd

from analysis.cells.barriers import BarrierCells
from analysis.indicators import (
    buying_actions,
    buying_barriers,
    buying_classes,
    buying_market,
    buying_series,
)
from analysis.indicators.access_parts import whole_of
from analysis.indicators.buying_barriers import ASKED as ASKED
from analysis.indicators.given import Given
from analysis.results import number


def results(
    given: Given, rows: pd.DataFrame, cells: BarrierCells | None = None, **rests_on: Any
) -> list[tuple]:
    """Rows of the ledger on 'kopen bij start-ups'.

    Parameters
    ----------
    given : what the programmes delivered, and what is published
    rows : keeps RESULTS; the ledger so far, of which `ASKED` is used
    cells : procedures and winners of the notices, where there are notices
    rests_on : `kind` and `inputs` of what the cells rest on

    Returns
    -------
    list of rows; what was not delivered gives none, but every barrier has its rows
    """
    row = partial(number, chapter="21", perimeter=buying_series.PERIMETER, **rests_on)
    own = [*buying_market.rows(given), *buying_series.rows(given, cells, row)]
    if cells is not None:
        whole = partial(row, period=whole_of(cells.procedures))
        own += buying_classes.of_notices(cells.classes, whole)
    told = rows[rows["id"].isin(ASKED)].astype("object")
    told = told.where(told.notna(), None)
    known = [*told.itertuples(index=False, name=None), *own]
    return [
        *buying_actions.rows(given),
        *own,
        *buying_classes.rows(given),
        *buying_barriers.rows(given, known),
    ]
