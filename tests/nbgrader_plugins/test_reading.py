"""Any file gives a clean notebook or one sentence."""

import json
import os

import nbformat
import pytest
from nbformat.v3 import nbbase as v3

from grader.nbgrader_plugins.reading import Unreadable, clean, read


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.ipynb"


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x00\xff\xfe\x80", "not JSON"),
        (b'{"cells": [{"cell_type": "co', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a notebook"),
        (b'"text"', "not a notebook"),
        (b"{}", "format"),
        (b'{"nbformat": 5, "cells": [{"cell_type": "code", "source": "x"}]}', "format (5)"),
        (b'{"nbformat": "4", "cells": []}', "format"),
        (b'{"nbformat": 3, "worksheets": "none"}', "could not be upgraded"),
        (b'{"nbformat": 4, "cells": []}', "no cells"),
        (b'{"nbformat": 4}', "no cells"),
        (b'{"nbformat": 4, "cells": [1, null, {"cell_type": "applet"}]}', "no cells"),
    ],
)
def test_what_is_no_notebook_says_so(path, content, says):
    path.write_bytes(content)
    with pytest.raises(Unreadable) as reason:
        read(path)
    assert says in str(reason.value)


def test_a_file_over_the_limit_is_not_parsed(path):
    path.write_bytes(b" " * 101)
    with pytest.raises(Unreadable, match="larger"):
        read(path, largest=100)


def test_links_pipes_and_folders_are_never_opened(tmp_path):
    real = tmp_path / "real.ipynb"
    real.write_text('{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x"}]}')
    assert read(real).cells[0].source == "x"
    (tmp_path / "link").symlink_to(real)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("link", "pipe", "folder", "missing"):
        with pytest.raises(Unreadable):
            read(tmp_path / name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings(path, student, encoding):
    path.write_text(json.dumps(student, ensure_ascii=False), encoding=encoding)
    assert [cell.source for cell in read(path).cells] == [cell.source for cell in student.cells]


def test_nbformat_4_without_ids(path, student):
    for cell in student.cells:
        del cell["id"]
    student.nbformat_minor = 2
    path.write_text(json.dumps(student))
    found = read(path)
    assert all("id" not in cell for cell in found.cells)
    assert len(found.cells) == len(student.cells)


def test_nbformat_3_is_upgraded(path):
    old = v3.new_notebook(worksheets=[v3.new_worksheet(cells=[v3.new_code_cell(input="x = 1")])])
    path.write_text(json.dumps(old))
    assert [cell.source for cell in read(path).cells] == ["x = 1"]


def test_only_what_grading_needs_is_taken():
    found = clean(
        {
            "nbformat": 4,
            "metadata": {"kernelspec": {"name": "evil"}},
            "cells": [
                {
                    "cell_type": "code",
                    "id": "one",
                    "source": ["a = 1\n", "b = '\ud800'"],
                    "outputs": "forged",
                    "execution_count": "seven",
                    "metadata": {"tags": ["skip-execution"], "nbgrader": {"grade_id": "x", "points": 100}},
                },
                {"cell_type": "markdown", "id": "not a valid id!", "source": "hi", "metadata": []},
            ],
        }
    )
    code, text = found.cells
    assert found.metadata == {}
    assert code.metadata == {"nbgrader": {"grade_id": "x"}}
    assert code.outputs == []
    assert code.source == "a = 1\nb = '?'"
    assert "id" not in text
    nbformat.writes(found).encode()


def _text(words):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "source": words, "metadata": {}}]}, ensure_ascii=False, indent=1)


@pytest.mark.parametrize(
    ("words", "encoding"),
    [("größer, naïve – “Zahl”", "cp1252"), ("Ответ: потому что сеть помнит порядок слов", "cp1251"), ("答えは順序が大事だから、それだけです", "cp932"), ("因为顺序很重要所以答案是这样", "gb18030")],
)
def test_other_encodings_are_read_and_said(path, words, encoding):
    path.write_bytes(_text(words).encode(encoding))
    notebook = read(path)
    assert notebook.cells[0].source == words and "was not saved in UTF-8" in notebook.metadata.read_as


def test_a_conflict_of_git_is_named_and_read_where_both_sides_have_the_same_cells(path):
    text = _text("same")
    path.write_text(text.replace(' "metadata": {},\n "cells"', '<<<<<<< HEAD\n "metadata": {"a": 1},\n=======\n "metadata": {"a": 2},\n>>>>>>> other\n "cells"', 1))
    assert "conflict markers" in read(path).metadata.read_as
    path.write_text(text.replace('   "source": "same",\n', '<<<<<<< HEAD\n   "source": "one",\n=======\n   "source": "two",\n>>>>>>> other\n', 1))
    with pytest.raises(Unreadable, match="git's conflict markers"):
        read(path)


def test_one_bad_attachment_loses_no_other(path):
    raw = json.loads(_text("![](attachment:a.png)"))
    raw["cells"][0]["attachments"] = {"a.png": {"image/png": ["aG", "k="]}, "b.png": 7, "c.png": {"image/png": None}}
    assert clean(raw).cells[0].attachments == {"a.png": {"image/png": "aGk="}}
