"""Which code made a file: a hash of a module and of every module of ours that it imports."""

import hashlib
import re
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
# Read as text: to parse a hundred modules takes a second, each time that anything is opened.
_IMPORT = re.compile(
    r"^[ \t]*from[ \t]+(analysis[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]+)", re.MULTILINE
)
_REMARK = re.compile(r"#[^\n]*")
_NAMED = re.compile(r"(\w+)(?:\s+as\s+\w+)?")

Seen = dict[str, tuple[Path | None, list[str]]]  # by module: its file, and what it imports


@cache
def fingerprint(module: str) -> str:
    """Sixteen digits that change when the source of `module` changes, or what it stands on.

    What it stands on is what `sources` gives.
    """
    digest = hashlib.sha256()
    for path in sources([module]):
        digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()[:16]


def sources(modules: list[str], seen: Seen | None = None) -> list[Path]:
    """The files of modules, of every module of ours that these import, and their cards; sorted.

    A source card (`ted.yml` beside `ted.py`) belongs to its module, and all YAML beside an
    `__init__.py` to its package. Who asks more than once gives one `seen`: files are read once.
    """
    found: set[Path] = set()
    for module in modules:
        _follow(module, found, {} if seen is None else seen)
    cards = {path.with_suffix(".yml") for path in found}
    packages = {path.parent for path in found if path.stem == "__init__"}
    cards |= {card for package in packages for card in package.glob("*.yml")}
    return sorted(found | {card for card in cards if card.exists()})


def imported(code: str) -> list[str]:
    """What code imports of ours, in the form `from analysis... import ...`: modules and names."""
    return [
        name
        for module, names in _IMPORT.findall(code)
        for name in (module, *(f"{module}.{one}" for one in _NAMED.findall(_REMARK.sub("", names))))
    ]


def _follow(module: str, found: set[Path], seen: Seen) -> None:
    if module not in seen:
        seen[module] = _read(module)
    path, names = seen[module]
    if path and path not in found:
        found.add(path)
        package = module.rpartition(".")[0]  # its `__init__.py` runs first
        for name in (package, *names):
            _follow(name, found, seen)


def _read(module: str) -> tuple[Path | None, list[str]]:
    """The file of a module and what it imports of ours; nothing where it is no module."""
    for ending in (".py", "/__init__.py") if module else ():
        path = _ROOT / (module.replace(".", "/") + ending)
        if path.exists():
            return path, imported(path.read_text(encoding="utf-8"))
    return None, []
