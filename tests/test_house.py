"""The conventions of the house, enforced."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "analysis"

# The floors from the ground up: a room imports from its own floor or a lower one, never upward.
FLOORS = {
    "refusal": 0,
    "progress": 0,
    "yaml_text": 0,
    "rezip": 0,
    "cycles": 0,
    "elsewhere": 0,
    "contracts": 1,
    "inference": 1,
    "simulate": 1,
    "store": 2,
    "companies": 2,
    "notices": 2,
    "innovation": 2,
    "cells": 2,
    "results": 2,
    "indicators": 3,
    "sources": 3,
    "disclosure": 3,
    "ingest": 4,
    "delivered": 4,
    "workbook": 4,
    "validation": 4,
    "present": 5,
    "report": 6,
    "lab": 7,
    "cli": 8,
}


def _room(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def _imports(file: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names]
    return [name for name in found if name.split(".")[0] == "analysis"]


def upward_imports(package: Path) -> list[str]:
    wrong = []
    for file in sorted(package.rglob("*.py")):
        place = file.relative_to(package).with_suffix("").parts
        if place == ("__init__",):
            continue
        for name in _imports(file):
            if FLOORS[_room(name)] > FLOORS[place[0]]:
                wrong.append(f"{'/'.join(place)} imports {name}")
    return wrong


def test_every_room_has_a_floor():
    rooms = {file.relative_to(PACKAGE).with_suffix("").parts[0] for file in PACKAGE.rglob("*.py")}
    assert rooms - {"__init__"} <= FLOORS.keys()


def test_no_room_imports_from_a_floor_above():
    assert upward_imports(PACKAGE) == []


def test_an_upward_import_is_seen(tmp_path):
    (tmp_path / "contracts.py").write_text("from analysis.present import chapter\n")
    assert upward_imports(tmp_path) == ["contracts imports analysis.present.chapter"]


def _project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _locked() -> dict[str, list[str]]:
    pins = re.findall(
        r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)",
        (ROOT / "requirements.lock").read_text(encoding="utf-8"),
        flags=re.M,
    )
    versions: dict[str, list[str]] = {}
    for name, version in pins:
        versions.setdefault(re.sub(r"[-_.]+", "-", name).lower(), []).append(version)
    return versions


def test_every_dependency_is_locked_within_its_bounds():
    project = _project()
    wanted = project["project"]["dependencies"] + [
        line for group in project["dependency-groups"].values() for line in group
    ]
    locked = _locked()
    for requirement in map(Requirement, wanted):
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        assert name in locked, f"{name} is not in requirements.lock: run `make lock`"
        assert all(v in requirement.specifier for v in locked[name]), f"{name}: run `make lock`"


def test_the_lock_pins_and_hashes_everything_and_names_no_address():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 100
    loose = [e.split()[0] for e in entries if "==" not in e.split()[0] or "--hash=sha256:" not in e]
    assert loose == []


def test_the_conda_environment_is_the_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python = f"python{_project()['project']['requires-python']}"
    assert environment["dependencies"] == [python, "pip", {"pip": ["-r requirements.lock"]}]
    assert environment["channels"] == ["conda-forge", "nodefaults"]


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_and_does_not_compute(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert "parameters" in code[0]["metadata"].get("tags", [])
    for cell in code:
        assert not cell["outputs"], "outputs are never committed"
        assert cell["execution_count"] is None
        assert len(cell["source"]) <= 12
        tree = ast.parse("".join(cell["source"]))
        kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
        assert not any(isinstance(node, kinds) for node in ast.walk(tree))


def test_no_file_is_too_long_to_be_read_at_a_sitting():
    long = [f.name for f in PACKAGE.rglob("*.py") if len(f.read_text().splitlines()) > 250]
    assert long == []
