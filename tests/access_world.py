"""A few awarded lots with winners and answers, by hand: what is not stated is ordinary."""

import datetime as dt
from decimal import Decimal
from functools import cache, partial

import engines
import pandas as pd
import pyarrow as pa

from analysis.cells import AccessCells, access_cells
from analysis.cells.access import TABLES
from analysis.cells.held import held
from analysis.contracts import ANSWERS, MEMBERS, TENDERERS
from analysis.contracts.access_cells import FLAGS
from analysis.contracts.lots import LOT_RESULTS, WINNERS
from analysis.indicators.access import access
from analysis.results import ledger, number

YES, NO, UNKNOWN = "0000000001", "0000000002", "0000000003"
DEFINITIONS = ("startup-5", "startup-10", "younger-than-5")
_KEY = ("notice_id", "document", "lot_id")
_PERIMETER = pa.schema(
    [*((name, pa.string()) for name in _KEY), *((flag, pa.bool_()) for flag in FLAGS)]
)


def lot(number, *members, **stated):
    """One awarded Flemish lot of 2020. `members` are dicts, or companies that share it equally."""
    rows = [one if isinstance(one, dict) else {"company_id": one} for one in members]
    day = dt.date(stated.get("year", 2020) or 2020, 6, 1)
    ordinary = {
        "notice_id": f"{number}-2020", "document": f"sha-{number}", "lot_id": "1", "era": "eforms",
        "form": "29", "outcome": "awarded", "date": day, "date_rule": "contract", "year": 2020,
        "publication_date": day + dt.timedelta(30), "country": "BE", "buyer": "A",
        "buyer_type": "local", "procedure": "open", "nature": "services", "cpv_division": "72",
        "cpv_group": "722", "is_framework": False, "first_of_notice": True, "corrected": False,
        "awards": 1, "bids": 3, "winners": len(rows), "joint": len(rows) > 1, "sme_won": "unknown",
        "cross_border": "unknown", "flags": (False, True, True, True),
    }  # fmt: skip
    given = ordinary | stated
    value = given.get("value_eur")
    given["value_eur"] = None if value is None else Decimal(str(value))
    given["value_low_eur"] = given["value_high_eur"] = given["value_eur"]
    return given | {"members": rows}


def awarded_cells(*lots, definitions=DEFINITIONS, **stated) -> AccessCells:
    """Cells of the lots; companies YES and NO answer so to every definition, UNKNOWN does not."""
    engine, given = relations(*lots, definitions=definitions, **stated)
    return access_cells(engine, given, definitions)


def relations(*lots, answers=None, tenderers=(), definitions=DEFINITIONS):
    """An engine, and its relations of the lots."""
    engine = engines.engine()
    flat = [_member(one, n, member) for one in lots for n, member in enumerate(one["members"], 1)]
    answered = {YES: True, NO: False, UNKNOWN: None} if answers is None else answers
    days = {one["date"] for one in lots if one["date"]}
    said = [
        ANSWERS.Row(company, day, definition, answer)
        for company, answer in answered.items()
        for day in sorted(days)
        for definition in definitions
    ]
    flags = [(*(one[name] for name in _KEY), *one["flags"]) for one in lots]
    tables = {
        "lots": LOT_RESULTS.arrow([_row(LOT_RESULTS, one) for one in lots]),
        "winners": WINNERS.arrow([_row(WINNERS, one) for one in flat]),
        "members": MEMBERS.arrow([_row(MEMBERS, one) for one in flat]),
        "tenderers": TENDERERS.arrow([_row(TENDERERS, one) for one in tenderers]),
        "answers": ANSWERS.arrow(said),
        "described": _described(lots),
        "perimeters": pa.table(
            [
                pa.array(column, f.type)
                for column, f in zip(_columns(flags), _PERIMETER, strict=True)
            ],
            schema=_PERIMETER,
        ),
    }
    return engine, {name: engine.from_arrow(table) for name, table in tables.items()}


def _described(lots):
    """What the notices say of the lots: codes of innovation where the lot states them."""
    names = (*_KEY, "strategic", "innovation")
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.Table.from_pylist([{n: one.get(n) for n in names} for one in lots], schema)


def tender(one, number, company, *, won=False, weight=1.0):
    """A tender of a company for the lot."""
    return {name: one[name] for name in _KEY} | {
        "tender_id": str(number), "member": 1, "weight": weight, "company_id": company,
        "on_date": one["date"], "won": won,
    }  # fmt: skip


def frame(table, *rows):
    """Cells of a contract; what is not stated is missing, measures 0, Flemish, startup-5, 2020."""
    usual = dict.fromkeys(table.columns) | {"definition": "startup-5", "year": 2020}
    flemish = dict(zip(FLAGS, (False, True, True, True), strict=True))
    zero = {"whole": 0, "number": 0.0, "money": Decimal(0)}
    usual |= {
        n: zero[c.kind] for n, c in table.columns.items() if n not in table.key and c.kind in zero
    }
    usual |= flemish | {"year": 2020}
    filled = [usual | row for row in rows]
    return held(table.arrow([table.Row(**{n: r[n] for n in table.columns}) for r in filled]), table)


def world_of(**tables) -> AccessCells:
    """Cells of which only some tables have rows."""
    return AccessCells(**(_empty() | tables))


@cache
def _empty():
    return {name: held(table.arrow([]), table) for name, table in TABLES.items()}


def told(rows, id, **at):
    """The one row of the ledger of an indicator: startup-5, Flemish public, whole period, all."""
    where = {"id": f"access.{id}", "definition": "startup-5", "perimeter": "flemish-public"}
    where |= {"group": "all"} | at
    if "period" not in where:
        where["period"] = max(rows["period"], key=len)
    for column, value in where.items():
        rows = rows.loc[rows[column] == value]
    [row] = rows.to_dict("records")
    return row


def published(cells, **options):
    """The ledger of chapter 20."""
    return ledger(access(cells, kind="simulated", inputs="test", **options))


def of_theme(theme, cells, *more):
    """The ledger of one theme only."""
    row = partial(number, chapter="20", kind="simulated", inputs="test")
    return ledger(theme.rows(cells, row, *more))


def interval(row, digits=5):
    """Value, low and high, rounded; missing stays missing."""
    return tuple(
        None if pd.isna(row[name]) else round(row[name], digits)
        for name in ("value", "low", "high")
    )


def _member(one, number, stated):
    company = stated.get("company_id")
    ordinary = {name: one[name] for name in _KEY} | {
        "winner": number, "member": 1, "weight": 1 / len(one["members"]),
        "lot_weight": 1 / len(one["members"]), "value_share": 1 / len(one["members"]),
        "method": "number" if company else "none", "on_date": one["date"], "is_vehicle": False,
        "is_false_birth": False, "origin": "flanders" if company else "unknown",
        "firm_class": "unknown", "name": f"Firm {company}" if company else None, "country": "BE",
    }  # fmt: skip
    return ordinary | stated


def _row(table, stated):
    return table.Row(**{name: stated[name] for name in table.columns if name in stated})


def _columns(rows):
    return list(zip(*rows, strict=True)) if rows else [()] * len(_PERIMETER)
