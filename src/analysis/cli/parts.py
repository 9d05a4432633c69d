"""What several commands have in common."""

from pathlib import Path
from typing import Any

from analysis.refusal import Refusal

LANGUAGES = ("nl", "en")


def one_of(option: str, word: Any, words: tuple[str, ...]) -> Any:
    """The word, which must be one of the words or None."""
    if word not in (None, *words):
        raise Refusal(option, found=str(word), expected=" or ".join(words), do="correct the option")
    return word


def table(frame: Any) -> str:
    """A frame as lines of text."""
    return "  none" if frame.empty else frame.to_string(index=False)


def nothing_there(out: Path, names: list[str]) -> None:
    """Refuse to write over a workbook that somebody may have filled in."""
    taken = [name for name in names if (out / name).exists()]
    if taken or out.is_file():
        raise Refusal(
            str(out),
            found=f"already there: {', '.join(taken)}" if taken else "a file",
            expected="a folder without these workbooks, which may have been filled in",
            do="name another folder with --out, or move the workbooks away",
        )


def moved(new: Path, out: Path, names: list[str]) -> None:
    """Move every file, or none."""
    try:
        for name in names:
            (new / name).rename(out / name)
    except BaseException:
        for name in names:
            if not (new / name).exists():
                (out / name).unlink(missing_ok=True)
        raise
