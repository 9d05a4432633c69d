"""The pictures of the README: `python -m tests.documented.pictures reports/2025`.

Pages of the English report on the invented Flanders, in few colours; needs Chromium.
"""

import io
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2
from PIL import Image

from tests.browser import page

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
_COLOURS = 96
_WIDTH, _SCROLL_BAR = 1200, 16
_PLACES = {"access": ("#fig-access-years", 330, 900), "explorer": (".explorer", 80, 820)}


def _keep(image: Image.Image, name: str, box: tuple[int, int, int, int]) -> None:
    small = image.convert("RGB").crop(box).quantize(_COLOURS)
    small.save(PICTURES / f"{name}.png", optimize=True)


def main(report: Path) -> None:
    """Take them from a report folder."""
    summary = pypdfium2.PdfDocument(report / "summary.en.pdf")[0].render(scale=1.4).to_pil()
    _keep(summary, "summary", (60, 40, 780, 1140))
    with tempfile.TemporaryDirectory() as profile, page(Path(profile)) as seen:
        seen.open((report / "report.en.html").absolute(), width=_WIDTH)
        for name, (element, above, height) in _PLACES.items():
            seen.run(
                f"scrollTo(0, document.querySelector('{element}').getBoundingClientRect().top"
                f" + scrollY - {above})"
            )
            time.sleep(0.5)  # until it is drawn
            picture = Image.open(io.BytesIO(seen.picture()))
            _keep(picture, name, (0, 0, _WIDTH - _SCROLL_BAR, height))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
