"""The notice rules in the order in which they work, their switches, and what each has met."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from analysis.contracts.lots import RULE_LOG
from analysis.notices.stages import Engine, Relation
from analysis.refusal import ReportError


class Rule(NamedTuple):
    """One rule: `key` is its switch and names its sentence in every language."""

    id: str
    key: str
    effect: str
    can_be_off: bool = True


RULES = (
    Rule("N01", "read-twice", "removed"),
    Rule("N02", "not-an-award", "apart"),
    Rule("N03", "not-published", "removed"),
    Rule("N04", "eu-institution", "apart"),
    Rule("N05", "changed-or-cancelled", "removed"),
    Rule("N09", "no-award-to-read", "flagged", can_be_off=False),
    Rule("N06", "duplicate-within-era", "removed"),
    Rule("N07", "duplicate-across-eras", "removed"),
    Rule("N08", "corrected-in-words", "flagged", can_be_off=False),
    Rule("D01", "implausible-date", "flagged", can_be_off=False),
    Rule("B01", "awarded-without-bids", "flagged", can_be_off=False),
    Rule("B02", "more-sme-bids-than-bids", "flagged", can_be_off=False),
    Rule("A01", "placeholder-amount", "apart"),
    Rule("A02", "total-on-every-award", "apart"),
    Rule("A03", "power-of-ten-from-estimate", "apart"),
    Rule("A04", "far-from-its-like", "apart"),
    Rule("A05", "above-one-billion", "apart"),
    Rule("A06", "framework-ceiling", "apart"),
    Rule("A07", "vat-included", "flagged"),
    Rule("A08", "not-in-euro", "apart", can_be_off=False),
    Rule("A09", "total-of-single-award", "flagged"),
)


def switched_on(off: Iterable[str]) -> frozenset[str]:
    """Ids of the rules that are on; refuse a key that is no rule, or none that can be off."""
    switches = {rule.key: rule.id for rule in RULES if rule.can_be_off}
    wrong = sorted(set(off) - set(switches))
    if wrong:
        raise ReportError(
            "the parameter off",
            found=", ".join(wrong),
            expected=f"rules that can be switched off: {', '.join(switches)}",
            do="correct the spelling, or leave the rule on",
        )
    return frozenset(rule.id for rule in RULES) - {switches[key] for key in off}


def log_row(engine: Engine, rule: Rule, *, on: bool, hits: Relation, awards: Relation) -> tuple:
    """One row of RULE_LOG. Plain SQL: one pass for counts of three different things.

    Parameters
    ----------
    engine : the connection of both relations
    rule, on : the rule, and whether it was applied
    hits : keys of the notices, lots or contracts that it met
    awards : awards and decisions among which it looked
    """
    rule_hits, rule_awards = hits, awards  # noqa: F841 - DuckDB finds them by name
    counts = _COUNTS.format(keys=", ".join(hits.columns))
    notices, lots, given, eur, eur_known, other = engine.sql(counts).fetchall()[0]
    return RULE_LOG.Row(
        rule=rule.id,
        key=rule.key,
        on=on,
        effect=rule.effect,
        notices=notices,
        lots=lots,
        awards=given,
        eur=eur if given else Decimal(0),
        eur_known=eur_known,
        other_currency=other,
    )


_COUNTS = """
with given as (select *, case when outcome = 'awarded' then value end as amount from rule_awards)
select count(distinct (rule_hits.notice_id, rule_hits.document)),
       count(distinct (given.notice_id, given.document, given.lot_id))
         filter (where given.lot_id is not null),
       count(*) filter (where outcome = 'awarded'),
       sum(case when currency = 'EUR' then amount end),
       count(case when currency = 'EUR' then amount end),
       count(case when currency <> 'EUR' then amount end)
from rule_hits left join given using ({keys})
"""
