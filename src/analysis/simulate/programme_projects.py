"""Projects of the invented PIO: rows of their phases, contracts and firms, costs and results."""

from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from analysis.simulate.people import Organisation
from analysis.simulate.programme_base import (
    PROGRAMME,
    ROW,
    Told,
    Truth,
    between,
    falls,
    known,
    lognormal,
    poisson,
    spawn,
    weighed,
)
from analysis.simulate.programme_bodies import Body
from analysis.simulate.programme_contracts import consulted_rows, contract_rows
from analysis.simulate.programme_courses import Course, Supply, course, supplied
from analysis.simulate.programme_deals import Deal, Trade

PROJECTS = PROGRAMME["projects"]
UNKNOWN, CAPS = PROJECTS["unknown"], PROJECTS["caps"]
TABLES = ("pio_projects", "pio_contracts", "pio_bidders", "pio_consulted")


class Done(NamedTuple):
    """Tables of the projects; by contract of the world which of theirs it is; by project who won.

    Who won is the firm of the first contract.
    """

    told: Told
    ours: dict[str, str]
    winners: dict[str, Organisation]


def projects(
    seed: int, bodies: list[Body], applied: list[Any], deals: list[Deal], firms: Trade
) -> Done:
    """Return what became of the applications that were admitted.

    Parameters
    ----------
    seed : decides everything
    bodies : who may apply
    applied : rows of pio_applications
    deals : contracts of the world that the programmes know
    firms : who follows the programmes, by year
    """
    supply = supplied(bodies, deals, firms)
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    truth: list[Truth] = []
    winners: dict[str, Organisation] = {}
    admitted = [row for row in applied if row.decision == "admitted"]
    for asked in sorted(admitted, key=lambda row: (row.submitted, row.application)):
        random, project = spawn(seed, "project", asked.application), f"P{asked.application[1:]}"
        went = course(random, asked, project, supply)
        if went.award:
            winners[project] = went.award.deals[0].winner
        for name, row in _rows(random, asked, project, went, supply):
            (truth if name == "truth" else tables[name]).append(row)
    ours = {str(each.value): each.key for each in truth if each.item == "contract of the world"}
    return Done(Told(tables, truth), ours, winners)


def _rows(
    random: Random, asked: Any, project: str, went: Course, supply: Supply
) -> Iterator[tuple[str, Any]]:
    """Yield every row of one project, each with its table."""
    novelty = weighed(random, PROJECTS["novelty"])
    about = {name: getattr(asked, name) for name in ("application", "buyer", "title", "submitted")}
    about |= went.reached | _money(random, went) | _outcome(random, went, novelty)
    row = ROW["pio_projects"](project=project, stopped=went.stopped, **about)
    yield "pio_projects", row
    yield "truth", Truth("pio_projects", project, "novelty", novelty)
    if went.stopped:
        yield "truth", Truth("pio_projects", project, "stopped for", went.reason)
    if went.award:
        yield from contract_rows(random, project, went.award)
    if row.consulted:
        came = consulted_rows(random, row, went.award, supply.firms, supply.schools)
        yield from (("pio_consulted", each) for each in came)


def _money(random: Random, went: Course) -> dict[str, float | None]:
    """Return what was committed and paid, by the published caps, and what others put in."""
    reached, deals = went.reached, went.award.deals if went.award else ()
    asks = "consulted" in reached or "tendered" in reached
    prepared = asks and falls(random, PROJECTS["prepared"])
    early = int(between(random, (0.3, 1)) * CAPS["preparation"]) if prepared else 0
    worth = sum(deal.estimate for deal in deals) // 100 or lognormal(random, 250_000, 0.8)
    half = min(int(worth) * CAPS["share"] // 100, CAPS["development"])
    late = half if "tendered" in reached else 0
    paid = early if "tendered" in reached else 0
    if "awarded" in reached:
        paid += late * PROJECTS["paid_at_award"] // 100
    if "finished" in reached:
        paid = early + int(late * between(random, (0.85, 1)))
    cost = sum(deal.value for deal in deals) // 100
    others = int(cost * between(random, (0.1, 0.3))) * falls(random, PROJECTS["third_party"])
    rest = max(0, cost - late - others) if deals else None
    return {
        "committed_eur": known(random, UNKNOWN["committed"], early + late),
        "paid_eur": paid,
        "buyer_eur": known(random, UNKNOWN["buyer"], rest),
        "third_party_eur": known(random, UNKNOWN["third_party"], others if deals else None),
    }


def _outcome(random: Random, went: Course, novelty: int) -> dict[str, Any]:
    """Return what a project gave; what is not yet or not told is missing."""
    done, over = "finished" in went.reached, went.stopped or "finished" in went.reached
    start = weighed(random, PROJECTS["trl_start"])
    end = min(9, start + weighed(random, PROJECTS["trl_gain"]))
    raters = [_rated(random, novelty) for _ in range(2)]
    learnt = falls(random, PROJECTS["learning_report"])
    shown, taken = falls(random, PROJECTS["public_case"]), poisson(random, PROJECTS["adopters"])
    return {
        "trl_start": known(random, UNKNOWN["trl"], start),
        "trl_end": known(random, UNKNOWN["trl"], end) if done else None,
        "novelty_1": raters[0] if done else None,
        "novelty_2": raters[1] if done else None,
        "public_case": shown if done else False,
        "learning_report": known(random, UNKNOWN["learning"], learnt) if over else False,
        "adopters": taken if "in_use" in went.reached else 0,
    }


def _rated(random: Random, novelty: int) -> int:
    """Return what a rater makes of the novelty: now and then one step beside it."""
    if falls(random, PROJECTS["raters_agree"]):
        return novelty
    beside = novelty + (1 if random.random() < 0.5 else -1)
    return beside if 0 <= beside <= 3 else 2 * novelty - beside
