"""The real notices beside the checkout, read once a test session and kept as bytes."""

import functools
import tarfile
from pathlib import Path

from conftest import SHARED
from lxml import etree

PARSER_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}


@functools.cache
def documents() -> dict[str, bytes]:
    """Every notice of notices.tar.gz: path in the archive -> the XML document."""
    with tarfile.open(SHARED / "data" / "notices.tar.gz") as archive:
        members = sorted((m for m in archive if m.isfile()), key=lambda member: member.name)
        return {m.name: archive.extractfile(m).read() for m in members if m.name.endswith(".xml")}


@functools.cache
def pairs() -> dict[str, bytes]:
    """Every notice of pairs.tar.gz: path in the archive (ted/ or eforms/) -> the XML document."""
    with tarfile.open(SHARED / "data" / "pairs.tar.gz") as archive:
        members = sorted((m for m in archive if m.isfile()), key=lambda member: member.name)
        return {m.name: archive.extractfile(m).read() for m in members if m.name.endswith(".xml")}


def read_named(name: str) -> bytes:
    """The one document whose path ends with `name` (with or without .xml)."""
    wanted = name if name.endswith(".xml") else f"{name}.xml"
    found = [path for path in documents() if Path(path).name == wanted or path.endswith(wanted)]
    if len(found) != 1:
        raise LookupError(f"{name}: {len(found)} documents {found[:3]}")
    return documents()[found[0]]


def parse(document: bytes) -> etree._Element:
    """The root of a document, parsed as the workbook parses it."""
    return etree.fromstring(document, etree.XMLParser(**PARSER_OPTIONS))
