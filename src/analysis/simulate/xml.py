"""One way to build XML: put one element after the other, by its path.

Plain Python objects, as there are half a million elements and each of them costs.
"""

from dataclasses import dataclass, field

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
NOBODY = "noreply@example.org"  # the one contact value of the invented world; no reader may read it
Names = dict[str, str]  # addresses of namespaces by their prefix, "" the default


@dataclass(slots=True)
class Element:
    """An element with its prefix, `spaces` those that its document declares."""

    tag: str
    spaces: Names
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Element"] = field(default_factory=list)


def root(tag: str, spaces: Names, **attributes: str) -> Element:
    """Return a new document element in the namespace without prefix."""
    declared = {f"xmlns:{prefix}" if prefix else "xmlns": uri for prefix, uri in spaces.items()}
    return Element(tag, spaces, declared | attributes)


def put(parent: Element, path: str, text: object = "", **attributes: str) -> Element:
    """Append an element, e.g. `put(company, "cac:PartyName/cbc:Name", "...", languageID="NLD")`.

    A step on the way is the last child where that has its name, else a new element; the last step
    is always new. Nothing is appended where `text` is None.
    """
    if text is None:
        return parent
    *way, last = path.split("/")
    for step in way:
        if not parent.children or parent.children[-1].tag != step:
            parent.children.append(Element(step, parent.spaces))
        parent = parent.children[-1]
    element = Element(last, parent.spaces, attributes, str(text))
    parent.children.append(element)
    return element


def coded(parent: Element, path: str, code: object, listed: str) -> None:
    """Append a code of eForms with the name of its list."""
    put(parent, path, code, listName=listed)


def named(parent: Element, path: str, number: object, scheme: str) -> None:
    """Append a technical number of eForms with the name of its scheme."""
    put(parent, path, number, schemeName=scheme)


def document(root: Element) -> bytes:
    """Return the document as publishers deliver it: UTF-8 with a declaration."""
    parts = ["<?xml version='1.0' encoding='UTF-8'?>\n"]
    _write(root, parts)
    return "".join(parts).encode()


def _write(element: Element, parts: list[str]) -> None:
    tag, text, children = element.tag, element.text, element.children
    parts.append(f"<{tag}")
    for name, value in element.attributes.items():
        parts.append(f' {name}="{_safe(value)}"')
    if not text and not children:
        parts.append("/>")
        return
    parts.append(f">{_safe(text)}")
    for child in children:
        _write(child, parts)
    parts.append(f"</{tag}>")


def _safe(text: str) -> str:
    if "&" in text or "<" in text or '"' in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return text
