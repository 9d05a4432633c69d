"""What the two readers of TED share: the coded data, organisations, numbers of notices."""

import re
from collections.abc import Iterable

from analysis.contracts import BIDS, ORGANISATIONS
from analysis.refusal import SourceError
from analysis.sources import ted_codes
from analysis.sources.reading import Element, Reading, day, words
from analysis.sources.ted_parts import LOCAL, Card, Parts, parts, raw, text, value

_DOC_ID = re.compile(r"0*(\d+)[-_](\d{4})")
_OJS_NUMBER = re.compile(r"(\d{4})/S\s*\d+\s*-\s*0*(\d+)")
_LOT_WORD = re.compile(r"(?:lot|perceel)\s*(\d+)", re.IGNORECASE)
_PASSPORT = re.compile(r"pass?e?port|paspoort", re.IGNORECASE)


def original_form(root: Element) -> Element:
    """The form in the original language: the first, where a notice has several originals.

    Raises
    ------
    SourceError
        Where the document has no such form.
    """
    for section in root:
        if LOCAL[section.tag] == "FORM_SECTION":
            for form in section:
                if form.get("CATEGORY") == "ORIGINAL":
                    return form
    raise SourceError(
        root.get("DOC_ID") or LOCAL[root.tag],
        found="no form with CATEGORY='ORIGINAL'",
        expected="a TED notice with one form in its original language",
        do="look at the document; ask TED for the notice again if it is cut off",
    )


def notice_number(published: str | None) -> str | None:
    """`073997-2021` or `2021/S 030-073997` -> `73997-2021`; None if it is no such number."""
    if (written := words(published)) is None:
        return None
    if found := _DOC_ID.fullmatch(written):
        return f"{found[1]}-{found[2]}"
    found = _OJS_NUMBER.match(written)
    return f"{found[2]}-{found[1]}" if found else None


def lot_number(found: Parts, name: str) -> str | None:
    """The lot number as published; `Lot 3` and `Perceel 3` are lot 3."""
    published = text(found, name)
    plain = _LOT_WORD.fullmatch(published or "")
    return plain[1] if plain else published


def country(reading: Reading, published: str | None) -> str | None:
    """ISO 3166-1 alpha-2 code of a TED country code; what is no such code is counted."""
    code = ted_codes.COUNTRIES.get(published or "", published)
    if code and not (len(code) == 2 and code.isalpha() and code.isupper()):
        reading.signal("COUNTRY", code)
        return None
    return code or None


def heading(reading: Reading, root: Element, form: Element, card: Card) -> tuple[dict, Parts]:
    """The columns of NOTICES that the coded data section gives, and the parts of that section."""
    found: Parts = {}
    for section in root:
        if LOCAL[section.tag] == "CODED_DATA_SECTION":
            found = parts(reading, section, card)
    reading.notice_id = _number_of(root, found)
    return _identity(reading, root, form) | _coded(reading, found), found


def _number_of(root: Element, found: Parts) -> str:
    number = notice_number(root.get("DOC_ID")) or notice_number(text(found, "NO_DOC_OJS"))
    if number is None:
        raise SourceError(
            LOCAL[root.tag],
            found=f"DOC_ID {root.get('DOC_ID')!r}",
            expected="a number of the Official Journal, e.g. 073997-2021",
            do="look at the document; a draft that was never published does not count",
        )
    return number


def _identity(reading: Reading, root: Element, form: Element) -> dict[str, object]:
    return {
        "notice_id": reading.notice_id,
        "document": reading.document,
        "era": reading.era,
        "form": LOCAL[form.tag],
        "schema_version": root.get("VERSION") or form.get("VERSION"),
        "published": True,
        "language": (form.get("LG") or "").lower() or None,
        "total_withheld": False,
    }


def _coded(reading: Reading, found: Parts) -> dict[str, object]:
    buyer = value(found, "AA_AUTHORITY_TYPE", "CODE")
    procedure = value(found, "PR_PROC", "CODE")
    return {
        "publication_date": day(raw(found, "DATE_PUB")),
        "dispatch_date": day(raw(found, "DS_DATE_DISPATCH")),
        "country": country(reading, value(found, "ISO_COUNTRY")),
        "buyer_type": reading.code("AA_AUTHORITY_TYPE", buyer, ted_codes.BUYERS),
        "eu_institution": None if buyer in (None, "9", "Z") else buyer == "5",
        "legal_basis": value(found, "DIRECTIVE"),
        "procedure": reading.code("PR_PROC", procedure, ted_codes.PROCEDURES),
        "procedure_published": procedure,
        "nature": reading.code(
            "NC_CONTRACT_NATURE", value(found, "NC_CONTRACT_NATURE", "CODE"), ted_codes.NATURES
        ),
        "cpv": value(found, "ORIGINAL_CPV", "CODE"),
        "previous_notice": notice_number(text(found, "REF_NOTICE")),
    }


def organisation(
    reading: Reading, found: Parts, *, organisation_id: str, size: str | None = None
) -> None:
    """Append the organisation that `found` names; B1, B2.. are buyers, W1, W2.. are winners."""
    identifier = text(found, "NATIONALID")
    buyer = organisation_id.startswith("B")
    row = ORGANISATIONS.Row(
        notice_id=reading.notice_id,
        document=reading.document,
        organisation_id=organisation_id,
        is_buyer=buyer,
        is_tenderer=not buyer,
        name=text(found, "OFFICIALNAME", "ORGANISATION"),
        # Some buyers publish the passport number of a person here: that is not ours to keep.
        identifier=None if _PASSPORT.search(identifier or "") else identifier,
        country=country(reading, value(found, "COUNTRY")),
        postcode=text(found, "POSTAL_CODE"),
        town=text(found, "TOWN"),
        nuts=value(found, "NUTS", "CODE"),
        size=size,
    )
    reading.organisations.append(row)


def by_winner(award: Parts, names: Iterable[str]) -> list[Parts]:
    """The award of a contest once for each winner: each sent in an entry of its own."""
    winners = [(name, winner) for name in names for winner in award.get(name, ())]
    if not winners:
        return [award]
    alone: dict[str, list[Element]] = {name: [] for name in names}
    return [award | alone | {name: [winner]} for name, winner in winners]


def read_winners(reading: Reading, named: list[Parts], *, award_id: str, lot_id: str) -> int:
    """Append the winners and the one tender that TED names, the one that won; count them."""
    winners = [winner for winner in named if text(winner, "OFFICIALNAME", "ORGANISATION")]
    for winner in winners:
        organisation_id = f"W{len(reading.bids) + 1}"
        size = "sme" if "SME" in winner else "large" if "NO_SME" in winner else None
        organisation(reading, winner, organisation_id=organisation_id, size=size)
        bid = BIDS.Row(
            notice_id=reading.notice_id,
            document=reading.document,
            lot_id=lot_id,
            tender_id=award_id,
            organisation_id=organisation_id,
            award_id=award_id,
            won=True,
            members=len(winners),
        )
        reading.bids.append(bid)
    return len(winners)
