"""From the bytes of a file to the rows of a notice: parsed safely, recognised by its content."""

import hashlib
import traceback
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from lxml import etree

from analysis import cycles
from analysis.contracts import LAKE_TABLES, NOTICE_TABLES
from analysis.refusal import SourceError
from analysis.sources import eforms, ted, ted_old
from analysis.sources.packages import TO_DO, Found, Reject
from analysis.sources.reading import Element, Reading
from analysis.sources.ted_bytes import shortened
from analysis.sources.ted_parts import LOCAL

READERS: dict[str, Callable[[Element, str], Reading]] = {
    "ted": ted.read,
    "ted_old": ted_old.read,
    "eforms": eforms.read,
}
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_EFORMS = {
    f"{{{_UBL}ContractAwardNotice-2}}ContractAwardNotice",
    f"{{{_UBL}ContractNotice-2}}ContractNotice",
    f"{{{_UBL}PriorInformationNotice-2}}PriorInformationNotice",
    "{http://data.europa.eu/p27/eforms-business-registration-information-notice/1}"
    "BusinessRegistrationInformationNotice",
}
_FILLED = (*(table.name for table in NOTICE_TABLES), "signals")
_MOST_TAGS = 1_000_000  # a tree takes thirty times the bytes of the shortest tags
_DOCTYPE = b"<!DOCTYPE"
_NO_XML = etree.ErrorTypes.ERR_DOCUMENT_EMPTY
_TOO_MUCH = (etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_ENTITY_LOOP)
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,  # a tenth faster
)


def tables(found: list[Found | Reject], delivery: str) -> dict[str, pa.Table]:
    """Read a batch of files into the tables of the lake.

    Parameters
    ----------
    found : files and rejects, as `packages.files` gives them
    delivery : first 16 digits of the delivery's sha256

    Returns
    -------
    dict of table name -> Arrow table; what could not be read is in `rejects`
    """
    try:
        with cycles.unsought():
            # The readings are gone before the search for cycles could look through them.
            return _arrow([read(f) if isinstance(f, Found) else f for f in found], delivery)
    except Exception as fault:  # a reader gave a value that its column cannot hold
        if len(found) == 1:
            failure = Reject(found[0].name, "reader-failure", _where(fault))
            return _arrow([failure], delivery)
    each = [tables([file], delivery) for file in found]
    return {name: pa.concat_tables(one[name] for one in each) for name in each[0]}


def read(file: Found) -> Reading | Reject:
    """Read one file, or say why it cannot be read."""
    root = _parsed(file)
    if isinstance(root, Reject):
        return root
    reader = recognise(root)
    if reader is None:
        return Reject(file.name, "not-a-notice", f"XML with root element {LOCAL[root.tag]}")
    try:
        return READERS[reader](root, hashlib.sha256(file.data).hexdigest())
    except SourceError as fault:
        return Reject(file.name, "incomplete", fault.found, fault.do)
    except Exception as fault:  # a notice that defeats a reader must not stop the others
        return Reject(file.name, "reader-failure", _where(fault))


def recognise(root: Element) -> str | None:
    """Name of the reader for this root element, or None if it is no notice."""
    if root.tag in _EFORMS:
        return "eforms"
    if LOCAL[root.tag] != "TED_EXPORT":
        return None
    for section in root:
        if LOCAL[section.tag] == "FORM_SECTION":
            forms = [LOCAL[form.tag] for form in section]
            return "ted" if any(map(_is_of_2014, forms)) else "ted_old"
    return "ted_old"


def _is_of_2014(form: str) -> bool:
    return form.endswith("_2014") or form == "MOVE"


def _parsed(file: Found) -> Element | Reject:
    root = _tree(file.name, shortened(file.data))
    return _tree(*file) if isinstance(root, Reject) else root


def _tree(name: str, data: bytes) -> Element | Reject:
    # In UTF-16 every second byte of a declaration is zero.
    text = data if b"\0" not in data[:8] else data.replace(b"\0", b"")
    if (place := text.find(_DOCTYPE)) >= 0:
        return _declares(name, text[place : place + 80])
    if len(text) > _MOST_TAGS and text.count(b"<") > _MOST_TAGS:
        return Reject(name, "too-large", f"more than {_MOST_TAGS} tags")
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as fault:
        return _unreadable(name, data, fault)
    # Only an encoding that hides `<!DOCTYPE` comes this far; nothing was loaded or expanded.
    declared = root.getroottree().docinfo.doctype  # type: ignore[union-attr]
    return _declares(name, declared.encode()) if declared else root


def _declares(name: str, declaration: bytes) -> Reject:
    shown = declaration.split(b">")[0].decode("utf-8", "replace")
    return Reject(name, "declares-entities", f"a document type declaration: {shown}>")


def _unreadable(name: str, data: bytes, fault: etree.XMLSyntaxError) -> Reject:
    code = fault.code  # type: ignore[attr-defined]
    if code == _NO_XML:
        return Reject(name, "not-a-notice", f"no XML; it starts with {data[:16]!r}")
    reason = "too-large" if code in _TOO_MUCH else "not-well-formed"
    return Reject(name, reason, " ".join(fault.msg.split()))


def _where(fault: Exception) -> str:
    """Kind of error, line of the reader and element; no message, as it may quote a person."""
    place, element = "", ""
    for frame, line in traceback.walk_tb(fault.__traceback__):
        place = f"{Path(frame.f_code.co_filename).name} line {line}"
        met = [here for here in frame.f_locals.values() if isinstance(here, Element)]
        element = LOCAL[met[-1].tag] if met else element
    return f"{type(fault).__name__} in {place}" + f", element {element}" * bool(element)


def _arrow(readings: list[Reading | Reject], delivery: str) -> dict[str, pa.Table]:
    rows: dict[str, list[tuple]] = {table.name: [] for table in LAKE_TABLES}
    for reading in readings:
        if isinstance(reading, Reject):
            name, reason, found, to_do = reading
            row = (delivery, name, reason, found[:200], to_do or TO_DO[reason])
            rows["rejects"].append(row)
        else:
            for table in _FILLED:
                rows[table] += getattr(reading, table)
    return {table.name: table.arrow(rows[table.name]) for table in LAKE_TABLES}
