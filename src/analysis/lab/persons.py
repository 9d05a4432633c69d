"""Tables that name organisations, without the names of those who may be natural persons.

As in `pio trace`, a name is shown of who is linked to a legal person of the register and to no
other; buyers are public bodies, and are shown. What is not shown says so.
"""

import pandas as pd

from analysis.contracts.lots import WINNERS
from analysis.lab.world import World
from analysis.report.trace_rows import HIDDEN
from analysis.store.frames import framed

NOTE = f"Who is not linked to a legal person of the register is {HIDDEN}: it may be a person."
BUYERS = f"Of who is no buyer the name is {HIDDEN}: see winners and links."
FIRMS = (
    "Classes, and answers to definitions that ask for accounts, rest on accounts: "
    "they are to be told of no single firm."
)
_NAMING = ("name", "identifier", "number")
_WINNERS = """
with judged as (
    select notice_id, document, lot_id, winner,
        bool_and(coalesce(not c.is_natural_person, false)) as legal
    from members m left join companies c on c.number = m.company_id group by all
)
select {columns} from winners w left join judged j using (notice_id, document, lot_id, winner)
order by all
"""
_ORGANISATIONS = """
select * replace ({columns}) from organisations order by all
"""
_LINKS = """
select l.* replace (
    case when {legal} and parts = 1 then l.name else '{hidden}' end as name,
    case when {legal} then part_name else '{hidden}' end as part_name,
    case when {legal} and parts = 1 then l.number end as number)
from links l left join companies c on c.number = l.company_id order by all
"""


def winners(world: World) -> pd.DataFrame:
    """The table WINNERS."""
    legal = "legal and is_natural_person is not true"
    columns = ", ".join(
        _shown(name, legal) if name in _NAMING else name for name in WINNERS.columns
    )
    return _asked(world, _WINNERS.format(columns=columns))


def organisations(world: World) -> pd.DataFrame:
    """The table ORGANISATIONS."""
    naming = (name for name in _NAMING if name != "number")
    columns = ", ".join(_shown(name, "is_buyer") for name in naming)
    return _asked(world, _ORGANISATIONS.format(columns=columns))


def links(world: World) -> pd.DataFrame:
    """The table LINKS."""
    legal = "c.is_natural_person is false"
    return _asked(world, _LINKS.format(legal=legal, hidden=HIDDEN))


def _shown(name: str, condition: str) -> str:
    """A column that says it is not shown where the condition does not hold; missing stays."""
    return f"case when {condition} or {name} is null then {name} else '{HIDDEN}' end as {name}"


def _asked(world: World, query: str) -> pd.DataFrame:
    engine, of = world.engine, world.of
    laid = {
        "winners": of.kept.winners,
        "members": of.relations["members"],
        "organisations": of.tables["organisations"],
        "links": engine.from_arrow(of.found.links),
        "companies": world.register["companies"],
    }
    for name, relation in laid.items():
        relation.create_view(f"named_{name}", replace=True)
    named = ", ".join(f"{name} as (from named_{name})" for name in laid)
    return framed(engine.sql(f"with {named} select * from ({query})").to_arrow_table())
