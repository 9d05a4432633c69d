"""Parts of the pre-analysis plan: an outcome, and the designs besides that of buyers."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["falsification", "primary", "secondary", "placebo"]
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class Strict(BaseModel):
    """Holds the fields that it names and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Outcome(Strict):
    """What an outcome is for, and its unit in the ledger."""

    role: Role
    unit: Literal["share-difference", "mean", "percent"]


class Date(Strict):
    """A day on which the policy changed: the first month after, the last one before."""

    first: str = Field(pattern=MONTH)
    before_until: str = Field(pattern=MONTH)


class Interrupted(Strict):
    """Monthly series around a date: which months, which outcomes, and how they are compared."""

    group: str
    comparison: str
    start: str = Field(pattern=MONTH)
    end: str = Field(pattern=MONTH)
    dates: dict[str, Date]
    record: Literal["alone"]
    seasons: list[Literal[12, 4, 1]] = Field(min_length=1)
    checks: list[Literal["mix", "against"]]
    outcomes: dict[str, Outcome]
    multiplicity: Literal["holm"]
    highest_grade: Literal["C"]


class Synthetic(Strict):
    """Yearly series of one region against others: years, regions that count, outcomes."""

    treated: str
    before: tuple[int, int]
    after: tuple[int, int]
    fewest_lots: int = Field(ge=1)
    fewest_years: int = Field(ge=2)
    estimators: list[Literal["synthetic-control", "synthetic-did"]]
    placebo: int
    outcomes: dict[str, Outcome]
    highest_grade: Literal["C"]


class Firms(Strict):
    """Firms after their first PIO contract: with whom they are compared, and what must hold."""

    treated: str
    record: Literal["losers"]
    checks: tuple[Literal["winners"], Literal["exact"]]
    age_bands: tuple[Literal[5], Literal[10]]
    size_bands: tuple[Literal[10], Literal[50]]
    ratio: int = Field(ge=1)
    caliper: float = Field(gt=0)
    years_after: Literal[3]
    months: Literal[36]
    fewest: Literal[10]
    outcomes: dict[str, Outcome]
    multiplicity: Literal["holm"]
    matched: float = Field(gt=0, le=1)
    largest_smd: float = Field(gt=0)
    highest_grade: Literal["B"]
