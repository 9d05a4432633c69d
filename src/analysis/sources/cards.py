"""The card that may come with a delivery (`card.yml`): what kind of data it declares."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import yaml

from analysis.refusal import SourceError
from analysis.sources.packages import Found, Reject
from analysis.store.raw import KINDS, Delivery
from analysis.yaml_text import read_yaml

NAME = "card.yml"
_LARGEST = 100_000  # bytes of a card


def without_cards(found: Iterable[Found | Reject], kinds: set[str]) -> Iterator[Found | Reject]:
    """Take the cards out, and note in `kinds` which kinds of data they declare."""
    for file in found:
        if isinstance(file, Found) and PurePosixPath(file.name).name == NAME:
            kinds |= declared(file)
        else:
            yield file


def declared(card: Found) -> set[str]:
    """The kind that a card declares, if any.

    Raises
    ------
    SourceError
        It is no YAML, or declares a kind that is none of KINDS.
    """
    try:
        written = read_yaml(card.data[:_LARGEST])
    except (yaml.YAMLError, ValueError, RecursionError):
        written = None
    kind = written.get("kind") if isinstance(written, dict) else "no readable YAML"
    if kind is not None and kind not in KINDS:
        raise SourceError(
            card.name,
            found=f"kind: {kind}",
            expected=f"kind: one of {', '.join(KINDS)}",
            do="correct the card",
        )
    return {kind} if kind else set()


def as_real_as(delivery: Delivery, folder: Path) -> Delivery:
    """The delivery, no more real than the kinds declared in it, which `folder` notes."""
    kinds = [delivery.kind, *(folder / "kind").read_text("utf-8").split()]
    return replace(delivery, kind=min(kinds, key=KINDS.index))
