"""The trial in environments that stand for Colab: what it installs, and that it finds what is wrong. `make test-colab` is the trial itself."""

import sys
from pathlib import Path

import nbformat
import pytest
from packaging.utils import canonicalize_name as canonical

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # tools are run from the repository, never installed

from tools.colab_trial import __main__ as command  # noqa: E402
from tools.colab_trial import environments, lessons  # noqa: E402


def test_the_list_is_colabs_and_has_its_date():
    listed = environments.published()
    assert environments.date() == "2026-08-19" and len(listed) == 693
    assert {name: listed[name] for name in ("ipython", "ipykernel", "keras", "tensorflow", "protobuf", "tensorflow-metadata")} == {
        "ipython": "7.34.0", "ipykernel": "6.17.1", "keras": "3.13.2", "tensorflow": "2.20.0", "protobuf": "5.29.6", "tensorflow-metadata": "1.21.0",
    }  # fmt: skip


def test_the_documents_say_which_list_was_tried():
    assert environments.date() in (ROOT / "docs" / "COLAB.md").read_text(encoding="utf-8").split("\n")[2]


def test_continuous_integration_runs_it():
    assert "make test-colab" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "\ntest-colab: $(INSTALLED)" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture
def index(monkeypatch):
    """A package index in memory: what pip is asked for, and what each package says that it needs."""
    asked = []
    needs = {"ipykernel": ["ipython>=7", "pyzmq ; extra == 'more'", "gone>=1"], "ipython": ["traitlets[more]>=4", "old ; python_version < '3'"], "traitlets": ["tornado; extra == 'more'"]}
    monkeypatch.setattr(environments, "IMPORTED", ["ipykernel", "gone"])
    monkeypatch.setattr(environments, "_pip", lambda python, *arguments: asked.append(arguments))
    monkeypatch.setattr(environments, "_requirements", lambda python, names: {name: needs.get(name, []) for name in names})
    monkeypatch.setattr(environments, "_markers", lambda python: {"python_version": "3.13", "python_full_version": "3.13.0"})
    return asked


def test_what_is_imported_comes_with_all_that_it_needs_as_listed_and_no_more(index):
    environments._as_published(Path("python"))
    assert all(arguments[0] == "--no-deps" for arguments in index), "or pip would choose versions"
    listed = environments.published()
    assert [word for arguments in index for word in arguments[1:]] == [
        f"{name}=={listed[name]}" for name in ("ipykernel", "pip", "ipython", "traitlets", "tornado")
    ]


@pytest.mark.slow
def test_an_interpreter_that_is_not_there_is_one_sentence(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["colab_trial", "--python", "python2.7"])
    assert command.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("python2.7 was not found") and said.endswith("Name one with --python.\n")


def test_packages_out_of_reach_are_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(environments.NoEnvironment, match="could not be installed: is the package index within reach"):
        environments._pip(Path(sys.executable), "no-such-package-here==1")


@pytest.mark.slow
def test_an_unfinished_environment_is_made_anew_and_a_finished_one_taken_up(monkeypatch, tmp_path):
    made = []
    monkeypatch.setattr(environments, "_newest", made.append)
    for _ in range(2):
        environments.make("newest", tmp_path / "one", sys.executable, tell=lambda text: None)
    assert len(made) == 1
    (tmp_path / "one" / "finished").unlink()
    environments.make("newest", tmp_path / "one", sys.executable, tell=lambda text: None)
    assert len(made) == 2


@pytest.mark.slow
def test_a_copy_of_an_environment_has_its_packages_and_leaves_it_alone(tmp_path):
    python = lessons.copy(Path(sys.executable), tmp_path / "copy")
    theirs, ours = lessons.versions(Path(sys.executable)), lessons.versions(python)
    assert {canonical(name): version for name, version in ours.items() if name in ("keras", "numpy", "pip")} == {
        name: theirs[name] for name in ("keras", "numpy", "pip")
    }


def page(*outputs):
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output(kind, **fields) for kind, fields in outputs])
    cell.id = "double-test"
    return nbformat.v4.new_notebook(cells=[cell])


def test_an_error_of_a_test_cell_that_lets_the_page_go_on_is_found():
    failed = page(("error", {"ename": "TypeError", "evalue": "no alt", "traceback": []}))
    failed.cells[0].metadata["tags"] = ["raises-exception"]
    assert lessons._errors(failed) == ["cell double-test: TypeError: no alt"]
    assert lessons._errors(page(("stream", {"name": "stderr", "text": "Warning"}))) == ["cell double-test writes to stderr: Warning"]
    assert lessons._errors(page(("stream", {"name": "stdout", "text": "fine"}))) == []


def test_figures_are_counted_with_and_without_words():
    shown = page(("display_data", {"data": {"image/png": "AAAA"}}), ("display_data", {"data": {"text/html": '<img alt="A." src="data:image/png;base64,AA">'}}))
    assert lessons._figures(shown) == 2
