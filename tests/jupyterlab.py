"""A real JupyterLab with nbgrader's extensions, on loopback, and short words for what a person does in it."""

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # every cell is on the page, as for a reader who has scrolled
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
WAIT = 120_000  # milliseconds; long, since a test waits for what it expects and no longer


class JupyterLab:
    """`jupyter lab` in a folder; a context manager. home: an empty folder for its own files."""

    def __init__(self, folder: Path, home: Path, **environment: str):
        for name, values in SETTINGS.items():
            path = home / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))
        places = {f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
        places |= {"HOME": str(home), "IPYTHONDIR": str(home), "JUPYTERLAB_SETTINGS_DIR": str(home / "lab/user-settings")}
        words = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", "--ServerApp.port_retries=0", f"--LabApp.workspaces_dir={home / 'lab/workspaces'}"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", *words], cwd=folder, env={**os.environ, **places, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.said: list[str] = []

    def __enter__(self):
        for line in self._process.stderr:
            self.said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+/lab\?token=\w+", line):
                self.url = found[0]
                break
        else:
            raise AssertionError("".join(self.said))
        self._rest = threading.Thread(target=lambda: self.said.extend(self._process.stderr))
        self._rest.start()
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._rest.join()
        self._process.wait()

    def open(self, browser, path: str = ""):
        """A page that shows JupyterLab with the file at `path` open."""
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(WAIT)
        page.goto(self.url.replace("/lab?", f"/lab/tree/{path}?" if path else "/lab?"))
        return page


def menu(page, *names: str) -> None:
    """Choose from the menu bar: menu(page, "Run", "Run All Cells")."""
    first, *others = names
    page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{first}$")).click()
    for name in others:
        page.locator(".lm-Menu-item", has=page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{name}$"))).click()


def idle(page) -> None:
    """Wait until the kernel has started and has nothing to do."""
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for()


def cell(page, holds: str):
    """The code cell whose source holds this text."""
    return page.locator(".jp-CodeCell", has=page.locator(".jp-InputArea-editor", has_text=holds))


def rewrite(page, holds: str, source: str) -> None:
    """Replace the source of a cell, as somebody who types."""
    editor = cell(page, holds).locator(".cm-content").first
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
