"""What must hold of the structure of a PDF that a blind reader is to read, rule by rule.

veraPDF holds a file against PDF/UA-1 and PDF/A-2a; these rules go further where it cannot: an
alternative text that says nothing, a bookmark that names another heading, an order of reading
that goes back, a title that the catalogue and the metadata tell differently.
"""

import re
from collections.abc import Callable, Iterator

import pdf_file
import pikepdf
from pdf_tree import Element, attribute, elements, inner, kids, page_numbers, pieces
from pikepdf import Dictionary, Name, Object, Pdf

PLACEHOLDER = re.compile(
    r"\W*(?:image|picture|photo|figure|graph|chart|diagram|plot|drawing|alt|alt text|untitled|todo"
    r"|tbd|afbeelding|beeld|figuur|grafiek|tekening|foto|xxx+)?[\s\d.:_-]*(?:png|svg|jpe?g)?\W*",
    re.IGNORECASE,
)
_STANDARD = re.compile(
    "Document|Part|Art|Sect|Div|BlockQuote|Caption|TOCI?|Index|NonStruct|Private|P|H[1-6]?|L|LI|Lbl"
    "|LBody|Table|T[RHD]|THead|TBody|TFoot|Span|Quote|Note|Reference|BibEntry|Code|Link|Annot|Ruby"
    "|Warichu|Figure|Formula|Form"
)


def is_placeholder(text: str) -> bool:
    """Whether an alternative text is empty or says no more than that something is shown."""
    return PLACEHOLDER.fullmatch(text.strip()) is not None


def faults(pdf: Pdf) -> list[str]:
    """Every broken rule as `rule: what was found`; empty if the PDF can be read as it should."""
    tree = elements(pdf)
    found = [f"{rule.__name__}: {fault}" for rule in pdf_file.RULES for fault in rule(pdf)]
    return found + [f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(pdf, tree)]


def roles(pdf: Pdf, elements: list[Element]) -> Iterator[str]:
    """Every tag is one of the standard, or is mapped to one."""
    mapped = pdf.Root.StructTreeRoot.get("/RoleMap", Dictionary())
    for tag in sorted({element.tag for element in elements}):
        if not any(_STANDARD.fullmatch(name) for name in (tag, str(mapped.get(f"/{tag}", ""))[1:])):
            yield f"<{tag}> stands for nothing"


def headings(pdf: Pdf, elements: list[Element]) -> Iterator[str]:
    """Headings begin at the first level, skip none and say something."""
    levels = [int(element.tag[1]) for element in elements if re.fullmatch("H[1-6]", element.tag)]
    for before, level in zip([0, *levels], levels, strict=False):
        if level > before + 1:
            yield f"a heading of level {level} follows one of level {before}"
    if not levels:
        yield "there is none"


def bookmarks(pdf: Pdf, elements: list[Element]) -> Iterator[str]:
    """Every heading has its bookmark, in the same order and of the same level."""
    told = [
        (int(element.tag[1]), str(element.given.get("/T", "")))
        for element in elements
        if re.fullmatch("H[1-6]", element.tag)
    ]
    with pdf.open_outline() as outline:
        listed = list(_bookmarks(outline.root, 1))
    for (level, name), (at, bookmark) in zip(told, listed, strict=False):
        if level != at or not name or not bookmark.endswith(name):
            yield f"{bookmark!r} of level {at} stands for {name!r} of level {level}"
            return
    if len(told) != len(listed):
        yield f"{len(told)} headings and {len(listed)} bookmarks"


def _bookmarks(items: list[pikepdf.OutlineItem], level: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield level, item.title
        yield from _bookmarks(item.children, level + 1)


def figures(pdf: Pdf, elements: list[Element]) -> Iterator[str]:
    """Every drawing has an alternative text with its message and numbers, and says where it is."""
    for element in elements:
        if element.tag != "Figure" or _holds_table(element.given):
            continue
        alt = str(element.given.get("/Alt", ""))
        if is_placeholder(alt):
            yield f"the alternative text is {alt!r}"
        elif not re.search(r"\d", alt):
            yield f"the alternative text has no number: {alt!r}"
        if attribute(element.given, "/BBox") is None:
            yield f"no place on the page: {alt!r}"


def _holds_table(figure: Object) -> bool:
    return any(isinstance(kid, Dictionary) and kid.get("/S") == Name.Table for kid in kids(figure))


def tables(pdf: Pdf, elements: list[Element]) -> Iterator[str]:
    """Every header cell says of what, every table has a head, and its rows are equally long."""
    for element in elements:
        if element.tag == "TH" and attribute(element.given, "/Scope") is None:
            yield "a header cell does not say of what it is the header"
        if element.tag != "Table":
            continue
        within = list(inner(element.given))
        rows = [kids(one.given) for one in within if one.tag == "TR"]
        if len({len(row) for row in rows}) != 1:
            yield f"rows of {sorted({len(row) for row in rows})} cells"
        if not any(one.tag == "TH" and "THead" in one.parents for one in within):
            yield "a table without a head"


def lists(pdf: Pdf, elements: list[Element]) -> Iterator[str]:
    """A list holds items, and an item its text."""
    for tag, given, _ in elements:
        held = {str(kid["/S"])[1:] for kid in kids(given) if tag in ("L", "LI") and "/S" in kid}
        is_list, is_item = not held - {"LI", "L", "Caption"}, "LBody" in held
        if (tag == "L" and not is_list) or (tag == "LI" and not is_item):
            yield f"<{tag}> holds {sorted(held)}"


def reading(pdf: Pdf, elements: list[Element]) -> Iterator[str]:
    """The tree goes from piece to piece and page to page, and never back but after a note.

    A note is read where its number stands, though it is printed at the foot of the page.
    """
    before = (0, -1)
    for piece in pieces(pdf.Root.StructTreeRoot, None, page_numbers(pdf), notes=False):
        if piece <= before:
            yield f"page {piece[0]}, piece {piece[1]} is read after page {before[0]}, {before[1]}"
        before = max(before, piece)


RULES: tuple[Callable[[Pdf, list[Element]], Iterator[str]], ...] = (
    roles, headings, bookmarks, figures, tables, lists, reading,
)  # fmt: skip
