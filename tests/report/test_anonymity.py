"""With --anonymous no name, id or address is anywhere, and each student is the same person throughout. All names here are invented words."""

import json
from dataclasses import fields

import pandas as pd
import pytest

from grader.report.anonymity import Mask, anonymous
from grader.report.material import material
from grader.report.page import render
from grader.report.reckoning import as_json, reckon

L = "01"
STUDENTS = [
    ("zq-901", "Zorbla Quimfeather (zq-901)", ("Zorbla", "Quimfeather", "zorbla.q@example.org")),
    ("zq-902", "例子 学生 (zq-902)", ("例子", "学生", "")),
    ("zq-903", "طالب مثال (zq-903)", ("طالب", "مثال", "")),
    ("zq-904", "Ünbekánnt Nämlos (zq-904)", ("Ünbekánnt", "Nämlos", "")),
    ("zq_905", "zq_905", ("", "", "")),
]
SECRETS = ["zq-90", "zq_90", "Zorbla", "Quimfeather", "zorbla.q", "example.org", "例子", "学生", "طالب", "مثال", "Ünbekánnt", "Nämlos"]
SAYS = "ZORBLA_quimfeather, Quimfeather, Zorbla: 学生例子 and طالب, ünbekánnt NÄMLOS zq_905 ZQ-902 zorbla.q@example.org"


def class_():
    students = [student for student, _, _ in STUDENTS] + ["zq-999"]  # the last is in no roster
    return material(
        "rnn", students=STUDENTS, lessons=[(L, "One", 0)], cells=[(L, "x-test", "x", "test", False, 1.0), (L, "why", "why", "question", False, 2.0)],
        grades=[(L, s, "x-test", 0.0, False) for s in students] + [(L, s, "why", None, True) for s in students],
        failures=[(L, s, "x-test", "x", f"NameError: {SAYS}", "", SAYS, f"[{SAYS}]") for s in students],
        stops=[(L, s, "cell x ran longer than 300 s") for s in students],
        notes=[(L, s, "", f"The notebook was handed in as `{s} final.ipynb`; it was graded as `01.ipynb`.") for s in students]
        + [(L, "zq-901", "x-test", "Test cell `x-test` was missing and was put back."), (L, "zq-901", "", "'zorbla/secret nickname' was left out: its name is absolute.")],
        unreadable=[(L, s, kind, f"receipts/{s}.npz cannot be read (`{s}`)") for s in students for kind in ("submission", "graded", "receipt")],
        answers=[(L, s, "x", True, f"# by {SAYS}, nicknamed Zorbi\ndef x():\n    return '{SAYS}'", "p", 60) for s in students],
        receipts=[(L, s, f"{s}-net", f"GPU of {SAYS}", 1.0, "2026-01-01", "w") for s in students],
    )  # fmt: skip


@pytest.fixture(scope="module")
def hidden():
    return anonymous(class_(), salt="the same for every test")


def test_nothing_in_the_frames_the_figures_or_the_page_names_anybody(hidden):
    frames = "".join(getattr(hidden, field.name).to_csv() for field in fields(hidden) if isinstance(getattr(hidden, field.name), pd.DataFrame))
    report = reckon(hidden)
    shown = {"frames": frames, "json": json.dumps(as_json(report), ensure_ascii=False), "page": render(report)}
    for where, text in shown.items():
        found = [secret for secret in [*SECRETS, "nickname", "Zorbi", "final.ipynb"] if secret.casefold() in text.casefold()]
        assert not found, (where, found)
    assert "Person 01" in shown["page"] and "Names are hidden" in shown["page"]


def test_the_same_page_with_names_has_them(hidden):
    page = render(reckon(class_()))
    assert all(secret in page for secret in ("Zorbla", "例子", "طالب", "zq-904"))


def test_each_is_the_same_person_throughout_and_nobody_else_is(hidden):
    made = class_()
    pairs = set()
    for kind in ("grades", "failures", "stops", "answers", "receipts"):
        pairs |= set(zip(getattr(made, kind)["student"], getattr(hidden, kind)["student"], strict=True))
    assert len(pairs) == len({real for real, _ in pairs}) == len({person for _, person in pairs}) == 6
    assert {person for _, person in pairs} == {f"Person 0{number}" for number in range(1, 7)}


def test_the_numbers_follow_no_list():
    orders = {tuple(anonymous(class_(), salt=str(salt)).grades["student"][:6]) for salt in range(10)}
    assert len(orders) > 1


def test_the_figures_are_not_changed(hidden):
    real, masked = (as_json(reckon(one)) for one in (class_(), hidden))
    for question, other in zip(real["lessons"][0]["questions"], masked["lessons"][0]["questions"], strict=True):
        assert question == other
    assert real["lessons"][0]["distribution"] == masked["lessons"][0]["distribution"]


def test_a_name_within_a_word_is_left_alone():
    mask = Mask({"Mark": "Person 01", "Tim": "Person 02", "7": "Person 03", "12": "Person 03", "x": "Person 03"})
    assert mask("benchmark timesteps time 7 12 x") == "benchmark timesteps time 7 12 x"
    assert mask("MARK, tim_2.py; by_mark") == "Person 01, Person 02_2.py; by_Person 01"


def test_the_longest_name_is_hidden_first():
    mask = Mask({"Ann": "Person 01", "Ann Marble": "Person 02", "Marble": "Person 02"})
    assert mask("Ann Marble and Ann") == "Person 02 and Person 01"


def test_composed_and_decomposed_letters_are_one():
    assert Mask({"Jose\u0301": "Person 01"})("Jos\u00e9 and Jose\u0301") == "Person 01 and Person 01"
