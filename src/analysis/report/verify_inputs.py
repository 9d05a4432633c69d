"""The data behind a report, found again: by their digests, whatever they are called now."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from analysis.ingest import open_lake
from analysis.refusal import Refusal
from analysis.report import build
from analysis.report.crate_inputs import DECISIONS, NOTICES
from analysis.report.folder import sha256
from analysis.report.verify_bundle import Input
from analysis.sources.received import receive
from analysis.store import Delivery, Lake, Part, Register, Store
from analysis.store.registers import Registers

_LONGEST = 200  # signs of a name


class Given(NamedTuple):
    """One path that is offered, with its digest and the name that it goes by."""

    name: str
    sha256: str
    path: Path


class Matched(NamedTuple):
    """What was found of the inputs of a report.

    `paths` by the place of the input in the record; `changed` and `absent` are inputs, `unused`
    names of what was given besides.
    """

    paths: dict[int, Path]
    changed: list[Input]
    absent: list[Input]
    unused: list[str]


class Reopened(NamedTuple):
    """The lake of a report and the file of decisions; no lake if it cannot be read without more."""

    lake: Lake | None
    decisions: Path | None
    why: str = ""


def offered(data: list[Path], home: Path, work: Path, inputs: list[Input]) -> list[Given]:
    """The paths of `data`; without any what the store has, or the invented Flanders.

    Parameters
    ----------
    data : files and folders
    home : the store
    work : a folder to put files of the store in, under their names
    inputs : of the record; of the store only these are taken
    """
    if data:
        return [_given(path) for path in data]
    wanted = {one.sha256 for one in inputs}
    store = Store(home)
    found = [_restored(store, d, work) for d in store.deliveries if d.sha256 in wanted]
    decided = build.decisions(store)
    if decided.is_file() and any(one.what == DECISIONS for one in inputs):
        found.append(_given(decided))
    if found or not any(one.kind == "simulated" for one in inputs):
        return found
    invented = [_given(path) for path in build.invented(Store(work))]
    return invented if wanted & {one.sha256 for one in invented} else []


def match(inputs: list[Input], given: list[Given]) -> Matched:
    """Find every input among what is given: by its digest, else by its name, and then changed."""
    left = list(given)
    paths: dict[int, Path] = {}
    for place, one in enumerate(inputs):
        if same := next((g for g in left if g.sha256 == one.sha256), None):
            paths[place] = same.path
            left.remove(same)
    changed, absent = [], []
    for place, one in enumerate(inputs):
        if place in paths:
            continue
        if named := next((g for g in left if g.name == one.name), None):
            paths[place] = named.path
            left.remove(named)
            changed.append(one)
        else:
            absent.append(one)
    return Matched(paths, changed, absent, [g.name for g in left])


def reopen(inputs: list[Input], found: Matched, work: Path) -> Reopened:
    """Read what was found anew, each under the name and the kind that the record says.

    Raises
    ------
    Refusal
        What was given cannot be read, though nothing is absent.
    """
    at: dict[str, list[int]] = {"data": [], DECISIONS: []}
    for place in sorted(found.paths):
        at[DECISIONS if inputs[place].what == DECISIONS else "data"].append(place)
    decisions = next((found.paths[place] for place in at[DECISIONS]), None)
    if not any(inputs[place].what == NOTICES for place in at["data"]):
        return Reopened(None, decisions, "no notices were given")
    paths = [_named(found.paths[place], inputs[place].name, work) for place in at["data"]]
    try:
        lake = open_lake(Store(work / "home"), paths)
    except Refusal as fault:
        if not found.absent:
            raise
        return Reopened(None, decisions, f"{fault.where}: {fault.found}")
    said = {place: inputs[which] for place, which in enumerate(at["data"])}
    return Reopened(_as_said(lake, said), decisions)


def _given(path: Path) -> Given:
    delivery, _ = receive(path)
    return Given(delivery.name, delivery.sha256, path.resolve())


def _as_said(lake: Lake, inputs: dict[int, Input]) -> Lake:
    """The lake with the kinds that were said when the data were added; a card can lower them."""

    def said(delivery: Delivery) -> Delivery:
        return replace(delivery, kind=inputs[delivery.added].kind)

    def parts(found: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(replace(part, delivery=said(part.delivery)) for part in found)

    programme = replace(lake.programme, parts=parts(lake.programme.parts))
    registers: tuple[Register, ...] = tuple(
        replace(part, delivery=said(part.delivery)) for part in lake.registers.parts
    )
    return Lake(parts(lake.parts), Registers(registers, programme), programme)


def _restored(store: Store, delivery: Delivery, work: Path) -> Given:
    """A delivery of the store under its own name."""
    place = work / "given" / delivery.sha256[:16] / delivery.name
    for target, source in _files(store, delivery, place):
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(source, target)
    return Given(delivery.name, delivery.sha256, place)


def _files(store: Store, delivery: Delivery, place: Path) -> Iterator[tuple[Path, Path]]:
    for file in store.files(delivery):
        if file.path:
            yield (place / file.name if delivery.is_folder else place), file.path


def _named(path: Path, name: str, work: Path) -> Path:
    """The path, or a file of the right name that is the same: names are printed in a report."""
    is_plain = name.isprintable() and len(name) < _LONGEST and not set(name) & set("/\\:")
    if path.name == name or path.is_dir() or not is_plain or name in ("", ".", ".."):
        return path
    target = work / "named" / sha256(str(path).encode())[:16] / name
    target.parent.mkdir(parents=True, exist_ok=True)
    _link(path, target)
    return target


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
