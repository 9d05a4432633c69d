"""A panel of buyers by hand, or drawn with a known effect; a test states only what it is about."""

from pathlib import Path

import numpy as np
from blocks_world import given as delivered

from analysis import results
from analysis.cells.held import held
from analysis.contracts.panel_cells import PANEL_CELLS
from analysis.indicators import effects, effects_plan

PLAN = Path(__file__).resolve().parents[1] / "data" / "raw" / "plan"
ADMITTED = {2018: 14, 2019: 14, 2020: 12}
YEARS = range(2013, 2024)
TYPES = ("municipality", "school")


def buyer(number):
    return f"02000{number:05}"


def cells(*rows):
    """Rows of PANEL_CELLS: ten lots with three bids each, won by old and known firms."""
    usual = {"notices": 4, "lots": 10, "pio_lots": 0, "flagged": 0, "placebo": 0}
    usual |= {"valued_eur": 0, "flagged_eur": 0, "bids_lots": 10, "bids": 30, "single": 0}
    usual |= {"startup_yes": 0.0, "startup_no": 10.0, "startup_unknown": 0.0}
    usual |= {"new_yes": 2.0, "new_no": 8.0}
    return held(PANEL_CELLS.arrow([PANEL_CELLS.Row(**usual | row) for row in rows]), PANEL_CELLS)


def applications(*rows):
    """(buyer, decision, year of it): an application each."""
    return [
        {"application": f"a{n}", "buyer": who, "decision": decision,
         "submitted": f"{year}-01-10", "decided": f"{year}-06-01"}
        for n, (who, decision, year) in enumerate(rows)
    ]  # fmt: skip


def given(*asked, year=2023, kind="simulated", **tables):
    """What the programme delivered: who asked, and whatever else is named."""
    return delivered(year=year, kind=kind, pio_applications=applications(*asked), **tables)


def plan(**inference):
    """The plan on record, with fewer draws so that a test does not take long."""
    found = effects_plan.read(PLAN)
    few = {"band_draws": 199, "permutations": 199} | inference
    power = found.laid.power.model_copy(update={"draws": 199})
    own = found.laid.inference.model_copy(update=few)
    return found._replace(laid=found.laid.model_copy(update={"inference": own, "power": power}))


def world(*, effect=0.0, missing=0.0, publishing=0.0, seed=1, kind="simulated"):
    """Cells and files of 40 adopters and 40 refused applicants, followed over eleven years.

    `effect` is added to the chance of a contract with a sign of innovation from admission on;
    `missing` is the chance of a year without awards, `publishing` how much less after admission.
    """
    random = np.random.default_rng(seed)
    years = [year for year, many in ADMITTED.items() for _ in range(many)] + [None] * 40
    rows, asked = [], []
    for number, admitted in enumerate(years):
        asked.append((buyer(number), "admitted" if admitted else "inadmissible", admitted or 2019))
        for year in YEARS:
            after = admitted is not None and year >= admitted
            sign = random.random() < 0.2 + effect * after
            silent = random.random() < missing - publishing * after
            young = int(random.binomial(10, 0.1))
            told = {"flagged": int(sign), "placebo": int(random.random() < 0.5)}
            told |= {"startup_yes": float(young), "startup_no": 10.0 - young}
            told["lots"] = 8 + number % 5  # who was large before, was so throughout
            told |= {"bids": int(random.poisson(30)), "single": int(random.binomial(10, 0.2))}
            if not silent:
                rows.append({"buyer": buyer(number), "year": year, **told})
    listed = [
        {
            "company_id": buyer(n),
            "year": 2023,
            "organisation_type": TYPES[n % 2],
            "staff": 50 + n * 37 % 80,
        }
        for n in range(len(years))
    ]
    return cells(*rows), given(*asked, kind=kind, eligible_buyers=listed)


def ledger(panel, delivered_, **options):
    """The ledger of chapter 42 alone."""
    kind = options.pop("kind", "simulated")
    laid = options.pop("laid", None) or plan()
    return results.ledger(effects.results(panel, delivered_, laid, kind=kind, inputs="notices@1"))


def one(rows, id, **cells_):
    """The one row of an indicator with these cells."""
    found = rows[rows["id"] == f"effects.{id}"]
    for column, cell in cells_.items():
        found = found[found[column] == cell]
    [row] = found.to_dict("records")
    return row
