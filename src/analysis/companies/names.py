"""What is compared of a company name: accents, marks, legal forms and abbreviations are off.

The register's millions of names and the stated ones meet the same macros, in DuckDB; only the
members of partnerships, which are few, are split in Python.
"""

import re
import unicodedata
from importlib import resources
from typing import Any

from analysis.yaml_text import read_yaml

WORDS: dict[str, Any] = read_yaml(
    resources.files(__package__).joinpath("legal_forms.yml").read_text(encoding="utf-8")
)
FAMILIES: dict[str, dict] = WORDS["families"]
FAMILY_OF_CODE: dict[str, str] = {
    code: family for family, form in FAMILIES.items() for code in form["codes"]
}
_LETTERS = {"ß": "SS", "ẞ": "SS", "Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D"}
_PARTNERSHIP = WORDS["partnership"]


def _any(words: list[str]) -> str:
    """A pattern for any of the words; letters of an abbreviation may be apart (N V)."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(" ?".join(w) if len(w) < 7 and " " not in w else w for w in longest_first)


def _written(family: str) -> list[str]:
    return FAMILIES[family]["words"] + FAMILIES[family]["spelt"]


_FORM = _any([word for family in FAMILIES for word in _written(family)] + WORDS["foreign"])
_LINK = _any(WORDS["link_words"])
_FORMS = f"(?: (?:{_LINK}))* (?:{_FORM})(?: (?:{_FORM}|{_LINK}|{_any(WORDS['tails'])}))* $"
_BEFORE = f"^ (?:{_any(WORDS['before_the_name'])}) "
_BRANCH = f" (?:{'|'.join(WORDS['branches'])})(?: .*)?$"
_GROUP = f" (?:{'|'.join(WORDS['groups'])}) "


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _replaced(column: str) -> str:
    for letter, plain in _LETTERS.items():
        column = f"replace({column}, '{letter}', '{plain}')"
    return column


def _full() -> str:
    """SQL map of an abbreviation to the word it stands for."""
    pairs = {s: full for full, short in WORDS["abbreviations"].items() for s in short}
    listed = ", ".join(f"'{short}': '{pairs[short]}'" for short in sorted(pairs))
    return f"map {{{listed}}}"


def _families() -> str:
    """SQL list of the families of which the text `forms` names a form."""
    found = (
        f"if(regexp_matches(forms, {_sql(f' (?:{_any(_written(family))}) ')}), ['{family}'], [])"
        for family in FAMILIES
    )
    return f"flatten([{', '.join(found)}])"


MACROS = f"""
create or replace temp macro name_spelt(x) as
    ' ' || trim(regexp_replace({_replaced("strip_accents(upper(x))")}, '[^A-Z0-9]+', ' ', 'g'))
    || ' ';
create or replace temp macro name_bare(spelt) as trim(regexp_replace(regexp_replace(
    regexp_replace(spelt, {_sql(_FORMS)}, ' '), {_sql(_BEFORE)}, ' '),
    ' (?:{"|".join(WORDS["connectives"])}) ', ' ', 'g'));
create or replace temp macro name_words(spelt) as list_transform(
    string_split(coalesce(nullif(name_bare(spelt), ''), trim(spelt)), ' '),
    lambda word: coalesce({_full()}[word], word));
create or replace temp macro name_forms(spelt) as
    regexp_extract(spelt, {_sql(_FORMS)}) || regexp_extract(spelt, {_sql(_BEFORE)});
create or replace temp macro families_named(forms) as {_families()};
create or replace temp macro name_family(spelt) as nullif(regexp_extract(
    array_to_string(families_named(name_forms(spelt)), '|'), '^[^|]+$'), '');
create or replace temp macro name_is_foreign(spelt) as
    regexp_matches(name_forms(spelt), {_sql(f" (?:{_any(WORDS['foreign'])}) ")});
create or replace temp macro name_unbranched(spelt) as regexp_replace(spelt, {_sql(_BRANCH)}, ' ');
create or replace temp macro name_is_group(spelt) as regexp_matches(spelt, {_sql(_GROUP)});
"""


def _dotted(words: list[str]) -> str:
    """A pattern for any of the words; the letters of an abbreviation may carry dots (T.H.V.)."""
    each = (r"\.? ?".join(w) if len(w) < 4 else w.replace(" ", r"\s+") for w in words)
    return "|".join(sorted(each, key=lambda word: (-len(word), word)))


_FIXED = rf"(?!(?:{'|'.join(_PARTNERSHIP['fixed'])})\b)"
_BY_MARK = re.compile(r"\s+-+\s+|\s*[/+;|]\s*|,\s+")
_BY_WORD = re.compile(rf"\s+(?:&|EN|ET|AND|UND)\s+{_FIXED}")
_BY_SIGN = re.compile(rf"\s*[-&]\s*{_FIXED}")
_LAST_WORD = re.compile(rf"\s+(?:EN|ET|AND|UND)\s+{_FIXED}")
_ONLY_FORM = re.compile(rf"\W*(?:{_FORM.replace(' ?', '[. ]*')})\W*")


def _marked(words: list[str]) -> list[re.Pattern[str]]:
    marker = _dotted(words)
    return [
        re.compile(rf"^\W*(?:DE\s+)?(?:{marker})(?!\w)[\s.:)\]-]*"),
        re.compile(rf"[\s,(\[-]+(?:{marker})\W*$"),
    ]


_SURE = _marked(_PARTNERSHIP["sure"])
_WITH_MEMBERS = _marked(_PARTNERSHIP["with_members"])


def is_partnership(name: str) -> bool:
    """Tell whether a name says that it is a temporary partnership, its members named or not."""
    return len(members(name)) > 1 or _without(_folded(name), _SURE) is not None


def members(name: str) -> list[str]:
    """Names of the members of a temporary partnership; of any other name, the name alone.

    Only a name that says what it is (THV, SM, combinatie, association momentanée) is split, first
    on dashes between spaces, slashes, plus signs and commas, only then on `&` and `en`.

    Examples
    --------
    >>> members("THV Janssens & Zonen - De Smet NV")
    ['Janssens & Zonen', 'De Smet NV']
    >>> members("Janssens & De Smet")
    ['Janssens & De Smet']
    """
    folded = _folded(name)
    for markers in (_SURE, _WITH_MEMBERS):
        rest = _without(folded, markers)
        if rest is not None:
            marker = folded[: rest[0]] + folded[rest[1] :]
            found = _split(folded, *rest, short=sum(map(str.isalpha, marker)) < 3)
            if len(found) > 1:
                return [name[start:end].strip(" ()[]\"'") for start, end in found]
    return [name]


def _folded(name: str) -> str:
    """Capitals without accents, sign by sign, so that places in the text stay the same."""
    plain = (unicodedata.normalize("NFD", sign)[0].upper()[:1] for sign in name)
    return "".join(plain).translate(str.maketrans("–—", "--"))


def _without(folded: str, markers: list[re.Pattern[str]]) -> tuple[int, int] | None:
    """Where the name lies before or behind the words that mark a partnership."""
    first, last = (marker.search(folded) for marker in markers)
    if first:
        return first.end(), len(folded)
    return (0, last.start()) if last else None


def _split(folded: str, start: int, end: int, *, short: bool) -> list[tuple[int, int]]:
    """Places of the members; `short` words such as TV are no reason to split on a hyphen."""
    for separator in (_BY_MARK, _BY_WORD, _BY_SIGN)[: 2 if short else 3]:
        found = _pieces(folded, start, end, separator)
        if len(found) > 1 and separator is _BY_MARK and "," in folded[start : found[-1][0]]:
            found[-1:] = _pieces(folded, *found[-1], _LAST_WORD)
        if len(found) > 1:
            return found
    return []


def _pieces(folded: str, start: int, end: int, separator: re.Pattern[str]) -> list[tuple[int, int]]:
    """Places between the separators; a piece that is only a legal form belongs to the last."""
    found: list[tuple[int, int]] = []
    for mark in [*separator.finditer(folded, start, end), None]:
        piece = (start, mark.start() if mark else end)
        if found and _ONLY_FORM.fullmatch(folded, *piece):
            found[-1] = (found[-1][0], piece[1])
        elif len(re.findall(r"\w", folded[slice(*piece)])) > 1:
            found.append(piece)
        start = mark.end() if mark else end
    return found
