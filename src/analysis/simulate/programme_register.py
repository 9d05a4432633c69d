"""The invented register of contracts: what is truly innovative, what is marked, what titles say."""

from collections import defaultdict
from math import fsum
from random import Random
from typing import Any, NamedTuple

from analysis.simulate.people import Organisation
from analysis.simulate.programme_base import (
    PROGRAMME,
    ROW,
    Told,
    Truth,
    falls,
    known,
    number_on,
    pick,
    spawn,
    weighed,
)
from analysis.simulate.programme_deals import Deal

REGISTER, TEXTS = PROGRAMME["register"], PROGRAMME["texts"]
UNKNOWN, MARKED, WORDS = REGISTER["unknown"], REGISTER["marked"], REGISTER["words"]
THINGS = [thing for things in TEXTS["things"].values() for thing in things]
INNOVATIVE = ("rd", "ppi")


class Entry(NamedTuple):
    """A contract of the register with what it truly is: rd, ppi or none, as a coder would say."""

    deal: Deal
    verdict: str
    is_project: bool


def entries(seed: int, deals: list[Deal], projects: dict[str, str]) -> list[Entry]:
    """Return the contracts of the register, by day, with what they truly are.

    The contracts of PIO projects are innovative, the others by chance; in one year a very large
    one is.
    """
    listed = sorted(
        (deal for deal in deals if deal.is_registered), key=lambda d: (d.day, d.contract)
    )
    jump = _jump(listed)
    return [
        Entry(
            deal, _verdict(seed, deal, deal.contract in projects, jump), deal.contract in projects
        )
        for deal in listed
    ]


def _verdict(seed: int, deal: Deal, is_project: bool, jump: str) -> str:
    random = spawn(seed, "verdict", deal.contract)
    if deal.contract == jump:
        return "ppi"
    if deal.estimate > 100 * REGISTER["ordinary"] and not is_project:
        return "none"
    of_cpv = REGISTER["innovative"].get(deal.cpv[:2], [0, 0])
    ppi, rd = REGISTER["by_procedure"].get(deal.procedure, of_cpv)
    if is_project:
        return "rd" if falls(random, 100 * rd / max(ppi + rd, 1e-9)) else "ppi"
    return weighed(random, {"ppi": ppi, "rd": rd, "none": 100 - ppi - rd})


def _jump(listed: list[Deal]) -> str:
    """Return the contract that alone makes a year: large, but not the whole of it."""
    facts = REGISTER["jump"]
    of_year = [deal for deal in listed if deal.day.year == facts["year"]]
    most = fsum(deal.estimate for deal in of_year) * facts["most"] / 100
    fits = [(deal.estimate, deal.contract) for deal in of_year if deal.estimate <= most]
    return max(fits, default=(0, ""))[1]


def register(seed: int, found: list[Entry], things: dict[str, str]) -> Told:
    """Return the register as buyers keep it; the truth is what each contract is and each year gave.

    Parameters
    ----------
    seed : decides everything
    found : the contracts
    things : what the project is about, of contracts of projects
    """
    buyers = sorted({entry.deal.buyer.number for entry in found})
    domains = REGISTER["domains"]
    domain = {number: domains[place % len(domains)] for place, number in enumerate(buyers)}
    rows, truth = [], []
    for entry in found:
        random, contract = spawn(seed, "register", entry.deal.contract), entry.deal.contract
        kind = weighed(random, REGISTER["kinds"]) if entry.verdict in INNOVATIVE else None
        title = _title(random, entry, things.get(contract))
        mark = _mark(random, entry)
        rows.append(_row(random, entry.deal, domain, title, mark, kind))
        truth.append(Truth("contract_register", contract, "verdict", entry.verdict))
        if kind:
            truth.append(Truth("contract_register", contract, "innovation kind", kind))
    return Told({"contract_register": rows}, [*truth, *_shares(found)])


def _row(
    random: Random, deal: Deal, domain: dict[str, str], title: str, mark: bool | None,
    kind: str | None,
) -> Any:  # fmt: skip
    stated = mark and falls(random, REGISTER["kind_stated"])
    winner: Organisation = deal.winner
    return ROW["contract_register"](
        contract=deal.contract,
        buyer=deal.buyer.number[:10],
        policy_domain=known(random, UNKNOWN["domain"], domain[deal.buyer.number]),
        title=title,
        date=deal.day,
        estimated_eur=round(deal.estimate / 100, 2),
        awarded_eur=known(random, UNKNOWN["awarded"], round(deal.value / 100, 2)),
        procedure=known(random, UNKNOWN["procedure"], deal.procedure),
        framework=known(random, UNKNOWN["framework"], deal.is_framework),
        cpv=deal.cpv,
        innovation=mark,
        innovation_kind=(kind or weighed(random, REGISTER["kinds"])) if stated else None,
        company_id=known(random, UNKNOWN["winner"], number_on(winner, deal.day)),
    )


def _mark(random: Random, entry: Entry) -> bool | None:
    """Return what the buyer fills in: often right, less often for large contracts, or nothing."""
    if falls(random, MARKED["not_filled_in"]):
        return None
    if entry.verdict not in INNOVATIVE:
        return falls(random, MARKED["wrongly"])
    is_large = entry.deal.estimate >= 100 * MARKED["large_from"]
    return falls(random, MARKED["large" if is_large else "small"])


def _title(random: Random, entry: Entry, about: str | None) -> str:
    """Return a title, in which a word may say that the contract is innovative, or deceive."""
    plain = pick(random, TEXTS["plain"][entry.deal.cpv[:2]])
    if entry.verdict in INNOVATIVE:
        thing = about or pick(random, THINGS)
        says = falls(random, WORDS["innovative"])
        title = pick(random, TEXTS["signals"]).format(thing) if says else thing
    elif falls(random, WORDS["false_friend"]):
        title = pick(random, TEXTS["false_friends"])
    elif falls(random, WORDS["boilerplate"]):
        title = TEXTS["boilerplate"].format(plain)
    else:
        title = plain
    return f"Verzonnen opdracht: {title}"


def _shares(found: list[Entry]) -> list[Truth]:
    """Return what share of each year's contracts and money was truly innovative."""
    by_year: dict[int, list[Entry]] = defaultdict(list)
    for entry in found:
        by_year[entry.deal.day.year].append(entry)
    return [
        Truth("contract_register", str(year), f"{name} {part}", _share(entered, measure, verdicts))
        for year, entered in sorted(by_year.items())
        for name, verdicts in (("rd", ("rd",)), ("rd and ppi", INNOVATIVE))
        for part, measure in (
            ("share of contracts", None), ("share of estimates", "estimate"),
            ("share of awarded amounts", "value"),
        )
    ]  # fmt: skip


def _share(found: list[Entry], measure: str | None, verdicts: tuple[str, ...]) -> str:
    weights = [getattr(entry.deal, measure) if measure else 1 for entry in found]
    some = [w for w, entry in zip(weights, found, strict=True) if entry.verdict in verdicts]
    return f"{sum(some) / sum(weights):.6f}"
