"""How well, how fast and in how much memory winners are linked: python link_winners.py [FIRMS].

Invents a register (2 million firms, more than half of which share a name) and labelled cases for
two seeds, one on which the rules were tuned and one that is reported; links each in a process of
its own, and sets RapidFuzz and Splink beside it where they are installed. With --record it writes
what does not depend on the machine to src/analysis/companies/linkage_quality.yml.
"""

import importlib.util
import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

from analysis.companies.linkage import link
from analysis.companies.name_index import prepare
from analysis.companies.names import MACROS
from analysis.simulate import register, register_cases
from analysis.simulate.register_corruptions import Case

TUNE, REPORT = 1, 3  # 2 was looked at while a rule was made, and reports no more
CASES, MANY = 400, 4_500  # of every kind: for quality, for speed
BAR_PRECISION, BAR_RECALL, BAR_A_MINUTE, BAR_MB = 0.985, 0.95, 100_000, 3_000
RECORD = Path(__file__).parents[1] / "src" / "analysis" / "companies" / "linkage_quality.yml"
SETTINGS: dict = {"threads": 2, "memory_limit": "2GB"}
TABLES = ("companies", "names", "addresses")
# One row a firm that is looked for; `truth` is missing where nobody is to be found.
OUTCOMES = """
create or replace temp table outcomes as
select t.*, method, reason, score, company_id, coalesce(company_id = truth, false) as is_right
from truths t left join links l on l.name = t.name and l.part = t.part
    and l.number is not distinct from t.number and l.postcode is not distinct from t.postcode
    and l.country is not distinct from t.country
"""
COUNTS = """count(*) as cases, count(company_id) as links,
    count(*) filter (is_right) as right_links, count(*) filter (fits = 1) as fit_one,
    count(*) filter (fits = 1 and is_right) as found"""


def invent(seed: int, firms: int, place: Path) -> None:
    """Write a register as Parquet, and its cases, few and many."""
    with duckdb.connect(config=SETTINGS | {"temp_directory": str(place / "spill")}) as engine:
        relations = register.build(engine, firms, seed)
        for name in TABLES:
            relations[name].write_parquet(str(place / f"{name}.parquet"))
        shared = engine.execute(
            """select sum(firms) filter (firms > 1) / sum(firms) from
            (select count(*) as firms from firms group by identity(name))"""
        ).fetchall()[0][0]
        for name, each in (("few", CASES), ("many", MANY)):
            cases = register_cases.draw_cases(engine, each, seed)
            (place / name).write_bytes(pickle.dumps(cases))
        names = engine.execute("select count(*) from names").fetchall()[0][0]
    (place / "card.json").write_text(json.dumps({"names": names, "sharing": round(shared, 3)}))


def opened(place: Path, cases: str) -> tuple:
    """An engine, the relations of the register, the stated winners, and the truth about them."""
    engine = duckdb.connect(config=SETTINGS | {"temp_directory": str(place / "spill")})
    engine.execute("set enable_progress_bar = false")
    relations = {name: engine.read_parquet(str(place / f"{name}.parquet")) for name in TABLES}
    drawn = pickle.loads((place / cases).read_bytes())
    said = ("name", "number", "postcode", "country")
    columns = {name: [getattr(case, name) for case in drawn] for name in said}
    stated = pa.table(columns | {"is_natural_person": [False] * len(drawn)})
    rows = [
        (case.kind, *(getattr(case, name) for name in said), part + 1, *truth_of(case, part))
        for case in drawn
        for part in range(max(1, len(case.truth)))
    ]
    names = ("kind", *said, "part", "truth", "fits")
    truths = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    return engine, relations, engine.from_arrow(stated), truths


# What the other tools are given: they split no partnership and know no abroad.
ALONE = "country = 'BE' and number is null and kind not like 'partnership%'"


def truth_of(case: Case, part: int) -> tuple[str | None, int | None]:
    """Who a part is, and how many firms the oracle finds that fit; of nobody neither."""
    return (case.truth[part], case.fits[part]) if case.truth else (None, None)


def linked(place: Path, cases: str) -> None:
    """Link in this process; write the links, and print seconds of wall and CPU."""
    engine, relations, stated, _ = opened(place, cases)
    start = time.perf_counter(), time.process_time()
    index = prepare(engine, relations)
    middle = time.perf_counter(), time.process_time()
    links = link(engine, stated, relations, index=index)
    end = time.perf_counter(), time.process_time()
    (place / f"{cases}.links").write_bytes(pickle.dumps(links))
    (prepared, cpu), (took, cpu_link) = (
        (b - a for a, b in zip(*pair, strict=True)) for pair in ((start, middle), (middle, end))
    )
    print(json.dumps([len(stated.fetchall()), prepared, cpu, took, cpu_link, peak_mb()]))


def peak_mb() -> float:
    """Peak memory of this process; on Linux not that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(place: Path, cases: str) -> dict:
    """Link in a process of its own; seconds, winners a minute and peak memory."""
    command = [sys.executable, __file__, "--link", str(place), cases]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    winners, prepared, cpu, took, cpu_link, peak = json.loads(told)
    return {
        "winners": winners,
        "prepare s": round(prepared, 1),
        "prepare CPU s": round(cpu, 1),
        "link s": round(took, 1),
        "link CPU s": round(cpu_link, 1),
        "a minute, all in": round(winners / (prepared + took) * 60),
        "peak MB": round(peak),
    }


def judged(place: Path) -> duckdb.DuckDBPyConnection:
    engine, _, _, truths = opened(place, "few")
    engine.register("truths", truths)
    engine.register("links", pickle.loads((place / "few.links").read_bytes()))
    engine.execute(OUTCOMES)
    return engine


def facts(engine: duckdb.DuckDBPyConnection) -> dict:
    """What the record says of one seed: whole numbers, and shares of four places."""

    def counted(by: str, where: str = "true") -> list[dict]:
        query = f"select {by}, {COUNTS} from outcomes where {where} group by all order by all"
        return engine.sql(query).df().to_dict("records")

    (total,) = counted("'all' as kind")
    (agreeing,) = counted("'all' as kind", "kind <> 'number of another'")
    (alone,) = counted("'all' as kind", ALONE)
    band = "floor(least(score, 0.9999) * 20) / 20 as score_from"
    return {
        "cases": total["cases"],
        "links": total["links"],
        "right_links": total["right_links"],
        "precision": round(total["right_links"] / total["links"], 4),
        "fit_one_company": total["fit_one"],
        "found": total["found"],
        "recall": round(total["found"] / total["fit_one"], 4),
        "recall_where_no_number_contradicts": round(agreeing["found"] / agreeing["fit_one"], 4),
        "precision_by_name_alone": round(alone["right_links"] / alone["links"], 4),
        "recall_by_name_alone": round(alone["found"] / alone["fit_one"], 4),
        "by_kind": counted("kind"),
        "by_method": counted("method", "company_id is not null"),
        "calibration": counted(f"method, {band}", "company_id is not null"),
    }


def show(seed: int, told: dict) -> None:
    print(f"seed {seed}: precision {told['precision']}, recall {told['recall']}")
    print(f"  recall without contradicting numbers {told['recall_where_no_number_contradicts']}")
    for table in ("by_kind", "by_method", "calibration"):
        for row in told[table]:
            name = " ".join(str(row[key]) for key in ("kind", "method", "score_from") if key in row)
            numbers = " ".join(f"{row[k]:6}" for k in list(row)[-5:])
            print(f"    {name:40} {numbers}")


def words(place: Path) -> tuple[duckdb.DuckDBPyConnection, list]:
    """The register and the stated names with our words: what the other tools get to compare."""
    engine, relations, _, truths = opened(place, "few")
    prepare(engine, relations).create_view("name_index")
    engine.register("truths", truths)
    engine.execute(MACROS)
    rows = engine.execute(
        f"""select row_number() over () as id, kind,
            array_to_string(name_words(name_spelt(name)), ' ') as words,
            name_family(name_spelt(name)) as family, belgian_postcode(postcode) as postcode,
            truth, fits from truths where {ALONE}"""
    ).fetchall()
    return engine, rows


def scored(pairs: list[tuple], rows: list) -> str:
    """Precision and recall of (id, company, score, lead), at the best cut for the bar."""
    truth = {row[0]: (row[5], row[6]) for row in rows}
    fit_one = sum(fits == 1 for _, fits in truth.values())
    best = (0.0, "no cut reaches any precision")
    for cut in sorted({round(pair[2], 2) for pair in pairs}):
        for lead in (0.0, 0.02, 0.05, 0.1):
            made = [p for p in pairs if p[2] >= cut and p[3] >= lead]
            right = sum(p[1] == truth[p[0]][0] for p in made)
            found = sum(p[1] == truth[p[0]][0] and truth[p[0]][1] == 1 for p in made)
            precision, recall = right / max(len(made), 1), found / fit_one
            value = recall if precision >= BAR_PRECISION else recall * precision / 2
            text = f"precision {precision:.4f}, recall {recall:.4f} (cut {cut}, lead {lead})"
            best = max(best, (value, text))
    return best[1]


def rapidfuzz_alone(place: Path) -> str:
    from rapidfuzz import fuzz, process

    engine, rows = words(place)
    places: dict[str, list] = {}
    query = "select postcode, words, number, family from name_index order by all"
    for postcode, said, number, family in engine.execute(query).fetchall():
        places.setdefault(postcode, []).append((said, number, family))
    start, pairs = time.process_time(), []
    for at, _, said, family, postcode, *_ in rows:
        there = [f for f in places.get(postcode, []) if family is None or f[2] in (None, family)]
        top = process.extract(said, [f[0] for f in there], scorer=fuzz.token_sort_ratio, limit=5)
        firms = list({there[place][1]: score / 100 for _, score, place in reversed(top)}.items())
        firms.sort(key=lambda firm: -firm[1])
        if firms:
            lead = firms[0][1] - (firms[1][1] if len(firms) > 1 else 0)
            pairs.append((at, firms[0][0], firms[0][1], lead))
    seconds = time.process_time() - start
    return f"{scored(pairs, rows)}, {len(rows) / seconds * 60:.0f} a minute of CPU"


def splink_alone(place: Path) -> str:
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    engine, rows = words(place)
    names = ("unique_id", "kind", "words", "family", "postcode", "truth", "fits")
    stated = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    start = time.process_time()
    api = DuckDBAPI(engine)
    engine.register("stated_", stated)
    engine.execute("create table left_ as select unique_id, words, family, postcode from stated_")
    engine.execute(
        """create table right_ as select row_number() over () as unique_id, words, family,
        postcode, number from name_index"""
    )
    near = block_on("postcode", "substr(words, 1, 3)")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("words", [0.98, 0.92, 0.85]).configure(
                term_frequency_adjustments=True
            ),
            compare.ExactMatch("postcode").configure(term_frequency_adjustments=True),
            compare.ExactMatch("family"),
        ],
        blocking_rules_to_generate_predictions=[block_on("words"), near],
    )
    linker = Linker([api.register("left_"), api.register("right_")], settings)
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on("words", "postcode")], recall=0.7)
    train.estimate_u_using_random_sampling(max_pairs=1e7)
    train.estimate_parameters_using_expectation_maximisation(block_on("words"))
    train.estimate_parameters_using_expectation_maximisation(block_on("postcode", "family"))
    found = linker.inference.predict(threshold_match_probability=0.05).as_pandas_dataframe()
    engine.register("found", found)
    best = engine.execute(
        """with p as (select unique_id_l as id, number, max(match_probability) as score from found
            join right_ on right_.unique_id = unique_id_r group by all)
        select id, arg_max(number, score), max(score), max(score) - coalesce(max(score, 2)[2], 0)
        from p group by id"""
    ).fetchall()
    seconds = time.process_time() - start
    return f"{scored(best, rows)}, {len(rows) / seconds * 60:.0f} a minute of CPU"


def beside(place: Path) -> None:
    """The other tools on the Belgian cases that are no partnership, with our words."""
    for name, alone in {"rapidfuzz": rapidfuzz_alone, "splink": splink_alone}.items():
        if importlib.util.find_spec(name):
            print(f"  {name} alone: {alone(place)}", flush=True)


def main(firms: int, record: bool) -> None:
    told: dict = {"firms": firms, "seeds": {"tune": TUNE, "report": REPORT}}
    for use, seed in told["seeds"].items():
        with tempfile.TemporaryDirectory() as home:
            place = Path(home)
            invent(seed, firms, place)
            speed = {cases: measured(place, cases) for cases in ("few", "many")}
            told[use] = json.loads((place / "card.json").read_text()) | facts(judged(place))
            show(seed, told[use])
            print(f"  speed {speed}")
            beside(place)
    reported = told["report"]
    print(
        f"precision {reported['precision']} of {BAR_PRECISION}, recall {reported['recall']}", end=""
    )
    print(f" of {BAR_RECALL}, bars {BAR_A_MINUTE} a minute in {BAR_MB} MB")
    if record:
        head = "# Written by benchmarks/link_winners.py --record; firms and cases are invented.\n"
        RECORD.write_text(head + yaml.safe_dump(told, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--link"]:
        linked(Path(sys.argv[2]), sys.argv[3])
    else:
        sizes = [int(word) for word in sys.argv[1:] if word.isdigit()]
        main(sizes[0] if sizes else 2_000_000, "--record" in sys.argv)
