"""Which code made a file: a hash of a module and of every module of ours that it imports."""

import ast
import hashlib
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


@cache
def fingerprint(module: str) -> str:
    """Sixteen digits that change when the source of `module` changes, or what it stands on.

    Followed are the imports of the form `from analysis... import ...`. A source card (`ted.yml`
    beside `ted.py`) belongs to its module, and all YAML beside an `__init__.py` to its package.
    """
    modules: set[Path] = set()
    _follow(module, modules)
    cards = {path.with_suffix(".yml") for path in modules}
    cards |= {
        card for path in modules if path.stem == "__init__" for card in path.parent.glob("*.yml")
    }
    digest = hashlib.sha256()
    for path in sorted(modules | {card for card in cards if card.exists()}):
        digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()[:16]


def _follow(module: str, found: set[Path]) -> None:
    for ending in (".py", "/__init__.py"):
        path = _ROOT / (module.replace(".", "/") + ending)
        if path.exists() and path not in found:
            found.add(path)
            for name in _imported(path):
                _follow(name, found)


def _imported(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_bytes()))
    pairs = [(n.module or "", n.names) for n in nodes if isinstance(n, ast.ImportFrom)]
    ours = [(module, names) for module, names in pairs if module.split(".")[0] == "analysis"]
    return [
        name for module, names in ours for name in (module, *(f"{module}.{a.name}" for a in names))
    ]
