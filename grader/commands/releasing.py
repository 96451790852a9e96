"""The commands of those who give the course to students: release, book."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from grader.commands.shared import Names, Root, command, console, course_root, errors, read_lessons, steps

BOOK = "grader book"


@command
def release(
    names: Names = None,
    repository: Annotated[str, typer.Option("--repository", metavar="OWNER/NAME", help="The public repository that students, and Colab, will fetch.")] = ...,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write: new, empty, or that of an earlier release.")] = ...,
    archive: Annotated[Path | None, typer.Option("--zip", metavar="FILE", help="Write the same as one zip.")] = None,
    branch: Annotated[str, typer.Option("--branch", help="The branch that students get: badges open it, set-up cells and README clone it.")] = "main",
    host: Annotated[str, typer.Option("--host", help="Where the repository is. Colab opens notebooks from github.com alone.")] = "github.com",
    root: Root = Path("."),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace also what was changed by hand in an earlier release.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write the public course, which students get.

    With badges that open it on Colab, without answers and hidden tests.

    Written into the folder of an earlier release it replaces that, and keeps .git: commit and push, and the next edition is out.

    Examples: grader release --repository someone/rnn-course --out ../public --zip course.zip; grader release 00 01 --repository someone/rnn-course --out ../public
    """
    from grader.authoring import bundle, publish

    root, out = course_root(root), out.resolve()
    where = bundle.Repository(repository, branch, host)
    publish.refuse_folder(out)
    if archive:
        publish.refuse_archive(archive.resolve(), overwrite)
    with steps("the public course") as step:
        chosen, everything = read_lessons(root, names), read_lessons(root, None)
        made = bundle.make(root, chosen, everything, where, step)
        facts = {"repository": repository, "branch": branch, "host": host, "lessons": made.lessons}
        written = publish.folder(out, made.files, facts, overwrite)
        size = publish.archive(archive.resolve(), made.files, repository.split("/")[-1], overwrite) if archive else None
    if as_json:
        told = {"out": str(out), "files": len(made.files), "bytes": made.bytes, "lessons": made.lessons, "written": written.written}
        told |= {"removed": written.removed, "foreign": written.foreign, "secrets": made.looked_for}
        console.print_json(data=told | ({"zip": {"file": str(archive), "bytes": size}} if archive else {}))
        return
    counts, sizes = Counter(), Counter()
    for path, data in made.files.items():
        place = path.split("/")[0] + "/" if "/" in path else "other files"
        counts[place] += 1
        sizes[place] += len(data)
    for place in sorted(counts, key=lambda place: (place == "other files", place)):
        console.print(f"  {place:<12} {counts[place]:>4} files {_size(sizes[place]):>9}", highlight=False)
    console.print(f"  {'all':<12} {len(made.files):>4} files {_size(made.bytes):>9}", highlight=False)
    console.print(f"None of {made.looked_for:,} lines and figures of answers, hidden tests, variants and outputs is in it.", highlight=False)
    console.print(f"{out}: {len(written.written)} files written, {len(written.removed)} removed.", highlight=False, markup=False)
    if archive:
        console.print(f"{archive}: {_size(size)}.", highlight=False, markup=False)
    if written.foreign:
        shown = ", ".join(written.foreign[:5]) + (f" and {len(written.foreign) - 5} more" if len(written.foreign) > 5 else "")
        errors.print(f"[yellow]not ours, and left alone:[/yellow] {escape(shown)}. Students see these too, once you push.", highlight=False)
    if not where.colab:
        console.print(f"Without badges: Colab opens notebooks from github.com, not from {host}.", highlight=False)
    there = shlex.quote(str(out))
    if (out / ".git").exists():
        console.print(f"To publish: cd {there} && git add . && git commit -m 'The next edition' && git push", highlight=False, markup=False)
    else:
        console.print(f"To publish: make {where.url[:-4]} public and empty, then", highlight=False, markup=False)
        console.print(f"  cd {there} && git init -b {branch} && git add . && git commit -m 'The course' && git push {where.url} {branch}", highlight=False, markup=False)


@command
def book(
    names: Names = None,
    repository: Annotated[str | None, typer.Option("--repository", metavar="OWNER/NAME", help="The public repository of `grader release`: its lessons are what the buttons open on Colab.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write: new, empty, or that of an earlier book.")] = Path("build/book"),
    branch: Annotated[str, typer.Option("--branch", help="The branch that the buttons open.")] = "main",
    host: Annotated[str, typer.Option("--host", help="Where the repository is. Colab opens notebooks from github.com alone.")] = "github.com",
    root: Root = Path("."),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace also what was changed by hand in an earlier book.")] = False,
) -> None:
    """Write the web book, for readers: lessons with their outputs, without answers.

    Plain files, ready for GitHub Pages or any web server.

    Examples: grader book --repository someone/rnn-course; grader book 00 01 --out ../pages
    """
    from grader.authoring import bundle, publish
    from grader.book import make

    root, out = course_root(root), out.resolve()
    where = bundle.Repository(repository, branch, host) if repository else None
    publish.refuse_folder(out, BOOK)
    with steps("the book") as step:
        files = make(root, read_lessons(root, names), read_lessons(root, None), where, step)
        written = publish.folder(out, files, {"repository": repository or ""}, overwrite, BOOK)
    pages = sum(path.endswith(".html") for path in files)
    console.print(f"{out}: {pages} pages, {_size(sum(map(len, files.values())))}; {len(written.written)} files written, {len(written.removed)} removed.", highlight=False, markup=False)
    if not (where and where.colab):
        console.print("Without buttons to Colab: --repository OWNER/NAME on github.com adds them.", highlight=False)
    console.print(f"To look at it: python -m http.server --bind 127.0.0.1 --directory {shlex.quote(str(out))}", highlight=False, markup=False)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.0f} kB"
