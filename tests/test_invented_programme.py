"""The invented programmes: forms without faults, one world with notices and register, its truth."""

import csv
import datetime as dt
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from functools import partial
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from analysis.contracts.intake import REFERENCES, SHEETS, TABLES
from analysis.contracts.intake.pio import PHASES
from analysis.simulate import WORLD, bidders, buyers, found_by, invent, population
from analysis.simulate.people import LAST_DAY
from analysis.simulate.programme import programme, write_programme
from analysis.simulate.programme_audit import audit
from analysis.simulate.programme_base import PROGRAMME
from analysis.simulate.programme_deals import watched
from analysis.simulate.programme_register import entries
from analysis.sources.intake import read

SEED, SCALE = 20160101, 0.5
TRULY = ("award", "unpublished", "not yet")  # each contract that was truly given, once
MARKS = re.compile(
    r"verzonnen|fictie|bedacht|denkbeeldig|voorbeeldstad|droomgemeente|nergens", re.I
)
LATER = {"ends", "engaged_until", "planned"}  # days that may lie ahead
Row = dict[str, Any]


class Invented(NamedTuple):
    """The world as it happened, and what was read back of its programmes."""

    notices: list
    firms: dict  # by enterprise number, those in Belgium
    deals: list
    told: Any
    folder: Path
    tables: dict[str, list[Row]]
    truth: dict[tuple[str, str, str], str]


def happened(scale: float, seed: int = SEED):
    firms = population(seed, scale)
    draw, deals = bidders(firms, found_by(firms)), []
    notices = list(watched(invent(seed, scale, draw=draw), deals, scale))
    return notices, deals, programme(seed, scale, buyers.buyers(scale), deals, draw), firms


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Invented:
    folder = tmp_path_factory.mktemp("programme")
    notices, deals, told, firms = happened(SCALE)
    write_programme(folder, told, b"kind: simulated\n")
    tables = {}
    for path in sorted((folder / "programme").glob("*.csv")):
        given = read(path)
        assert not given.notes
        tables |= {name: table.to_pylist() for name, table in given.tables.items()}
    with (folder / "programme_truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {(r["table"], r["key"], r["item"]): r["value"] for r in csv.DictReader(file)}
    find = found_by(firms)
    known = {who.number[:10]: who for who in map(find, range(len(firms.since)))}
    return Invented(notices, known, deals, told, folder, tables, truth)


def by(rows: list[Row], column: str) -> dict[Any, Row]:
    found = {row[column]: row for row in rows}
    assert len(found) == len(rows)
    return found


def lots(world: Invented) -> dict[str, tuple]:
    """Every lot that was truly awarded, by number of its contract, with its notice."""
    return {
        f"{notice.contract}/{lot.number}": (notice, lot)
        for notice in world.notices
        for lot in notice.lots
        if notice.counts in TRULY and lot.won
    }


def exists(world: Invented, number: str | None, day: dt.date) -> bool:
    """Whether a firm has that number on that day; who is told without number may be anybody."""
    if number is None:
        return True
    who = world.firms[number]
    return who.since <= day and (who.until is None or day < who.until)


def near(count: float, out_of: float, share: float) -> bool:
    """Within four standard errors of the share that it was drawn with."""
    return abs(count / out_of - share) < 4 * sqrt(share * (1 - share) / out_of)


# The files


def test_every_table_of_the_programmes_is_there_and_is_read_back_as_it_was_invented(world):
    assert world.tables.keys() == TABLES.keys()
    for name, rows in world.tables.items():
        columns = TABLES[name].columns
        made = [
            {c: _read(v) for c, v in zip(columns, row, strict=True)} for row in told(world, name)
        ]
        assert sorted(made, key=partial(_place, TABLES[name].key)) == rows, name


def _place(key: tuple[str, ...], row: Row) -> list:
    return [(row[column] is not None, row[column]) for column in key]


def told(world: Invented, name: str) -> list:
    return world.told.tables[name]


def _read(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, float) and not value < 1 else value


def test_the_files_have_dutch_heads_and_words(world):
    path = world.folder / "programme" / "pio_applications.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [field.label["nl"] for field in SHEETS["pio_applications"].fields.values()]
    assert {row[5] for row in rows[1:]} <= {
        "ontvankelijk", "onontvankelijk", "ingetrokken", "in behandeling",
    }  # fmt: skip
    assert {row[8] for row in rows[1:]} == {"ja", "nee", ""}
    assert "kind: simulated" in (path.parent / "card.yml").read_text(encoding="utf-8")


def test_what_a_row_names_is_there(world):
    unchecked_by_the_forms = {
        ("audit_sample", "contract"): ("contract_register", "contract"),
        ("knowledge_items", "project"): ("pio_projects", "project"),
        ("marketplace_needs", "project"): ("pio_projects", "project"),
    }
    for (table, column), (target, named) in (REFERENCES | unchecked_by_the_forms).items():
        there = {row[named] for row in world.tables[target]}
        assert {row[column] for row in world.tables[table]} - {None} <= there, (table, column)


def test_nothing_happens_after_the_world_ends(world):
    for name, rows in world.tables.items():
        for row in rows:
            late = {c for c, v in row.items() if isinstance(v, dt.date) and v > LAST_DAY}
            assert late <= LATER, (name, row)


def test_every_name_says_that_it_is_invented(world):
    named = ("title", "name", "description", "owner", "organisation", "acronym", "evidence",
             "mandate", "progress_note", "adjusted", "agreed", "eu_project")  # fmt: skip
    seen = Counter()
    for name, rows in world.tables.items():
        for row in rows if name != "survey_answers" else ():
            for column in named:
                if row.get(column):
                    assert MARKS.search(row[column]), (name, column, row[column])
                    seen[column] += 1
    assert set(seen) == set(named)


HASHED = """
import hashlib, sys
sys.path.insert(0, "tests")
from test_invented_programme import happened
print(hashlib.sha256(repr(happened(0.02)[2]).encode()).hexdigest())
"""


def test_the_seed_decides_whatever_the_hash_seed():
    other = subprocess.run(
        [sys.executable, "-c", HASHED],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"},
    ).stdout  # fmt: skip
    own = repr(happened(0.02)[2])
    assert other.strip() == hashlib.sha256(own.encode()).hexdigest()
    assert repr(happened(0.02, 7)[2]) != own


# PIO


def test_every_year_has_one_open_and_one_thematic_call(world):
    kinds = Counter((row["deadline"].year, row["call_kind"]) for row in world.tables["pio_calls"])
    years = range(2017, 2026)
    assert kinds == {(y, k): 1 for y in years for k in ("open-call", "thematic-call")}
    for row in world.tables["pio_calls"]:
        assert (row["priority"] is None) == (row["call_kind"] == "open-call")


def test_who_applies_may_apply_in_that_year(world):
    may = {(row["company_id"], row["year"]) for row in world.tables["eligible_buyers"]}
    for row in world.tables["pio_applications"]:
        assert (row["buyer"], row["submitted"].year) in may
    counts = Counter(
        (row["year"], row["organisation_type"]) for row in world.tables["eligible_buyers"]
    )
    # 40 towns of the world and 70 beside it, of which 5 and then 8 are merged away.
    assert [counts[year, "municipality"] for year in (2016, 2018, 2019, 2024, 2025)] == [
        110, 110, 105, 105, 97,
    ]  # fmt: skip


def test_some_six_in_ten_are_admitted_and_each_of_those_is_a_project(world):
    decided = [row for row in world.tables["pio_applications"] if row["decision"] != "pending"]
    admitted = {row["application"]: row for row in decided if row["decision"] == "admitted"}
    assert near(len(admitted), len(decided), 0.60)
    projects = by(world.tables["pio_projects"], "application")
    assert projects.keys() == admitted.keys()
    for name, row in projects.items():
        same = ("buyer", "title", "submitted")
        assert [row[c] for c in same] == [admitted[name][c] for c in same]
        assert row["admissible"] == admitted[name]["decided"]
    calls = by(world.tables["pio_calls"], "call")
    for row in world.tables["pio_applications"]:
        call = calls[row["call"]]
        assert call["opened"] <= row["submitted"] <= call["deadline"]
        why = world.truth.get(("pio_applications", row["application"], "refused for"))
        assert bool(why) == (row["decision"] == "inadmissible")


def test_projects_go_through_their_phases_in_order_with_months_between(world):
    waits, reached = defaultdict(list), Counter()
    for row in world.tables["pio_projects"]:
        days = [(phase, row[phase]) for phase in PHASES if row[phase]]
        assert [day for _, day in days] == sorted(day for _, day in days)
        for (_, before), (phase, day) in pairwise(days):
            waits[phase].append((day - before).days)
        reached.update(phase for phase, _ in days)
        if row["awarded"]:
            assert row["tendered"]
        if row["stopped"]:
            assert not row["finished"]
            assert row["stopped"] > days[-1][1]
        why = world.truth.get(("pio_projects", row["project"], "stopped for"))
        assert bool(why) == bool(row["stopped"])
    for phase in ("tendered", "awarded", "finished"):
        mean = sum(waits[phase]) / len(waits[phase])
        assert 45 < mean < 600, phase
    assert reached["submitted"] > reached["tendered"] > reached["awarded"] > reached["finished"] > 5
    still_open = [r for r in world.tables["pio_projects"] if not r["finished"] and not r["stopped"]]
    assert any(row["submitted"].year == 2025 for row in still_open)


def test_themes_drift_away_from_digital():
    themes = {"early": Counter(), "late": Counter()}
    for seed in range(6):
        for row in happened(0.02, seed)[2].tables["pio_applications"]:
            when = {2017: "early", 2018: "early", 2024: "late", 2025: "late"}
            if row.call.endswith("open") and row.theme and row.submitted.year in when:
                themes[when[row.submitted.year]][row.theme] += 1
    # The settings say 52 % in 2017 and 20 % in 2025, and a straight line between.
    share = {when: found["digital"] / found.total() for when, found in themes.items()}
    assert near(themes["early"]["digital"], themes["early"].total(), 0.50)
    assert near(themes["late"]["digital"], themes["late"].total(), 0.22)
    assert share["early"] > share["late"]


def test_a_contract_is_given_by_the_buyer_on_the_day_of_a_contract_of_the_world(world):
    truly, projects = lots(world), by(world.tables["pio_projects"], "project")
    bidders_of = defaultdict(list)
    for row in world.tables["pio_bidders"]:
        bidders_of[row["contract"]].append(row)
    of_world, told_of, used = 0, 0, set()
    for row in world.tables["pio_contracts"]:
        project = projects[row["project"]]
        assert row["awarded"] == project["awarded"]
        number = world.truth.get(("pio_contracts", row["contract"], "contract of the world"))
        if number is None:
            assert row["notice_id"] is None
            continue
        notice, lot = truly[number]
        assert number not in used
        used.add(number)
        of_world += 1
        assert (notice.decided, notice.buyer.number[:10]) == (row["awarded"], project["buyer"])
        assert (lot.cpv, notice.procedure) == (row["cpv"], row["procedure"])
        if row["value_eur"] is not None:
            assert row["value_eur"] == Decimal(lot.value) / 100
        if row["notice_id"]:
            told_of += 1
            assert (notice.id, notice.counts) == (row["notice_id"], "award")
        won = {firm.number for bid in lot.winning for firm in bid.members}
        assert {r["company_id"] for r in bidders_of[row["contract"]] if r["won"]} - {None} <= won
        assert len(bidders_of[row["contract"]]) == sum(len(bid.members) for bid in lot.tenders)
    assert told_of > 3
    assert len(world.tables["pio_contracts"]) > of_world > 10


def test_bidders_winners_and_those_consulted_exist_on_the_day(world):
    contracts = by(world.tables["pio_contracts"], "contract")
    projects = by(world.tables["pio_projects"], "project")
    winners, unknown, foreign = Counter(), 0, 0
    for row in world.tables["pio_bidders"]:
        assert exists(world, row["company_id"], contracts[row["contract"]]["awarded"])
        assert row["company_id"] is None or row["country"] == "BE"
        winners[row["contract"]] += row["won"]
        unknown += row["company_id"] is None and row["country"] == "BE"
        foreign += row["country"] != "BE"
    assert winners.keys() == contracts.keys()
    assert min(winners.values()) >= 1
    assert unknown > 0
    assert foreign > 0
    schools = {r["company_id"] for r in world.tables["eligible_buyers"]}
    for row in world.tables["pio_consulted"]:
        if row["participant_kind"] == "knowledge-institution":
            assert row["company_id"] is None or row["company_id"] in schools
        else:
            assert exists(world, row["company_id"], projects[row["project"]]["consulted"])


def test_some_of_those_consulted_bid_and_others_do_not(world):
    project = {row["contract"]: row["project"] for row in world.tables["pio_contracts"]}
    bid = {(project[r["contract"]], r["company_id"]) for r in world.tables["pio_bidders"]}
    awarded = set(project.values())
    came = {
        (row["project"], row["company_id"])
        for row in world.tables["pio_consulted"]
        if row["company_id"] and row["project"] in awarded
    }
    assert len(came & bid) > 10
    assert len(came - bid) > len(came & bid)
    assert len(bid - came) > 10


def test_cofinancing_keeps_to_the_published_caps(world):
    estimates, projects = defaultdict(int), by(world.tables["pio_projects"], "project")
    truly = lots(world)
    beside = set()
    for row in world.tables["pio_contracts"]:
        number = world.truth.get(("pio_contracts", row["contract"], "contract of the world"))
        if number:
            estimates[row["project"]] += truly[number][1].estimate // 100
        else:
            beside.add(row["project"])
    checked = 0
    for name, row in projects.items():
        committed, cap = row["committed_eur"] or 0, 30_000 if not row["tendered"] else 1_030_000
        if name in estimates and name not in beside:
            cap = 30_000 + min(1_000_000, (estimates[name] + 1) / 2)
            checked += 1
        assert committed <= cap, row
        if not row["awarded"]:
            assert row["paid_eur"] <= 30_000
        if not row["tendered"]:
            assert row["paid_eur"] == 0
    assert checked > 10


# The register of contracts and its audit


def test_the_register_has_every_contract_of_the_administration_above_the_limited_value(world):
    expected = {
        number: (notice, lot)
        for number, (notice, lot) in lots(world).items()
        if notice.buyer.body == "flemish-administration"
        and notice.decided >= dt.date(2018, 1, 1)
        and lot.estimate >= 3_000_000
    }
    register = by(world.tables["contract_register"], "contract")
    assert register.keys() == expected.keys()
    numbers = {bid.vehicle.number for n in world.notices for lot in n.lots for bid in lot.winning
               if bid.vehicle and bid.vehicle.number}  # fmt: skip
    for name, row in register.items():
        notice, lot = expected[name]
        assert (row["date"], row["buyer"]) == (notice.decided, notice.buyer.number[:10])
        assert row["estimated_eur"] == Decimal(lot.estimate) / 100
        assert row["awarded_eur"] in (None, Decimal(lot.value) / 100)
        assert row["company_id"] in numbers or exists(world, row["company_id"], row["date"])


def test_contracts_of_projects_are_innovative_and_stand_in_the_register(world):
    register = by(world.tables["contract_register"], "contract")
    buyer = {row["project"]: row["buyer"] for row in world.tables["pio_projects"]}
    administration = {row["buyer"] for row in register.values()}
    found = 0
    for row in world.tables["pio_contracts"]:
        if buyer[row["project"]] in administration and row["awarded"].year >= 2018:
            number = world.truth["pio_contracts", row["contract"], "contract of the world"]
            assert number in register
            assert world.truth["contract_register", number, "verdict"] in ("rd", "ppi")
            found += 1
    assert found > 3


def test_the_truth_of_the_register_adds_up_by_year(world):
    values = lots(world)
    whole, innovative = Counter(), Counter()
    for row in world.tables["contract_register"]:
        year, value = row["date"].year, values[row["contract"]][1].value
        verdict = world.truth["contract_register", row["contract"], "verdict"]
        whole[year] += value
        innovative[year] += value * (verdict in ("rd", "ppi"))
    for year in range(2018, 2026):
        share = float(
            world.truth["contract_register", str(year), "rd and ppi share of awarded amounts"]
        )
        assert share == pytest.approx(innovative[year] / whole[year], abs=1e-6)
        assert 0 < share < 0.2


def test_one_very_large_contract_makes_the_year_of_the_jump(world):
    jump = PROGRAMME["register"]["jump"]["year"]
    largest = Counter()
    for row in world.tables["contract_register"]:
        if world.truth["contract_register", row["contract"], "verdict"] in ("rd", "ppi"):
            largest[row["date"].year] = max(largest[row["date"].year], row["estimated_eur"])
    [(year, first), (_, second)] = largest.most_common(2)
    assert year == jump
    assert first > 1.5 * float(second)


def test_marks_and_words_point_to_innovation_but_not_always(world):
    said = re.compile(
        r"innovati|prototype|proof of concept|precommerci|haalbaarheid|onderzoek en ontw"
        r"|levend labo|ontwikkeling van een nieuw|validatie in een test", re.I,
    )  # fmt: skip
    marked, worded = Counter(), Counter()
    for row in world.tables["contract_register"]:
        truly = world.truth["contract_register", row["contract"], "verdict"] != "none"
        marked[truly, row["innovation"]] += 1
        worded[truly, bool(said.search(row["title"]))] += 1
        assert row["innovation_kind"] is None or row["innovation"]
    assert 0.4 < marked[True, True] / (marked[True, True] + marked[True, False]) < 0.95
    assert 0 < marked[False, True] / (marked[False, True] + marked[False, False]) < 0.05
    assert marked[True, None] + marked[False, None] > 50
    assert 0.5 < worded[True, True] / (worded[True, True] + worded[True, False]) < 0.9
    assert 0 < worded[False, True] / worded[False, False] < 0.1
    assert any("renovatie" in row["title"] for row in world.tables["contract_register"])


def test_two_coders_judge_the_largest_contracts_and_disagree_now_and_then(world):
    register = by(world.tables["contract_register"], "contract")
    verdicts, drawn = defaultdict(dict), {}
    for row in world.tables["audit_sample"]:
        verdicts[row["contract"]][row["coder"]] = row["verdict"]
        drawn[row["contract"]] = row
        assert row["coded"] >= register[row["contract"]]["date"]
        assert row["stratum"].startswith(str(register[row["contract"]]["date"].year))
    assert all(found.keys() == {"A", "B"} for found in verdicts.values())
    disagree = sum(found["A"] != found["B"] for found in verdicts.values())
    assert 0 < disagree < 0.15 * len(verdicts)
    for year in PROGRAMME["audit"]["years"]:
        of_year = [row for row in register.values() if row["date"].year == year]
        for row in sorted(of_year, key=lambda row: -row["estimated_eur"])[:20]:
            assert drawn[row["contract"]]["chance"] == 1


def test_the_chances_of_the_audit_are_those_of_its_draw(world):
    """Weighed by one over its chance the sample counts, on average, every contract of the year."""
    projects = {
        value: key for (_, key, item), value in world.truth.items()
        if item == "contract of the world"
    }  # fmt: skip
    found = entries(SEED, world.deals, projects)
    rows = told(world, "contract_register")
    of_year = sum(row.date.year == 2024 for row in rows)
    counted = []
    for seed in range(120):
        sample = [r for r in audit(seed, found, rows) if r.coded.year == 2025 and r.coder == "A"]
        sample = [row for row in sample if row.stratum.startswith("2024")]
        counted.append(sum(1 / row.chance for row in sample))
    mean = sum(counted) / len(counted)
    error = sqrt(sum((c - mean) ** 2 for c in counted) / (len(counted) - 1) / len(counted))
    assert 0 < error < 0.05 * of_year
    assert abs(mean - of_year) < 4 * error


# The survey


def test_nobody_answers_who_is_not_in_the_population(world):
    members, invited = Counter(), Counter()
    for row in world.tables["survey_populations"]:
        members[row["wave"], row["group"], row["stratum"]] = row["members"]
        invited[row["wave"], row["group"]] += row["invited"]
    people = {
        (r["wave"], r["respondent"], r["group"], r["stratum"])
        for r in world.tables["survey_answers"]
    }
    answered = Counter((wave, group, stratum) for wave, _, group, stratum in people)
    assert all(count <= members[part] for part, count in answered.items())
    assert {wave for wave, *_ in members} == {2021, 2023, 2025}
    assert len({group for _, group, _ in members}) == 8
    totals = Counter()
    for (wave, group, _), count in members.items():
        totals[wave, group] += count
    for (wave, group), count in totals.items():
        key = ("survey_answers", f"{wave}/{group}", "all: persons")
        assert int(world.truth[key]) == count


def test_what_all_members_think_lies_within_the_bounds_of_who_answered(world):
    yes = {"4", "5", "yes", "not-at-all", "later", "smaller"}
    members, agreed, answered = Counter(), Counter(), Counter()
    for row in world.tables["survey_populations"]:
        members[row["wave"], row["group"]] += row["members"]
    for row in world.tables["survey_answers"]:
        place = row["wave"], row["group"], row["question"]
        if row["answer"] not in (None, "dont-know", "not-applicable"):
            answered[place] += 1
            agreed[place] += row["answer"] in yes
    for (wave, group, question), n in answered.items():
        truly = float(world.truth["survey_answers", f"{wave}/{group}/{question}", "all: share"])
        many, said = members[wave, group], agreed[wave, group, question]
        assert said / many - 1e-6 <= truly <= (said + many - n) / many + 1e-6


def test_who_is_satisfied_answers_sooner(world):
    gaps = []
    for (table, key, item), value in world.truth.items():
        if table == "survey_answers" and item == "all: share" and "/SAT" in key:
            said = world.truth.get((table, key, "respondents: share"))
            many = int(world.truth[table, key.rsplit("/", 1)[0], "all: persons"])
            gaps += [(many, float(said) - float(value))] if said else []
    weighed = sum(many * gap for many, gap in gaps) / sum(many for many, _ in gaps)
    assert 0.02 < weighed < 0.25


# Partners, 'kopen bij start-ups', outreach


def test_partners_are_invented_and_begin_after_the_published_year(world):
    assert all(row["name"].startswith("Verzonnen ") for row in world.tables["structural_partners"])
    years = {row["year"] for row in world.tables["partner_instruments"]}
    assert years == {2023, 2024, 2025}
    amounts = defaultdict(Counter)
    for row in world.tables["partner_payments"]:
        amounts[row["instrument"]][row["stage"]] += row["amount_eur"]
    for stages in amounts.values():
        assert stages["promised"] >= stages["committed"] >= stages["paid"] - 3 > 0
    assert len({row["vat"] for row in world.tables["partner_payments"]}) >= 3


def test_a_partner_reaches_what_is_expected_of_its_service(world):
    reached, expected = Counter(), Counter()
    for row in world.tables["partner_kpis"]:
        key = f"{row['instrument']}/{row['kpi']}"
        hard = float(world.truth["partner_kpis", key, "ratio to be expected"]) < 1
        target = row["target_initial"] if row["target_revised"] is None else row["target_revised"]
        count = row["reached"]
        if count is None:
            count = int(world.truth["partner_kpis", key, "reached"])
        else:
            assert row["enterprises"] <= count
        reached[hard] += count
        expected[hard] += target * float(world.truth["partner_kpis", key, "ratio to be expected"])
    for hard in (True, False):
        assert abs(reached[hard] - expected[hard]) < 4 * sqrt(expected[hard])


def test_needs_that_are_projects_are_awarded_as_the_projects_were(world):
    projects = by(world.tables["pio_projects"], "project")
    contracts = {row["contract"]: row["project"] for row in world.tables["pio_contracts"]}
    winners = {(contracts[r["contract"]], r["company_id"]) for r in world.tables["pio_bidders"]
               if r["won"]}  # fmt: skip
    linked = [row for row in world.tables["marketplace_needs"] if row["project"]]
    for row in linked:
        project = projects[row["project"]]
        assert (row["buyer"], row["awarded"]) == (project["buyer"], project["awarded"])
        assert row["winner"] is None or (row["project"], row["winner"]) in winners
    assert 3 < len(linked) < len(world.tables["marketplace_needs"]) / 2
    assert min(row["posted"] for row in world.tables["marketplace_needs"]) >= dt.date(2019, 9, 16)


def test_firms_of_the_marketplace_exist_and_win_there_while_they_do(world):
    for row in world.tables["marketplace_firms"]:
        assert exists(world, row["company_id"], row["registered"])
        until = world.firms[row["company_id"]].until
        assert until is None or until > LAST_DAY or row["left"] <= until
    for row in world.tables["marketplace_needs"]:
        if row["winner"]:
            assert exists(world, row["winner"], row["awarded"])
    registered = {row["company_id"] for row in world.tables["marketplace_firms"]}
    won = {r["company_id"] for r in world.tables["pio_bidders"] if r["won"]} - {None}
    assert 0 < len(registered & won) < len(won)


def test_attendance_is_of_bodies_that_may_apply_and_counted_as_noted(world):
    may = {row["company_id"] for row in world.tables["eligible_buyers"]}
    noted = Counter(row["event"] for row in world.tables["event_attendance"])
    assert {row["company_id"] for row in world.tables["event_attendance"]} <= may
    for row in world.tables["events"]:
        assert row["organisations"] in (None, noted[row["event"]])
    items = by(world.tables["knowledge_items"], "item")
    for row in world.tables["knowledge_use"]:
        assert row["first_used"] >= items[row["item"]]["published"]
    projects = by(world.tables["pio_projects"], "project")
    cases = [row for row in items.values() if row["project"]]
    assert cases
    for row in cases:
        assert projects[row["project"]]["public_case"]
        assert row["published"] > projects[row["project"]]["finished"]


def test_the_smallest_world_has_programmes_too(tmp_path):
    _, _, given, _ = happened(0.01)
    write_programme(tmp_path, given, b"kind: simulated\n")
    files = sorted((tmp_path / "programme").glob("*.csv"))
    assert len(files) >= len(TABLES) - 3
    for path in files:
        read(path)
    assert WORLD["last_day"] == LAST_DAY
