"""A real formgrader in a real browser: what a stranger handed in is read there, and runs nothing."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from grader.nbgrader_plugins import course

sys.path.insert(0, str(Path(__file__).parents[1]))
from chromium import chromium  # noqa: E402

REPOSITORY = Path(__file__).parents[2]
TOKEN = "for-this-test"
RUN = "window.ran = (window.ran || 0) + 1; fetch('/ran')"
LEAVE = '<meta http-equiv=refresh content="0; url=/ran">'
LIVELY = [
    f"<script>{RUN}</script>", f'<img src=x onerror="{RUN}">', f'<svg onload="{RUN}"></svg>', f'<iframe srcdoc="<script>parent.ran = 1; {RUN}</script>"></iframe>',
    f'<details open ontoggle="{RUN}">x</details>', f'<body onload="{RUN}">', f'```mermaid\n<img src=x onerror="{RUN}">\n```', '<link rel=stylesheet href="/ran">',
    LEAVE, "![x](/ran)", f'\\begin{{a"><script>{RUN}</script>}}x\\end{{a"><script>{RUN}</script>}}',
]  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture
def formgrader(tmp_path):
    """Jupyter with formgrader over the course in tmp_path/course; its address."""
    home = tmp_path / "home"
    home.mkdir()
    quiet = {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home), "JUPYTER_RUNTIME_DIR": str(home)}
    words = [
        "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--no-browser", "--allow-root", f"--IdentityProvider.token={TOKEN}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]  # fmt: skip
    root = tmp_path / "course"
    root.mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "server", *words], cwd=root, env={**os.environ, **quiet}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    found = next((match for line in process.stderr if (match := re.search(r"http://127\.0\.0\.1:\d+", line))), None)
    rest = threading.Thread(target=process.stderr.read)
    rest.start()
    try:
        assert found, "Jupyter did not start"
        yield found[0]
    finally:
        process.terminate()
        rest.join()
        process.wait()


def test_what_was_handed_in_runs_nothing_in_formgrader(formgrader, tmp_path, toy, student):
    root = tmp_path / "course"
    shown = [new_output("display_data", {kind: text, "text/plain": "T"}) for text in LIVELY for kind in ("text/html", "text/markdown", "image/svg+xml", "text/latex")]
    shown += [new_output("display_data", {"application/javascript": RUN, "text/plain": "T"}), new_output("error", ename=LIVELY[0], evalue=LIVELY[1], traceback=LIVELY)]
    student.cells += [make(text, id=f"own-{number}-{make.__name__}") for number, text in enumerate(LIVELY) for make in (new_markdown_cell, new_raw_cell)]
    student.cells.append(new_code_cell(f"# {LIVELY[0]}", id="lively"))

    def verdict(job):
        made = toy.plain_verdict(job)
        made.outputs["lively"] = shown
        return made

    made = toy.make(root, lambda path: course(path, verdicts=verdict))
    made.submit(student)
    made.grade()
    with httpx.Client(base_url=f"{formgrader}/formgrader/api", headers={"Authorization": f"token {TOKEN}"}, timeout=120) as client:
        (lesson,) = client.get("/assignments").raise_for_status().json()
        (submission,) = client.get(f"/submitted_notebooks/{lesson['name']}/{lesson['name']}").raise_for_status().json()
    page = f"{formgrader}/formgrader/submissions/{submission['id']}/?token={TOKEN}"
    (graded,) = (root / "autograded").glob("*/*/*.ipynb")
    with chromium() as browser:
        ran, called, text = looked_at(browser, page)
        assert (ran, called) == (0, []) and RUN in text, "it is read as text"

        raw = nbformat.read(graded, 4)  # what formgrader would show of the same, had nobody made it inert
        raw.cells += [cell for cell in student.cells[-1 - 2 * len(LIVELY) :] if LEAVE not in cell.source]
        raw.cells[-1].outputs = [output for output in shown if LEAVE not in str(output)]
        graded.chmod(0o644)
        graded.write_text(json.dumps(raw))
        ran, called, _ = looked_at(browser, page)
        assert ran > 3 and called, "this test would see a script that runs"


def looked_at(browser, address):
    """How often a script of the notebook ran, which of its addresses were called, and the text of the page."""
    page, called = browser.new_page(), []

    def stopped(route):
        called.append(route.request.url)
        route.abort()

    page.route("**/ran", stopped)  # a page that sends its reader elsewhere would end the test
    page.on("dialog", lambda dialog: called.append(dialog.message))
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector("#notebook-container, #notebook", state="attached")
    for _ in range(20):
        page.mouse.wheel(0, 2000)
        page.wait_for_timeout(50)
    try:
        return page.evaluate("window.ran || 0"), called, page.evaluate("document.body.innerText")
    finally:
        page.close()
