"""Codes of the register as data: groups of legal forms, regions by postal code, vehicles."""

from functools import cache
from pathlib import Path
from typing import Any

from analysis.yaml_text import read_yaml

_FILE = Path(__file__).parent / "register_codes.yml"


@cache
def _codes() -> dict[str, Any]:
    return read_yaml(_FILE.read_text(encoding="utf-8"))


def plain(name: str) -> str:
    """SQL for the words of a name without accents and marks, a blank between and at both ends."""
    bare = f"strip_accents(lower(replace({name}, '.', '')))"
    return f"' ' || trim(regexp_replace({bare}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g')) || ' '"


def form_group(column: str) -> str:
    """SQL for the group of a legal form, null where the list does not place it."""
    groups = _codes()["legal_forms"]["groups"].items()
    cases = " ".join(f"when {column} in ({quoted(codes)}) then '{name}'" for name, codes in groups)
    return f"case {cases} end"


def forms(*groups: str) -> list[str]:
    """The legal forms of some groups."""
    held = _codes()["legal_forms"]["groups"]
    return [code for group in groups for code in held[group]]


def public_groups() -> list[str]:
    """Groups of legal forms that are governments or bodies of public law."""
    return list(_codes()["legal_forms"]["public"])


def all_groups() -> list[str]:
    """Every group of legal forms."""
    return list(_codes()["legal_forms"]["groups"])


def region(postcode: str, country: str) -> str:
    """SQL for where a seat is: flanders, brussels, wallonia, abroad; null where it cannot be told.

    Parameters
    ----------
    postcode, country : SQL; the country is ISO 3166-1 alpha-2, and nothing is said where missing
    """
    code = f"try_cast(regexp_extract({postcode}, '^(?:BE?)?[ -]*([1-9][0-9]{{3}})\\b', 1) as int)"
    ranges = _codes()["regions"]["ranges"].items()
    cases = " ".join(
        f"when {country} = 'BE' and {code} between {low} and {high} then '{name}'"
        for name, limits in ranges
        for low, high in limits
    )
    return f"case when {country} <> 'BE' then 'abroad' {cases} end"


def seat_country(column: str) -> str:
    """SQL that turns the register's country (in Dutch) into BE, XX for any other, or null."""
    return f"case when {column} = 'België' then 'BE' when {column} is not null then 'XX' end"


def partnership_name(plain: str) -> str:
    """SQL whether a plain name is that of a temporary partnership."""
    vehicles = _codes()["vehicles"]
    words, marks = "|".join(vehicles["partnership_words"]), "|".join(vehicles["partnership_marks"])
    return f"regexp_matches({plain}, ' ({words}) |^ ({marks}) | ({marks}) $')"


def project_name(plain: str) -> str:
    """SQL whether a plain name is that of a company for one project."""
    return f"regexp_matches({plain}, ' ({'|'.join(_codes()['vehicles']['project_words'])}) ')"


def quoted(values: list[str]) -> str:
    """Texts as SQL literals, with commas."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
