"""What a number means: its definition, and what the code says of its indicator."""

import ast
import importlib.resources
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from analysis.companies.definitions import Definition, definitions
from analysis.present.language import catalogue

_ROOMS = ("indicators", "disclosure", "companies")


class Doc(NamedTuple):
    """What documents an indicator: the module, and its text or that of a function in it."""

    module: str
    text: str


def indicator(id: str) -> Doc | None:
    """The text that documents an indicator; that of its function, else that of its module.

    Sought is, in this order: the function that a table of indicators names beside the id, a text
    that names the id, the function that writes it.
    """
    spelt = (id, f'f"{id.split(".")[0]}.')  # whole, or made from its family and a name
    found = [
        (rank, Doc(name, told))
        for name, source in _sources().items()
        if any(word in source for word in spelt)
        for rank, told in _of(ast.parse(source), id)
    ]
    return min(found, key=lambda one: one[0])[1] if found else None


def definition(id: str) -> Iterator[str]:
    """A definition in words; of one that is kept as data also its criteria, values and sources."""
    if words := catalogue("en").get(f"definition.{id}"):
        yield words
    if one := definitions().get(id):
        yield from _told(one)


def word(kind: str, id: str) -> str:
    """What the catalogue says of a denominator or a perimeter, else its id."""
    return catalogue("en").get(f"{kind}.{id}", id)


def _told(one: Definition) -> Iterator[str]:
    yield one.title.en
    yield f"criteria: {', '.join(one.criteria)}"
    for name, value in one.values.items():
        since = ", ".join(f"{limit} since {day}" for day, limit in value.since.items())
        yield f"{name}: {since.replace(' since always', '')} [{value.unit}]"
    for name, wanted in one.must_be.items():
        yield f"must be: {name} {'yes' if wanted else 'no'}"
    for source in one.sources:
        read = "read" if source.verified else "not verified"
        yield f"source: {source.name} (certainty {source.certainty}, {read})"
    yield from (f"assumes: {sentence}" for sentence in one.assumes)


@cache
def _sources() -> dict[str, str]:
    package = Path(str(importlib.resources.files("analysis")))
    files = [path for room in _ROOMS for path in sorted((package / room).glob("*.py"))]
    return {
        path.relative_to(package.parent).as_posix(): path.read_text(encoding="utf-8")
        for path in files
    }


def _of(tree: ast.Module, id: str) -> Iterator[tuple[int, str]]:
    """Texts of a module that document the id, each with a rank, the best first."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    texts = {node.name: ast.get_docstring(node) or "" for node in functions}
    own = ast.get_docstring(tree) or ""
    for name in _beside(tree, id):
        if texts.get(name):
            yield 0, texts[name]
    for text in (own, *texts.values()):
        if id in text:
            yield 1, text
    for node in functions:
        if _names(node, id):
            yield 2, texts[node.name] or own
    if _names(tree, id):
        yield 3, own


def _beside(tree: ast.Module, id: str) -> Iterator[str]:
    """Names of functions that stand beside the id in a dict of indicators."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None and isinstance(value, ast.Name) and _names(key, id):
                    yield value.id


def _names(node: ast.AST, id: str) -> bool:
    """Whether the id is written somewhere in it, whole or as a text with blanks."""
    return any(_is(inner, id) for inner in ast.walk(node))


def _is(node: Any, id: str) -> bool:
    if isinstance(node, ast.Constant):
        return bool(node.value == id)
    if isinstance(node, ast.JoinedStr):
        first = node.values[0] if node.values else None
        known = first.value if isinstance(first, ast.Constant) else ""
        return "." in str(known) and id.startswith(str(known))
    return False
