"""A verdict as lines of text: what holds first, then everything that does not."""

from collections.abc import Iterator

from analysis.report.crate_graph import written
from analysis.report.verify import Finding, Verdict
from analysis.report.verify_numbers import DIFFERENT, IDENTICAL, Number

_FIRST = 20  # numbers, files or sources that are listed, unless all are asked for
_LONGEST = 500  # a number with all that is not the same of it; the largest known takes 420
_HEADS = {
    "file": "files of the report",
    "parameter": "parameters",
    "input": "inputs",
    "given": "given besides",
    "code": "code, definitions and environment",
}


def said(verdict: Verdict, *, every: bool = False) -> Iterator[str]:
    """Lines that say what became of a report; with `every`, a line for every number of it."""
    asked = verdict.parameters
    yield plain(f"made again: year {asked.year}, languages {written(asked.languages)}")
    for what, head in _HEADS.items():
        yield from _found(head, [one for one in verdict.findings if one.what == what], every=every)
    if verdict.why:
        yield plain(f"nothing could be computed again: {verdict.why}")
    new = sum(one.is_new for one in verdict.numbers)
    told = verdict.counts | {DIFFERENT: verdict.counts[DIFFERENT] - new}
    counts = ", ".join(f"{status} {count:,}" for status, count in told.items())
    yield f"{len(verdict.numbers) - new:,} published numbers: {counts}"
    if new:
        yield f"{new:,} numbers that were made now are not in the report"
    yield from _stages(verdict, every=every)
    yield from _numbers(verdict, every=every)
    yield "the report is reproduced" if verdict.is_same else "the report is NOT reproduced"


def plain(text: str) -> str:
    """Text from strangers, fit for a terminal: in one line, nothing but printed signs."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 4] + " ..."


def _found(head: str, found: list[Finding], *, every: bool) -> Iterator[str]:
    if not found:
        if head in (_HEADS["given"], _HEADS["parameter"]):
            return
        yield f"{head}: as recorded"
        return
    yield f"{head}: {len(found):,} not as recorded"
    yield from _listed([f"{one.which}: {one.found}" for one in found], every=every)


def _stages(verdict: Verdict, *, every: bool) -> Iterator[str]:
    for place, (stage, names) in enumerate(verdict.stages.items()):
        if not place:
            yield plain(f"first stage that differs: {stage} ({', '.join(names)})")
        elif every:
            yield plain(f"  then {stage} ({', '.join(names)})")


def _numbers(verdict: Verdict, *, every: bool) -> Iterator[str]:
    told = [one for one in verdict.numbers if every or one.status != IDENTICAL]
    lines = [_number(one, verdict.absent) for one in told]
    yield from _listed(lines, every=every)


def _number(one: Number, absent: list[str]) -> str:
    if one.moved:
        moved = "; ".join(
            f"{name} {old or 'none'} -> {new or 'none'}" for name, old, new in one.moved
        )
        return f"{one.status}: {one.name}: {moved}"
    if one.status == IDENTICAL:
        return f"{one.status}: {one.name}"
    return f"{one.status}: {one.name}: absent {', '.join(absent)}"


def _listed(lines: list[str], *, every: bool) -> Iterator[str]:
    shown = lines if every else lines[:_FIRST]
    yield from (plain(f"  {line}") for line in shown)
    if rest := len(lines) - len(shown):
        yield f"  and {rest:,} more; see all with --every"
