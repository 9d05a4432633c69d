"""How notices misspell, shorten and misplace the firms of the invented register."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from analysis.simulate.register import PARTS

_FORMS = PARTS["forms"]
_SAID = PARTS["said"]
_LETTERS = "abcdefghijklmnoprstuvwz"


@dataclass(frozen=True)
class Firm:
    """A firm of the register and one of its names, as it will be stated."""

    number: str
    form: str
    postcode: int
    town: int
    town_name: str
    language: str
    root: str
    name: str
    other: str = ""  # a name of the kind that the corruption needs


@dataclass(frozen=True)
class Case:
    """What a notice says (`name` to `country`), who it is, and what the oracle may use."""

    kind: str
    name: str
    truth: tuple[str, ...]  # the firm, or the members of the partnership; empty: nobody
    meant: tuple[str, ...]  # the names in the register's own spelling, or their beginning
    families: tuple[str | None, ...]  # of the legal form that is stated with each name
    postcode: str | None
    number: str | None = None
    country: str | None = "BE"
    beginning: bool = False
    fits: tuple[int, ...] = ()  # how many firms fit each name; the oracle fills it in


def dice(sides: int, *label: object) -> int:
    """Return a whole number from 0 to `sides` - 1 that only the label decides, on any machine."""
    digest = sha256("/".join(map(str, label)).encode()).digest()
    return int.from_bytes(digest, "big") % sides


def family_of(form: str) -> str:
    """Family of a form of register.yml: the old BV is a BV."""
    return form.removesuffix("_old")


def _form(firm: Firm, *label: object) -> str:
    """One of the ways in which the firm's form is written: in the time and language of a coin."""
    _, _, today, before = _FORMS[firm.form]
    era = before if firm.form.endswith("_old") or dice(3, "era", *label) == 0 else today
    other = dice(8, "tongue", *label) == 0
    form = era[(firm.language == "fr") != other]
    dotted = dice(4, "dots", *label) == 0 and form.isupper() and form.isalpha()
    return ".".join(form) + "." if dotted else form


def _with_form(name: str, firm: Firm, *label: object, percent: int = 70) -> tuple[str, str | None]:
    """The name with its legal form, behind it or in front, and the family; or without."""
    if dice(100, "form", *label) >= percent:
        return name, None
    form = _form(firm, *label)
    stated = f"{form} {name}" if dice(12, "front", *label) == 0 else f"{name} {form}"
    return stated, family_of(firm.form)


def _cased(text: str, *label: object) -> str:
    way = dice(5, "case", *label)
    return text.upper() if way < 2 else text.lower() if way == 2 else text


def _place(firm: Firm, *label: object) -> str | None:
    """The postal code: mostly right, sometimes missing, wrong, or of a neighbour."""
    roll = dice(100, "place", *label)
    if roll < 5:
        return None
    if roll < 7:
        return str(1000 + dice(9000, "far", *label))
    return near(firm) if roll < 9 else str(firm.postcode)


def near(firm: Firm) -> str:
    """Another postal code of the same town, or the first of the next."""
    first = 1000 + firm.town * 15
    codes = [first + part * 3 for part in range(1 + firm.town % 4)]
    others = [code for code in codes if code != firm.postcode]
    return str(others[0] if others else min(first + 15, 9999))


def _plain(kind: str, firm: Firm, name: str, *, meant: str = "", percent: int = 70) -> Case:
    stated, family = _with_form(name, firm, kind, firm.number, percent=percent)
    stated = _cased(stated, kind, firm.number)
    place = _place(firm, kind, firm.number)
    return Case(kind, stated, (firm.number,), (meant or name,), (family,), place)


def _by_name(kind: str, *, other: bool = False, percent: int = 70) -> Callable[[Firm], Case]:
    """Cases that state the firm's name, or its other name, as the register has it."""
    return lambda firm: _plain(kind, firm, firm.other if other else firm.name, percent=percent)


def _accents(firm: Firm) -> Case:
    bare = "".join(c for c in unicodedata.normalize("NFD", firm.name) if c.isascii())
    marks = ("{}", "{} ", "'{}'", "{},", "{}.")[dice(5, "marks", firm.number)]
    return _plain(
        "accents and marks", firm, marks.format(bare.replace(" & ", " en ")), meant=firm.name
    )


def _order(firm: Firm) -> Case:
    first, rest = firm.name.replace(" & ", " ").split(" ", 1)
    return _plain("word order", firm, f"{rest} {first}", meant=firm.name)


def _typed(text: str, *label: object) -> str:
    """The text with one typing error: two letters swapped, one lost, doubled or replaced."""
    at = dice(max(len(text) - 1, 1), "at", *label)
    way = dice(4, "way", *label)
    new = _LETTERS[dice(len(_LETTERS), "letter", *label)]
    if way == 0:
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    return text[:at] + ("", text[at] * 2, new)[way - 1] + text[at + 1 :]


def _typo(firm: Firm) -> Case:
    text = _typed(firm.name, firm.number)
    text = _typed(text, firm.number, "again") if dice(3, "two", firm.number) == 0 else text
    return _plain("typing error", firm, text, meant=firm.name)


def _abbreviation(firm: Firm) -> Case:
    text = firm.name
    for word, short in PARTS["abbreviations"].items():
        text = text.replace(word, short)
    return _plain("abbreviation", firm, text, meant=firm.name)


def _branch(firm: Firm) -> Case:
    suffix = _SAID["branches"][dice(len(_SAID["branches"]), "branch", firm.number)].format(
        firm.town_name
    )
    stated, family = _with_form(firm.name, firm, "branch", firm.number)
    place = _place(firm, "branch", firm.number)
    return Case("branch", stated + suffix, (firm.number,), (firm.name,), (family,), place)


def _truncated(firm: Firm) -> Case:
    keep = max(8, len(firm.name) * (60 + dice(30, "cut", firm.number)) // 100)
    text = firm.name[:keep].rstrip(" &'")
    place = _place(firm, "truncated", firm.number)
    return Case("truncated", text, (firm.number,), (text,), (None,), place, beginning=True)


def _at(kind: str, place: Callable[[Firm], str | None]) -> Callable[[Firm], Case]:
    return lambda firm: replace(_by_name(kind)(firm), postcode=place(firm))


def _far(firm: Firm) -> str:
    return str(1000 + (firm.postcode - 1000 + 500 + dice(8000, "far", firm.number)) % 9000)


def _group(firm: Firm) -> Case:
    text = ("{} Group", "Groep {}", "{} Groep", "Groupe {}", "{} Holding")[
        dice(5, "group", firm.number)
    ]
    place = _place(firm, "group", firm.number)
    name = text.format(firm.root)
    return Case("group name only", name, (), (name,), (None,), place)


def _absent(firm: Firm) -> Case:
    return replace(_plain("not in the register", firm, firm.other), truth=(), meant=())


def _foreign(firm: Firm) -> Case:
    country = ("NL", "FR", "DE", "LU")[dice(4, "country", firm.number)]
    form, postcode = PARTS["foreign"][country]
    name = firm.other if dice(2, "form", firm.number) else f"{firm.other} {form}"
    stated = None if dice(6, "no country", firm.number) == 0 else country
    return Case("foreign", name, (), (), (), postcode, country=stated)


def _number(kind: str, number: Callable[[Firm], str]) -> Callable[[Firm], Case]:
    return lambda firm: replace(_by_name(kind)(firm), number=number(firm))


def _unissued(firm: Firm) -> str:
    first = 13_000_000 + dice(900_000, "number", firm.number)
    return f"{first}{97 - first % 97:02d}"


def partnerships(kind: str, members: int, firms: list[Firm]) -> Iterator[Case]:
    """Cases of temporary partnerships of `members` firms, stated with the place of the first."""
    for start in range(0, len(firms) - members + 1, members):
        group = firms[start : start + members]
        way = dice(3, "between", group[0].number)
        form = dice(2, "forms", group[0].number)
        names = [f"{f.name} {_form(f, 'thv', f.number)}" if form else f.name for f in group]
        signs = (" - ", " / ", " + ")[way]
        marker = _SAID["partnerships"][dice(len(_SAID["partnerships"]), "marker", group[0].number)]
        yield Case(
            kind,
            marker.format(signs.join(names)),
            tuple(firm.number for firm in group),
            tuple(firm.name for firm in group),
            tuple(family_of(firm.form) if form else None for firm in group),
            _place(group[0], "thv", group[0].number),
        )


CORRUPTIONS: dict[str, Callable[[Firm], Case]] = {
    "exact": _by_name("exact"),
    "form changed": _by_name("form changed", percent=100),
    "accents and marks": _accents,
    "word order": _order,
    "typing error": _typo,
    "abbreviation": _abbreviation,
    "short name": _by_name("short name", other=True),
    "trade name": _by_name("trade name", other=True),
    "former name": _by_name("former name", other=True),
    "former name, not in the register": _by_name("former name, not in the register", other=True),
    "other language": _by_name("other language", other=True),
    "branch": _branch,
    "truncated": _truncated,
    "postcode missing": _at("postcode missing", lambda firm: None),
    "postcode wrong": _at("postcode wrong", _far),
    "postcode of a neighbour": _at("postcode of a neighbour", near),
    "group name only": _group,
    "not in the register": _absent,
    "not in the register, name of another": _absent,
    "foreign": _foreign,
    "number right": _number("number right", lambda firm: firm.number),
    "number of nobody": _number("number of nobody", _unissued),
    "number of another": _number("number of another", lambda firm: firm.other),
    "several firms alike": _by_name("several firms alike"),
}
