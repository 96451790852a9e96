"""The public course: what students get of this repository, made so that it stands alone and holds no secret."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import jinja2
import nbformat
import tomllib
from nbgrader.preprocessors import ComputeChecksums

from grader.authoring import build, course, leaks, variants
from grader.authoring.lesson import Lesson, LessonError
from grader.authoring.rules import broken_rules
from grader.authoring.setup_cell import fetching

PLACEHOLDER = "<!-- colab-badge -->"
PACKAGE = ("__init__.py", "colab.py", "hardware.py", "quiet.py", "sooner.py", "checks", "lab")  # of grader/: what lessons import, and what that imports
DATA = ("CHECKSUMS", "README.md", "build.py", "builders", "licenses")  # of data/, besides the sets that CHECKSUMS lists
COINCIDENCES = "lessons/coincidences.txt"
AS_THEY_ARE = ("LICENSE", "CITATION.cff", "CODE_OF_CONDUCT.md", "docs/GPU.md")  # lessons send their readers to the last one
EXTRAS = ("jupyter", "gpu")  # of pyproject.toml: those that a student may want
TEMPLATES = {
    "README.md.j2": "README.md",
    "pyproject.toml.j2": "pyproject.toml",
    "nbgrader_config.py.j2": "nbgrader_config.py",
    "gitignore.j2": ".gitignore",
    "requirements.txt.j2": ".binder/requirements.txt",
    "runtime.txt.j2": ".binder/runtime.txt",
}


class BundleError(LessonError):
    """Why there is no public course; the message says what to do."""


@dataclass(frozen=True)
class Repository:
    """Where the public course will live. Raises BundleError for what is no repository's name."""

    name: str  # OWNER/NAME
    branch: str = "main"
    host: str = "github.com"

    def __post_init__(self):
        part = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
        if not re.fullmatch(rf"{part}(/{part})+", self.name) or self.name.endswith(".git"):
            raise BundleError(f"--repository is OWNER/NAME, for example someone/rnn-course, not {self.name!r}.")
        if self.colab and self.name.count("/") != 1:
            raise BundleError(f"a repository on {self.host} is OWNER/NAME, not {self.name!r}.")
        if not re.fullmatch(rf"{part}(/{part})*", self.branch):
            raise BundleError(f"{self.branch!r} cannot be the name of a branch.")
        if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d+)?", self.host):
            raise BundleError(f"--host is a host's name, for example github.com, not {self.host!r}.")

    @property
    def colab(self) -> bool:
        """Whether Colab, and Binder, open notebooks from there by an address: from GitHub alone."""
        return self.host == "github.com"

    @property
    def url(self) -> str:
        return f"https://{self.host}/{self.name}.git"

    def colab_address(self, path: str) -> str:
        """What opens the notebook at `path` on Colab; "" where there is no such way."""
        return f"https://colab.research.google.com/github/{self.name}/blob/{self.branch}/{path}" if self.colab else ""

    def badge(self, path: str) -> str:
        """Markdown of the badge that opens the notebook at `path` on Colab; "" where there is no such way."""
        address = self.colab_address(path)
        return address and f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({address})"

    def badges(self, path: str) -> str:
        """Markdown of the badges that open the notebook at `path` on Colab and on Binder; "" where there is no such way."""
        if not self.colab:
            return ""
        binder = f"https://mybinder.org/v2/gh/{self.name}/{quote(self.branch, safe='')}?labpath={quote(path, safe='')}"
        return f"{self.badge(path)} [![Open in Binder](https://mybinder.org/badge_logo.svg)]({binder})"


@dataclass(frozen=True)
class Bundle:
    """The public course in memory. files: path → content; looked_for: how many secret lines and pictures are in none of them."""

    files: dict[str, bytes]
    lessons: list[str]
    looked_for: int

    @property
    def bytes(self) -> int:
        return sum(map(len, self.files.values()))


def make(root: Path, lessons: list[Lesson], everything: list[Lesson], repository: Repository, tell: Callable[[str], None] = print) -> Bundle:
    """Put together the public course of `lessons`; `everything` is what no file of it may give away.

    Raises BundleError where a notebook is stale or missing, data differs from its checksums, or a secret is found.
    """
    tell("looking whether everything is built")
    old = [line for lesson in lessons for line in broken_rules(lesson) + build.stale(root, lesson)]
    if old:
        raise BundleError("nothing was written, because not everything is fresh. Run: grader build\n  " + "\n  ".join(old))
    tell("putting files together")
    files = contents(root, lessons, repository)
    tell("looking for answers and hidden tests")
    hidden = secrets(root, everything)
    if found := leaks.find(files, hidden, coincidences(root)):
        lines = "\n  ".join([*found[:20], *([f"and {len(found) - 20} more"] if len(found) > 20 else [])])
        raise BundleError(f"nothing was written, because it would give away secrets:\n  {lines}\n{COINCIDENCES} says which of grader/ are none.")
    return Bundle(files, [lesson.name for lesson in lessons], len(hidden.lines) + len(hidden.digests))


def contents(root: Path, lessons: list[Lesson], repository: Repository) -> dict[str, bytes]:
    """Every file of the public course, path → content, in order; not searched yet."""
    notebooks = {f"notebooks/{lesson.name}/{lesson.name}.ipynb": notebook(root, lesson, repository) for lesson in lessons}
    files = {**_pages(root, lessons, repository), **_package(root), **_data(root), **notebooks}
    return dict(sorted(files.items()))


def notebook(root: Path, lesson: Lesson, repository: Repository) -> bytes:
    """The student's notebook with its badges and its set-up cell for `repository`."""
    made = nbformat.read(build.release_path(root, lesson.name), as_version=4)
    badges = repository.badges(f"notebooks/{lesson.name}/{lesson.name}.ipynb")
    for cell in made.cells:
        if cell.cell_type == "markdown" and PLACEHOLDER in cell.source:
            cell.source = re.sub(r"\n{3,}", "\n\n", cell.source.replace(PLACEHOLDER, badges))
        if cell.metadata.get("rnn_course", {}).get("role") == "setup":
            try:
                cell.source = fetching(cell.source, repository.url, repository.branch)
            except ValueError:
                raise BundleError(f"{lesson.name}: the set-up cell is not the one that the build writes. Run: grader build") from None
            cell.metadata.pop("editable", None)  # a tick on Colab changes it
    made, _ = ComputeChecksums().preprocess(made, {})  # or Validate would say that the set-up cell was changed
    return nbformat.writes(made).encode() + b"\n"


def secrets(root: Path, lessons: Iterable[Lesson]) -> leaks.Secrets:
    """What of these lessons no student may get."""
    known = []
    for lesson in lessons:
        try:
            solution = nbformat.read(build.solution_path(root, lesson.name), as_version=4)
        except Exception:  # not built: it is not released either, and its source says enough
            solution = None
        path = variants.path_of(lesson)
        # The answers and the references that no notebook holds.
        written = [path.read_text(encoding="utf-8") if path.is_file() else "", *(source for cells in lesson.cases.values() for source in cells)]
        known.append((lesson.name, lesson.notebook, solution, "\n".join(written)))
    return leaks.secrets(known)


def coincidences(root: Path) -> dict[str, set[str]]:
    """The lines of grader/ that an answer says too, and that a person found to be no leak; of no other folder."""
    path = root / COINCIDENCES
    known = leaks.coincidences(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: lines for name, lines in known.items() if name.startswith("grader/")}


def _pages(root: Path, lessons: list[Lesson], repository: Repository) -> dict[str, bytes]:
    """README, licence, and what pip, conda, nbgrader and git read."""
    environment = jinja2.Environment(loader=jinja2.PackageLoader("grader.authoring", "student"), undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    environment.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)  # JSON's strings are TOML's
    rows = [course.row(root, lesson) for lesson in lessons]
    words = {
        "project": tomllib.loads(_read(root / "pyproject.toml").decode())["project"],
        "extras": EXTRAS,
        "url": repository.url,
        "branch": repository.branch,
        "name": repository.name.split("/")[-1],
        "colab": repository.colab,
        "lessons": [
            {"title": row.title, "question": row.question.replace("|", "\\|"), "path": path, "badge": repository.badge(path), "badges": repository.badges(path)}
            for row in rows
            for path in [f"notebooks/{row.name}/{row.name}.ipynb"]
        ],
    }
    made = {target: environment.get_template(template).render(words).encode() for template, target in TEMPLATES.items()}
    conda = [line for line in _read(root / "environment.yml").decode().splitlines(keepends=True) if "nstructor" not in line]
    return {**made, "environment.yml": "".join(conda).encode(), **{name: _read(root / name) for name in AS_THEY_ARE}}


def _package(root: Path) -> dict[str, bytes]:
    return {path: content for name in PACKAGE for path, content in _below(root, root / "grader" / name).items()}


def _data(root: Path) -> dict[str, bytes]:
    """data/ as its list of checksums knows it. Raises BundleError for a file that differs."""
    files = {path: content for name in DATA for path, content in _below(root, root / "data" / name).items()}
    for line in files["data/CHECKSUMS"].decode().splitlines():
        digest, name = line.split(maxsplit=1)
        path = f"data/{name.lstrip('*')}"
        files[path] = _read(root / path)
        if hashlib.sha256(files[path]).hexdigest() != digest:
            raise BundleError(f"{path} is not what data/CHECKSUMS says. Restore it, or run: python data/build.py")
    return files


def _below(root: Path, place: Path) -> dict[str, bytes]:
    """A file, or every file in a folder, caches aside."""
    paths = sorted(place.rglob("*")) if place.is_dir() else [place]
    wanted = (path for path in paths if not path.is_dir() and "__pycache__" not in path.parts and not path.name.startswith("."))
    return {path.relative_to(root).as_posix(): _read(path) for path in wanted}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path} cannot be read ({error.strerror}). Run this in the course's repository, or name it with --root.") from None
