"""What the words of a title tell: signs of innovation, the language, sentences said of anything."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import NamedTuple

import pandas as pd

from analysis.yaml_text import read_yaml

GROUPS = ("rd", "ppi", "weak")
_REPEATED = 0.3  # of a buyer's texts, from which a sentence is one that it says of anything
_FEWEST = 5  # texts of a buyer, below which nothing can be called repeated
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_TOKEN = re.compile(r"[a-z0-9]+(?:&[a-z0-9]+)*")


class _Lexicon(NamedTuple):
    stems: dict[str, re.Pattern[str]]
    friends: re.Pattern[str]
    negations: frozenset[str]
    window: int
    languages: dict[str, re.Pattern[str]]


def signs(text: str) -> frozenset[str]:
    """Groups of the lexicon (`rd`, `ppi`, `weak`) of which a text holds a word that is not denied.

    Examples
    --------
    >>> sorted(signs("Prototype van een innovatieve sluisdeur"))
    ['ppi', 'rd']
    >>> signs("Renovatie van een school, niet innovatief")
    frozenset()
    """
    lexicon = _lexicon()
    said = lexicon.friends.sub(" _", _plain(text))
    return frozenset(group for group, stem in lexicon.stems.items() if _holds(said, stem, lexicon))


def language(text: str) -> str | None:
    """Language of a text by its small words: nl, fr or en; None where they do not tell.

    Examples
    --------
    >>> language("Sensoren voor de sluisdeuren van Evergem")
    'nl'
    """
    said = _plain(text)
    found = {code: len(words.findall(said)) for code, words in _lexicon().languages.items()}
    most = max(found.values())
    best = [code for code, count in found.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def of_texts(texts: pd.Series) -> pd.DataFrame:
    """A flag for every group of `signs`, by text; missing where there is no text."""
    known = {text: signs(text) for text in texts.dropna().unique()}
    columns = {
        f"text_{group}": [
            group in known[text] if isinstance(text, str) else pd.NA for text in texts
        ]
        for group in GROUPS
    }
    return pd.DataFrame(columns, index=texts.index, dtype="boolean")


def languages(texts: pd.Series) -> pd.Series:
    """`language` of every text; missing where it is not known."""
    known = {text: language(text) for text in texts.dropna().unique()}
    return texts.map(known).astype("string")


def without_boilerplate(texts: pd.Series, buyers: pd.Series) -> pd.Series:
    """The texts without the sentences that a buyer repeats in three of ten of its texts or more.

    A first sentence stays whatever it is: it is the title. Buyers of fewer than five texts repeat
    nothing.
    """
    rows = list(zip(texts, buyers, strict=True))
    split = [_SENTENCE.split(text) if isinstance(text, str) else None for text, _ in rows]
    of_buyer = Counter(buyer for text, buyer in rows if isinstance(text, str))
    times = Counter(
        (buyer, said)
        for (_, buyer), sentences in zip(rows, split, strict=True)
        for said in {_plain(sentence) for sentence in (sentences or [])[1:]}
    )
    repeated = {
        (buyer, said)
        for (buyer, said), count in times.items()
        if of_buyer[buyer] >= _FEWEST and count >= _REPEATED * of_buyer[buyer]
    }
    kept = [
        sentences and " ".join([sentences[0], *(
            sentence for sentence in sentences[1:] if (buyer, _plain(sentence)) not in repeated
        )])
        for (_, buyer), sentences in zip(rows, split, strict=True)
    ]  # fmt: skip
    return pd.Series(kept, index=texts.index, dtype="string")


def _holds(said: str, stem: re.Pattern[str], lexicon: _Lexicon) -> bool:
    """Whether a stem stands in the text without a negation among the words before it."""
    return any(
        lexicon.negations.isdisjoint(said[: found.start()].split()[-lexicon.window :])
        for found in stem.finditer(said)
    )


def _plain(text: str) -> str:
    """The words of a text in small letters without accents, a space around each."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    joined = re.sub(r"\s*&\s*", "&", "".join(c for c in plain if not unicodedata.combining(c)))
    return f" {' '.join(_TOKEN.findall(joined))} "


def _any_of(stems: Iterable[str]) -> re.Pattern[str]:
    longest = sorted({_stem(stem) for stem in stems}, key=lambda s: (-len(s), s))
    return re.compile(f" (?:{'|'.join(longest)})(?= )")


def _stem(written: str) -> str:
    ending = "[^ ]*" if written.endswith("*") else ""
    return re.escape(_plain(written.rstrip("*")).strip()) + ending


@cache
def _lexicon() -> _Lexicon:
    words = read_yaml(resources.files(__package__).joinpath("lexicon.yml").read_text("utf-8"))
    return _Lexicon(
        stems={group: _any_of(_flat(words["stems"][group])) for group in GROUPS},
        friends=_any_of(_flat(words["false_friends"])),
        negations=frozenset(words["negation"]["words"]),
        window=words["negation"]["window"],
        languages={code: _any_of(listed) for code, listed in words["function_words"].items()},
    )


def _flat(by_language: dict[str, list[str]]) -> list[str]:
    return [stem for stems in by_language.values() for stem in stems]
