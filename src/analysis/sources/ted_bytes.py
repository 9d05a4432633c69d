"""A TED document with no more bytes than are read: half of it is translations."""

import re
from typing import NamedTuple

_ROOT = re.compile(rb'<\?xml version="1\.0" encoding="UTF-8"\?>\s*<TED_EXPORT(\s[^<>\']*)>')
# Names without a namespace are quicker to make, and the readers of TED look at no other.
_NAMESPACE = re.compile(rb'\sxmlns="[^"\s]+"')
_START = re.compile(rb"\s*<([A-Z0-9_]+)(\s[^<>'/]*)?>")
_FORMS = re.compile(rb"\s*<FORM_SECTION>")
_TRANSLATION = b' CATEGORY="TRANSLATION"'


class _Piece(NamedTuple):
    """One element: its bytes, with the white space before it."""

    name: bytes
    attributes: bytes
    data: memoryview


def shortened(data: bytes) -> bytes:
    """Cut what no reader looks at: sections beside CODED_DATA and FORM, translated forms, xmlns.

    What is cut is not parsed, so nobody learns whether it was well-formed. What leaves any doubt
    is not cut: another encoding, comments, CDATA and instructions (tags in them are none), and a
    document that is built in another way than TED does. What is no TED document is left as it is.
    """
    if (root := _ROOT.match(data)) is None:
        return data
    sections, place = _pieces(data, root.end())
    if (forms := _FORMS.match(data, place)) is None:
        return data
    start = b"<TED_EXPORT" + _NAMESPACE.sub(b"", root[1], count=1) + b">"
    read = [section.data for section in sections if section.name == b"CODED_DATA_SECTION"]
    return b"".join([start, *read, forms[0], *_originals(data, forms.end())])


def _originals(data: bytes, place: int) -> list[memoryview]:
    """The rest of the document from the first form on, without translated forms."""
    whole = [memoryview(data)[place:]]
    if data.find(_TRANSLATION, place) < 0:
        return whole
    forms, end = _pieces(data, place)
    originals = [form for form in forms if _TRANSLATION not in form.attributes]
    if {form.name for form in originals} != {form.name for form in forms}:
        return whole  # the names of the forms decide who reads them
    return [*(form.data for form in originals), memoryview(data)[end:]]


def _pieces(data: bytes, place: int) -> tuple[list[_Piece], int]:
    """Elements that follow each other from `place` on, and where the last one ends."""
    pieces = []
    while (start := _START.match(data, place)) and start[1] != b"FORM_SECTION":
        name, attributes = start.groups(b"")
        end = _end(data, start.end(), name)
        if end < 0 or _holds_more(data, start.end(), end):
            break
        pieces.append(_Piece(name, attributes, memoryview(data)[place:end]))
        place = end
    return pieces, place


def _end(data: bytes, start: int, name: bytes) -> int:
    """Where the element ends of which the content starts at `start`; -1 if that is not plain."""
    tag = b"</" + name + b">"
    end = data.find(name, start) - 2
    if not data.startswith(tag, end):  # the name is also a word, or a part of other names
        end = data.find(tag, start)
        if end < 0 or re.compile(rb"</?" + name + rb"[\s/>]").search(data, start, end):
            return -1
    return end + len(tag)


def _holds_more(data: bytes, start: int, end: int) -> bool:
    """Say whether there is more than tags and text: a comment, CDATA or an instruction."""
    # One letter is much faster to look for than two.
    return any(
        data.find(mark, start, end) >= 0 and data.find(b"<" + mark, start, end) >= 0
        for mark in (b"!", b"?")
    )
