"""What those who were asked say, what silence leaves open, and what is too small to be printed."""

import itertools

import pytest
from blocks_world import given, one, told
from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from analysis.indicators.satisfaction import results
from analysis.results import ledger

GROUP = "respondents=applicant-admitted"
SAT1 = f"{GROUP},question=SAT1"
LIKERT = [{"question": "SAT1", "scale": "likert-5", "wording_nl": "Ik ben tevreden."}]


def said(**counts):
    """Answers to one question: `said(_5=30)` is thirty times a 5; `none` is left open."""
    number = itertools.count(1)
    return [
        {"respondent": f"r{next(number)}", "answer": _answer(name)}
        for name, times in counts.items()
        for _ in range(times)
    ]


def _answer(name):
    return None if name == "none" else name.removeprefix("_").replace("_", "-")


def survey(members, answers, *, questions=LIKERT, **stated):
    population = [{"members": members} | stated]
    return results(
        given(survey_questions=questions, survey_populations=population, survey_answers=answers)
    )


def test_thirty_six_satisfied_of_forty_five_of_seventy():
    """The printed example of the method note: 80 %, bounds 51.4-87.1 % (methods 5)."""
    rows = survey(70, said(_5=30, _4=6, _2=9))
    share = one(rows, "satisfaction.top_box", group=SAT1)
    assert share["value"] == pytest.approx(0.8)
    assert (round(share["low"], 3), round(share["high"], 3)) == (0.721, 0.861)
    assert (share["n"], share["unknown"], share["grade"]) == (45, 25, "E")
    assert told(rows, "satisfaction.top_box_bounds", group=SAT1)[:3] == (0.8, 0.5143, 0.8714)


def test_the_response_counts_members_and_not_only_who_was_written_to():
    rows = survey(70, said(_5=30, none=5), invited=50)
    rate = one(rows, "satisfaction.response_rate", group=GROUP, definition="rr1")
    assert (rate["value"], rate["grade"]) == (pytest.approx(30 / 70), "D")
    assert told(rows, "satisfaction.members", group=GROUP)[0] == 70
    assert told(rows, "satisfaction.answered", group=GROUP)[0] == 30


def test_who_left_a_question_open_answered_in_part():
    questions = [*LIKERT, {"question": "SAT2", "scale": "likert-5", "wording_nl": "Het ging snel."}]
    answers = [
        one | {"question": question}
        for question in ("SAT1", "SAT2")
        for one in said(_5=20, _4=10)
    ]  # fmt: skip
    answers[0]["answer"] = None
    rows = survey(60, answers, questions=questions)
    at = {"group": GROUP}
    assert told(rows, "satisfaction.response_rate", definition="rr1", **at)[0] == 0.4833
    assert told(rows, "satisfaction.response_rate", definition="rr2", **at)[0] == 0.5


def test_dont_know_is_never_in_the_base():
    rows = survey(70, said(_5=30, _2=10, dont_know=5, none=5))
    share = one(rows, "satisfaction.top_box", group=SAT1)
    assert (share["value"], share["n"], share["unknown"]) == (0.75, 40, 30)


def test_to_whom_it_does_not_apply_is_no_member_in_the_bounds():
    rows = survey(50, said(_5=20, _2=10, not_applicable=10))
    assert told(rows, "satisfaction.top_box_bounds", group=SAT1)[1:3] == (0.5, 0.75)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (said(_5=5, _1=4), "fewer-than-10-answers"),
        (said(_5=10, _1=9), "fewer-than-20-answers"),
        (said(_5=26, _1=4), "answer-of-fewer-than-5"),
    ],
)
def test_small_numbers_give_no_share(answers, why):
    rows = survey(70, answers)
    row = one(rows, "satisfaction.top_box", group=SAT1)
    assert (row["value"], row["low"], row["denominator"]) == (None, None, why)
    assert not [row for row in rows if row.id == "satisfaction.top_box_bounds"]


def test_a_share_that_nobody_contradicts_is_printed():
    assert told(survey(70, said(_5=30)), "satisfaction.top_box", group=SAT1)[0] == 1


def counts(rows):
    own = [row for row in rows if row.id == "satisfaction.answers"]
    return {row.group.rpartition("answer=")[2]: row.value for row in own}


def test_answers_are_joined_until_none_is_of_fewer_than_five():
    full = counts(survey(70, said(_1=5, _2=6, _3=7, _4=8, _5=9)))
    assert full == {"1": 5, "2": 6, "3": 7, "4": 8, "5": 9}
    three = counts(survey(70, said(_1=2, _2=6, _3=7, _4=8, _5=9)))
    assert three == {"1+2": 8, "3": 7, "4+5": 17}
    two = counts(survey(70, said(_1=2, _2=1, _3=4, _4=8, _5=9)))
    assert two == {"1+2+3": 7, "4+5": 17}
    assert counts(survey(70, said(_1=2, _5=20))) == {}


def test_ten_to_nineteen_opinions_give_counts_and_no_shares():
    rows = survey(70, said(_2=5, _5=10))
    assert counts(rows) == {"1": 0, "2": 5, "3": 0, "4": 0, "5": 10}
    assert told(rows, "satisfaction.top_box", group=SAT1)[0] is None
    assert told(rows, "satisfaction.top_box_count", group=SAT1) == (10, None, None, 15, 55)


def test_what_groups_say_is_never_added_up():
    rows = results(
        given(
            survey_questions=LIKERT,
            survey_populations=[{"members": 60}, {"members": 60, "group": "contractor"}],
            survey_answers=[
                *said(_5=30, _2=10),
                *({**one, "respondent": f"c{n}", "group": "contractor"}
                  for n, one in enumerate(said(_5=8))),
            ],
        )
    )  # fmt: skip
    told = {row.group.split(",")[0] for row in rows if "question=" in row.group}
    assert told == {GROUP, "respondents=contractor"}
    assert {row.id for row in rows if row.group == "all"} == {
        f"satisfaction.{name}" for name in ("members", "answered", "organisations")
    }


def strata(first, second):
    answers = [one | {"stratum": "lokaal"} for one in first]
    answers += [one | {"stratum": "Vlaams", "respondent": f"v{n}"} for n, one in enumerate(second)]
    return results(
        given(
            survey_questions=LIKERT,
            survey_populations=[
                {"members": 100, "stratum": "lokaal"},
                {"members": 20, "stratum": "Vlaams"},
            ],
            survey_answers=answers,
        )
    )


def test_a_respondent_stands_for_the_members_of_its_stratum():
    # lokaal: 10 of 20 agree, each stands for 5; Vlaams: 20 of 20, each for 1: 70 of 120
    rows = strata(said(_5=10, _2=10), said(_5=20))
    share = one(rows, "satisfaction.top_box", group=SAT1)
    assert share["value"] == pytest.approx(70 / 120)
    assert share["definition"] == "likert-5-weighted"
    plain = one(rows, "satisfaction.top_box_bounds", group=SAT1)
    assert plain["value"] == pytest.approx(30 / 40)
    # 40 (20 x 25 + 20 x 1)/(20 x 5 + 20)^2
    assert told(rows, "satisfaction.kish", group=SAT1)[0] == pytest.approx(1.4444, abs=1e-4)


def test_weights_that_would_show_a_small_stratum_are_not_used():
    rows = strata(said(_5=20, _2=10), said(_5=8))
    share = one(rows, "satisfaction.top_box", group=SAT1)
    assert share["definition"] == "likert-5-unweighted"
    assert share["value"] == pytest.approx(28 / 38)


def test_colleagues_are_a_cluster_and_widen_the_interval():
    alone = one(survey(100, said(_5=25, _2=15)), "satisfaction.top_box", group=SAT1)
    people = [
        person | {"organisation": f"org-{n // 5}"} for n, person in enumerate(said(_5=25, _2=15))
    ]
    rows = survey(100, people)
    together = one(rows, "satisfaction.top_box", group=SAT1)
    assert together["high"] - together["low"] > 1.5 * (alone["high"] - alone["low"])
    assert told(rows, "satisfaction.organisations", group=GROUP)[0] == 8


def test_the_question_on_the_programme_counts_whoever_would_not_have_done_the_same():
    questions = [{"question": "ADD1", "scale": "without-programme", "wording_nl": "En anders?"}]
    answers = [
        person | {"question": "ADD1"} for person in said(not_at_all=10, later=8, smaller=6, same=6)
    ]
    rows = survey(40, answers, questions=questions)
    row = one(rows, "satisfaction.not_same_share", group=f"{GROUP},question=ADD1")
    assert (row["value"], row["grade"]) == (0.8, "E")


def test_more_answers_than_members_settle_nothing():
    rows = survey(20, said(_5=30))
    rate = one(rows, "satisfaction.response_rate", group=GROUP, definition="rr1")
    assert (rate["value"], rate["denominator"]) == (None, "more-answers-than-members")
    assert told(rows, "satisfaction.top_box", group=SAT1)[0] is None


def test_a_small_group_has_counts_and_no_response_rate():
    rows = survey(12, said(_5=6))
    rate = one(rows, "satisfaction.response_rate", group=GROUP, definition="rr1")
    assert (rate["value"], rate["denominator"]) == (None, "fewer-than-20-members")


def test_a_group_of_which_nobody_answered_has_a_response_of_zero():
    rows = survey(50, [])
    rate = told(rows, "satisfaction.response_rate", group=GROUP, definition="rr1")
    assert rate[0] == 0


def test_an_answer_of_another_scale_is_no_opinion():
    rows = survey(70, said(_5=20, _2=10, yes=6))
    assert one(rows, "satisfaction.top_box", group=SAT1)["n"] == 30


def test_a_survey_after_the_year_of_the_report_is_left_out():
    later = {"survey_populations": [{"members": 70, "wave": 2026}],
             "survey_answers": [one | {"wave": 2026} for one in said(_5=30)]}  # fmt: skip
    assert results(given(survey_questions=LIKERT, **later)) == []


def test_without_a_survey_nothing_is_said():
    assert results(given()) == []
    assert results(given(survey_answers=said(_5=30))) == []


tallies = st.fixed_dictionaries({f"_{step}": st.integers(0, 30) for step in range(1, 6)})


@settings(max_examples=8, deadline=None)
@forall(tallies, st.integers(0, 20), st.integers(0, 40))
def test_what_is_printed_shows_no_answer_of_fewer_than_five(tally, unsure, silent):
    answers = said(**tally, dont_know=unsure)
    rows = survey(len(answers) + silent, answers)
    assert len(ledger(rows)) == len(rows)
    n = sum(tally.values())
    agree, printed = tally["_4"] + tally["_5"], counts(rows)
    assert not any(0 < count < 5 for count in printed.values())
    assert not printed or sum(printed.values()) == n >= 10
    shares = [row for row in rows if row.id == "satisfaction.top_box" and row.value is not None]
    for row in shares:
        assert n >= 20
        assert not 0 < agree < 5
        assert not 0 < n - agree < 5
        assert row.value == pytest.approx(agree / n)
        assert row.low <= row.value <= row.high
    bounds = [row for row in rows if row.id == "satisfaction.top_box_bounds"]
    assert len(bounds) == len(shares)
    for row in bounds:
        members = len(answers) + silent
        assert row.low <= agree / members
        assert row.high >= (agree + members - n) / members - 1e-9
