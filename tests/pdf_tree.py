"""The structure tree of a tagged PDF: its elements and its pieces of pages, in order of reading."""

from collections.abc import Iterator
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Pdf


class Element(NamedTuple):
    """An element of the structure tree and where it stands."""

    tag: str
    given: Object
    parents: tuple[str, ...]


def elements(pdf: Pdf) -> list[Element]:
    """The elements of the structure tree, in order of reading."""
    return list(inner(pdf.Root.get("/StructTreeRoot", Dictionary())))


def kids(element: Object) -> list[Object]:
    """What an element holds, in order of reading."""
    held = element.get("/K", Array())
    return list(held) if isinstance(held, Array) else [held]


def attribute(element: Object, name: str) -> str | None:
    """The first value of an attribute (Scope, BBox...) among the element's attribute objects."""
    given = element.get("/A", Array())
    listed = given if isinstance(given, Array) else [given]
    return next((str(a[name]) for a in listed if isinstance(a, Dictionary) and name in a), None)


def inner(parent: Object, above: tuple[str, ...] = ()) -> Iterator[Element]:
    """The elements within one, in order of reading."""
    for kid in kids(parent):
        if isinstance(kid, Dictionary) and "/S" in kid:
            tag = str(kid["/S"])[1:]
            yield Element(tag, kid, above)
            yield from inner(kid, (*above, tag))


def page_numbers(pdf: Pdf) -> dict[object, int]:
    """The number of every page by its object."""
    return {page.objgen: number for number, page in enumerate(pdf.pages, 1)}


def pieces(
    element: Object, page: int | None, pages: dict[object, int], *, notes: bool = True
) -> Iterator[tuple[int, int]]:
    """(page, MCID) in order of reading."""
    own = pages[element["/Pg"].objgen] if "/Pg" in element else page
    for kid in kids(element):
        if not isinstance(kid, Dictionary):
            yield own or 0, int(kid)
        elif kid.get("/Type") == Name.MCR:
            yield pages[kid["/Pg"].objgen] if "/Pg" in kid else own or 0, int(kid["/MCID"])
        elif "/S" in kid and (notes or kid["/S"] != Name.Note):
            yield from pieces(kid, own, pages, notes=notes)
