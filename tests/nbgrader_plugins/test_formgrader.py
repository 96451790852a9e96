"""nbgrader's own commands and a real formgrader on either database: passwords stay out of logs, an error is not for ever."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from nbgrader.api import Gradebook

from grader.nbgrader_plugins import course

sys.path.insert(0, str(Path(__file__).parent))
from gradebooks import NAME, looked_after, url  # noqa: E402, F401
from postgres_server import SECRET, SECURED, server  # noqa: E402, F401

REPOSITORY = Path(__file__).parents[2]
TOKEN = "for-this-test"

pytestmark = pytest.mark.slow


class Formgrader:
    """Jupyter with formgrader, in a course's folder, on a Unix socket."""

    def __init__(self, root, home):
        self._socket = home / "jupyter"
        quiet = {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home), "JUPYTER_RUNTIME_DIR": str(home)}
        words = [
            f"--ServerApp.sock={self._socket}", "--no-browser", "--allow-root", f"--IdentityProvider.token={TOKEN}",
            "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "server", *words], cwd=root, env={**os.environ, **quiet}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self):
        said = []
        for line in self._process.stderr:
            said.append(line)
            if "is running at" in line:
                break
        else:
            raise AssertionError("".join(said))
        self._rest = threading.Thread(target=self._process.stderr.read)
        self._rest.start()
        self.client = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(self._socket)), base_url="http://localhost/formgrader",
            headers={"Authorization": f"token {TOKEN}"}, follow_redirects=True, timeout=120,
        )  # fmt: skip
        return self

    def __exit__(self, *_):
        self.client.close()
        self._process.terminate()
        self._rest.join()
        self._process.wait()

    def get(self, path):
        return self.client.get(path).raise_for_status()


@pytest.fixture
def short(server):  # noqa: F811
    """A folder for sockets, whose paths must be short; it goes with the server's."""
    folder = server.folder / "jupyter"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def test_formgrader_grades_by_hand_and_survives_errors(url, short, server, tmp_path, toy, student, monkeypatch):  # noqa: F811
    root = tmp_path / "course"
    root.mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    monkeypatch.setenv("GRADER_GRADEBOOK", url)
    made = toy.make(root, lambda path: course(path, verdicts=toy.plain_verdict))
    made.submit(student)
    made.grade()
    with Formgrader(root, short) as formgrader:
        for page in ("", "/manage_assignments", f"/manage_submissions/{NAME}", "/gradebook", f"/gradebook/{NAME}/{NAME}", "/manage_students"):
            assert formgrader.get(page).headers["content-type"].startswith("text/html")
        (submission,) = formgrader.get(f"/api/submitted_notebooks/{NAME}/{NAME}").json()
        assert submission["student"] == "ada" and submission["score"] == 6
        number = submission["id"]
        assert "Why does order matter?" in formgrader.get(f"/submissions/{number}/").text

        grades = {grade["name"]: grade for grade in formgrader.get(f"/api/grades?submission_id={number}").json()}
        put = formgrader.client.put(f"/api/grade/{grades['why']['id']}", json={"manual_score": 3.5})
        assert put.raise_for_status().json()["manual_score"] == 3.5

        made.grade()  # while formgrader runs
        grades = {grade["name"]: grade for grade in formgrader.get(f"/api/grades?submission_id={number}").json()}
        assert grades["why"]["manual_score"] == 3.5 and not grades["why"]["needs_manual_grade"]

        # A score that the database does not take fails once; stock nbgrader then fails every page until Jupyter is started anew.
        assert formgrader.client.put(f"/api/grade/{grades['why']['id']}", json={"manual_score": "many"}).status_code == 500
        assert formgrader.get(f"/api/grades?submission_id={number}").json()
        assert formgrader.get(f"/submissions/{number}/").text
        if url.startswith("postgresql"):
            formgrader.get("/api/status")  # by now the request before this one is over
            assert server.sql("SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'") == []
            server.stop()
            server.start()
            assert formgrader.get(f"/api/grades?submission_id={number}").json()


def test_nbgraders_commands_take_the_variable_and_show_no_password(server, tmp_path, monkeypatch):  # noqa: F811
    shutil.copy(REPOSITORY / "nbgrader_config.py", tmp_path)
    secret = quote(SECRET, safe="")
    monkeypatch.setenv("GRADER_GRADEBOOK", server.url(SECURED, f"ta:{secret}"))

    def nbgrader(*words):
        done = subprocess.run([sys.executable, "-m", "nbgrader", *words], cwd=tmp_path, capture_output=True, text=True)
        said = done.stdout + done.stderr
        assert done.returncode == 0 and SECRET not in said and secret not in said, said
        return said

    nbgrader("db", "student", "add", "Zoë Çelik")
    assert f"postgresql+psycopg://ta@/{SECURED}" in nbgrader("db", "upgrade")
    assert "Zoë Çelik" in nbgrader("db", "student", "list")
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with Gradebook(server.url(SECURED, "ta"), "rnn-course") as gradebook:
        assert [student.id for student in gradebook.students] == ["Zoë Çelik"]
