"""The web book: no answers, no hidden tests, no dead links, and fit to be read on a phone and on a desk."""

import re
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from grader.authoring import lesson as lessons
from grader.authoring import variants
from grader.authoring.build import solution_path
from grader.authoring.bundle import Repository
from grader.book import BookError, links, making
from grader.cli import app

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
WHERE = Repository("someone/rnn-course")


@pytest.fixture(scope="module")
def everything():
    return [lessons.read(path) for path in lessons.discover(ROOT)]


@pytest.fixture(scope="module")
def book(everything):
    return making.make(ROOT, everything, everything, WHERE, lambda step: None)


@pytest.fixture(scope="module")
def folder(book, tmp_path_factory):
    out = tmp_path_factory.mktemp("book")
    for path, data in book.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)
    return out


def squeezed(text):
    return "".join(text.split())


def test_every_lesson_is_a_page_with_its_figures_and_a_button(book, everything):
    for lesson in everything:
        page = book[f"{lesson.name}.html"].decode()
        solution = nbformat.read(solution_path(ROOT, lesson.name), as_version=4)
        shown = [output for cell in solution.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
        figures = re.findall(r'<img alt="([^"]*)"[^>]*src="_images/', page)
        assert len(figures) == len(shown) and len(figures) >= 2, lesson.name
        assert all(len(alt) > 20 and not alt.startswith("_images") for alt in figures), f"{lesson.name}: a figure says nothing to those who do not see it"
        assert f"https://colab.research.google.com/github/someone/rnn-course/blob/main/notebooks/{lesson.name}/{lesson.name}.ipynb" in page
        assert 'name="viewport"' in page and "YOUR ANSWER HERE" in page or lesson.name == "00_start_here"


def test_no_answer_and_no_hidden_test_is_in_it(book, everything):
    """Looked for here anew, in what a reader sees, so that a search for nothing cannot pass."""
    read = squeezed("\n".join(making.text_of(data) for path, data in book.items() if path.endswith(".html") and "/" not in path))
    visible = squeezed("\n".join(making.without_regions(cell.source).replace("`", "") for one in everything for cell in one.notebook.cells))
    looked_for = 0
    for one in everything:
        told = [region for cell in one.notebook.cells for region in making.leaks.regions(cell.source)] + [variants.path_of(one).read_text()]
        for line in "\n".join(told).splitlines():
            if len(squeezed(line)) >= 20 and squeezed(line) not in visible:
                looked_for += 1
                assert squeezed(line) not in read, line
    assert looked_for > 2000
    for mark in ("BEGINSOLUTION", "BEGINHIDDEN", "ENDHIDDEN"):
        assert mark not in read
    assert "raiseNotImplementedError" in read and "Hiddenchecksof" in read


@pytest.mark.parametrize("kind", ["answer", "hidden test", "written answer", "output of a test"])
def test_a_page_that_would_give_something_away_is_not_made(everything, monkeypatch, kind):
    lesson = next(one for one in everything if one.name.startswith("01"))
    cells = {
        "answer": next(lesson.cells("exercise")),
        "hidden test": next(cell for cell in lesson.cells("test") if "HIDDEN" in cell.source and "hidden = {" in cell.source),
        "written answer": next(lesson.cells("question")),
    }
    if kind == "output of a test":
        solution = nbformat.read(solution_path(ROOT, lesson.name), as_version=4)
        said = next(cell.outputs[0].text for cell in solution.cells if cell.id == "recall-test")
        secret = max(said.splitlines(), key=len)
    else:
        lines = making.leaks.regions(cells[kind].source)[0].splitlines()
        secret = max((line for line in lines if not line.startswith('{"format"')), key=len)  # that one stands in the visible cases, too
    real = making.pages.page

    def leaky(one, solution, colab):
        page = real(one, solution, colab)
        page.cells.append(nbformat.v4.new_code_cell(secret))
        return page

    monkeypatch.setattr(making.pages, "page", leaky)
    with pytest.raises(BookError, match="(?s)would give away secrets.*01_sequence_basics.html"):
        making.make(ROOT, [lesson], everything, None, lambda step: None)


def test_a_page_s_head_says_which_and_what_about(book, everything):
    heads = {path: re.search(r"<title>([^<]*)</title>", data.decode())[1] for path, data in book.items() if path.endswith(".html")}
    assert len(set(heads.values())) == len(heads) and heads["index.html"] == making.TITLE
    said = {path: re.findall(r'<meta name="description" content="([^"]*)"', data.decode()) for path, data in book.items() if path.endswith(".html")}
    assert all(len(said[f"{one.name}.html"]) == 1 and said[f"{one.name}.html"][0].endswith("?") and "*" not in said[f"{one.name}.html"][0] for one in everything)
    assert len(said["index.html"]) == 1


def test_a_figure_opens_in_its_own_size(book, everything):
    for one in everything:
        page = book[f"{one.name}.html"].decode()
        opened = re.findall(r'<a class="figure" href="(_images/[^"]+)"><img [^>]*src="([^"]+)"', page)
        assert opened and len(opened) == page.count('src="_images/') and all(link == shown and link in book for link, shown in opened)


def test_no_link_is_dead_and_nothing_is_fetched_from_elsewhere(book):
    assert links.dead(book) == []
    for path, data in book.items():
        if path.endswith(".html"):
            for tag in re.findall(rb"<(?:script|link|img|iframe)\b[^>]*>", data):
                assert not re.search(rb'(?:src|href)="(?:https?:)?//', tag), f"{path}: {tag}"


@pytest.mark.parametrize(
    ("link", "words"),
    [("missing.html", "there is no missing.html"), ("#nowhere", "names no place"), ("two.html#nowhere", "names no place"), ("http://example.org", "no https address")],
)
def test_a_dead_link_is_named(link, words):
    files = {"one.html": f'<a href="{link}">x</a>'.encode(), "two.html": b'<h1 id="here">x</h1>'}
    assert len(links.dead(files)) == 1 and words in links.dead(files)[0]
    assert links.dead({**files, "one.html": b'<a href="two.html#here">x</a><a href="https://example.org">x</a>'}) == []


def test_ready_for_github_pages(book):
    assert book[".nojekyll"] == b"" and "index.html" in book and "search.html" in book and "searchindex.js" in book
    assert sum(map(len, book.values())) < 20_000_000
    assert not [path for path in book if path.endswith((".ipynb", ".map")) or path.startswith("_sources")]


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_screen(folder, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 844})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(folder.glob("*.html")):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, f"{path.name} is wider than the screen"
        assert page.locator("main h1:visible").count() == 1, path.name
    assert all(url.startswith("file:") for url in asked), [url for url in asked if not url.startswith("file:")]


def test_code_of_a_lesson_s_width_is_read_without_scrolling(folder, browser):
    """At a desk: a third of all cells used to be cut off at the edge."""
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    seen = 0
    for path in sorted(folder.glob("0*.html")):
        page.goto(path.as_uri())
        for longest, over in page.evaluate("[...document.querySelectorAll('main pre')].map(one => [Math.max(...one.innerText.split('\\n').map(line => line.length)), one.scrollWidth - one.clientWidth])"):
            seen += longest <= 99
            assert longest > 99 or over <= 0, f"{path.name}: {longest} characters need {over} pixels more"
    assert seen > 500


def test_formulas_stand_on_the_line_and_lines_of_them_below_each_other(folder, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    for name, aligned in (("02_recurrent_layers", 2), ("09_linear_recurrence", 1)):
        page.goto((folder / f"{name}.html").as_uri())
        page.evaluate("document.fonts.ready")
        assert page.evaluate("[...document.fonts].find(one => one.family.includes('Noto Sans Math')).status") == "loaded", "no phone has to have a font for formulas"
        tables = page.locator(".formula mtable")
        assert tables.count() == aligned
        for table in tables.all():
            edges = table.evaluate("one => [...one.querySelectorAll('mtr')].map(row => row.children[1].firstElementChild.getBoundingClientRect().left)")
            assert len(edges) > 2 and max(edges) - min(edges) < 6, "equals signs stand below each other"
        below = page.evaluate("""[...document.querySelectorAll('main p math msub')].filter(one => /^[a-z]$/.test(one.textContent.trim()[0]) && one.children[1].textContent.length === 1)
            .map(one => (one.children[1].getBoundingClientRect().bottom - one.children[0].getBoundingClientRect().bottom) / parseFloat(getComputedStyle(one).fontSize))""")
        assert len(below) > 3 and min(below) > 0.05, "an index stands below its letter"
        sits = page.evaluate("""[...document.querySelectorAll('main p > math')].map(one => [getComputedStyle(one).verticalAlign, one.scrollHeight <= one.clientHeight || getComputedStyle(one).overflowY === 'visible'])""")
        assert sits and all(align == "baseline" and whole for align, whole in sits)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_keyboard_s_place_is_always_seen(folder, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto((folder / "02_recurrent_layers.html").as_uri())
    seen = []
    while not seen or seen[-1][0] != "Open in Colab":
        page.keyboard.press("Tab")
        seen.append(page.evaluate("""() => {
            const one = document.activeElement, style = getComputedStyle(one);
            return [one.innerText.trim() || one.getAttribute("aria-label"), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none"];
        }"""))
        assert len(seen) < 60
    assert [name for name, marked in seen if not marked] == [] and len(seen) > 5
    assert page.evaluate("[...document.querySelectorAll('.formula')].every(one => one.tabIndex === 0)")


def test_figures_keep_their_colours_in_the_dark(folder, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page.goto((folder / "08_attention.html").as_uri())
    style = page.locator("main .cell_output img").first.evaluate("one => [getComputedStyle(one).filter, getComputedStyle(one).backgroundColor]")
    assert style == ["none", "rgb(255, 255, 255)"]


def test_the_way_on_is_read_on_a_phone(folder, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((folder / "02_recurrent_layers.html").as_uri())
    titles = [one for one in page.locator(".prev-next-title").all() if one.is_visible()]
    assert len(titles) == 2 and all(one.bounding_box()["height"] < 60 for one in titles), "not a column of single words"


def test_light_dark_and_search(folder, browser):
    colours = []
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 1280, "height": 844}, color_scheme=scheme)
        page.goto((folder / "02_recurrent_layers.html").as_uri())
        assert page.locator("math").count() > 10, "formulas are the browser's own"
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours[0] != colours[1], "a page follows what the reader's machine prefers"
    for mode in ("light", "dark"):
        page.locator(".theme-switch-button:visible").click()
        page.locator(f'.theme-change-button[data-mode="{mode}"]').click()
        assert page.evaluate("document.documentElement.dataset.theme") == mode
    page.goto((folder / "search.html").as_uri() + "?q=receipt")
    page.locator("ul.search li a").first.wait_for()
    assert page.locator("ul.search li a").count() >= 1


def run(*words, code=0):
    done = CliRunner().invoke(app, ["book", "--root", str(ROOT), *map(str, words)])
    assert done.exit_code == code, done.output + done.stderr
    return done


def test_command_writes_again_and_never_over_something_else(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_DATA", str(ROOT / "data"))
    out = tmp_path / "pages"
    told = run("00", "--out", out)
    assert "0 removed" in told.stdout and "--repository OWNER/NAME" in told.stdout
    assert "the book: making HTML of them" in told.stderr
    assert "colab.research" not in (out / "00_start_here.html").read_text()
    (out / "CNAME").write_text("rnn.example.org")
    assert "removed" in run("00", "--out", out, "--repository", "someone/rnn-course").stdout
    assert "colab.research" in (out / "00_start_here.html").read_text() and (out / "CNAME").is_file()

    (tmp_path / "thesis.txt").write_text("precious")
    assert "is not empty and holds nothing that `grader book` wrote" in run("00", "--out", tmp_path, code=1).stderr
    assert "--repository is OWNER/NAME" in run("00", "--out", tmp_path / "other", "--repository", "mine", code=1).stderr
    released = CliRunner().invoke(app, ["release", "00", "--root", str(ROOT), "--repository", "a/b", "--out", str(out)])
    assert released.exit_code == 1 and "holds no earlier release" in released.stderr
    assert (out / "00_start_here.html").is_file()
