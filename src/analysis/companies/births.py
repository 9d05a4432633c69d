"""False births, re-births, vehicles and temporary partnerships among companies (methods.md 2.4).

A number can be new and its firm not. What open data show of that:

=====  ====================  =======================================================================
F01    same-place            an older company at the same address, with a main activity in common
                             (NACE, four digits) and a name at least 0.85 alike (Jaro-Winkler),
                             that had not ceased more than 24 months before the start
F02    same-directors        half of the directors in common: in no open source, so unknown
F03    large-at-birth        20 workers (FTE) or EUR 5 million of balance sheet in the first year
F04    vehicle               the legal form of a partnership, or the name of a partnership or of a
                             company for one project
F05    restructuring         a merger, split or contribution in the Staatsblad: in no open source
F06    reactivated           it stood in the register before its start, was gone and came back
=====  ====================  =======================================================================

A birth is false by F03, F05 or F06, or by two of F01, F02 and F04. Since F02 is not known, one of
the two others alone leaves the answer open. F03 without accounts and F05 count as not met, as no
firm without accounts would have an answer otherwise: the flag says what can be shown.

Limits: the register has lost what ceased before its first extract, so that F01 finds only older
companies that lived until then; a person has no name, address or activity there and is not judged.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pyarrow as pa

from analysis.companies.codes import form_group, partnership_name, plain, project_name
from analysis.companies.same_place import same_place
from analysis.notices.stages import Engine, Relation, materialise
from analysis.refusal import ReportError

WORKERS, BALANCE_EUR = 20, 5_000_000
RULES = {
    "same-place": "F01",
    "same-directors": "F02",
    "large-at-birth": "F03",
    "vehicle": "F04",
    "restructuring": "F05",
    "reactivated": "F06",
}
LOG = pa.schema(
    [("rule", pa.string()), ("key", pa.string()), ("on", pa.bool_())]
    + [(name, pa.int64()) for name in ("met", "not_met", "unknown")]
)


class Births(NamedTuple):
    """What the rules say of companies, and how often.

    `companies` has one row a company: company_id, is_partnership, is_project_company, F01..F06
    (missing: unknown), older_start_date (earliest of the older companies of F01) and
    is_false_birth. `log` counts the companies that meet each rule, that do not, and the unknown.
    """

    companies: Relation
    log: pa.Table


def births(
    engine: Engine, asked: Relation, register: Mapping[str, Relation], off: Iterable[str] = ()
) -> Births:
    """Judge the companies that matter by the rules above.

    Parameters
    ----------
    engine : connection of the relations
    asked : relation with a column company_id, e.g. every company that won or bid; may repeat
    register : relations `companies`, `names`, `addresses`, `activities`, `lifespans`, `sizes`
    off : keys of RULES that do not count; what they meet is still logged

    Raises
    ------
    ReportError
        A key of `off` is no rule.
    """
    on = _switched_on(off)
    firms = _firms(engine, asked, register)
    older = same_place(engine, firms, register)  # noqa: F841
    large = _large(engine, firms, register)  # noqa: F841
    judged = engine.sql(
        """
        select f.*, older_start_date, large_at_birth as F03,
               case when start_date is not null and comparable
                    then coalesce(older_start_date < start_date, false) end as F01,
               null::boolean as F02,
               is_partnership or is_project_company as F04,
               null::boolean as F05,
               reappeared and first_seen < start_date as F06
        from firms f left join older using (company_id) left join large using (company_id)"""
    )
    judged = materialise(engine, "births", judged.project(f"*, {_flag(on)} as is_false_birth"))
    return Births(judged.project(", ".join(_COLUMNS)), _log(judged, on))


_COLUMNS = (
    *("company_id", "is_partnership", "is_project_company", *RULES.values()),
    *("older_start_date", "is_false_birth"),
)


def _switched_on(off: Iterable[str]) -> frozenset[str]:
    switched_off = frozenset(off)
    if wrong := sorted(switched_off - set(RULES)):
        raise ReportError(
            "rules on false births",
            found=", ".join(wrong),
            expected=", ".join(RULES),
            do="correct the spelling, or leave the rule on",
        )
    return frozenset(rule for key, rule in RULES.items() if key not in switched_off)


def _firms(engine: Engine, asked: Relation, register: Mapping[str, Relation]) -> Relation:
    """The companies asked about that the register has, and what their forms and names say."""
    wanted = asked.filter("company_id is not null").project("company_id").distinct()  # noqa: F841
    companies, lifespans = register["companies"], register["lifespans"]  # noqa: F841
    all_names = register["names"]  # noqa: F841
    return materialise(
        engine,
        "born",
        engine.sql(
            f"""
            with spelt as (
                select number, {plain("name")} as name from all_names
                semi join wanted on number = company_id where unit is null),
            named as (
                select number, bool_or({partnership_name("name")}) as partnership,
                       bool_or({project_name("name")}) as project
                from spelt group by number)
            select company_id, start_date, first_seen, reappeared,
                   case when is_natural_person then false when form is null then partnership
                        else form = 'partnership' end as is_partnership,
                   case when is_natural_person or form = 'partnership' then false
                        else project end as is_project_company
            from wanted
            join (select *, {form_group("legal_form")} as form from companies) c
              on c.number = company_id
            left join named n on n.number = company_id
            left join lifespans l on l.number = company_id"""
        ),
    )


def _large(engine: Engine, firms: Relation, register: Mapping[str, Relation]) -> Relation:
    """F03, from the accounts that close in the year of the start or the next."""
    sizes = register["sizes"]  # noqa: F841
    return engine.sql(
        f"""
        select company_id, arg_min_null(
                employees_fte >= {WORKERS} or balance_eur >= {BALANCE_EUR}, sizes.year)
               as large_at_birth
        from sizes join firms using (company_id)
        where sizes.year between year(start_date) and year(start_date) + 1
        group by company_id"""
    )


def _flag(on: frozenset[str]) -> str:
    """SQL of is_false_birth from the rules that are on."""
    rules = {rule: rule if rule in on else "false" for rule in RULES.values()}
    alone = " or ".join(f"coalesce({rules[rule]}, false)" for rule in ("F03", "F05", "F06"))
    signs = [rules[rule] for rule in ("F01", "F02", "F04")]
    sure = " + ".join(f"coalesce({sign}, false)::int" for sign in signs)
    perhaps = " + ".join(f"coalesce({sign}, true)::int" for sign in signs)
    return (
        f"case when start_date is null then null when {alone} or {sure} >= 2 then true "
        f"when {perhaps} < 2 then false end"
    )


def _log(judged: Relation, on: frozenset[str]) -> pa.Table:
    asked = [
        f"count(*) filter ({answer})"
        for rule in RULES.values()
        for answer in (rule, f"not {rule}", f"{rule} is null")
    ]
    [counts] = judged.aggregate(", ".join(asked)).fetchall()
    rows = [
        (rule, key, rule in on, *counts[3 * place : 3 * place + 3])
        for place, (key, rule) in enumerate(RULES.items())
    ]
    return pa.table([list(cells) for cells in zip(*rows, strict=True)], schema=LOG)
