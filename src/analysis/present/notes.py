"""What stands under every number: definition, denominator, perimeter, interval, grade, basis."""

from collections.abc import Iterable

import pandas as pd

from analysis.present import labels
from analysis.present.language import LANGUAGES, sentence

_MOST = 6  # words of one part that a note lists; the numbers beside it name the others
_PARTS = ("definition", "denominator", "perimeter", "interval")
_OF_NUMBERS = ("denominator", "interval")  # where no number stands, they say why, or nothing


def on(rows: pd.DataFrame) -> dict[str, str]:
    """The note under a table or figure, computed from the ledger rows that it shows."""
    stated = _stated(rows)
    codes = {part: (stated if part in _OF_NUMBERS else rows)[part].unique() for part in _PARTS}
    grades = grade(rows.to_dict("records"))
    return {
        lang: " ".join([*(_said(part, codes[part], lang) for part in _PARTS), grades[lang]])
        for lang in LANGUAGES
    }


def mark(rows: pd.DataFrame) -> str | None:
    """The weakest claim about reality among the rows: simulated, sample, or none."""
    kinds = set(rows["kind"])
    return next((kind for kind in ("simulated", "sample") if kind in kinds), None)


def grade(rows: Iterable[dict]) -> dict[str, str]:
    """The evidence grade behind an answer: the weakest of its numbers, and what they rest on."""
    listed = list(rows)
    if not listed:
        return labels.same("")
    weakest = max(row["grade"] for row in listed)
    kinds = dict.fromkeys(sorted(row["kind"] for row in listed))
    basis = {
        lang: _join((labels.every(f"kind.{k}")[lang] for k in kinds), lang) for lang in LANGUAGES
    }
    return {
        lang: sentence("note.grade", lang, grade=weakest, basis=basis[lang]) for lang in LANGUAGES
    }


def _said(part: str, codes: Iterable[str], language: str) -> str:
    words = dict.fromkeys(labels.every(f"{part}.{code}")[language] for code in codes)
    few = len(words) <= _MOST
    listed = "; ".join(words) if few else sentence("note.many", language, n=len(words))
    return f"{labels.every(f'word.{part}')[language]}: {listed}."


def _stated(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a number or bounds; all of them where none has."""
    reasons = [bool(labels.raw(f"missing.{code}")) for code in rows["denominator"]]
    found = rows[~(rows["value"].isna() & pd.Series(reasons, index=rows.index))]
    return rows if found.empty else found


def _join(words: Iterable[str], language: str) -> str:
    listed = list(words)
    last = f" {labels.every('word.and')[language]} "
    return last.join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else listed[0]
