"""What several extracts tell together, against the same worked out enterprise by enterprise."""

import datetime as dt
import tempfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.contracts import COMPANIES, COMPANY_TABLES, NAMES
from analysis.store import Delivery, Extract, Register, Registers

FIRMS = [f"040000000{n}" for n in range(3)]
START = dt.date(2025, 1, 1)
ENDS = st.one_of(st.none(), st.integers(-40, 0).map(lambda n: START + dt.timedelta(n)))
# An extract of canonical tables tells the end of who stopped; one of KBO lacks them.
OF_TABLES = st.dictionaries(st.sampled_from(FIRMS), ENDS)
OF_KBO = st.dictionaries(st.sampled_from(FIRMS), st.none())
MONTHS = st.lists(
    st.one_of(st.tuples(st.just("full"), OF_KBO), st.tuples(st.just("companies"), OF_TABLES)),
    min_size=1,
    max_size=5,
)


def part(place: Path, month: int, kind: str, firms: dict) -> Register:
    """One extract; every firm has a name of that month."""
    day, folder = START + dt.timedelta(30 * month), place / f"{month}"
    folder.mkdir()
    rows = {
        "companies": [
            COMPANIES.Row(firm, False, start_date=START, end_date=end, snapshot_date=day)
            for firm, end in firms.items()
        ],
        "names": [NAMES.Row(firm, kind="name", name=f"in {month % 2}") for firm in firms],
    }
    for table in COMPANY_TABLES:
        path = folder / f"{table.name}.parquet"
        pq.write_table(table.arrow(rows.get(table.name, [])), path, compression="none")
    entry = Delivery(f"{month}.zip", f"{month}" * 64, "real", "2026-01-31", 1, 10, False)
    return Register(entry, folder, Extract(kind, day, month if kind == "full" else None))


def worked_out(firm: str, parts: list[Register], months: list[tuple[str, dict]]) -> tuple | None:
    """The lifespan of one firm, day by day."""
    days = [part.extract.day for part in parts]
    seen = [n for n, (_, firms) in enumerate(months) if firm in firms]
    if not seen:
        return None
    ends = [months[n][1][firm] for n in seen]
    active = [n for n in seen if months[n][1][firm] is None]
    between = range(active[0], active[-1]) if active else ()
    lacking = any(months[n][0] == "full" and firm not in months[n][1] for n in between)
    came_back = ends[-1] is None and any(ends)
    later = [n for n in range(seen[-1] + 1, len(months)) if months[n][0] == "full"]
    limits = (None, None)
    if ends[-1] is not None:
        limits = (ends[-1] - dt.timedelta(1), ends[-1])
    elif later:
        limits = (days[seen[-1]], days[later[0]])
    return (firm, days[seen[0]], days[seen[-1]], *limits, lacking or came_back)


@settings(max_examples=25, deadline=None)
@given(months=MONTHS, order=st.randoms(use_true_random=False))
def test_lifespans_are_those_worked_out_firm_by_firm(months, order):
    with tempfile.TemporaryDirectory() as home, duckdb.connect() as engine:
        parts = [part(Path(home), n, *month) for n, month in enumerate(months)]
        shuffled = order.sample(parts, len(parts))
        tables = Registers(tuple(shuffled)).relations(engine)
        found = tables["lifespans"].order("number").fetchall()
        assert found == [row for firm in FIRMS if (row := worked_out(firm, parts, months))]
        last = {
            firm: (firms[firm], parts[n].extract.day)
            for n, (_, firms) in enumerate(months)
            for firm in firms
        }
        companies = tables["companies"].project("number, end_date, snapshot_date")
        assert {row[0]: row[1:] for row in companies.fetchall()} == last
        names = {(firm, f"in {n % 2}") for n, (_, firms) in enumerate(months) for firm in firms}
        assert sorted(tables["names"].project("number, name").fetchall()) == sorted(names)
