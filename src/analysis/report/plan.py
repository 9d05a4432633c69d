"""What the yearly report is: its titles and its chapters, from reports/evaluation.yml."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from analysis.refusal import ReportError
from analysis.yaml_text import read_yaml

ROOT = Path(__file__).resolve().parents[3]
PLAN = ROOT / "reports" / "evaluation.yml"


class Texts(BaseModel):
    """A text in every language."""

    model_config = ConfigDict(extra="forbid")
    nl: str
    en: str


class Plan(BaseModel):
    """Titles, with `{year}` for the reporting year, and notebooks in order."""

    model_config = ConfigDict(extra="forbid")
    title: Texts
    subtitle: Texts
    organisation: Texts
    date: Texts
    chapters: list[str]

    @property
    def notebooks(self) -> list[Path]:
        """The chapters' notebooks, in order."""
        return [ROOT / "notebooks" / f"{name}.ipynb" for name in self.chapters]

    def meta(self, year: int, mark: str | None) -> dict:
        """What the cover says of the report of a year."""
        texts = self.model_dump(exclude={"chapters"})
        filled = {
            part: {language: text.format(year=year) for language, text in both.items()}
            for part, both in texts.items()
        }
        return filled | {"day": f"{year}-12-31", "mark": mark}


def read(path: Path = PLAN) -> Plan:
    """Read the plan; an unknown key, a lost language or a notebook that is not there is refused."""
    try:
        plan = Plan.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as fault:
        raise _refuse(path, str(fault), "titles in every language, and chapters") from fault
    if absent := [notebook.name for notebook in plan.notebooks if not notebook.is_file()]:
        raise _refuse(path, f"chapters without a notebook: {', '.join(absent)}", "notebooks/<name>")
    return plan


def _refuse(path: Path, found: str, expected: str) -> ReportError:
    return ReportError(str(path), found=found, expected=expected, do="correct the file")
