"""Belgian enterprise numbers: the ten digits, or the reason why there are none."""

import re
from typing import NamedTuple

REASONS = (
    "missing",  # nothing was written
    "foreign",  # a number of another country
    "country-unknown",  # ten digits that nothing ties to Belgium
    "acronym",  # a name in the place of a number
    "too-short",
    "too-long",
    "establishment",  # a unit of a company, not a company
    "checksum",  # the shape of an enterprise number, the check digits wrong
)

_SUFFIX = re.compile(r"_.*", re.DOTALL)  # e-Procurement's own number of the organisation
_LABEL = re.compile(r"^(?:(?:TVA|BTW|VAT|KBO|BCE|CBE|RPR|RPM)\W*)*(BE)?\W*(?:(?:TVA|BTW)\W*)?")
_MARKS = re.compile(r"[\s.\-/()]+")
_DOTTED = re.compile(r"[01]\d{3}\.\d{3}\.\d{3}", re.ASCII)
_FOREIGN = re.compile(r"[A-Z]{2}[A-Z0-9]*\d{5}[A-Z0-9]*", re.ASCII)


class Number(NamedTuple):
    """Ten digits and no reason, or no digits and a reason (one of REASONS)."""

    digits: str | None
    refused: str | None


def enterprise_number(identifier: str | None, country: str | None = None) -> Number:
    """Read a Belgian enterprise number, however it is written.

    Parameters
    ----------
    identifier : the national number as published, e.g. `BE 0425.260.668` or `0425260668_1495`
    country : country of the organisation, ISO 3166-1 alpha-2, where known. A number that does not
        say itself that it is Belgian (BE, TVA, BTW, KBO, or written 0999.999.999) is believed only
        of an organisation in Belgium: one number in 97 of any other register would pass the check.

    Returns
    -------
    Number

    Examples
    --------
    >>> enterprise_number("TVA BE0807497383", "BE")
    Number(digits='0807497383', refused=None)
    >>> enterprise_number("FI21832199", "FI")
    Number(digits=None, refused='foreign')
    """
    written = _SUFFIX.sub("", (identifier or "").upper()).strip()
    if not written:
        return Number(None, "missing")
    label = _LABEL.match(written)
    bare = _MARKS.sub("", written[label.end() if label else 0 :])
    says_belgian = bool(label and label.group().strip()) or bool(_DOTTED.fullmatch(written))
    if not (bare.isascii() and bare.isdigit()):
        return Number(None, "foreign" if _FOREIGN.fullmatch(bare) else "acronym")
    if not says_belgian and country != "BE":
        return Number(None, "foreign" if country else "country-unknown")
    return _checked(f"0{bare}" if len(bare) == 9 else bare)


def _checked(digits: str) -> Number:
    """Modulo 97 over the first eight digits, source: Crossroads Bank for Enterprises."""
    if len(digits) != 10:
        return Number(None, "too-short" if len(digits) < 10 else "too-long")
    first, check = int(digits[:8]), int(digits[8:])
    right = first > 0 and 97 - first % 97 == check
    if right and digits[0] in "2345678":
        return Number(None, "establishment")
    return Number(digits, None) if right and digits[0] in "01" else Number(None, "checksum")


def comparable(identifier: str | None, country: str | None = None) -> str | None:
    """Make a number comparable between notices: Belgian digits, else country and signs.

    What holds fewer than five digits (acronyms, placeholders) identifies nobody and gives None.
    """
    number = enterprise_number(identifier, country)
    if number.digits:
        return f"BE{number.digits}"
    signs = re.sub(r"[^A-Z0-9]", "", (identifier or "").upper())
    if sum(sign.isdigit() for sign in signs) < 5:
        return None
    return signs if country and signs.startswith(country) else f"{country or ''}{signs}"
