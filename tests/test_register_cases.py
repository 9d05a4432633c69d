"""The invented register and the labelled cases on which linkage is measured."""

from importlib import resources

import duckdb
import pyarrow as pa
import pytest
import yaml

from analysis.companies.linkage import link
from analysis.companies.numbers import enterprise_number
from analysis.contracts.companies import ADDRESSES, COMPANIES, NAMES
from analysis.contracts.table import keep
from analysis.simulate import register, register_cases

FIRMS, EACH = 6_000, 12


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as engine:
        yield engine


@pytest.fixture(scope="module")
def relations(engine):
    return register.build(engine, FIRMS, seed=7)


@pytest.fixture(scope="module")
def cases(engine, relations):
    return register_cases.draw_cases(engine, EACH, seed=7)


def test_the_register_keeps_the_contracts(engine, relations):
    for table in (COMPANIES, NAMES, ADDRESSES):
        rows = relations[table.name]
        missing = [column for column in table.columns if column not in rows.columns]
        assert all(table.columns[column].may_be_missing for column in missing)
        stated = ", ".join(column for column in table.columns if column not in missing)
        nothing = "".join(f', null as "{column}"' for column in missing)
        keep(rows.project(stated + nothing), table)
    numbers = relations["companies"].limit(50).fetchall()
    assert all(enterprise_number(row[0], "BE").digits == row[0] for row in numbers)


def test_about_half_of_the_firms_share_a_name(engine, relations):
    query = """select sum(firms) filter (firms > 1) / sum(firms) from
        (select count(*) as firms from firms group by identity(name))"""
    assert 0.4 < engine.execute(query).fetchall()[0][0] < 0.65


def test_another_seed_is_another_register_and_the_same_seed_the_same(engine, relations):
    sums = "select md5(string_agg(name || postcode, '|' order by i)) from firms where i < 200"
    first = engine.execute(sums).fetchall()
    with duckdb.connect(config={"threads": 1}) as other:
        register.build(other, FIRMS, seed=7)
        assert other.execute(sums).fetchall() == first
        register.build(other, 200, seed=8)
        assert other.execute(sums).fetchall() != first


def test_the_oracle_counts_firms_of_the_words_form_and_place(engine, cases):
    """Counted again in plain Python, from the register's own rows."""
    query = """select number, name, split_part(form, '_', 1), postcode::varchar
        from (select number, name from bears) join (from firms select number, form, postcode)
        using (number)"""
    borne = engine.execute(query).fetchall()
    for case in [
        case for case in cases if case.kind in ("exact", "postcode missing", "short name")
    ]:
        (name,), (family,) = case.meant, case.families
        fit = {
            number
            for number, other, form, postcode in borne
            if words(other) == words(name)
            and family in (None, form)
            and case.postcode in (None, postcode)
        }
        assert case.fits == (len(fit),)


def words(name):
    return sorted(name.lower().replace("&", " ").replace("'", " ").replace("-", " ").split())


def test_every_kind_of_corruption_has_cases(cases):
    kinds = {case.kind for case in cases}
    assert len(kinds) >= 25
    for case in cases:
        if case.kind in ("foreign", "group name only", "not in the register"):
            assert case.truth == ()
        if case.kind == "number of nobody":
            assert enterprise_number(case.number, "BE").digits == case.number


def test_linkage_keeps_the_bars_on_a_small_register(engine, relations, cases):
    said = ("name", "number", "postcode", "country")
    columns = {name: [getattr(case, name) for case in cases] for name in said}
    stated = engine.from_arrow(pa.table(columns | {"is_natural_person": [False] * len(cases)}))
    found = {
        (*(row[name] for name in said), row["part"]): row["company_id"]
        for row in link(engine, stated, relations).to_pylist()
    }
    asked = [
        (found.get((*(getattr(case, name) for name in said), part + 1)), truth, fits)
        for case in cases
        for part, (truth, fits) in enumerate(
            zip(case.truth, case.fits, strict=True) if case.truth else [(None, 0)]
        )
    ]
    made = [(company, truth) for company, truth, _ in asked if company]
    assert sum(company == truth for company, truth in made) / len(made) >= 0.985
    alone = [(company, truth) for company, truth, fits in asked if fits == 1]
    assert sum(company == truth for company, truth in alone) / len(alone) >= 0.95


def test_the_recorded_quality_keeps_the_bars():
    """What the data chapter prints, measured by benchmarks/link_winners.py on 2 million firms."""
    text = resources.files("analysis.companies").joinpath("linkage_quality.yml").read_text("utf-8")
    record = yaml.safe_load(text)
    assert record["firms"] == 2_000_000
    assert record["seeds"]["tune"] != record["seeds"]["report"]
    for use in ("tune", "report"):
        told = record[use]
        assert told["cases"] >= 5_000
        assert told["sharing"] >= 0.5
        assert told["precision"] == pytest.approx(told["right_links"] / told["links"], abs=1e-4)
        assert told["recall"] == pytest.approx(told["found"] / told["fit_one_company"], abs=1e-4)
        assert told["precision"] >= 0.985
        assert told["recall"] >= 0.95
        links = {row["kind"]: row["links"] for row in told["by_kind"]}
        assert links["group name only"] == links["foreign"] == 0
