"""Make the book: pages out of lessons, Sphinx over them, and two searches of what came out, for secrets and for dead links."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from html import unescape
from importlib.metadata import version
from pathlib import Path
from re import sub

import jinja2
import nbformat

from grader.authoring import build, bundle, course, leaks, variants
from grader.authoring.bundle import Repository
from grader.authoring.lesson import Lesson, LessonError
from grader.authoring.proofs import without_regions
from grader.authoring.rules import broken_rules
from grader.book import links, pages

TITLE = "Recurrent networks in Keras"
ABOUT = "A course in notebooks: each lesson asks one question about sequences and lets you measure the answer."
HERE = Path(__file__).parent
THEME_S_OWN = "_static/"  # scripts, fonts and styles: Sphinx's, the theme's and ours


class BookError(LessonError):
    """Why there is no book; the message says what to do."""


def make(root: Path, lessons: list[Lesson], everything: list[Lesson], repository: Repository | None, tell: Callable[[str], None] = print) -> dict[str, bytes]:
    """Return the files of the book of `lessons`, path → content; `everything` is what no page of it may give away.

    repository: where the public course lives, for the buttons to Colab. Raises BookError where a notebook is stale, Sphinx
    warns, a link is dead or a secret is found.
    """
    tell("looking whether everything is built")
    old = [line for lesson in lessons for line in broken_rules(lesson) + build.stale(root, lesson)]
    if old:
        raise BookError("no book was written, because not everything is fresh. Run: grader build\n  " + "\n  ".join(old))
    with tempfile.TemporaryDirectory() as workshop:
        source, target = Path(workshop, "source"), Path(workshop, "html")
        source.mkdir()
        tell("writing pages")
        rows = _write_sources(root, lessons, repository, source)
        tell("making HTML of them")
        _run_sphinx(source, target, _settings(repository, rows))
        files = {path.relative_to(target).as_posix(): path.read_bytes() for path in sorted(target.rglob("*")) if path.is_file()}
    files = {path: _figures_open(data) if path.endswith(".html") else data for path, data in files.items() if not _unread(path)}
    files[".nojekyll"] = b""  # GitHub Pages would leave out folders that begin with an underscore
    tell("looking for answers and hidden tests")
    if found := leaks.find(searched(files), secrets(root, everything)):
        raise BookError("no book was written, because it would give away secrets:\n  " + "\n  ".join(found[:20]))
    if dead := links.dead(files):
        raise BookError("no book was written, because links lead nowhere:\n  " + "\n  ".join(dead[:20]))
    return dict(sorted(files.items()))


def _unread(path: str) -> bool:
    """Whether no reader's browser asks for it: what Sphinx keeps for itself, the theme's templates, translations and source maps."""
    place, _, name = path.rpartition("/")
    return name in (".buildinfo", "objects.inv") or path.startswith("_sources/") or path.endswith(".map") or (place.startswith("_static") and name.endswith((".html", ".po", ".mo")))


def _figures_open(page: bytes) -> bytes:
    """`page` with a link from each figure to its picture: on a phone its words are too small where it stands."""
    return sub(rb'<img [^>]*src="(_images/[^"]+)"[^>]*>', rb'<a class="figure" href="\1">\g<0></a>', page)


def secrets(root: Path, lessons: list[Lesson]) -> leaks.Secrets:
    """What no page may say: answers, hidden tests, variants, and what cells that ran an answer wrote."""
    known = []
    for lesson in lessons:
        solution = nbformat.read(build.solution_path(root, lesson.name), as_version=4) if build.solution_path(root, lesson.name).is_file() else None
        path = variants.path_of(lesson)
        told = path.read_text(encoding="utf-8") if path.is_file() else ""
        known.append((lesson.name, lesson.notebook, solution and pages.answers_run(solution), told))
    visible = (without_regions(cell.source) for lesson in lessons for cell in lesson.notebook.cells)
    return leaks.secrets(known).without(text.replace("`", "") for text in visible)  # as a page shows what prose says in code


def searched(files: dict[str, bytes]) -> dict[str, bytes]:
    """What of a book may hold a secret; a page also without its tags, between which the words of a line of code stand."""
    ours = {path: data for path, data in files.items() if not path.startswith(THEME_S_OWN)}
    read = {f"{path}, as it is read": text_of(data).encode() for path, data in ours.items() if path.endswith(".html")}
    return {**ours, **read}


def text_of(page: bytes) -> str:
    return unescape(sub(r"(?s)<[^>]*>", "", page.decode("utf-8")))


def _write_sources(root: Path, lessons: list[Lesson], repository: Repository | None, source: Path) -> list[dict]:
    """Write what Sphinx reads, and return of each lesson what the front page and the pages' heads say."""
    rows = []
    for lesson in lessons:
        colab = repository.colab_address(f"notebooks/{lesson.name}/{lesson.name}.ipynb") if repository else ""
        page = pages.page(lesson, nbformat.read(build.solution_path(root, lesson.name), as_version=4), colab)
        nbformat.write(page, source / f"{lesson.name}.ipynb")
        row = course.row(root, lesson)
        rows.append({"name": lesson.name, "title": row.title, "question": row.question.replace("|", "\\|"), "button": pages.button(colab)})
    here = jinja2.PackageLoader("grader.book", "templates")
    students = jinja2.PackageLoader("grader.authoring", "student")  # working at home is told once, for their README and for the book
    environment = jinja2.Environment(loader=jinja2.ChoiceLoader([here, students]), undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    words = {"title": TITLE, "lessons": rows, "colab": bool(repository and repository.colab)}
    words["licences"] = f"https://{repository.host}/{repository.name}/blob/{repository.branch}/data/README.md" if repository and repository.colab else ""
    words |= {"branch": repository.branch if repository else "main", "url": repository.url if repository else "", "name": repository.name.split("/")[-1] if repository else "rnn-course"}
    for name in ("index.md", "at_home.md"):
        (source / name).write_text(environment.get_template(f"{'' if name == 'index.md' else 'page_'}{name}.j2").render(words), encoding="utf-8")
    return rows


def _run_sphinx(source: Path, target: Path, settings: dict) -> None:
    """Raises BookError for whatever Sphinx warns of."""
    try:
        from sphinx.application import Sphinx
        from sphinx.errors import SphinxError
        from sphinx.util.docutils import docutils_namespace
    except ImportError:
        raise BookError("a book needs Sphinx. Run: pip install -e '.[book]' -c requirements.lock") from None
    warnings = io.StringIO()
    try:
        with docutils_namespace():
            app = Sphinx(source, None, target, source.parent / "doctrees", "html", confoverrides=settings, status=None, warning=warnings, freshenv=True)
            app.build()
    except SphinxError as error:
        raise BookError(f"Sphinx could not make the book: {error}") from None
    if said := warnings.getvalue().replace(f"{source}/", "").strip():
        raise BookError(f"Sphinx warns:\n{said}")


def _settings(repository: Repository | None, rows: list[dict]) -> dict:
    described = {row["name"]: f"{row['title']}. {sub('[*`]', '', row['question'])}" for row in rows}
    address = repository.url.removesuffix(".git") if repository else ""
    return {
        "project": TITLE,
        "author": "The rnn-course authors",
        "copyright": "The rnn-course authors, MIT licence",
        "language": "en",
        "version": version("rnn-course"),
        "extensions": ["myst_nb", "grader.book.mathml", "grader.book.heads"],
        "page_descriptions": {"index": ABOUT, **described},
        "html_math_renderer": "mathml",
        "myst_enable_extensions": ["dollarmath", "attrs_inline"],
        "myst_heading_anchors": 3,
        "nb_execution_mode": "off",
        "html_theme": "sphinx_book_theme",
        "html_title": TITLE,
        "html_static_path": [str(HERE / "static")],
        "html_css_files": ["book.css"],
        "html_favicon": str(HERE / "static" / "favicon.svg"),
        "html_context": {"default_mode": "auto"},  # light or dark as the reader's machine prefers, until they choose
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_use_index": False,
        "html_domain_indices": False,
        "html_show_sphinx": False,
        "html_theme_options": {
            "use_download_button": False,
            "use_fullscreen_button": False,
            "use_repository_button": bool(address),
            "repository_url": address,
            "logo": {"text": TITLE},
            "show_toc_level": 2,
            "navbar_start": [], "navbar_center": [], "navbar_end": [], "navbar_persistent": [],  # the sidebar has a search already
        },
    }
