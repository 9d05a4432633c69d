"""A definition that is written on the spot, held against its own example firms."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.companies.definitions import FOLDER, Definition, definitions
from analysis.companies.startups import classify
from analysis.refusal import ReportError
from analysis.yaml_text import read_yaml

_WHERE = "the definition of your own"
_ADDRESS = re.compile(r"\n +For further information visit \S+")  # of pydantic, of no use here


def read(text: str) -> Definition:
    """The definition that a text states, as a file of `companies/definitions` states it.

    Parameters
    ----------
    text : YAML; it may be `based_on` one of ours. The example firms that it states itself are
        asked, and must answer as it says.

    Raises
    ------
    ReportError
        The text is no definition, its id is taken, or an example answers otherwise.
    """
    stated = _stated(text)
    with tempfile.TemporaryDirectory() as folder:
        for path in FOLDER.glob("*.yml"):
            shutil.copy(path, folder)
        (Path(folder) / "~own.yml").write_text(text, encoding="utf-8")  # after all of ours
        definition = _read(Path(folder))[stated["id"]]
    _ask_examples(definition, stated.get("examples", []))
    return definition


def _stated(text: str) -> dict[str, Any]:
    try:
        found = read_yaml(text)
    except yaml.YAMLError as fault:
        raise _refusal(str(fault), "YAML") from fault
    if not isinstance(found, dict) or "id" not in found or "up_to" in found:
        raise _refusal("no definition, or several", "one, with an id and without up_to")
    return found


def _read(folder: Path) -> dict[str, Definition]:
    try:
        return definitions(folder)
    except ReportError as fault:
        raise _refusal(_ADDRESS.sub("", fault.found), fault.expected) from fault


def _ask_examples(definition: Definition, stated: list[dict[str, Any]]) -> None:
    if not stated:
        return
    firms = pd.DataFrame([{"start_date": None} | dict(one["firm"]) for one in stated])
    answers = classify(firms, definition)
    for one, answer in zip(stated, answers, strict=True):
        found = None if pd.isna(answer) else bool(answer)
        if found is not one["answer"]:
            raise _refusal(f"{one['why']}: {found}", f"{one['answer']}, as the example says")


def _refusal(found: str, expected: str) -> ReportError:
    return ReportError(_WHERE, found=found, expected=expected, do="correct the text")
