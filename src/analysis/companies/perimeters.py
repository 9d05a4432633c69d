"""Which buyers a perimeter holds, as data: one file each in `perimeters/`; yes, no or unknown.

What is asked first decides: an institution of the EU is in none; then the file's own overrides; the
table of buyers, on the day of the lot; the legal form and the seat in the register; and, where the
file says so, the place that the notice gives. A lot that none of them decides is unknown: it is
counted and told, never inside.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from analysis.companies.codes import all_groups, form_group, quoted, region, seat_country
from analysis.companies.definitions import Title
from analysis.contracts.access import BODIES
from analysis.notices.stages import Engine, Relation, materialise
from analysis.refusal import ReportError
from analysis.yaml_text import read_yaml

FOLDER = Path(__file__).parent / "perimeters"
_KNOWN = Path(__file__).parent / "known_buyers.yml"
Place = Literal["flanders", "brussels", "wallonia", "belgium", "abroad"]
REASONS = (
    "eu-institution",
    "override",
    "buyer-list",
    "legal-form",
    "seat",
    "notice",
    "unknown",
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Override(_Strict):
    """A decision about one buyer, with who says so, in the days from `since` to `until`."""

    number: str
    inside: bool
    reason: str
    source: str
    since: date | None = None
    until: date | None = None


class FormRule(_Strict):
    """Groups of legal forms that are inside or outside, if given only with a seat in a region."""

    groups: list[str]
    inside: bool
    seats: list[Place] | None = None

    @field_validator("groups")
    @classmethod
    def _exist(cls, groups: list[str]) -> list[str]:
        if wrong := set(groups) - set(all_groups()):
            raise ValueError(f"no group of legal forms is called {sorted(wrong)}")
        return groups


class Perimeter(_Strict):
    """What decides whether a buyer is inside, in the order in which it is asked."""

    id: str
    title: Title
    overrides: list[Override]
    bodies: dict[str, bool]
    forms: list[FormRule]
    seats: dict[Place, bool]
    notice_places: dict[Place, bool]

    @field_validator("bodies")
    @classmethod
    def _known(cls, bodies: dict[str, bool]) -> dict[str, bool]:
        if wrong := set(bodies) - set(BODIES):
            raise ValueError(f"no body is called {sorted(wrong)}")
        return bodies

    @property
    def column(self) -> str:
        """Name of its flag in a table: the id with underscores."""
        return self.id.replace("-", "_")


@cache
def known_perimeters(folder: Path = FOLDER) -> tuple[Perimeter, ...]:
    """Every perimeter of a folder, in the order of the files' names.

    Raises
    ------
    ReportError
        A file cannot be read or breaks a promise.
    """
    return tuple(_read(path) for path in sorted(folder.glob("*.yml")))


def perimeters(
    engine: Engine, lots: Relation, register: Mapping[str, Relation], folder: Path = FOLDER
) -> Relation:
    """Whether the buyer of each lot is inside each perimeter, on the day of the lot.

    Parameters
    ----------
    engine : connection of the relations
    lots : relation that keeps LOT_RESULTS
    register : relations `companies`, `addresses` and `buyers` of the contracts
    folder : files of perimeters

    Returns
    -------
    Relation
        notice_id, document, lot_id, and for each perimeter a flag named after its id with
        underscores (missing: unknown) and `<flag>_reason`, one of REASONS.
    """
    asked = _asked(engine, lots)
    facts = _facts(engine, asked, register)  # noqa: F841 - DuckDB finds it by name
    decided = ", ".join(_decision(perimeter) for perimeter in known_perimeters(folder))
    judged = engine.sql(f"select {', '.join(_BUYER)}, {decided} from facts")  # noqa: F841
    all_lots = lots  # noqa: F841
    flags = ", ".join(f"{one.column}, {one.column}_reason" for one in known_perimeters(folder))
    same = " and ".join(f"l.{name} is not distinct from j.{name}" for name in _BUYER)
    rows = engine.sql(
        f"select notice_id, document, lot_id, {flags} from all_lots l join judged j on {same}"
    )
    return materialise(engine, "perimeters", rows)


_BUYER = ("buyer", "date", "country", "buyer_type", "buyer_postcode", "buyer_nuts")


def _asked(engine: Engine, lots: Relation) -> Relation:
    """Each buyer on each of its days, with its number and the place that the notice gives."""
    return materialise(
        engine,
        "asked_buyers",
        lots.project(", ".join(_BUYER))
        .distinct()
        .project(
            f"""*, case when regexp_full_match(buyer, 'BE[01][0-9]{{9}}') then buyer[3:] end
                as company_id,
                coalesce({region("buyer_postcode", "country")},
                    case when country = 'BE' then case left(buyer_nuts, 3)
                        when 'BE1' then 'brussels' when 'BE2' then 'flanders'
                        when 'BE3' then 'wallonia' else 'belgium' end end) as place"""
        ),
    )


def _facts(engine: Engine, asked: Relation, register: Mapping[str, Relation]) -> Relation:
    """What the table of buyers and the register say of each buyer on its day."""
    companies, addresses = register["companies"], register["addresses"]  # noqa: F841
    buyers = register["buyers"]  # noqa: F841
    known = ", ".join(f"({quoted([b['number'], b['body']])})" for b in known_buyers())
    return materialise(
        engine,
        "buyer_facts",
        engine.sql(
            f"""
            with listed as (
                select company_id, body, since, until from buyers
                union all
                select *, null, null from (values {known}) known(company_id, body)
                where company_id not in (select company_id from buyers)),
            bodies as (
                select a.company_id, a.date,
                       case when count(distinct body) = 1 then min(body)
                            when a.date is not null
                            then arg_max(body, (coalesce(since, date '0001-01-01'), body)) end
                         as body
                from (select distinct company_id, date from asked) a join listed l
                  on a.company_id = l.company_id
                 and coalesce(a.date >= l.since, true) and coalesce(a.date <= l.until, true)
                group by a.company_id, a.date)
            select asked.*, body, {form_group("legal_form")} as form,
                   {region("postcode", seat_country("addresses.country"))} as seat
            from asked
            left join bodies on asked.company_id = bodies.company_id
                and asked.date is not distinct from bodies.date
            left join companies on asked.company_id = companies.number
            left join addresses on asked.company_id = addresses.number"""
        ),
    )


def _decision(perimeter: Perimeter) -> str:
    """SQL of a perimeter's flag and reason: the first condition that holds decides."""
    cases = [("buyer_type = 'eu-institution' or body = 'eu'", False, "eu-institution")]
    cases += [(_of_override(one), one.inside, "override") for one in perimeter.overrides]
    cases += [(f"body = '{b}'", inside, "buyer-list") for b, inside in perimeter.bodies.items()]
    for rule in perimeter.forms:
        where = f" and seat in ({quoted(list(rule.seats))})" if rule.seats else ""
        cases.append((f"form in ({quoted(rule.groups)}){where}", rule.inside, "legal-form"))
    cases += [(f"seat = '{s}'", inside, "seat") for s, inside in perimeter.seats.items()]
    cases += [
        (f"seat is null and place = '{p}'", inside, "notice")
        for p, inside in perimeter.notice_places.items()
    ]
    flag = " ".join(f"when {condition} then {inside}" for condition, inside, _ in cases)
    reason = " ".join(f"when {condition} then '{why}'" for condition, _, why in cases)
    return (
        f"case {flag} end as {perimeter.column}, "
        f"case {reason} else 'unknown' end as {perimeter.column}_reason"
    )


def _of_override(one: Override) -> str:
    days = [f"date {sign} '{day}'" for sign, day in ((">=", one.since), ("<=", one.until)) if day]
    return " and ".join([f"company_id = {quoted([one.number])}", *days])


@cache
def known_buyers() -> tuple[dict[str, str], ...]:
    """Buyers that we list ourselves: number, body, name and source."""
    return tuple(read_yaml(_KNOWN.read_text(encoding="utf-8")))


def _read(path: Path) -> Perimeter:
    try:
        return Perimeter.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (TypeError, ValueError, OSError, yaml.YAMLError) as fault:
        raise ReportError(
            str(path), found=str(fault), expected="a perimeter as the others", do="correct the file"
        ) from fault
