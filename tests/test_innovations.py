"""What came out of the projects, worked by hand."""

import pytest
from blocks_world import given, one, told
from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from analysis.indicators.innovations import results
from analysis.results import ledger


def project(name, submitted="2018-01-10", **stated):
    return {"project": str(name), "application": str(name), "submitted": submitted} | stated


def finished(name, on="2020-03-01", **stated):
    return project(name, finished=on, **stated)


def stopped(name, on="2020-03-01", **stated):
    return project(name, stopped=on, **stated)


def test_only_what_ended_is_judged_on_how_it_ended():
    rows = results(
        given(pio_projects=[finished(1), finished(2), finished(3), stopped(4), project(5)])
    )
    assert told(rows, "innovations.ended")[0] == 4
    assert told(rows, "innovations.open")[0] == 1
    # Wilson for 3 of 4, as in Newcombe 1998: centre and half width by hand
    z = 1.959964
    centre, half = (0.75 + z * z / 8) / (1 + z * z / 4), z * (3 / 64 + z * z / 64) ** 0.5
    half /= 1 + z * z / 4
    share = told(rows, "innovations.completed_share")
    assert share[:3] == pytest.approx((0.75, centre - half, centre + half), abs=1e-4)


def test_a_solution_in_use_was_finished_even_if_nobody_wrote_the_day_down():
    rows = results(given(pio_projects=[project(1, in_use="2020-03-01")]))
    assert told(rows, "innovations.completed_share")[0] == 1
    assert one(rows, "innovations.in_use_share", group="months=12")["unknown"] == 1


def test_a_project_without_a_trl_at_the_end_may_be_validated_or_not():
    rows = results(
        given(
            pio_projects=[
                finished(1, trl_start=4, trl_end=7),
                finished(2, trl_start=3, trl_end=6),
                finished(3, trl_end=9),
                finished(4),
                stopped(5, trl_start=3, trl_end=8),
            ]
        )
    )
    assert told(rows, "innovations.validated") == (2, 2, 3, 3, 1)
    assert told(rows, "innovations.trl_change") == (3, None, None, 2, 2)


def test_nothing_known_of_any_trl_is_unknown_and_not_none():
    rows = results(given(pio_projects=[finished(1), finished(2)]))
    assert told(rows, "innovations.validated") == (None, 0, 2, 0, 2)
    assert told(rows, "innovations.trl_change")[0] is None


def rated(*pairs):
    return [finished(n, novelty_1=a, novelty_2=b) for n, (a, b) in enumerate(pairs)]


def test_a_panel_that_agrees_is_published_with_what_its_raters_leave_open():
    # 6 novel and 3 not for both raters, one rated 2 by one of them only, one not rated twice
    pairs = [(2, 2)] * 4 + [(3, 3)] * 2 + [(0, 0)] * 3 + [(2, 1)] + [(2, None)]
    rows = results(given(pio_projects=rated(*pairs)))
    assert told(rows, "innovations.novelty_alpha")[0] > 0.8
    share = one(rows, "innovations.novelty_share")
    assert share["definition"] == "novel-firm"
    assert share["value"] == pytest.approx((7 + 6) / 20)
    assert (share["low"], share["high"]) == pytest.approx((6 / 11, (7 + 1) / 11))


def test_a_panel_that_disagrees_publishes_nothing_but_its_disagreement():
    rows = results(given(pio_projects=rated((0, 3), (3, 0), (1, 2), (2, 1))))
    assert told(rows, "innovations.novelty_alpha")[0] < 0
    share = one(rows, "innovations.novelty_share")
    assert (share["value"], share["denominator"]) == (None, "panel-not-agreed")


def test_one_rater_is_no_panel():
    rows = results(given(pio_projects=rated((2, None), (3, None))))
    assert told(rows, "innovations.novelty_alpha")[0] is None
    assert one(rows, "innovations.novelty_share")["denominator"] == "panel-not-there"


def test_projects_not_yet_in_use_are_followed_as_long_as_they_can_be():
    # Finished on 1 January of 2021: in use after 100 and 500 days, two not by the end of 2025;
    # one more finished in December 2025 and left the follow-up after 30 days.
    rows = results(
        given(
            pio_projects=[
                finished(1, "2021-01-01", in_use="2021-04-11"),
                finished(2, "2021-01-01", in_use="2022-05-16"),
                finished(3, "2021-01-01"),
                finished(4, "2021-01-01"),
                finished(5, "2025-12-01"),
            ]
        )
    )
    # day 100: 1 of the 4 still followed; day 500: of the 3 left, 1
    assert told(rows, "innovations.in_use_share", group="months=12")[0] == 0.25
    assert told(rows, "innovations.in_use_share", group="months=24")[0] == 0.5


def test_projects_followed_too_short_say_nothing_of_two_years():
    rows = results(given(pio_projects=[finished(1, "2024-06-01"), finished(2, "2024-06-01")]))
    assert told(rows, "innovations.in_use_share", group="months=12")[0] == 0
    later = one(rows, "innovations.in_use_share", group="months=24")
    assert (later["value"], later["denominator"]) == (None, "not-followed-so-long")


def test_a_stopped_project_of_which_no_report_is_stated_may_have_one():
    rows = results(
        given(
            pio_projects=[
                stopped(1, learning_report=True),
                stopped(2, learning_report=False),
                stopped(3),
                stopped(4),
                finished(5, learning_report=True),
            ]
        )
    )
    assert told(rows, "innovations.learning_share") == (0.5, 0.25, 0.75, 2, 2)


def test_the_baseline_shows_projects_as_they_stood_then():
    rows = results(
        given(pio_projects=[finished(1, "2019-06-01"), stopped(2), project(3, "2021-01-01")])
    )
    then = told(rows, "innovations.completed_share", period="2018-2019")
    assert (then[0], then[3]) == (1, 1)
    assert told(rows, "innovations.open", period="2018-2019")[0] == 1
    assert told(rows, "innovations.completed_share", period="2018-2025")[0] == 0.5


def test_without_projects_nothing_is_said_and_without_an_end_no_share():
    assert results(given()) == []
    rows = results(given(pio_projects=[project(1)]))
    for id in ("completed_share", "learning_share", "novelty_share", "trl_change"):
        assert told(rows, f"innovations.{id}")[0] is None
    assert told(rows, "innovations.validated")[0] == 0
    assert len(ledger(results(given(pio_projects=[])))) > 0


levels = st.one_of(st.none(), st.integers(1, 9))
ends = st.sampled_from(["finished", "stopped", ""])


@settings(max_examples=8, deadline=None)
@forall(st.lists(st.tuples(ends, levels, st.one_of(st.none(), st.booleans())), max_size=10))
def test_every_project_is_open_finished_or_stopped_and_unknowns_are_counted(world):
    table = [
        project(n, trl_end=level, learning_report=report, **({end: "2021-01-01"} if end else {}))
        for n, (end, level, report) in enumerate(world)
    ]
    rows = results(given(pio_projects=table))
    assert len(ledger(rows)) == len(rows)
    ended, open_ = (told(rows, f"innovations.{id}")[0] for id in ("ended", "open"))
    assert ended + open_ == len(world)
    done = [(level, report) for end, level, report in world if end == "finished"]
    found = one(rows, "innovations.validated")
    assert found["n"] + found["unknown"] == len(done)
    for filled in (1, 9):
        assert found["low"] <= sum((level or filled) >= 7 for level, _ in done) <= found["high"]
