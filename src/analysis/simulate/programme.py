"""The invented programmes as their own files: a CSV a table, as people would fill in the forms.

The truth beside them has a row an item, with the table and the key that it is about:

pio_applications, application : `refused for`; `theme` and `digital` where the cell is empty
pio_projects, project : `novelty`, `stopped for`
pio_contracts, contract : `contract of the world` (contract/lot of truth.csv), or, of buyers
    outside the Flemish administration, `contract beside the world`
contract_register, contract : `verdict` (rd, ppi, none), `innovation kind`
contract_register, year : `rd share of ...` and `rd and ppi share of ...` contracts, estimates,
    awarded amounts
survey_answers, wave/group : `all: persons`, `respondents: persons`
survey_answers, wave/group/question : `all: share`, `respondents: share`, of those who agree, say
    yes, or would not have done the same without the programme, whatever they filled in
partner_kpis, instrument/kpi : `ratio to be expected`; `reached` where the cell is empty
"""

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.contracts.intake import SHEETS
from analysis.contracts.intake.shape import code_words
from analysis.contracts.table import Column
from analysis.simulate.bidders import Draw
from analysis.simulate.buyers import Buyers
from analysis.simulate.programme_audit import audit
from analysis.simulate.programme_base import Told, Truth
from analysis.simulate.programme_bodies import bodies, target_group
from analysis.simulate.programme_calls import applications, calls
from analysis.simulate.programme_deals import Deal, trade
from analysis.simulate.programme_outreach import outreach
from analysis.simulate.programme_partners import partners
from analysis.simulate.programme_projects import projects
from analysis.simulate.programme_register import entries, register
from analysis.simulate.programme_startups import Market, marketplace, project_group
from analysis.simulate.programme_survey import survey


def programme(seed: int, scale: float, buying: Buyers, deals: list[Deal], draw: Draw) -> Told:
    """Return every table of the programmes, and what is true of them that no table tells.

    Parameters
    ----------
    seed, scale : of the world
    buying : its buyers
    deals : contracts of the world, from `programme_deals.watched`
    draw : draws firms of the world
    """
    public = bodies(seed, buying)
    firms = trade(seed, scale, draw)
    asked = applications(seed, scale, public, calls())
    done, ours, winners = projects(seed, public, asked.tables["pio_applications"], deals, firms)
    pio = asked.tables | done.tables
    found = entries(seed, deals, ours)
    kept = register(seed, found, _things(pio, ours))
    judged = audit(seed, found, kept.tables["contract_register"])
    told = [
        target_group(seed, public),
        asked,
        done,
        kept,
        Told({"audit_sample": judged}, []),
        survey(seed, public, pio),
        partners(seed),
        project_group(),
        marketplace(seed, scale, public, pio, Market(firms, winners)),
        outreach(seed, scale, public, pio["pio_projects"]),
    ]
    tables = {name: rows for part in told for name, rows in part.tables.items()}
    return Told(tables, [truth for part in told for truth in part.truth])


def _things(pio: dict[str, list[Any]], ours: dict[str, str]) -> dict[str, str]:
    """Return what projects are about, as their titles say, by contract of the world."""
    project = {row.contract: row.project for row in pio["pio_contracts"]}
    thing = {row.project: row.title.split(": ")[1] for row in pio["pio_projects"]}
    return {deal: thing[project[contract]] for deal, contract in ours.items()}


def write_programme(folder: Path, told: Told, card: bytes) -> None:
    """Write `programme/<table>.csv` as people fill in the forms, and `programme_truth.csv` beside.

    Heads are the Dutch names of the columns, codes their Dutch words; a table without rows is not
    written. The truth has a row an item: the table and the row or year that it is about.

    Parameters
    ----------
    folder : of the world
    told : what `programme` returns
    card : says that it is invented
    """
    place = folder / "programme"
    place.mkdir()
    (place / "card.yml").write_bytes(card)
    for name, rows in told.tables.items():
        if rows:
            columns = SHEETS[name].table.columns
            heads = [SHEETS[name].fields[column].label["nl"] for column in columns]
            cells = (map(_cell, row, columns.values()) for row in rows)
            _write(place / f"{name}.csv", heads, cells)
    _write(folder / "programme_truth.csv", Truth._fields, told.truth)


def _cell(value: object, column: Column) -> object:
    """Return a cell as people write it: ja and nee, the words of a list, days in figures."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if column.values:
        return code_words(str(value))["nl"]
    return value.isoformat() if isinstance(value, dt.date) else value


def _write(path: Path, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(heads)
        table.writerows(rows)
