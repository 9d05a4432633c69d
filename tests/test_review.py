"""Clerical review: what is shown, how decisions are kept, and what they do to the links."""

import datetime as dt

import duckdb
import pandas as pd
import pytest
from test_linkage import number, register, says, stated

from analysis.companies.decisions import decide, read
from analysis.companies.linkage import link
from analysis.companies.review import ask, describer, to_review
from analysis.contracts.access import DECISIONS
from analysis.refusal import SourceError

TODAY = dt.date(2026, 3, 2)
DOUBTFUL = says("Ceulemans Wegenwerken", "6700")  # the firm sits in 9000
TWINS = says("Tweeling Software NV", "1000")  # two firms alike
SURE = says("Aertsbouw", "9000")
NOBODY = says("Iets Heel Anders", "9000")
PERSON = says("Tweeling Software", "1000", person=True)


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        yield engine


def linked(engine, path, *cases):
    decisions = engine.from_arrow(read(path))
    found = link(engine, stated(engine, list(cases)), register(engine), decisions)
    return {row["name"]: row for row in found.to_pylist()}


def decision(case, verdict, company=None, **other):
    """A decision on the whole of a stated name."""
    ordinary = {"name": case[0], "postcode": case[2], "country": case[3], "part_name": case[0]}
    said = {"company_id": company, "verdict": verdict, "who": "A. Reader", "when": TODAY}
    return ordinary | said | {"why": "the notice names the street"} | other


def test_a_confirmed_company_is_linked_and_survives_a_rebuild(engine, tmp_path):
    path = tmp_path / "decisions.csv"
    assert linked(engine, path, DOUBTFUL)[DOUBTFUL[0]]["reason"] == "doubtful"
    decide(path, decision(DOUBTFUL, "confirm", number(2)))
    decide(path, decision(TWINS, "confirm", number(7)))
    for _ in range(2):
        rows = linked(engine, path, DOUBTFUL, TWINS, SURE)
        told = {
            name: (row["company_id"], row["method"], row["reason"]) for name, row in rows.items()
        }
        assert told == {
            DOUBTFUL[0]: (number(2), "review", "linked"),
            TWINS[0]: (number(7), "review", "linked"),
            SURE[0]: (number(1), "exact", "linked"),
        }


def test_a_refused_company_is_not_linked(engine, tmp_path):
    path = tmp_path / "decisions.csv"
    decide(path, decision(SURE, "refuse", number(1)))
    decide(path, decision(DOUBTFUL, "refuse"))
    decide(path, decision(TWINS, "refuse", number(5)))  # nobody proposed that one
    rows = linked(engine, path, DOUBTFUL, TWINS, SURE)
    refused = rows[SURE[0]]
    assert (refused["company_id"], refused["method"], refused["reason"]) == (
        None,
        "none",
        "refused-in-review",
    )
    assert refused["runner_up"] == number(1)
    assert rows[DOUBTFUL[0]]["reason"] == "refused-in-review"
    assert rows[TWINS[0]]["reason"] == "ambiguous"


def test_a_decision_counts_where_it_was_taken_only(engine, tmp_path):
    path = tmp_path / "decisions.csv"
    decide(path, decision(DOUBTFUL, "confirm", number(2)))
    elsewhere = says(DOUBTFUL[0], "1000")
    assert linked(engine, path, elsewhere)[DOUBTFUL[0]]["reason"] == "doubtful"


def test_a_confirmed_company_that_left_the_register_stops_the_run(engine, tmp_path):
    path = tmp_path / "decisions.csv"
    decide(path, decision(DOUBTFUL, "confirm", number(77)))
    with pytest.raises(SourceError) as refusal:
        linked(engine, path, DOUBTFUL)
    assert number(77) in refusal.value.found
    assert "A. Reader" in refusal.value.found
    assert "pio link review" in refusal.value.do


def test_the_last_decision_on_a_case_counts_and_the_file_is_sorted(tmp_path):
    path = tmp_path / "decisions.csv"
    decide(path, decision(TWINS, "refuse", number(6)))
    decide(path, decision(DOUBTFUL, "refuse", why="een, komma\nen een regel"))
    decide(path, decision(TWINS, "confirm", number(7)))
    rows = read(path).to_pylist()
    assert [(row["name"], row["verdict"]) for row in rows] == [
        (DOUBTFUL[0], "refuse"),
        (TWINS[0], "confirm"),
    ]
    assert rows[0]["why"] == "een, komma\nen een regel"
    assert rows[1]["when"] == TODAY
    before = path.read_bytes()
    decide(path, decision(TWINS, "confirm", number(7)))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["decisions.csv"]


def test_no_file_is_no_decision(tmp_path):
    assert read(tmp_path / "decisions.csv").equals(DECISIONS.schema.empty_table())


HEAD = "name,postcode,country,part_name,company_id,verdict,who,when,why\n"
LINE = "Aertsbouw,9000,BE,Aertsbouw,{company},{verdict},A. Reader,{when},{why}\n"
GOOD = {"company": "1990000233", "verdict": "confirm", "when": "2026-03-02", "why": "seen"}


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        ("name,postcode\nA,9000\n", "line 1", "columns name, postcode"),
        ("", "line 1", "columns none"),
        (HEAD + LINE.format(**GOOD | {"verdict": "maybe"}), "line 2", "verdict maybe"),
        (HEAD + LINE.format(**GOOD | {"company": ""}), "line 2", "confirm without a company_id"),
        (HEAD + LINE.format(**GOOD | {"company": "0200.065.765"}), "line 2", "not ten digits"),
        (HEAD + LINE.format(**GOOD | {"when": "2 maart"}), "line 2", "when 2 maart"),
        (HEAD + LINE.format(**GOOD | {"why": ""}), "line 2", "no why"),
        (HEAD + LINE.format(**GOOD) * 2, "line 3", "line 2"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(tmp_path, text, where, found):
    path = tmp_path / "decisions.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as refusal:
        read(path)
    assert refusal.value.where == f"decisions.csv, {where}"
    assert found in refusal.value.found


def test_a_faulty_decision_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "decisions.csv"
    decide(path, decision(TWINS, "refuse"))
    before = path.read_bytes()
    with pytest.raises(SourceError, match="confirm without a company_id"):
        decide(path, decision(TWINS, "confirm"))
    assert path.read_bytes() == before


@pytest.fixture(scope="module")
def cases(engine):
    """What there is to review among five stated winners; the twins weigh most."""
    rows = [DOUBTFUL, TWINS, SURE, NOBODY, PERSON]
    links = link(engine, stated(engine, rows), register(engine)).to_pandas()
    return to_review(links.assign(weight=[2.0 if "NV" in str(n) else 0.5 for n in links["name"]]))


def test_only_the_undecided_are_shown_the_heaviest_first(cases):
    assert list(cases["name"]) == [TWINS[0], DOUBTFUL[0]]
    assert list(cases["weight"]) == [2.0, 0.5]
    assert list(cases["reason"]) == ["ambiguous", "doubtful"]
    assert cases["runner_up"][1] == number(2)


def test_a_stated_name_with_several_numbers_is_one_case():
    line = {"name": "A", "postcode": None, "country": "BE", "part_name": "A", "reason": "doubtful"}
    rows = [line | {"number": n, "runner_up": "1", "runner_up_score": 1.0} for n in ("3", "2")]
    shown = to_review(pd.DataFrame(rows))
    assert (len(shown), shown["weight"][0], shown["number"][0]) == (1, 2.0, "2")


def test_a_person_answers_case_by_case(engine, cases, tmp_path):
    path, said = tmp_path / "decisions.csv", []
    answers = iter(["s", "y", "same street"])
    describe = describer(engine, register(engine))
    made = ask(
        cases,
        path,
        who="A. Reader",
        when=TODAY,
        describe=describe,
        answer=lambda question: next(answers),
        echo=said.append,
    )
    assert made == 1
    (row,) = read(path).to_pylist()
    assert row == decision(DOUBTFUL, "confirm", number(2), why="same street")
    text = "\n".join(said)
    assert "Ceulemans Wegenwerken, 9000 Gent, since 2026-01-04" in text
    assert "1 of 2, weight 2, ambiguous" in text
    assert describe(number(77)) == "not in the register"
    assert describe(number(90)).startswith("a natural person")


def test_who_stops_keeps_what_was_decided(cases, tmp_path):
    path = tmp_path / "decisions.csv"
    answers = iter(["n", "", "q"])
    made = ask(
        cases,
        path,
        who="A. Reader",
        when=TODAY,
        describe=lambda company: company,
        answer=lambda question: next(answers),
        echo=lambda line: None,
    )
    assert made == 1
    (row,) = read(path).to_pylist()
    assert (row["verdict"], row["company_id"]) == ("refuse", cases["runner_up"][0])
