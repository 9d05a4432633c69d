"""A newcomer types the commands of docs/newcomer.md, and nothing else."""

import os
import re
import subprocess
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from conftest import SHARED
from test_definitions import answers

from analysis.companies.definitions import definitions

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "newcomer.md"


class Step(NamedTuple):
    """A command of the page, and what it ends with."""

    command: str
    says: list[str]


def steps(text: str) -> list[Step]:
    """The commands of a page in order, each with the lines that are printed below it."""
    found: list[Step] = []
    for language, block in re.findall(r"^ *```(sh|text)\n(.*?)^ *```$", text, re.M | re.S):
        plain = textwrap.dedent(block).strip()
        if language == "sh":
            found.append(Step(plain, []))
        else:
            found[-1].says.extend(plain.splitlines())
    return found


STEPS = steps(PAGE.read_text(encoding="utf-8"))


def says(output: str, line: str) -> bool:
    """Whether the words of a line stand in one line of the output, in their order."""
    return re.search(".*".join(map(re.escape, line.split())), output) is not None


def test_it_takes_fewer_than_ten_commands():
    assert 5 < len(STEPS) < 10


def test_the_page_clones_brings_in_real_notices_defines_builds_bundles_and_verifies():
    words = ["git clone", "cd pio", "make setup", "pio data add ../shared/data", "definitions/",
             "pio report", "zipfile -c", "pio verify"]  # fmt: skip
    assert [word in step.command for word, step in zip(words, STEPS, strict=True)] == [True] * 8


def test_the_readme_shows_the_same_commands_and_leads_to_the_page():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "docs/newcomer.md" in readme
    block = readme.split("```sh\n")[1].split("```")[0]
    assert block.strip() == "\n".join(step.command for step in STEPS)


def test_the_definition_of_the_page_answers_as_its_examples_say(tmp_path):
    [step] = [step for step in STEPS if "definitions/" in step.command]
    sheet = step.command.split("<<'YML'\n")[1].removesuffix("YML").strip()
    path = tmp_path / Path(re.search(r"> (\S+)", step.command)[1]).name
    path.write_text(sheet, encoding="utf-8")
    [(id, one)] = definitions(tmp_path).items()
    assert id == yaml.safe_load(sheet)["id"]
    assert [example.answer for example in one.examples] == [True, False, None]
    assert [answer for _, answer in answers(one)] == [True, False, None]


def test_a_line_that_was_not_said_is_missed():
    assert says("x\nbuilt: /home/somebody/pio/reports/2024\n", "built: reports/2024")
    assert not says("built: x\nreports/2024", "built: reports/2024")
    assert not says("nothing changed: reports/2024", "built: reports/2024")


@pytest.fixture
def published(tmp_path):
    """The project as it stands, as a repository that can be cloned."""
    project = tmp_path / "published"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_bytes((ROOT / name).read_bytes())
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "as it stands"]):
        subprocess.run(["git", *words], cwd=project, check=True)
    return project


@pytest.mark.slow
def test_a_newcomer_gets_from_a_clean_machine_to_a_verified_bundle(shared, published, tmp_path):
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "shared").symlink_to(SHARED)
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    here = desk
    for step in STEPS:
        command = step.command.replace("ADDRESS", str(published))
        if command.startswith("cd "):
            here = here / command.removeprefix("cd ")
            continue
        ran = subprocess.run(
            ["bash", "-c", command], cwd=here, env=plain, capture_output=True, text=True
        )
        assert ran.returncode == 0, f"{command}\n{ran.stdout[-3000:]}\n{ran.stderr[-3000:]}"
        print(f"$ {command.splitlines()[0]}\n{ran.stdout[-600:]}")
        assert [line for line in step.says if not says(ran.stdout, line)] == []
    ledger = (here / "reports" / "2024" / "results.csv").read_text(encoding="utf-8")
    assert ",below-seven," in ledger
    page = (here / "reports" / "2024" / "report.nl.html").read_text(encoding="utf-8")
    assert "Onderneming jonger dan zeven jaar" in page
