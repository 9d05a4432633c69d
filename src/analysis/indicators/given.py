"""What the indicators of the programmes are given: the tables that were delivered, and on whom."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from analysis.results import inputs
from analysis.sources.facts import Facts
from analysis.store.raw import KINDS


class Origin(NamedTuple):
    """What the rows of a table rest on: how real it is, and name and sha256 of its deliveries."""

    kind: str
    deliveries: tuple[tuple[str, str], ...]


class Given(NamedTuple):
    """Everything that was delivered about the programmes, and what is published of them.

    year : last year evaluated; rows of later days have been left out
    tables : every table of `contracts.intake`, by name; without rows where none was delivered
    origins : of each table that was delivered, by name
    answers : company_id, on_date, definition, answer (missing: unknown), of every company that a
        table names, on the day that its row tells (award, consultation, registration)
    classes : company_id, on_date, firm_class, is_startup and origin of the same
    facts : published figures, as `sources.facts.read` gives them
    """

    year: int
    tables: Mapping[str, pd.DataFrame]
    origins: Mapping[str, Origin]
    answers: pd.DataFrame
    classes: pd.DataFrame
    facts: Mapping[str, Facts]

    def has(self, *names: str) -> bool:
        """Whether all of these tables were delivered."""
        return all(name in self.origins for name in names)

    def rests_on(self, *names: str) -> dict[str, str]:
        """`kind` and `inputs` of a number that rests on these tables, of which one at least is."""
        there = [self.origins[name] for name in names if name in self.origins]
        deliveries = {delivery for origin in there for delivery in origin.deliveries}
        kind = min((origin.kind for origin in there), key=KINDS.index)
        return {"kind": kind, "inputs": inputs(deliveries)}
