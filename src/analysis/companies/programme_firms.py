"""The firms that the tables of the programmes name: what each is on the day that its row tells."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from analysis.companies.answers import answers, firm_classes
from analysis.companies.births import births
from analysis.companies.codes import region, seat_country
from analysis.contracts.access import ANSWERS
from analysis.notices.stages import Engine, Relation, materialise
from analysis.store.frames import framed


class NamedBy(NamedTuple):
    """Where firms stand: table and column, and the table, key and column of their day."""

    table: str
    company: str
    dated: str
    key: str
    day: str


NAMED = (
    NamedBy("pio_bidders", "company_id", "pio_contracts", "contract", "awarded"),
    NamedBy("pio_consulted", "company_id", "pio_projects", "project", "consulted"),
    NamedBy("contract_register", "company_id", "contract_register", "contract", "date"),
    NamedBy("marketplace_needs", "winner", "marketplace_needs", "need", "awarded"),
    NamedBy("marketplace_firms", "company_id", "marketplace_firms", "company_id", "registered"),
)
_PAIRS = pa.schema([("company_id", pa.string()), ("on_date", pa.date32())])
_CLASSED = pa.schema(
    [*_PAIRS, ("firm_class", pa.string()), ("is_startup", pa.bool_()), ("origin", pa.string())]
)


class Judged(NamedTuple):
    """What firms are on their days.

    answers : ANSWERS: company_id, on_date, definition, answer (missing: unknown)
    classes : company_id, on_date, firm_class (of access.CLASSES), is_startup (missing: unknown),
        origin (of access.ORIGINS, by the seat in the register)
    """

    answers: pd.DataFrame
    classes: pd.DataFrame


def named(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every firm on every day on which it is judged: company_id, on_date, once each, sorted.

    A bidder is judged on the day of the award, who was consulted on the day of the consultation,
    who is on the marketplace on the day of registration. Without number or day there is no pair.
    """
    found = []
    for table, company, dated, key, day in NAMED:
        days = tables[dated][[key, day]].set_axis(["key", "on_date"], axis="columns")
        firms = tables[table][[key, company]].set_axis(["key", "company_id"], axis="columns")
        found.append(firms.merge(days, on="key")[["company_id", "on_date"]])
    pairs = pd.concat(found).dropna().drop_duplicates()
    return pairs.sort_values(["company_id", "on_date"], ignore_index=True)


def judged(
    engine: Engine, tables: Mapping[str, pd.DataFrame], register: Mapping[str, Relation]
) -> Judged:
    """Ask every definition of the firms that the tables name, and what kind of firm each is.

    Parameters
    ----------
    engine : connection of the relations
    tables : every table of `contracts.intake`, by name
    register : every table of the registers, as `Registers.relations` gives them
    """
    pairs = named(tables)
    if pairs.empty:
        return Judged(framed(ANSWERS.schema.empty_table()), framed(_CLASSED.empty_table()))
    columns = [pa.Array.from_pandas(pairs[one.name], type=one.type) for one in _PAIRS]
    asked = materialise(engine, "named", engine.from_arrow(pa.table(columns, schema=_PAIRS)))
    born = births(engine, asked, register)
    told = answers(engine, asked, register, born).order(", ".join(ANSWERS.key))
    classed = _placed(engine, firm_classes(engine, asked, register, born), register["addresses"])
    return Judged(framed(told.to_arrow_table()), framed(classed.to_arrow_table()))


def _placed(engine: Engine, classes: Relation, addresses: Relation) -> Relation:
    """Add where the seat of each firm is."""
    seat = region("postcode", seat_country("country"))
    return engine.sql(
        f"""
        select {", ".join(f"classes.{name}" for name in _CLASSED.names[:-1])},
               coalesce({seat}, 'unknown') as origin
        from classes left join addresses on number = company_id order by company_id, on_date"""
    )
