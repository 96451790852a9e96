"""The public course: it stands alone, says what it must, and gives nothing away."""

import base64
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbgrader.utils import compute_checksum

from grader.authoring import bundle, leaks, publish, variants
from grader.authoring import lesson as lessons
from grader.authoring.bundle import BundleError, Repository
from grader.authoring.build import release_path, solution_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
WHERE = Repository("someone/rnn-course")


@pytest.fixture(scope="module")
def everything():
    return [lessons.read(path) for path in lessons.discover(ROOT)]


@pytest.fixture(scope="module")
def hidden(everything):
    return bundle.secrets(ROOT, everything)


@pytest.fixture(scope="module")
def files(everything):
    return bundle.contents(ROOT, everything, WHERE)


def test_the_whole_course_gives_nothing_away(files, hidden):
    assert leaks.find(files, hidden, bundle.coincidences(ROOT)) == []


def test_every_answer_hidden_test_and_variant_is_looked_for(hidden, everything):
    """Counted here anew, so that a search for nothing cannot pass."""
    visible = "".join("".join(bundle.leaks.without_regions(cell.source).split()) for one in everything for cell in one.notebook.cells)
    visible += "".join("".join(path.read_text().split()) for path in (ROOT / "grader" / "checks" / "frozen").glob("*.json"))
    for one in everything:
        hidden_cells = [cell for cell in one.notebook.cells if "### BEGIN HIDDEN TESTS" in cell.source]
        assert hidden_cells, one.name
        inside = [cell.source.split("### BEGIN HIDDEN TESTS")[1].split("### END HIDDEN TESTS")[0] for cell in hidden_cells]
        for line in "\n".join([*inside, variants.path_of(one).read_text()]).split("\n"):
            squeezed = "".join(line.split())
            assert len(squeezed) < leaks.SHORTEST or squeezed in hidden.lines or squeezed in visible, line
        own = [origin for origin in hidden.lines.values() if origin.startswith(one.name)]
        assert len(own) > 10, one.name
        assert any(origin.endswith("variants or cases") for origin in own)
    assert any("figure" in origin for origin in hidden.digests.values())


def test_coincidences_are_needed_and_only_in_the_package(files, hidden):
    """A line that is no longer shared is removed from the list, or it would excuse a leak one day."""
    known = bundle.coincidences(ROOT)
    text = (ROOT / bundle.COINCIDENCES).read_text()
    assert sum(map(len, known.values())) == sum(bool(line.strip()) and not line.startswith("#") for line in text.splitlines())
    for path, lines in known.items():
        said = "".join(files[path].decode().split())
        for line in lines:
            assert "".join(line.split()) in said and "".join(line.split()) in hidden.lines, f"{path}: {line}"


def npz(text: str) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, note=np.array(text))
    return stream.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def in_a_notebook(**parts) -> bytes:
    cell = {"cell_type": "code", "source": [], "metadata": {}, "outputs": [], "execution_count": None, **parts}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


HIDING_PLACES = {
    "a line of its own": lambda text: f"x = 1\n    {text}\n".encode(),
    "reformatted": lambda text: text.replace(" ", "  \n").encode(),
    "a comment": lambda text: f"y = 2  # it is {text}, as you know".encode(),
    "a notebook's cell": lambda text: in_a_notebook(source=["a\n", f"{text}\n"]),
    "a notebook's metadata": lambda text: in_a_notebook(metadata={"old": {"source": text}}),
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "a zip": lambda text: zipped("a/b.txt", text.encode()),
    "a zip's file name": lambda text: zipped(text.replace("/", "|"), b"") if "/" not in text else zipped("a", text.encode()),
    "an npz": npz,
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 in lines": lambda text: base64.encodebytes(b"-" * 41 + text.encode()),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode("ÿþ".encode() + text.encode()),
    "base64 in a notebook": lambda text: in_a_notebook(source=[f"data = '{base64.b64encode(text.encode()).decode()}'"]),
    "a zip in base64 in a notebook": lambda text: in_a_notebook(source=base64.b64encode(zipped("x", text.encode())).decode()),
    "gzip": lambda text: gzip.compress(text.encode()),
    "a zip in a zip": lambda text: zipped("inner.zip", zipped("x", text.encode())),
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_a_planted_leak_is_found(place, hidden, everything):
    """A line of a solution, of a hidden test and of the variants, and nbgrader's marks."""
    origins = {"variants": {f"{one.name}'s variants or cases" for one in everything}}
    for mark in ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS"):
        origins[mark] = {f"{one.name}, cell {cell.id}" for one in everything for cell in one.notebook.cells if mark in cell.source}
    short = {line: origin for line, origin in hidden.lines.items() if len(line) < 60 and line.isascii()}
    planted = [next(line for line, origin in short.items() if origin in wanted) for wanted in origins.values()]
    planted += ["### BEGIN HIDDEN TESTS", "### END SOLUTION"]
    for text in planted:
        assert leaks.find({"innocent": HIDING_PLACES[place](text)}, hidden), text
        assert leaks.find({"innocent": HIDING_PLACES[place]("an innocent line of prose, long enough")}, hidden) == []


def test_outputs_and_figures_are_found(hidden):
    stream = {"output_type": "stream", "name": "stdout", "text": "1"}
    for parts in ({"outputs": [stream]}, {"execution_count": 3}):
        for data in (in_a_notebook(**parts), zipped("n.ipynb", in_a_notebook(**parts))):
            [complaint] = leaks.find({"notebook": data}, hidden)
            assert "outputs of a notebook that was run" in complaint
    solution = nbformat.read(solution_path(ROOT, "00_start_here"), 4)
    pictures = [output.data["image/png"] for cell in solution.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    for data in (base64.b64decode(pictures[0]), pictures[0].encode(), zipped("p.png", base64.b64decode(pictures[0]))):
        assert "a figure of cell" in leaks.find({"picture": data}, hidden)[0]


def test_a_secret_is_excused_in_the_package_alone(hidden):
    line = next(line for line in hidden.lines if line.isascii())
    assert leaks.find({"grader/lab/x.py": line.encode()}, hidden, {"grader/lab/x.py": {line}}) == []
    assert leaks.find({"grader/lab/y.py": line.encode()}, hidden, {"grader/lab/x.py": {line}}) != []


def test_notebooks_are_the_released_ones_but_for_badge_and_repository(files, everything):
    for one in everything:
        path = f"notebooks/{one.name}/{one.name}.ipynb"
        released, public = nbformat.read(release_path(ROOT, one.name), 4), nbformat.reads(files[path].decode(), 4)
        nbformat.validate(public)
        changed = [(a, b) for a, b in zip(released.cells, public.cells, strict=True) if a.source != b.source]
        assert [a.metadata.rnn_course.role for a, b in changed] == ["prose", "setup"], one.name
        assert f"(https://colab.research.google.com/github/someone/rnn-course/blob/main/{path})" in changed[0][1].source
        assert f"(https://mybinder.org/v2/gh/someone/rnn-course/main?labpath={path.replace('/', '%2F')})" in changed[0][1].source
        before, after = (cell.source.split("\n") for cell in changed[1])
        added = [line for line in after if line not in before]
        assert [line for line in after if line not in added] == before and len(after) <= 6, "a title, a tick and at most four lines"
        assert len(added) == 2 and all(line.endswith("  # on Colab") for line in added)
        assert " https://github.com/someone/rnn-course.git " in added[0]
        assert public.metadata.accelerator == "GPU" and public.metadata.colab.gpuType == "T4"
        for cell in public.cells:
            if "checksum" in cell.metadata.get("nbgrader", {}):
                assert cell.metadata.nbgrader.checksum == compute_checksum(cell), "or Validate says that it was changed"


def test_a_document_that_students_are_sent_to_is_theirs(files):
    named = {(path, name) for path, data in files.items() if path.endswith((".ipynb", ".md", ".py")) for name in re.findall(r"\bdocs/\w+\.md", data.decode())}
    assert len(named) >= 2 and [(path, name) for path, name in named if name not in files] == []
    for path in (path for path in files if path.startswith("docs/")):
        assert re.findall(r"\]\((?!https://|#)", files[path].decode()) == [], "and leads to nothing that they do not have"


def test_elsewhere_than_on_github_there_are_no_badges(everything):
    where = Repository("group/team/rnn-course", host="git.example.org:8443")
    made = bundle.contents(ROOT, everything[:1], where)
    notebook = made["notebooks/00_start_here/00_start_here.ipynb"].decode()
    assert "git clone -q --depth=1 --branch=main https://git.example.org:8443/group/team/rnn-course.git" in notebook
    assert "colab.research" not in notebook and "mybinder" not in notebook and "badge" not in notebook and "On Colab\n" not in made["README.md"].decode()


def test_a_branch_is_what_badges_open_and_everything_clones(everything):
    made = bundle.contents(ROOT, everything[:1], Repository("someone/rnn-course", branch="autumn/26"))
    notebook = nbformat.reads(made["notebooks/00_start_here/00_start_here.ipynb"].decode(), 4)
    setup = next(cell for cell in notebook.cells if cell.metadata.rnn_course.role == "setup")
    assert "git clone -q --depth=1 --branch=autumn/26 " in setup.source
    assert "blob/autumn/26/notebooks/" in notebook.cells[0].source
    readme = made["README.md"].decode()
    assert readme.count("git clone") == readme.count("git clone --branch autumn/26 https://github.com/someone/rnn-course.git") == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ({"name": "rnn-course"}, "--repository is OWNER/NAME"),
        ({"name": "https://github.com/a/b"}, "--repository is OWNER/NAME"),
        ({"name": "a/b.git"}, "--repository is OWNER/NAME"),
        ({"name": 'a/b"; import os'}, "--repository is OWNER/NAME"),
        ({"name": "a/b/c"}, "a repository on github.com is OWNER/NAME"),
        ({"name": "a/b", "branch": "a b"}, "name of a branch"),
        ({"name": "a/b", "branch": "-x"}, "name of a branch"),
        ({"name": "a/b", "host": "https://git.example.org"}, "--host is a host's name"),
    ],
)
def test_what_is_no_repository_is_said(name, words):
    with pytest.raises(BundleError, match=words):
        Repository(**name)


def test_a_stale_notebook_is_refused(tmp_path, everything):
    for folder in ("lessons/00_start_here", "solutions/00_start_here", "notebooks/00_start_here", "grader/checks/frozen"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    source = tmp_path / "lessons" / "00_start_here" / "00_start_here.py"
    source.write_text(source.read_text().replace("A museum", "A museum of art"))
    with pytest.raises(BundleError, match="00_start_here: the solution notebook is older than its source"):
        bundle.make(tmp_path, [lessons.read(source)], everything, WHERE, tell=lambda text: None)


def test_data_that_differs_from_its_checksums_is_refused(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    broken = next((tmp_path / "data" / "us_births").rglob("*tfrecord*"))
    broken.write_bytes(broken.read_bytes()[:-1])
    with pytest.raises(BundleError, match="us_births.*is not what data/CHECKSUMS says"):
        bundle._data(tmp_path)


def test_what_pip_conda_and_git_read(files):
    ours, project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"], tomllib.loads(files["pyproject.toml"].decode())["project"]
    for key in ("name", "version", "requires-python", "dependencies", "license"):
        assert project[key] == ours[key]
    assert project["optional-dependencies"] == {extra: ours["optional-dependencies"][extra] for extra in ("jupyter", "gpu")}
    assert "scripts" not in project
    conda = files["environment.yml"].decode()
    assert "- -e .[jupyter]\n" in conda and "nstructor" not in conda
    assert files["LICENSE"] == (ROOT / "LICENSE").read_bytes()
    assert {path.split("/")[0] for path in files} == {
        ".binder", ".gitignore", "CITATION.cff", "CODE_OF_CONDUCT.md", "LICENSE", "README.md", "data", "docs", "environment.yml", "grader", "nbgrader_config.py", "notebooks", "pyproject.toml",
    }  # fmt: skip
    assert {path.split("/")[1] for path in files if path.startswith("grader/")} == set(bundle.PACKAGE)
    readme = files["README.md"].decode()
    assert readme.count("[![Open in Colab]") == 1 + sum(path.endswith(".ipynb") for path in files), "each lesson, and the first one to try"
    assert readme.index("Try it now") < readme.index("| lesson") and "```powershell" in readme and "Intel" in readme
    for link in [part.split(")")[0] for part in readme.split("](")[1:]]:
        assert link.startswith(("https://colab.research.google.com/", "https://mybinder.org/")) or link in files, link


@pytest.mark.slow
def test_it_stands_alone(files, tmp_path):
    """A fresh clone of it runs without anything else of this repository, and of the zip too."""
    out = tmp_path / "out"
    publish.folder(out, files, {})
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "The course"]):
        subprocess.run(["git", *words], cwd=out, check=True)
    subprocess.run(["git", "clone", "-q", str(out), str(tmp_path / "clone")], check=True)
    publish.archive(tmp_path / "course.zip", files, "rnn-course")
    shutil.unpack_archive(tmp_path / "course.zip", tmp_path / "unpacked")
    for course, more in ((tmp_path / "clone", {publish.MANIFEST}), (tmp_path / "unpacked" / "rnn-course", set())):
        assert {path.relative_to(course).as_posix() for path in course.rglob("*") if path.is_file() and ".git" not in path.parts} == {*files, *more}
    code = (
        "import sys\n"
        "for name in ('nbgrader', 'nbclient', 'jupytext', 'typer', 'pandas'): sys.modules[name] = None\n"
        "from grader import checks as check, lab\nimport grader, grader.colab\n"
        "lab.start(); print(len(lab.data.births()[0])); print(lab.data.home()); print(grader.colab.missing())\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'grader'), sep='\\n')"
    )
    course = tmp_path / "clone"
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(course), "HOME": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([sys.executable, "-c", code], cwd=course / "notebooks" / "00_start_here", env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    versions, births, home, missing, *modules = done.stdout.splitlines()
    assert versions.startswith("Keras 3.") and int(births) > 5000 and home == str(course / "data") and missing == "[]"
    assert len(modules) > 10 and all(module.startswith(str(course)) for module in modules)


@pytest.mark.slow
def test_pip_builds_it(files, tmp_path):
    publish.folder(tmp_path / "course", files, {})
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(tmp_path / "site")]
    subprocess.run([*pip, str(tmp_path / "course")], check=True, capture_output=True)
    installed = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site" / "grader").rglob("*.py")}
    assert installed == {path for path in files if path.startswith("grader/") and path.endswith(".py")}
