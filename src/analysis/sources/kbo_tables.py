"""How KBO's files become canonical tables, in SQL, so that nothing grows in memory."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb

from analysis.contracts.companies import ACTIVITIES, ADDRESSES, COMPANIES, NAMES, UNITS
from analysis.contracts.table import Table
from analysis.progress import shown, without_bars
from analysis.sources.csv_files import quoted, refuse, unpacked
from analysis.sources.kbo_zip import CARD, COLUMNS, Zipped, wanted

_SETTINGS: dict = {"memory_limit": "500MB", "threads": 2}
_MACROS = """
create macro number_(x) as case
    when regexp_full_match(x, '\\d{4}\\.\\d{3}\\.\\d{3}|\\d\\.\\d{3}\\.\\d{3}\\.\\d{3}')
    then replace(x, '.', '')
    else error('number ' || coalesce(x, 'missing') || ', not as 0200.065.765 or 2.000.000.339') end;
create macro day_(x) as case when x is not null then
    coalesce(try_strptime(x, '%d-%m-%Y')::date, error('day ' || x || ', not as 30-05-2025')) end;
create macro digits_(x, shortest, longest) as case
    when regexp_full_match(x, '\\d+') and length(x) between shortest and longest then x
    when x is not null then error('code ' || x || ', not a code of digits') end;
create macro stated_(x) as coalesce(x, error('an empty cell in a column that is always filled'));
"""
_LEGAL = "(select number from companies where not is_natural_person)"


class _Step(NamedTuple):
    """How one table is made, in SQL: from the cells of its files, and of itself before an update.

    `entity` stands for the key by which updates delete: an enterprise, a unit or a branch.
    """

    table: Table
    files: tuple[str, ...]
    cells: str  # what a row of the CSV says
    kept: str  # the same from a row of the table as it was
    rows: str  # the table, out of `cells_`
    entity: str = "number"
    where: str = "true"  # rows of the CSV that are wanted


def _code(column: str) -> str:
    """SQL that translates a code of the card, and stops at one that the card lacks."""
    whens = "".join(
        f"when '{code}' then {'null' if word is None else repr(word)} "
        for code, word in CARD["codes"][column].items()
    )
    wrong = f"error('{column} ' || coalesce(\"{column}\", 'missing') || ', not in sources/kbo.yml')"
    return f'case "{column}" {whens}else {wrong} end'


_STEPS = (
    _Step(
        COMPANIES,
        ("enterprise",),
        cells=f"""{_code("TypeOfEnterprise")} = 'person' as is_natural_person,
        digits_(JuridicalForm, 3, 3) as legal_form,
        digits_(JuridicalFormCAC, 3, 3) as legal_form_cac,
        digits_(JuridicalSituation, 3, 3) as situation,
        day_(StartDate) as start_date""",
        kept="* exclude (number, end_date, snapshot_date)",
        rows="""select entity as number, is_natural_person, start_date,
        if(is_natural_person, null, legal_form) as legal_form,
        if(is_natural_person, null, legal_form_cac) as legal_form_cac,
        if(is_natural_person, null, situation) as situation,
        null::date as end_date, getvariable('snapshot_date') as snapshot_date from cells_""",
        where=f"{_code('Status')} = 'active'",
    ),
    _Step(
        UNITS,
        ("establishment", "branch"),
        cells="number_(EnterpriseNumber) as owner",
        kept="number as owner",
        rows=f"""select entity as unit, owner as number from cells_
        where owner in {_LEGAL}""",
        entity="unit",
    ),
    _Step(
        NAMES,
        ("denomination",),
        cells=f"""{_code("Language")} as language, {_code("TypeOfDenomination")} as kind,
        stated_(Denomination) as name""",
        kept="language, kind, name",
        rows=f"""select distinct coalesce(owner, entity) as number, unit, language, kind, name
        from cells_ left join
        (select unit, unit as entity, number as owner from units) using (entity)
        where coalesce(owner, entity) in {_LEGAL}""",
        entity="coalesce(unit, number)",
    ),
    _Step(
        ADDRESSES,
        ("address",),
        cells="""Zipcode as postcode, MunicipalityNL as municipality_nl,
        MunicipalityFR as municipality_fr, StreetNL as street_nl, StreetFR as street_fr,
        HouseNumber as house_number, coalesce(CountryNL, 'België') as country,
        day_(DateStrikingOff) as struck_off""",
        kept="* exclude (number)",
        rows=f"""select entity as number, * exclude (entity) from cells_
        where entity in {_LEGAL}""",
        where=f"{_code('TypeOfAddress')} = 'seat'",
    ),
    _Step(
        ACTIVITIES,
        ("activity",),
        cells=f"""stated_(digits_(ActivityGroup, 3, 3)) as activity_group,
        {_code("NaceVersion")} as nace_version, stated_(digits_(NaceCode, 2, 7)) as nace_code,
        {_code("Classification")} as activity_class""",
        kept="* exclude (number)",
        rows=f"""select distinct entity as number, * exclude (entity) from cells_
        where entity in {_LEGAL}""",
    ),
)


def write(zipped: Zipped, into: Path, *, work: Path, before: Path | None = None) -> None:
    """Write every table of the extract `zipped` in the folder `into`.

    Parameters
    ----------
    zipped : a full extract, or an update
    into : folder for the tables
    work : folder for what is needed on the way
    before : folder with the tables before the update

    Raises
    ------
    SourceError
        A file, a column or a cell is not as sources/kbo.yml says, or a key comes twice.
    """
    settings = _SETTINGS | {"temp_directory": str(work / "spill")}
    name, sizes = zipped.files.name, zipped.files.sizes
    total = 2 * sum(sizes[file] for file in wanted(zipped.extract.kind))
    with shown(f"reading {name}", total) as advance, duckdb.connect(config=settings) as engine:
        without_bars(engine).execute(_MACROS)
        engine.execute(f"set variable snapshot_date = date '{zipped.extract.day}'")
        for step in _STEPS:
            path = into / f"{step.table.name}.parquet"
            with (
                _faults(name, step),
                _cells(step, zipped, before, work=work, advance=advance) as cells,
            ):
                _write(engine, step, cells, path)
                _no_key_twice(engine, step, path)
            engine.execute(f"create view {step.table.name} as from {quoted(path)}")


@contextmanager
def _cells(
    step: _Step, zipped: Zipped, before: Path | None, *, work: Path, advance: Callable
) -> Iterator[str]:
    """SQL of all rows that count: the new ones, and of the old ones what the update leaves."""
    with ExitStack() as files:

        def rows(file: str, part: str) -> str:
            columns = COLUMNS[file][:1] if part == "_delete" else COLUMNS[file]
            source = unpacked(
                zipped.files,
                f"{file}{part}.csv",
                columns=columns,
                may_lack=tuple(CARD["older_extracts_lack"].split()),
                into=work,
                advance=advance,
            )
            csv = files.enter_context(source)
            return f'(select *, number_("{COLUMNS[file][0]}") as entity from {csv})'

        new = "" if before is None else "_insert"
        parts = [
            f"select entity, {step.cells} from {rows(file, new)} where {step.where}"
            for file in step.files
        ]
        if before is not None:
            gone = " union all ".join(
                f"select entity from {rows(f, '_delete')}" for f in step.files
            )
            was = quoted(before / f"{step.table.name}.parquet")
            parts.append(
                f"select {step.entity} as entity, {step.kept} from {was} "
                f"where entity not in ({gone})"
            )
        yield " union all by name ".join(parts)


def _write(engine: duckdb.DuckDBPyConnection, step: _Step, cells: str, path: Path) -> None:
    columns = ", ".join(step.table.columns)
    engine.execute(
        f"copy (with cells_ as ({cells}) select {columns} from ({step.rows}) order by all) "
        f"to {quoted(path)} (format parquet, compression zstd)"
    )


def _no_key_twice(engine: duckdb.DuckDBPyConnection, step: _Step, path: Path) -> None:
    """Tables whose key is one number are checked; the others keep equal rows once."""
    if len(step.table.key) > 1:
        return
    key = step.table.key[0]
    double = engine.execute(
        f"select {key} from {quoted(path)} group by 1 having count(*) > 1 order by 1 limit 5"
    ).fetchall()
    if double:
        raise duckdb.InvalidInputException(f"twice: {', '.join(row[0] for row in double)}")


@contextmanager
def _faults(name: str, step: _Step) -> Iterator[None]:
    """Say in which files a row is not as expected; never more of the row than its number."""
    try:
        yield
    except (duckdb.InvalidInputException, duckdb.ConversionException) as fault:
        lines = str(fault).splitlines()
        found = [lines[0], *(line for line in lines if line.startswith("Expected Number"))]
        raise refuse(
            f"{name}, {' and '.join(step.files)}",
            "; ".join(found),
            expected=f"{step.table.row}; files, columns and codes as in sources/kbo.yml",
        ) from fault
