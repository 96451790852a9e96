"""Does the answer to an exercise stand elsewhere in the student's notebook? Found by trying it, and by its key line.

Two readings of the released notebook and of what it calls:

* complete: a function or class that another cell defines, or a public function of `lab` or `check`, handed in under the
  exercise's name, gets all of its points.
* key line: the largest expression of the solution stands in another cell, whatever its names are called.

Stubs, answers and hidden tests are not in the notebook that is read. Functions that train are tried only on exercises that train.
"""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.lesson import Lesson, grade_id
from grader.authoring.variants import stub_of
from grader.engine.cells import role
from grader.nbgrader_plugins import release

SMALLEST_KEY = 14  # nodes of a syntax tree: less is idiom, such as x[:, -1] or np.asarray(x)
EXPECTED = "copies.txt"


@dataclass(frozen=True)
class Copy:
    """An answer that stands elsewhere. where: the cell or the function; own: it is the exercise's own visible test."""

    exercise: str
    kind: str  # "complete" or "key line"
    where: str
    own: bool


@dataclass(frozen=True)
class _Candidate:
    where: str
    source: str  # defines it, if it is no function of the package
    name: str
    own: str | None = None  # the exercise whose visible test it stands in
    takes: tuple[int, int] = (0, 99)  # the fewest and the most arguments of a function of the package


def copies(lesson: Lesson, folder: Path, tell: Callable[[str], None] = lambda text: None) -> list[Copy]:
    """Where the answers of a lesson stand in its released notebook. `tell` hears the name of each exercise before it is tried."""
    from grader.authoring.answers import Stage  # imports TensorFlow

    released = release(copy.deepcopy(lesson.notebook))
    stage = Stage(lesson, folder)
    defined, packaged = list(_defined(released)), list(_packaged())
    prelude = _prelude(released, defined)
    found = []
    for exercise in lesson.exercises:
        tell(exercise)
        function, arguments = _asked(lesson, exercise)
        trains = "fit_once" in _solution(lesson, exercise)
        for candidate in defined + packaged:
            if not _fits(candidate, arguments) or trains != ("fit_once" in candidate.source):
                continue
            source = f"{prelude}\n{candidate.source}\n{function} = {candidate.name}\n"
            outcome = stage.try_answer(exercise, source, f"copy-{candidate.name.replace('.', '-')}")
            if outcome.points >= outcome.max_points:
                found.append(Copy(exercise, "complete", candidate.where, candidate.own == exercise))
                break
    return found + key_lines(lesson)


def key_lines(lesson: Lesson) -> list[Copy]:
    """The second reading alone, which runs nothing: where a lesson's key lines stand in its released notebook."""
    cells = [cell for cell in release(copy.deepcopy(lesson.notebook)).cells if cell.cell_type == "code"]
    shapes = {cell.id: set(_shapes(cell.source)) for cell in cells}
    found = []
    for exercise in lesson.exercises:
        key = _key(_solution(lesson, exercise))
        cell = next((cell for cell in cells if key in shapes[cell.id] and cell.id != exercise), None)
        if cell is not None:
            found.append(Copy(exercise, "key line", f"cell {cell.id}", cell.metadata.rnn_course.get("exercise") == exercise))
    return found


def expected(root: Path) -> dict[str, str]:
    """The copies that are meant to stand: {"NN exercise": the reason}, from `lessons/copies.txt`, a line each."""
    path = root / "lessons" / EXPECTED
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    pairs = (line.split(":", 1) for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): reason.strip() for name, reason in pairs}


def _defined(notebook) -> Iterator[_Candidate]:
    for cell in notebook.cells:
        if cell.cell_type != "code" or role(cell) == "exercise":
            continue
        own = cell.metadata.rnn_course.get("exercise")
        for node in _body(cell.source):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                yield _Candidate(f"cell {cell.id}, `{node.name}`", ast.unparse(node), node.name, own)
            for inner in ast.walk(node):
                if isinstance(inner, ast.Lambda):
                    yield _Candidate(f"cell {cell.id}, a lambda", f"_written = {ast.unparse(inner)}", "_written", own)


def _packaged() -> Iterator[_Candidate]:
    from grader import checks, lab

    for module, name in ((lab, "lab"), (lab.data, "lab.data"), (checks, "check")):
        for attribute, value in sorted(vars(module).items()):
            if not attribute.startswith("_") and inspect.isfunction(value):
                yield _Candidate(f"{name}.{attribute}", "", f"{name}.{attribute}", takes=_takes(value))


def _takes(function: Callable) -> tuple[int, int]:
    """The fewest and the most positional arguments that a function takes."""
    parameters = inspect.signature(function).parameters.values()
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        return 0, 99
    by_position = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    return sum(each.default is each.empty for each in by_position), len(by_position)


def _prelude(notebook, defined: list[_Candidate]) -> str:
    """All that the notebook imports and defines, so that a copied function finds what it calls."""
    imports = [ast.unparse(node) for cell in notebook.cells if cell.cell_type == "code" for node in _body(cell.source) if isinstance(node, (ast.Import, ast.ImportFrom))]
    return "\n".join(dict.fromkeys([*imports, *(candidate.source for candidate in defined if candidate.name != "_written")]))


def _asked(lesson: Lesson, exercise: str) -> tuple[str, ast.arguments | None]:
    node = next(node for node in _body(stub_of(lesson, exercise)) if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
    return node.name, node.args if isinstance(node, ast.FunctionDef) else None


def _fits(candidate: _Candidate, wanted: ast.arguments | None) -> bool:
    """Whether it can be called as the exercise's function is: a class for a class, else with as many arguments."""
    if not candidate.source:
        return wanted is not None and candidate.takes[0] <= len(wanted.args) <= candidate.takes[1]
    node = ast.parse(candidate.source).body[-1]
    if isinstance(node, ast.ClassDef) or wanted is None:
        return isinstance(node, ast.ClassDef) and wanted is None
    args = node.args if isinstance(node, ast.FunctionDef) else node.value.args
    most = len(args.args) + len(args.posonlyargs)
    return bool(args.vararg) or most - len(args.defaults) <= len(wanted.args) <= most


def _solution(lesson: Lesson, exercise: str) -> str:
    return next(cell.source for cell in lesson.cells("exercise") if grade_id(cell) == exercise)


def _key(solution: str) -> str | None:
    """The shape of the largest expression in a solution, None if it is too small to give anything away."""
    sized = [(sum(1 for _ in ast.walk(node)), node) for node in ast.walk(ast.parse(solution)) if isinstance(node, ast.expr)]
    size, node = max(sized, key=lambda pair: pair[0], default=(0, None))
    return _shape(node) if size >= SMALLEST_KEY else None


def _shapes(source: str) -> Iterator[str]:
    for statement in _body(source):
        for node in ast.walk(statement):
            if isinstance(node, ast.expr) and sum(1 for _ in ast.walk(node)) >= SMALLEST_KEY:
                yield _shape(node)


def _shape(node: ast.AST) -> str:
    """An expression with its names numbered in the order in which they come."""
    node, numbers = copy.deepcopy(node), {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            inner.id = f"n{numbers.setdefault(inner.id, len(numbers))}"
        elif isinstance(inner, ast.arg):
            inner.arg = f"n{numbers.setdefault(inner.arg, len(numbers))}"
    return ast.dump(node)


def _body(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:  # magics
        return []
