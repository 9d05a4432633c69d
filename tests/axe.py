"""axe-core, the checker of accessible pages; tests that need it skip where it cannot be had."""

import hashlib
import json
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

import pytest
from browser import Page

VERSION = "4.14.1"
SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
KEPT = Path(__file__).resolve().parents[1] / "build"  # fetched once
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PAPER = {"target-size": {"enabled": False}}  # nothing is touched on paper
_RUN = """axe.run(document, {options}).then(found => found.violations.map(
    fault => [fault.id, fault.nodes.length + " x " + fault.nodes[0].html.slice(0, 160)]))"""


@cache
def script() -> str:
    """The script of axe-core, whose sum is known; fetched by npm where it is not there yet."""
    package = KEPT / f"axe-core-{VERSION}.tgz"
    if not package.is_file() and not _fetched():
        pytest.skip(f"needs axe-core {VERSION}, which npm brings")
    assert hashlib.sha256(package.read_bytes()).hexdigest() == SHA256
    with tarfile.open(package) as held:
        found = held.extractfile("package/axe.min.js")
        assert found
        return found.read().decode()


def _fetched() -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    KEPT.mkdir(exist_ok=True)
    command = [npm, "pack", f"axe-core@{VERSION}", "--pack-destination", str(KEPT)]
    ran = subprocess.run(command, cwd=KEPT, capture_output=True, timeout=120, check=False)
    return ran.returncode == 0


def findings(page: Page, *, printed: bool = False) -> dict[str, str]:
    """What axe-core finds on the page as it now looks: rule, how often and the first place."""
    if not page.run("typeof axe === 'object'"):
        page.run(f"{script()};0")
    options: dict[str, object] = {"resultTypes": ["violations"], "runOnly": _TAGS}
    if printed:
        options |= {"rules": _PAPER}
    return dict(page.run(_RUN.replace("{options}", json.dumps(options))))
