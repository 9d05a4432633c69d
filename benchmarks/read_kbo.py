"""How fast, and in how much memory, a KBO zip of real size is added: python read_kbo.py [SCALE].

Invents a full extract (SCALE 1: 2 million enterprises, 20 million activities; always the same
bytes of CSV), adds it to an empty store, which copies, hashes and reads it, and puts that beside
the bar and beside a bare DuckDB scan of the same CSVs.
"""

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import duckdb

ENTERPRISES, ACTIVITIES = 2_000_000, 20_000_000
UNITS, BRANCHES = 1_600_000, 10_000
BAR_SECONDS, BAR_MB = 120, 800
ADD = (
    "import sys; from pathlib import Path; from analysis import ingest; "
    "from analysis.store import Store; ingest.add(Store(Path(sys.argv[1])), [Path(sys.argv[2])])"
)
SCAN = (
    "import sys, duckdb; duckdb.sql('set enable_progress_bar = false'); "
    "scan = \"select count(columns(*)) from read_csv('{}', all_varchar = true)\"; "
    "[duckdb.sql(scan.format(path)).fetchall() for path in sys.argv[1:]]"
)
MACROS = """
set enable_progress_bar = false;
create macro draw(x, salt, sides) as (hash(x * 31 + salt) % sides)::bigint;
create macro dotted(n) as format('{:04d}.{:03d}.{:03d}', n // 1000000, n // 1000 % 1000, n % 1000);
create macro dotted_unit(n) as format('{:d}.{:03d}.{:03d}.{:03d}',
    n // 1000000000, n // 1000000 % 1000, n // 1000 % 1000, n % 1000);
create macro checked(n) as n * 100 + 97 - n % 97;
create macro enterprise(i) as dotted(checked(2000000 + i * 4));
create macro unit(i) as dotted_unit(checked(20000000 + i * 30));
create macro past(x) as strftime(date '1960-01-01' + draw(x, 9, 23000)::int, '%d-%m-%Y');
create macro is_person(i) as draw(i, 1, 100) < 40;
"""


def tables(scale: float) -> dict[str, str]:
    """The SQL of each file; rows come in the order of the numbers, as KBO has them."""
    enterprises, units = int(ENTERPRISES * scale), int(UNITS * scale)
    branches, activities = int(BRANCHES * scale), int(ACTIVITIES * scale)
    of_enterprises = activities * 6 // 10
    return {
        "enterprise": f"""select enterprise(i) as EnterpriseNumber, 'AC' as Status,
            '000' as JuridicalSituation, if(is_person(i), '1', '2') as TypeOfEnterprise,
            if(is_person(i), null, lpad(draw(i, 2, 500)::varchar, 3, '0')) as JuridicalForm,
            null as JuridicalFormCAC, past(i) as StartDate from range({enterprises}) t(i)""",
        "establishment": f"""select unit(i) as EstablishmentNumber, past(i) as StartDate,
            enterprise(draw(i, 3, {enterprises})) as EnterpriseNumber from range({units}) t(i)""",
        "branch": f"""select dotted_unit(9000000000 + i) as Id, past(i) as StartDate,
            enterprise(draw(i, 4, {enterprises})) as EnterpriseNumber
            from range({branches}) t(i)""",
        "denomination": f"""select enterprise(i) as EntityNumber, draw(i, 5, 5) as Language,
            '00' || k as TypeOfDenomination, 'Onderneming ' || draw(i, k, 900000) || ' à Liège'
            as Denomination from range({enterprises}) t(i), range(1, 3) u(k)
            where k = 1 or draw(i, 6, 3) = 0
            union all select unit(i), '2', '003', 'Winkel, "' || draw(i, 7, 90000) || '"'
            from range({units}) t(i) where draw(i, 8, 3) = 0""",
        "address": f"""select enterprise(i) as EntityNumber, 'REGO' as TypeOfAddress,
            null as CountryNL, null as CountryFR, 1000 + draw(i, 10, 9000) as Zipcode,
            'Gemeente ' || draw(i, 11, 581) as MunicipalityNL, MunicipalityNL as MunicipalityFR,
            'Lange straatnaam ' || draw(i, 12, 90000) as StreetNL, StreetNL as StreetFR,
            draw(i, 13, 300) as HouseNumber, null as Box, null as ExtraAddressInfo,
            null as DateStrikingOff from range({enterprises}) t(i) where not is_person(i)
            union all select unit(i), 'BAET', null, null, 1000 + draw(i, 14, 9000), 'Gent', 'Gent',
            'Straat', 'Straat', 1, null, null, null from range({units}) t(i)""",
        "activity": f"""select enterprise(i * {enterprises} // {of_enterprises}) as EntityNumber,
            if(draw(i, 15, 4) = 0, '006', '001') as ActivityGroup,
            if(draw(i, 16, 2) = 0, '2008', '2025') as NaceVersion,
            10000 + draw(i, 17, 89999) as NaceCode,
            if(draw(i, 18, 3) = 0, 'MAIN', 'SECO') as Classification
            from range({of_enterprises}) t(i)
            union all select unit(i * {units} // {activities - of_enterprises}), '001', '2025',
            10000 + draw(i, 19, 89999), 'MAIN' from range({activities - of_enterprises}) t(i)""",
    }


def invent(scale: float, place: Path) -> Path:
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as engine:
        engine.execute(MACROS)
        for name, rows in tables(scale).items():
            engine.execute(f"copy ({rows}) to '{place / name}.csv' (header, force_quote *)")
    (place / "meta.csv").write_text(
        '"Variable","Value"\n"SnapshotDate","30-05-2025"\n"ExtractType","full"\n'
        '"ExtractNumber","136"\n'
    )
    packed = place / "KboOpenData_0136_2025_06_Full.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(place.glob("*.csv")):
            archive.write(path, path.name)
    return packed


def measured(code: str, *arguments: object) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MB of a Python process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("the process failed")
    seconds = time.perf_counter() - start
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(scale: float) -> None:
    with tempfile.TemporaryDirectory() as home:
        place = Path(home)
        packed = invent(scale, place)
        size = sum(path.stat().st_size for path in place.glob("*.csv")) / 1e6
        scan = measured(SCAN, *sorted(place.glob("*.csv")))
        for path in place.glob("*.csv"):
            path.unlink()
        ours = measured(ADD, place / "home", packed)
        kept = (
            sum(path.stat().st_size for path in (place / "home" / "lake").rglob("*.parquet")) / 1e6
        )
        print(f"scale {scale}: {size:.0f} MB of CSV in {packed.stat().st_size / 1e6:.0f} MB of zip")
    for name, (wall, cpu, peak) in {"bare scan": scan, "add": ours}.items():
        print(f"  {name:10}{wall:7.1f} s wall {cpu:7.1f} s CPU {peak:7.0f} MB peak")
    ratios = f"{ours[0] / scan[0]:7.1f}        {ours[1] / scan[1]:7.1f}"
    print(f"  ratio     {ratios}; {kept:.0f} MB of Parquet")
    print(
        f"  of the bar {ours[0] / BAR_SECONDS / scale:.2f} of {BAR_SECONDS * scale:.0f} s,", end=" "
    )
    print(f"{ours[2] / BAR_MB:.2f} of {BAR_MB} MB")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
