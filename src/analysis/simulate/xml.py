"""One way to build XML: put one element after the other, by its path."""

from lxml import etree

NOBODY = "noreply@example.org"  # the one contact value of the invented world; no reader may read it

Element = etree._Element


def root(tag: str, namespaces: dict[str | None, str], **attributes: str) -> Element:
    """Return a new document element in the namespace without prefix."""
    return etree.Element(f"{{{namespaces[None]}}}{tag}", attributes, nsmap=namespaces)  # type: ignore[arg-type]


def put(parent: Element, path: str, text: object = "", **attributes: str) -> Element:
    """Append an element, e.g. `put(company, "cac:PartyName/cbc:Name", "...", languageID="NLD")`.

    A step on the way is the last child where that has its name, else a new element; the last step
    is always new. Nothing is appended where `text` is None.
    """
    if text is None:
        return parent
    *way, last = path.split("/")
    for step in way:
        found = parent[-1] if len(parent) and parent[-1].tag == _name(parent, step) else None
        parent = etree.SubElement(parent, _name(parent, step)) if found is None else found
    element = etree.SubElement(parent, _name(parent, last), attributes)
    element.text = str(text) or None
    return element


def coded(parent: Element, path: str, code: object, listed: str) -> None:
    """Append a code of eForms with the name of its list."""
    put(parent, path, code, listName=listed)


def named(parent: Element, path: str, number: object, scheme: str) -> None:
    """Append a technical number of eForms with the name of its scheme."""
    put(parent, path, number, schemeName=scheme)


def document(root: Element) -> bytes:
    """Return the document as publishers deliver it: UTF-8 with a declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _name(parent: Element, step: str) -> str:
    prefix, _, name = step.rpartition(":")
    return f"{{{parent.nsmap[prefix or None]}}}{name}"
