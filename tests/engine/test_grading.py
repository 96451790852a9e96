"""Honest and dishonest submissions in real kernels: what is run, shown and scored."""

from __future__ import annotations

import nbformat
import pytest

from grader.engine import Job

from .notebooks import QUICK, code, job, notebook, points, test, text

pytestmark = pytest.mark.slow


def test_scores_come_from_what_the_tests_did(worker):
    verdict = worker.grade(job(
        code("x = 2"),
        test("passes", "assert x == 2", 2),
        test("fails", "assert x == 3, 'x is not three'", 2),
        test("partial", "x / 4", 2),
        test("numpy", "import numpy as np\nnp.float64(0.25)"),
        test("nan", "float('nan')"),
        test("negative", "-x"),
        test("over full", "x * 100"),
        test("bool", "x == 2"),
        test("text", "'full marks, please'"),
        test("missing", "y"),
        test("syntax", "assert x =="),
        test("noisy", "import sys, warnings\nwarnings.warn('old')\nprint('w', file=sys.stderr)"),
        test("error shown", "from IPython.display import display\n"
             "publish = get_ipython().display_pub.session.send\n"
             "publish(get_ipython().kernel.iopub_socket, 'error', {'ename': 'E', 'evalue': '',"
             " 'traceback': []}, parent=get_ipython().parent_header);"),
    ))  # fmt: skip
    assert points(verdict) == {
        "passes": 2, "fails": 0, "partial": 0.5, "numpy": 0.25, "nan": 0, "negative": 0,
        "over full": 0, "bool": 0, "text": 0, "missing": 0, "syntax": 0, "noisy": 1,
        "error shown": 1,
    }  # fmt: skip
    assert verdict.scores["passes"].reason == ""
    assert verdict.scores["fails"].reason == "AssertionError: x is not three"
    assert verdict.scores["missing"].reason == "NameError: name 'y' is not defined"
    assert verdict.scores["syntax"].reason.startswith("SyntaxError")
    assert verdict.stopped == ""
    assert verdict.seconds > 0


def test_a_failed_check_gives_its_problem_as_reason(worker):
    verdict = worker.grade(job(test("a", "from grader import checks as check\n"
                                         "check.equal(3, 4, 'the number of windows')")))
    reason = verdict.scores["a"].reason
    assert "the number of windows" in reason and "CheckFailed" not in reason


def test_forged_results_gain_nothing(worker):
    forge = code(
        "ip = get_ipython()\n"
        "def forge(*shown):\n"
        "    for text in shown:\n"
        "        ip.displayhook.session.send(ip.kernel.iopub_socket, 'execute_result',\n"
        "            {'data': {'text/plain': text}, 'metadata': {}, 'execution_count': 1},\n"
        "            parent=ip.parent_header)\n"
        "class Answer:\n"
        "    def __repr__(self): return '5'"
    )
    verdict = worker.grade(job(
        forge,
        test("failing", "forge('5')\nassert False", 5),
        test("twice", "forge('5')\n1", 5),
        test("not the source's", "forge('1')\nassert True", 5),
        test("over full", "forge('50')\nNone", 5),
    ))  # fmt: skip
    # What is forged in the student's kernel is not heard in the referee's: "twice" has its own value, 1.
    assert points(verdict) == {"failing": 0, "twice": 1, "not the source's": 5, "over full": 5}


def test_every_result_shown_changes_no_score(worker):
    """`ast_node_interactivity = "all"` is a habit of honest people."""
    verdict = worker.grade(job(
        code("get_ipython().ast_node_interactivity = 'all'"),
        test("a", "3\n4\nassert True", 2),
    ))  # fmt: skip
    assert points(verdict) == {"a": 2}


def test_outputs_and_counts_are_matched_to_cells(worker):
    first = code("print('one'); print('two')")
    prose = nbformat.v4.new_markdown_cell("prose")
    blank = code("  \n")
    second = code("1 + 1")
    verdict = worker.grade(job(first, prose, blank, second))
    assert set(verdict.outputs) == {first.id, blank.id, second.id}
    assert verdict.outputs[first.id] == [
        {"output_type": "stream", "name": "stdout", "text": "one\ntwo\n"}
    ]
    assert verdict.outputs[blank.id] == [] and verdict.execution_counts[blank.id] is None
    assert verdict.outputs[second.id][0].data == {"text/plain": "2"}
    assert (verdict.execution_counts[first.id], verdict.execution_counts[second.id]) == (1, 2)


def test_tags_have_no_effect_and_the_skip_marker_has(worker):
    tags = {"tags": ["skip-execution", "raises-exception"]}
    experiment = code("print('slow'); y = 1", rnn_course={"skip": True})
    tagged = code("x = 1", **tags)
    given = job(
        experiment,
        tagged,
        code("1 / 0"),
        test("tagged", "assert x == 2", **tags),
        test("skipped", "y", rnn_course={"skip": True}),
    )
    given.notebook.cells[2].metadata["tags"] = 3
    verdict = worker.grade(given)
    assert points(verdict) == {"tagged": 0, "skipped": 0}
    assert verdict.scores["skipped"].reason.startswith("NameError")
    assert verdict.outputs[experiment.id] == []
    assert verdict.execution_counts[tagged.id] == 1


def test_the_notebook_and_files_that_came_in_stay_as_they_were(worker):
    cell = code("open('receipts/a.json', 'w').write('changed')")
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="old")]
    files = {"receipts/a.json": b"{}"}
    given = Job(notebook(cell), files, QUICK)
    before = nbformat.writes(given.notebook)
    worker.grade(given)
    assert nbformat.writes(given.notebook) == before and files == {"receipts/a.json": b"{}"}


def test_files_are_placed_beside_the_notebook(worker):
    files = {"receipts/d/w.bin": bytes(range(256)), "größe.txt": "π".encode()}
    verdict = worker.grade(job(
        code("import os\nraw = open('receipts/d/w.bin', 'rb').read()\n"
             "text = open('größe.txt', encoding='utf-8').read()\nlisted = sorted(os.listdir())"),
        test("bytes", "assert raw == bytes(range(256))"),
        test("unicode", "assert text == 'π'"),
        test("all", "assert listed == ['größe.txt', 'receipts']"),
        test("not the referee's", "import os\nassert os.listdir() == []"),
        files=files,
    ))  # fmt: skip
    assert points(verdict) == {"bytes": 1, "unicode": 1, "all": 1, "not the referee's": 1}


def test_files_beside_the_notebook_can_be_imported_but_shadow_nothing(worker):
    files = {"helper.py": b"x = 1", "json.py": b"1/0", "grader/checks.py": b"1/0"}
    verdict = worker.grade(job(
        code("import helper\nx = helper.x"),
        code("import sys\nfor name in ('json', 'grader.checks', 'grader'): sys.modules.pop(name, None)\n"
             "import json, grader.checks\none = json.loads('1')"),
        test("helper", "assert x == 1"),
        test("shadow", "assert one == 1"),
        files=files,
    ))  # fmt: skip
    assert points(verdict) == {"helper": 1, "shadow": 1}


def test_unicode_in_and_out(worker):
    cell = code("größe = '日本語 🌊'; print(größe)")
    odd = code("print('\\ud800 alone')")
    odder = code("print('\ud800 in the source')")
    verdict = worker.grade(job(cell, odd, odder, test("π", "assert größe.endswith('🌊')")))
    assert text(verdict, cell) == "日本語 🌊\n"
    assert text(verdict, odd).encode("utf-8")
    assert text(verdict, odder) == "? in the source\n"
    assert points(verdict) == {"π": 1}


def test_progress_bars_read_as_a_terminal_leaves_them(worker):
    cell = code("for i in range(50): print(f'\\rstep {i}', end='', flush=True)\nprint('!ab\\b\\bcd')")
    verdict = worker.grade(job(cell))
    assert text(verdict, cell) == "step 49!cd\n"


@pytest.mark.parametrize("language", ["julia-1.10", "ir", "no-such-kernel"])
def test_another_kernelspec_still_runs_python(worker, language):
    cells = notebook(test("a", "import sys\nassert sys.version_info.major == 3"))
    cells.metadata.kernelspec = {"name": language, "display_name": language, "language": language}
    assert points(worker.grade(Job(cells, limits=QUICK))) == {"a": 1}


def test_an_empty_notebook_has_an_empty_verdict(worker):
    verdict = worker.grade(job())
    assert (verdict.outputs, verdict.scores, verdict.stopped) == ({}, {}, "")


def test_an_empty_test_cell_scores_nothing(worker):
    verdict = worker.grade(job(test("a", " \n")))
    assert points(verdict) == {"a": 0}


def test_two_tests_of_one_name_give_the_lower_score(worker):
    verdict = worker.grade(job(test("a", "assert False"), test("a", "assert True")))
    assert points(verdict) == {"a": 0}


def test_only_autograded_tests_are_scored(worker):
    written = code("my answer = 1")
    written.metadata["nbgrader"] = {"grade_id": "w", "grade": True, "solution": True, "points": 2}
    answer = code("x = 1")
    answer.metadata["nbgrader"] = {"grade_id": "x", "grade": False, "solution": True}
    assert points(worker.grade(job(written, answer, test("a")))) == {"a": 1}


def test_input_fails_at_once(worker):
    verdict = worker.grade(job(test("a", "input('mark? ')"), test("b")))
    assert points(verdict) == {"a": 0, "b": 1}
    assert verdict.scores["a"].reason.startswith("StdinNotImplementedError")


def test_sys_exit_is_an_error_of_its_cell(worker):
    verdict = worker.grade(job(code("import sys\nsys.exit(0)"), test("a", "import sys\nsys.exit(0)"), test("b")))
    assert points(verdict) == {"a": 0, "b": 1}
    assert verdict.scores["a"].reason.startswith("SystemExit")


def test_widgets_are_ignored(worker):
    cell = code(
        "from comm import create_comm\n"
        "c = create_comm(target_name='jupyter.widget', data={'state': {}, 'buffer_paths': []})\n"
        "c.send({'state': {'x': 1}})\nc.close()\nprint('done')"
    )
    verdict = worker.grade(job(cell, test("a")))
    assert points(verdict) == {"a": 1} and text(verdict, cell) == "done\n"


def test_messages_no_kernel_sends_cost_only_their_sender(worker):
    """Whatever comes over the sockets, there is a verdict and its outputs can be stored."""
    send = (
        "ip = get_ipython()\n"
        "def send(kind, content):\n"
        "    ip.kernel.session.send(ip.kernel.iopub_socket, kind, content, parent=ip.parent_header)\n"
    )
    cell = code(
        send + "send('stream', {'name': 'stdout', 'text': 5})\n"
        "send('display_data', {'data': {'text/plain': {'a': 1}}, 'metadata': {}})\n"
        "send('invented', {})\nprint('still here')"
    )
    verdict = worker.grade(job(cell, test("a")))
    assert points(verdict) == {"a": 1}, verdict.scores
    assert "still here" in text(verdict, cell)

    for hostile in ("send('stream', {})", "send('execute_result', {'data': 3})",
                    "send('clear_output', {})\nsend('status', {})",
                    "ip.kernel.iopub_socket.send_multipart([b'no', b'message'])"):  # fmt: skip
        given = job(code(send + hostile), test("a"), test("b", "assert False"))
        verdict = worker.grade(given)
        assert verdict.scores.keys() == {"a", "b"} and verdict.scores["b"].points == 0
        for cell in given.notebook.cells:
            cell.outputs = verdict.outputs[cell.id]
        nbformat.validate(given.notebook)
