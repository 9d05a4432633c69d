"""What chapter 30 shows of the ledger beside published figures: a register, or nothing."""

import pandas as pd

from analysis.contracts.intake.norm import INNOVATION_KINDS, POLICY_DOMAINS
from analysis.innovation.signals import NOT_READ, SIGNALS
from analysis.present.access import rows
from analysis.present.chapter import Chapter

HEADLINE = "rd-ppi-estimated"
_DEFINITIONS = (
    "rd-ppi-estimated", "rd-ppi-awarded", "rd-estimated", "rd-awarded", "marked-estimated",
    "marked-awarded", "rd-ppi", "rd", "marked", "rd-ppi-mark", "rd-ppi-text", "buyers-mark",
    "text-score", "by-buyer", "by-time", "kappa-rd-ppi", "alpha-rd-ppi", "kappa-rd", "alpha-rd",
)  # fmt: skip
_GROUPS = (
    "all",
    "without=largest-5",
    "without=frameworks",
    *(f"innovation_kind={kind}" for kind in INNOVATION_KINDS),
    *(f"policy_domain={domain}" for domain in POLICY_DOMAINS),
    *(f"signal={signal}" for signal in (*SIGNALS, *NOT_READ)),
    *(f"language={code}" for code in ("nl", "fr", "en")),
)


def in_order(shown: pd.DataFrame) -> pd.DataFrame:
    """Rows by period, and within it groups and definitions in the order of the contracts."""
    place = {
        "group": shown["group"].map(_place(_GROUPS)),
        "definition": shown["definition"].map(_place(_DEFINITIONS)),
    }
    order = pd.DataFrame({"period": shown["period"], **place}).fillna(len(_GROUPS))
    return shown.loc[order.sort_values([*order], kind="stable").index]


def audited(chapter: Chapter) -> pd.DataFrame:
    """Shares that the audit found under the headline definition, of the years that were judged."""
    found = rows(chapter, "norm.measured_share", group="all", definition=HEADLINE)
    return found[found["value"].notna()]


def last(shown: pd.DataFrame) -> str:
    """The last period of the rows."""
    return str(shown["period"].max())


def whole(chapter: Chapter, *ids: str, **where: str) -> pd.DataFrame:
    """Rows of all years of the register together; of its year where there is one."""
    found = rows(chapter, *ids, **where)
    ranges = found["period"].str.contains("-")
    return in_order(found[ranges] if ranges.any() else found)


def _place(order: tuple[str, ...]) -> dict[str, int]:
    return {code: at for at, code in enumerate(order)}
