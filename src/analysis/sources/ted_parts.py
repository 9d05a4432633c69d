"""Walking a TED element once: its children by local name, and a count of every unknown name."""

from importlib import resources
from typing import NamedTuple

from analysis.sources.reading import Element, Reading, words
from analysis.yaml_text import read_yaml

Parts = dict[str, list[Element]]

_UNKNOWN, _IGNORED, _READ, _OPENED = range(4)


class _LocalNames(dict):
    """Tag -> local name: TED changed its namespaces, not its names. A comment has no name."""

    def __missing__(self, tag: object) -> str:
        name = tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""
        self[tag] = name
        return name


LOCAL = _LocalNames()


class _Places(dict):
    """Tag of an element -> what to do with each of its children, by their tag."""

    def __init__(self, expected: dict[str, dict[str, int]]) -> None:
        super().__init__()
        self.expected = expected

    def __missing__(self, tag: object) -> "_Place":
        self[tag] = _Place(self, self.expected.get(LOCAL[tag], {}))
        return self[tag]


class _Place(dict):
    """Tag of a child -> its name and the place to open, if any; None: ignored; no name: unknown."""

    def __init__(self, places: _Places, expected: dict[str, int]) -> None:
        super().__init__()
        self.places, self.expected = places, expected

    def __missing__(self, tag: object) -> "tuple[str, _Place | None] | None":
        name = LOCAL[tag]
        what = self.expected.get(name, _UNKNOWN if name else _IGNORED)
        inside = self.places[tag] if what == _OPENED else None
        self[tag] = None if what == _IGNORED else ("" if what == _UNKNOWN else name, inside)
        return self[tag]


class Card(NamedTuple):
    """Which element names a reader expects, place by place, and what it does with each."""

    title: str
    publisher: str
    licence: str
    places: _Places


def load_card(name: str) -> Card:
    """Read the source card `name`.yml that stands beside the reader."""
    card = resources.files(__package__).joinpath(f"{name}.yml").read_text(encoding="utf-8")
    written = read_yaml(card)
    places: dict[str, dict[str, int]] = {}
    for listed in written["ignores"].values():
        _expect(places, listed, what=_IGNORED)
    _expect(places, written["reads"], what=_READ)
    for known in places.values():
        known |= {name: _OPENED for name in written["opens"].split() if known.get(name) == _READ}
    return Card(written["title"], written["publisher"], written["licence"], _Places(places))


def _expect(places: dict, listed: dict[str, str], *, what: int) -> None:
    for place_names, names in listed.items():
        for place in place_names.split():
            places.setdefault(place, {}).update(dict.fromkeys(names.split(), what))


def parts(reading: Reading, element: Element, card: Card) -> Parts:
    """Sort the children of `element` by local name; what the card does not know is counted.

    The children of an element that the card opens are sorted in with their parent's, so that
    `VALUES/VAL_TOTAL` and a bare `VAL_TOTAL` (forms of 2016) read alike. A part withheld from
    publication is not opened; it is listed under `withheld`.
    """
    found: Parts = {}
    _sort(reading, element, card.places[element.tag], found)
    return found


def _sort(reading: Reading, element: Element, place: _Place, found: Parts) -> None:
    for child in element[:]:  # type: ignore[index]  # quicker than an iterator
        if (expected := place[child.tag]) is None:
            continue
        name, inside = expected
        if inside is not None:
            if child.get("PUBLICATION") == "NO":
                name = "withheld"
            else:
                _sort(reading, child, inside, found)
        elif not name:
            reading.signal(LOCAL[element.tag], LOCAL[child.tag])
            continue
        found.setdefault(name, []).append(child)


def raw(found: Parts, name: str, *others: str) -> str | None:
    """Text of the first element called `name`, as it stands; without one, of `others` in turn."""
    if name in found:
        return found[name][0].text
    return raw(found, *others) if others else None


def text(found: Parts, name: str, *others: str) -> str | None:
    """Words of the first element called `name`, with its paragraphs; else of `others` in turn."""
    if name in found:
        element = found[name][0]
        return words(_paragraphs(element) if len(element) else element.text)
    return text(found, *others) if others else None


def _paragraphs(element: Element) -> str:
    """A new paragraph starts a new word; a superscript (FT) does not."""
    written = [element.text or ""]
    for child in element:
        if LOCAL[child.tag] == "P":
            written.append(" ")
        written.append("".join(map(str, child.itertext())) if len(child) else child.text or "")
        written.append(child.tail or "")
    return "".join(written)


def value(found: Parts, name: str, attribute: str = "VALUE") -> str | None:
    """One attribute of the first element called `name`, or None."""
    return found[name][0].get(attribute) if name in found else None


def is_withheld(found: Parts, *names: str) -> bool:
    """Say whether a part called one of `names` is withheld from publication."""
    return "withheld" in found and any(LOCAL[e.tag] in names for e in found["withheld"])


def yes_no(found: Parts, yes: str, no: str) -> bool | None:
    """Answer a question that TED answers by naming one of two empty elements."""
    return True if yes in found else False if no in found else None
