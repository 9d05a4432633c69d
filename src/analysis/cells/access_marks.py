"""Which awarded lots their notices mark as innovative."""

import pyarrow as pa

from analysis.cells.access_base import Engine, Relation, make
from analysis.innovation.signals import marked

_KINDS = pa.schema([(name, pa.string()) for name in ("procedure", "strategic", "innovation")])
_STATED = """
select lot, procedure, strategic, innovation
from access_lots left join described using (notice_id, document, lot_id)
"""
_MARKED = """
select lot from access_stated s join marks m on s.procedure is not distinct from m.procedure
    and s.strategic is not distinct from m.strategic
    and s.innovation is not distinct from m.innovation
"""


def mark_lots(engine: Engine, described: Relation) -> None:
    """Make the temporary table `access_marked`: numbers of the lots marked as innovative.

    Parameters
    ----------
    engine : with `access_lots`, as `access_base.number_lots` makes it
    described : keeps LOTS: what the notices say of each lot

    Notes
    -----
    A lot on which no field was filled in is not in the table, nor is one that says no: the table
    tells of marked lots alone.
    """
    make(engine, "access_stated", _STATED, described=described)
    kinds = engine.sql("select distinct procedure, strategic, innovation from access_stated").df()
    yes = kinds.loc[marked(kinds).fillna(False).astype(bool)]
    marks = pa.Table.from_pandas(yes, schema=_KINDS, preserve_index=False)
    make(engine, "access_marked", _MARKED, marks=engine.from_arrow(marks))
