"""An eForms notice as nested parts: what the card reads, and a count of what it does not know."""

from decimal import Decimal
from importlib import resources
from typing import Any, NamedTuple

from analysis.sources import eforms_codes as codes
from analysis.sources.reading import Element, Reading, money, words
from analysis.yaml_text import read_yaml

# Local name of a child -> its parts, where the card reads inside it, else the elements themselves.
Parts = dict[str, list[Any]]
# Tag of a child -> its local name, the place inside it, and whether that is read through;
# None: ignored. What is not listed is unknown.
Place = dict[str, Any]

_NAMESPACES = (
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "http://data.europa.eu/p27/eforms-ubl-extensions/1",
    "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
    "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
)
_UNKNOWN = ()


def _load_places() -> dict[str, Place]:
    text = resources.files(__package__).joinpath("eforms.yml").read_text(encoding="utf-8")
    card = read_yaml(text)
    opened = card["opens"].split()
    places: dict[str, Place] = {place: {} for names in card["reads"] for place in names.split()}
    for listed in card["ignores"].values():
        for place, name in _pairs(listed):
            places.setdefault(place, {}).update(dict.fromkeys(_tags(name)))
    for place, name in _pairs(card["reads"]):
        what = (name, places.get(name), name in opened)
        places[place].update(dict.fromkeys(_tags(name), what))
    return places


def _pairs(listed: dict[str, str]) -> list[tuple[str, str]]:
    return [(p, name) for ps, names in listed.items() for p in ps.split() for name in names.split()]


def _tags(name: str) -> list[str]:
    return [f"{{{namespace}}}{name}" for namespace in _NAMESPACES]


_PLACES = _load_places()


def local_name(tag: object) -> str:
    """Name of an element without its namespace; a comment has none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def parts(reading: Reading, root: Element) -> Parts:
    """Sort everything in a notice that the card reads; count the names that it does not know."""
    name = local_name(root.tag)
    return _sort(reading, root, place=name, expected=_PLACES.get(name, {}), found={})


def _sort(
    reading: Reading, element: Element, *, place: str, expected: Place, found: Parts
) -> Parts:
    for child in element[:]:  # type: ignore[index]  # quicker than an iterator
        known = expected.get(child.tag, _UNKNOWN)
        if known is None:
            continue
        if known is _UNKNOWN:
            _signal(reading, place, child)
            continue
        name, inside, is_opened = known
        if is_opened:
            _sort(reading, child, place=name, expected=inside, found=found)
            continue
        part: Parts | Element = child
        if inside is not None:
            part = _sort(reading, child, place=name, expected=inside, found={})
        if name in found:
            found[name].append(part)
        else:
            found[name] = [part]
    return found


def _signal(reading: Reading, place: str, child: Element) -> None:
    if name := local_name(child.tag):
        reading.signal(place, name)


def text(found: Parts, name: str) -> str | None:
    """Words of the first element called `name`."""
    return words(found[name][0].text) if name in found else None


def first(found: Parts, name: str) -> Parts:
    """Parts of the first element called `name`; none where there is no such element."""
    return found[name][0] if name in found else {}


def ids(found: Parts, name: str) -> tuple[str, ...]:
    """Numbers that the elements called `name` hold: `<TenderLot><ID>LOT-0001</ID></TenderLot>`."""
    if name not in found:
        return ()
    numbers = [text(part, "ID") for part in found[name]]
    return tuple(dict.fromkeys(number for number in numbers if number))


def withheld(reading: Reading, found: Parts) -> set[str | None]:
    """Codes of the fields that are withheld from publication in this part."""
    if "FieldsPrivacy" not in found:
        return set()
    hidden = [text(privacy, "FieldIdentifierCode") for privacy in found["FieldsPrivacy"]]
    return {reading.code("non-publication-identifier", code, codes.WITHHELD) for code in hidden}


class Amount(NamedTuple):
    """A sum of money as published; both are None where nothing is published."""

    value: Decimal | None = None
    currency: str | None = None


def amount(found: Parts, name: str) -> Amount:
    """Return the first amount called `name`, with its currency."""
    if name not in found:
        return Amount()
    element = found[name][0]
    value = money(element.text)
    return Amount() if value is None else Amount(value, words(element.get("currencyID")))


def answer(reading: Reading, place: str, found: str | None, known: dict[str, bool]) -> bool | None:
    """Translate a code that says yes or no; an unknown one is counted and becomes missing."""
    if found is not None and found not in known:
        reading.signal(place, found)
    return known.get(found or "")


def in_language(elements: list[Element], language: str | None) -> str | None:
    """Text in the notice's language, else the first text: names repeat, one per language."""
    written = [element for element in elements if element.get("languageID") == language]
    texts = (words(element.text) for element in written + elements)
    return next((text for text in texts if text), None)


def any_of(answers: list[bool | None]) -> bool | None:
    """Yes if one answer is yes, no if all answers are no, else unknown."""
    if True in answers:
        return True
    return False if answers and None not in answers else None
