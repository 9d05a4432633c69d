"""A page in a real Chromium, driven over its own protocol; tests skip where there is none."""

import base64
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import websocket

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
_SECONDS = 60
_ANSWER = 900  # axe-core on a whole report takes minutes where others work too


class Page:
    """A page that is open: run script in it, press keys, take its picture."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=_ANSWER, suppress_origin=True)
        self._numbers = itertools.count(1)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the browser something and wait for the answer; events in between are left."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def look(self, *, width: int = 1280, dark: bool = False, medium: str = "screen") -> None:
        """See the page at a width, light or dark, on the screen or as it is printed."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900,
                 deviceScaleFactor=1, mobile=width < 600)  # fmt: skip
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.ask("Emulation.setEmulatedMedia", media=medium, features=scheme)

    def open(self, file: Path, *, width: int = 1280, dark: bool = False) -> None:
        """Open a file at a width and wait until it has loaded."""
        self.look(width=width, dark=dark)
        self.ask("Page.navigate", url=file.as_uri())
        end = time.monotonic() + _SECONDS
        while (
            self.run("document.readyState") != "complete"
            or self.run("location.href") != file.as_uri()
        ):
            assert time.monotonic() < end, "the page does not load"
            time.sleep(0.05)

    def run(self, script: str) -> Any:
        """The value of an expression of the page; promises are waited for."""
        found = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key, e.g. Tab or ArrowRight."""
        code = {"Tab": 9, "Enter": 13, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35}
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                     windowsVirtualKeyCode=code[key])  # fmt: skip

    def picture(self) -> bytes:
        """What is seen, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot")["data"])

    def close(self) -> None:
        """Leave the page."""
        self._socket.close()


@contextmanager
def page(folder: Path) -> Iterator[Page]:
    """A new page in a browser of its own, whose profile is in `folder`."""
    assert CHROMIUM
    command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
               "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"]  # fmt: skip
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        found = Page(_address(folder / "DevToolsActivePort"))
        try:
            yield found
        finally:
            found.close()
    finally:
        browser.terminate()
        browser.wait(_SECONDS)


def _address(told: Path) -> str:
    """Where the first page of the browser listens, once it says so."""
    end = time.monotonic() + _SECONDS
    while not (told.is_file() and told.read_text().count("\n")):
        assert time.monotonic() < end, "Chromium does not start"
        time.sleep(0.05)
    port, browser = told.read_text().split("\n")[:2]
    socket = websocket.create_connection(
        f"ws://127.0.0.1:{port}{browser}", timeout=_SECONDS, suppress_origin=True
    )
    try:
        socket.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        targets = json.loads(socket.recv())["result"]["targetInfos"]
    finally:
        socket.close()
    [one] = [target["targetId"] for target in targets if target["type"] == "page"]
    return f"ws://127.0.0.1:{port}/devtools/page/{one}"
