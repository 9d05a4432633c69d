"""What firms answer to every definition on the day of their contract, and what class they are.

The register, the accounts and the rules on births fill the columns of `criteria.COLUMNS`; what none
of them tells (shares of research, ownership, distributions, mergers) stays missing.
"""

from collections.abc import Iterator, Mapping
from functools import cache

import pandas as pd
import pyarrow as pa

from analysis.companies.births import Births
from analysis.companies.codes import form_group, public_groups, quoted
from analysis.companies.criteria import COLUMNS, FIGURES
from analysis.companies.definitions import Definition, definitions
from analysis.companies.startups import classify
from analysis.contracts import keep
from analysis.contracts.access import ANSWERS
from analysis.notices.stages import Engine, Relation, materialise
from analysis.progress import shown

BATCH = 100_000  # firms held in memory at a time
CLASSED_BY = ("startup-10", "oecd-high-growth", "tax-shelter-scale-up")
YEARS_BACK = 2  # the newest accounts may close this many years before the year of the award


def answers(
    engine: Engine,
    asked: Relation,
    register: Mapping[str, Relation],
    births: Births,
    known: Mapping[str, Definition] | None = None,
) -> Relation:
    """Ask every definition of every firm on each of its days.

    Parameters
    ----------
    engine : connection of the relations
    asked : relation with company_id and on_date, either may be missing, pairs may repeat
    register : relations `companies`, `lifespans` and `sizes` of the contracts
    births : what `births.births` says of these companies
    known : definitions by id; left out, all of them

    Returns
    -------
    Relation
        keeps ANSWERS, one row a firm, day and definition; a missing answer is unknown. A firm that
        the register does not have answers unknown to every definition.
    """
    asking = (_definitions() if known is None else known).values()
    found = materialise(engine, "answers", engine.from_arrow(ANSWERS.arrow([])))
    firms = firms_on(engine, asked, register, births)
    times = -(-len(firms) // BATCH) * len(asking)
    with shown("Asking every definition of every firm", times) as advance:
        for batch in _batches(firms):
            for definition in asking:
                told = _told(batch, definition)  # noqa: F841 - DuckDB finds it by name
                engine.execute(f"insert into {found.alias} select * from told")
                advance(1)
    return keep(found, ANSWERS)


def firm_classes(
    engine: Engine, asked: Relation, register: Mapping[str, Relation], births: Births
) -> Relation:
    """What kind of firm each is on each day; parameters as of `answers`.

    In this order: a person; public by its legal form; start-up (`startup-10`); unknown where that
    is not known; scale-up (`oecd-high-growth` or `tax-shelter-scale-up`, as far as known); mature
    (its own accounts show more than an SME's size); other-sme (they show an SME's size); unknown.

    Returns
    -------
    Relation
        company_id, on_date, firm_class (one of access.CLASSES), is_startup (missing: unknown).
    """
    known = _definitions()
    found = materialise(engine, "firm_classes", engine.from_arrow(_CLASSES.empty_table()))
    for firms in _batches(firms_on(engine, asked, register, births)):
        said = pd.DataFrame({name: classify(firms, known[name]) for name in CLASSED_BY})
        classed = _classed(firms, said)  # noqa: F841 - DuckDB finds it by name
        engine.execute(f"insert into {found.alias} select * from classed")
    return found


_CLASSES = pa.schema(
    [
        ("company_id", pa.string()),
        ("on_date", pa.date32()),
        ("firm_class", pa.string()),
        ("is_startup", pa.bool_()),
    ]
)


@cache
def _definitions() -> dict[str, Definition]:
    """Ours, read once: there are more lines of YAML in them than firms in a test."""
    return definitions()


def _classed(firms: pd.DataFrame, said: pd.DataFrame) -> pa.Table:
    startup = said["startup-10"]
    scaling = said["oecd-high-growth"].fillna(False) | said["tax-shelter-scale-up"].fillna(False)
    by_rule = {
        "other-sme": firms["is_sme"].fillna(False),
        "mature": firms["is_large"].fillna(False),
        "scale-up": scaling,
        "unknown": startup.isna(),
        "start-up": startup.fillna(False),
        "public": firms["is_public"].fillna(False),
        "person": firms["is_natural_person"].fillna(False),
    }
    kind = pd.Series("unknown", index=firms.index, dtype="str")
    for name, holds in by_rule.items():
        kind = kind.mask(holds.astype(bool), name)
    columns = [firms["company_id"], firms["on_date"], kind, startup]
    return _arrow(columns, _CLASSES)


def _told(firms: pd.DataFrame, definition: Definition) -> pa.Table:
    name = pd.Series(definition.id, index=firms.index, dtype="str")
    columns = [firms["company_id"], firms["on_date"], name, classify(firms, definition)]
    return _arrow(columns, ANSWERS.schema)


def _arrow(columns: list[pd.Series], schema: pa.Schema) -> pa.Table:
    arrays = [
        pa.Array.from_pandas(column, type=field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.table(arrays, schema=schema)


def _batches(firms: Relation) -> Iterator[pd.DataFrame]:
    """The firms in small frames, with what their own accounts say of their size."""
    limits = _definitions()["eu-medium"]
    rows = firms.to_arrow_table()
    for start in range(0, rows.num_rows, BATCH):
        batch = rows.slice(start, BATCH).to_pandas(date_as_object=False)
        batch = batch.reindex(columns=["company_id", *COLUMNS]).astype(COLUMNS)
        own = batch.assign(figures_include_group=True, first_accounts=True)
        batch["is_sme"] = classify(own, limits)
        # Of a firm without accounts nobody can show that it is large: it counts as not large.
        batch["is_large"] = (~batch["is_sme"]).fillna(False)
        yield batch


def firms_on(
    engine: Engine, asked: Relation, register: Mapping[str, Relation], births: Births
) -> Relation:
    """The columns of `criteria.COLUMNS` that the sources fill, for each firm on each day.

    Figures are those of the newest year that has accounts, closed in one of the two calendar years
    before the award, and of the years before that. A number that was gone on the day cannot have
    won: its start is missing, and so is every answer about its age. Of a re-birth the oldest start
    is that of the older firm.

    Returns
    -------
    Relation
        company_id, on_date (neither missing, no pair twice) and those columns.
    """
    pairs = materialise(
        engine,
        "asked_firms",
        asked.filter("company_id is not null and on_date is not null")
        .project("company_id, on_date")
        .distinct(),
    )
    newest = _newest_accounts(engine, pairs, register["sizes"])  # noqa: F841
    companies, lifespans = register["companies"], register["lifespans"]  # noqa: F841
    born, sizes = births.companies, register["sizes"]  # noqa: F841
    return materialise(
        engine,
        "firms_on",
        engine.sql(
            f"""
            select p.company_id, p.on_date, {_FIGURES}, {_FROM_REGISTER}, {_FROM_BIRTHS}
            from pairs p left join newest using (company_id, on_date)
            left join (select *, {form_group("legal_form")} as form from companies) c
              on c.number = p.company_id
            left join lifespans l on l.number = p.company_id
            left join born b on b.company_id = p.company_id {_ACCOUNTS}
            order by p.company_id, p.on_date"""
        ),
    )


_FIGURES = ", ".join(
    f"s{ago}.{figure}::double as {figure}{f'_minus_{ago}' * (ago > 0)}"
    for ago in range(4)
    for figure in FIGURES
)
_ACCOUNTS = " ".join(
    f"left join sizes s{ago} on s{ago}.company_id = p.company_id"
    f" and s{ago}.year = newest.year - {ago}"
    for ago in range(4)
)
_FROM_REGISTER = f"""
    case when p.on_date > c.end_date or p.on_date >= l.ceased_before then null
         else c.start_date end as start_date,
    c.is_natural_person,
    case when c.is_natural_person then false when form in ('company', 'association')
         or form in ({quoted(public_groups())}) then form = 'company' end as is_company,
    case when c.is_natural_person then false else form in ({quoted(public_groups())}) end
      as is_public,
    case when newest.has_older then false when newest.year = year(c.start_date) then true
         when newest.year > year(c.start_date) + 1 then false end as first_accounts"""
_FROM_BIRTHS = """
    b.is_false_birth, b.is_partnership or b.is_project_company as is_vehicle,
    case when b.is_false_birth then b.older_start_date end as oldest_start_date"""


def _newest_accounts(engine: Engine, pairs: Relation, sizes: Relation) -> Relation:
    """Year of the newest accounts on each day, and whether there are older ones."""
    found = engine.sql(
        f"""
        select company_id, on_date,
               max(sizes.year) filter (sizes.year >= year(on_date) - {YEARS_BACK}) as year,
               min(sizes.year) < max(sizes.year) as has_older
        from pairs join sizes using (company_id)
        where sizes.year < year(on_date) group by company_id, on_date"""
    )
    return materialise(engine, "newest_accounts", found)
