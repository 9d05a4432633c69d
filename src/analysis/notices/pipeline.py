"""From the tables of the readers to lots, winners and the log of the rules."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import narwhals.stable.v2 as nw
import pyarrow as pa

from analysis.contracts.lots import LOT_RESULTS, RULE_LOG, WINNERS
from analysis.notices import apart
from analysis.notices.amounts import FLAGS, judged
from analysis.notices.dates import lot_dates
from analysis.notices.duplicates import published_twice
from analysis.notices.identities import identities
from analysis.notices.lots import lot_results
from analysis.notices.rules import RULES, log_row, switched_on
from analysis.notices.stages import (
    AWARD,
    LOT,
    NOTICE,
    Engine,
    Relation,
    deliver,
    frames,
    lazy,
    stage,
)
from analysis.notices.values import valued
from analysis.notices.winners import winners, won_contracts

Frames = dict[str, nw.LazyFrame]

_OF_NOTICES: dict[str, Callable[[Frames], nw.LazyFrame]] = {
    "N01": apart.read_twice,
    "N02": apart.not_an_award,
    "N03": apart.not_published,
    "N04": apart.eu_institution,
    "N05": apart.replaced,
}


class Kept(NamedTuple):
    """Relations of the engine that keep LOT_RESULTS and WINNERS, and the table RULE_LOG."""

    lots: Relation
    winners: Relation
    log: pa.Table


@dataclass
class _Work:
    """The engine, what the rules have left so far, and what they have met."""

    engine: Engine
    now: Frames
    on: frozenset[str]
    log: list[tuple] = field(default_factory=list)

    def meet(self, rule_id: str, hits: nw.LazyFrame, among: str = "awards") -> nw.LazyFrame:
        """Compute what a rule meets, once, and log it."""
        rule = next(rule for rule in RULES if rule.id == rule_id)
        hits = stage(self.engine, f"met_{rule_id}", hits)
        awards = self.now[among].to_native()
        on = rule_id in self.on
        self.log.append(log_row(self.engine, rule, on=on, hits=hits.to_native(), awards=awards))
        return hits

    def remove(self, rule_id: str, hits: nw.LazyFrame, *, from_: str) -> None:
        """Log what a rule meets, and take it out of a table if the rule is on."""
        hits = self.meet(rule_id, hits)
        if rule_id in self.on:
            left = self.now[from_].join(hits, on=hits.collect_schema().names(), how="anti")
            self.now[from_] = stage(self.engine, f"{from_}_after_{rule_id}", left)


def apply_rules(engine: Engine, tables: Mapping[str, object], off: Iterable[str] = ()) -> Kept:
    """Give lots with one result each, their winners, and what every rule met.

    Parameters
    ----------
    engine : the connection that the tables belong to
    tables : relations `notices`, `lots`, `awards`, `bids` and `organisations` of the contracts
    off : keys of rules to switch off; what they meet is still counted

    Raises
    ------
    ReportError
        For a key that is no rule, or a rule that cannot be switched off.
    ContractError
        For a table that is held in memory (a pandas frame).
    """
    work = _Work(engine, prepared(engine, tables), switched_on(off))
    _keep_award_notices(work)
    _keep_awards_once(work)
    _flag(work)
    return _delivered(work)


def prepared(engine: Engine, tables: Mapping[str, object]) -> Frames:
    """Add the organisations with what identifies them, and the winners among them."""
    now = frames(tables)
    now["everything"] = now["notices"]
    now["identified"] = lazy(identities(engine, now["organisations"].to_native()))
    by = [*NOTICE, "organisation_id"]
    won = now["bids"].filter(nw.col("won")).select(*AWARD, "organisation_id").unique()
    now["won"] = stage(engine, "won", won.join(now["identified"], on=by, how="left"))
    return now


def _keep_award_notices(work: _Work) -> None:
    for rule_id, meets in _OF_NOTICES.items():
        work.remove(rule_id, meets(work.now), from_="notices")
    work.meet("N09", apart.without_award(work.now))
    kept = work.now["awards"].join(work.now["notices"], on=NOTICE, how="semi")
    work.now["awards"] = stage(work.engine, "awards_of_kept", kept)


def _keep_awards_once(work: _Work) -> None:
    work.now["dates"] = stage(work.engine, "dates", lot_dates(work.now))
    for rule_id, across in (("N06", False), ("N07", True)):
        twice = published_twice(work.engine, work.now, across=across)
        work.remove(rule_id, twice, from_="awards")


def _flag(work: _Work) -> None:
    """What stays, but with a remark."""
    awards = work.now["awards"]
    work.now["corrected"] = work.meet("N08", apart.corrected_in_words(work.now))
    doubted = work.now["dates"].filter(nw.col("implausible")).select(LOT)
    work.meet("D01", doubted.join(awards, on=LOT, how="semi"))
    without = awards.filter(nw.col("outcome") == "awarded", nw.col("bids") == 0)
    work.meet("B01", without.select(AWARD))
    work.meet("B02", awards.filter(nw.col("bids_sme") > nw.col("bids")).select(AWARD))
    work.now["judged"] = judged(work.engine, work.now)
    for flag in FLAGS:
        hits = work.now["judged"].filter(nw.col(flag)).select(AWARD)
        work.meet(flag, hits, among="judged")


def _delivered(work: _Work) -> Kept:
    engine, now = work.engine, work.now
    values = stage(engine, "values", valued(now["judged"], work.on))
    firms = stage(engine, "winners", winners(won_contracts(now), values))
    lots = lot_results(now, firms, values, work.on)
    return Kept(
        deliver(engine, LOT_RESULTS, lots),
        deliver(engine, WINNERS, firms),
        RULE_LOG.arrow(work.log),
    )
