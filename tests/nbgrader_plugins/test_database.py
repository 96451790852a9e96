"""A gradebook is the same in SQLite and in PostgreSQL, can be read while it is written, and loses nothing."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy import create_engine, inspect, text

from grader.nbgrader_plugins import batch, course, database

sys.path.insert(0, str(Path(__file__).parent))
from gradebooks import NAME, Now, everything, lived, looked_after, url  # noqa: E402, F401
from postgres_server import SECRET, server  # noqa: E402, F401

pytestmark = pytest.mark.slow


def test_a_class_is_the_same_in_both(server, tmp_path, toy, monkeypatch):
    made, in_sqlite, formgrader, exported, _ = lived(tmp_path / "sqlite", toy)
    assert (tmp_path / "sqlite" / "gradebook.db").is_file()
    monkeypatch.setenv("GRADER_GRADEBOOK", server.make("class"))
    made, in_postgresql, formgrader_there, exported_there, page = lived(tmp_path / "postgresql", toy)
    assert not list((tmp_path / "postgresql").glob("gradebook.db*"))
    assert in_postgresql == in_sqlite and len(in_sqlite) > 30
    assert formgrader_there == formgrader
    assert sorted(exported_there) == sorted(exported) and len(exported) == 4
    assert made.scores() == {"double-test": 2, "double-hidden": 3, "total-test": 1, "why": None}
    assert "9.5" in page and "上手 👍" in page
    assert "NUL \\x00, Grüße, 学生 😀long" in made.comments("bob")["double"]
    server.drop("class")


def test_what_is_removed_is_gone(url):
    with Gradebook(url, "course") as gradebook:
        for lesson in ("one", "two"):
            gradebook.update_or_create_assignment(lesson)
            gradebook.update_or_create_notebook("n", lesson)
            gradebook.update_or_create_grade_cell("g", "n", lesson, max_score=3, cell_type="code")
            gradebook.update_or_create_solution_cell("s", "n", lesson)
            for student in ("ada", "bob"):
                gradebook.update_or_create_student(student)
                gradebook.update_or_create_submission(lesson, student)
        gradebook.remove_student("ada")
        gradebook.remove_assignment("one")
        assert [student.id for student in gradebook.students] == ["bob"]
        with pytest.raises(MissingEntry):
            gradebook.find_submission("one", "bob")
        kept = everything(gradebook)
        assert len(kept) == 9 and not any('"ada"' in row or '"one"' in row for row in kept)


def test_text_that_no_database_can_hold(url):
    names = ["a\0b", "a\ud800b", "a\udcffb", "a�b", "学生 😀", "a\\b"]
    with Gradebook(url, "course") as gradebook:
        for name in names:
            gradebook.add_student(name, last_name=name)
            assert gradebook.find_student(name).last_name in (name, database.storable(name))
        gradebook.db.expire_all()
        assert {student.id for student in gradebook.students} == {"a\\x00b", "a\\ud800b", "a\\udcffb", "a�b", "学生 😀", "a\\b"}


# Reading and writing at the same time


def test_a_reader_in_the_middle_of_reading_keeps_no_one_from_writing(url):
    with Gradebook(url, "course") as writer:
        writer.add_student("ada")
        reader = create_engine(url)  # a program that knows nothing of ours
        with reader.connect() as connection:
            if reader.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            assert connection.scalar(text("SELECT count(*) FROM student")) == 1
            writer.add_student("bob")
            assert {student.id for student in writer.students} == {"ada", "bob"}
        reader.dispose()


def test_a_writer_in_the_middle_of_writing_keeps_no_one_from_reading(url):
    with Gradebook(url, "course") as writer, Gradebook(url, "course") as reader:
        writer.add_student("ada")
        writer.find_student("ada").last_name = "half done"
        writer.db.flush()
        assert [(student.id, student.last_name) for student in reader.students] == [("ada", None)]
        writer.db.commit()
        reader.db.remove()
        assert reader.find_student("ada").last_name == "half done"


def test_formgrader_reads_while_a_class_is_graded(url, tmp_path, toy, student, monkeypatch):
    monkeypatch.setenv("GRADER_GRADEBOOK", url)
    made = toy.make(tmp_path / "course", lambda path: course(path, verdicts=toy.plain_verdict))
    names = [f"student-{number}" for number in range(6)]
    for name in names:
        made.submit(student, name)
    done, problems, seen = threading.Event(), [], []

    def look():
        try:
            api = course(made.root)
            while True:
                last = done.is_set()
                seen.append(len(api.get_notebook_submissions(NAME, NAME)))
                api.get_assignments(), api.get_students()
                if last:
                    return
        except Exception as problem:
            problems.append(problem)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        results = batch.autograde(made.root, {NAME: names}, Now(toy.plain_verdict))
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert not problems and max(seen) == 6
    assert [(result.student, result.points) for result in results] == [(name, 6) for name in names]


def test_two_who_write_at_once_wait_for_each_other(url):
    with Gradebook(url, "course") as first, Gradebook(url, "course") as second:
        first.add_student("ada")
        first.find_student("ada").last_name = "one"
        first.db.flush()
        waiting = threading.Thread(target=lambda: second.add_student("bob"))
        waiting.start()
        first.db.commit()
        waiting.join()
        second.db.remove()
        assert {student.id: student.last_name for student in first.students} == {"ada": "one", "bob": None}


# Made whole, and nothing lost


def test_a_gradebook_is_made_by_one_of_many(url):
    together, made = threading.Barrier(4), []

    def open_it():
        together.wait()
        made.append(database.engine(url))

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    with made[0].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    for one in made:
        one.dispose()
    assert database.problem(url) == ""


def test_a_gradebook_is_made_as_a_whole_or_not_at_all(url, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(database, "ScriptDirectory", killed)  # the last step
        with pytest.raises(KeyboardInterrupt):
            Gradebook(url, "course")
    plain = create_engine(url)
    assert inspect(plain).get_table_names() == []
    plain.dispose()
    with Gradebook(url, "course") as gradebook:
        gradebook.add_student("ada")
    assert database.problem(url) == ""


WRITER = """
import itertools, sys
from nbgrader.api import Gradebook
from grader.nbgrader_plugins import database
database.look_after()
with Gradebook(sys.argv[1], "course") as gradebook:
    for number in itertools.count():
        gradebook.add_student(f"{number:05}")
        print(number, flush=True)
"""


def test_a_killed_writer_loses_no_grade_that_it_committed(url):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True)
    with writer:
        for line in writer.stdout:
            if int(line) == 25:
                break
        writer.send_signal(signal.SIGKILL)
        last = int(([line] + writer.stdout.readlines())[-1])
    assert writer.returncode == -signal.SIGKILL
    with Gradebook(url, "course") as gradebook:
        kept = sorted(student.id for student in gradebook.students)
        assert kept == [f"{number:05}" for number in range(len(kept))] and len(kept) > last
        if url.startswith("sqlite"):
            assert gradebook.db.scalar(text("PRAGMA integrity_check")) == "ok"
    assert database.problem(url) == ""


# How SQLite is set


def test_wal_only_where_the_file_system_is_this_machines_own(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"

    def settings():
        with Gradebook(url, "course") as gradebook:
            gradebook.update_or_create_student("ada")
            return [gradebook.db.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "busy_timeout")]

    assert settings() == ["wal", 2, 30_000]
    monkeypatch.setattr(database, "_is_local", lambda path: False)  # the folder was moved to a network drive
    assert settings() == ["delete", 2, 30_000]
    assert [path.name for path in tmp_path.iterdir()] == ["gradebook.db"]


def test_which_file_systems_are_this_machines_own(monkeypatch):
    class Mount:
        def __init__(self, mountpoint, fstype):
            self.mountpoint, self.fstype = mountpoint, fstype

    mounts = [Mount("/", "ext4"), Mount("/mnt", "nfs4"), Mount("/mnt/fast", "xfs"), Mount("/scratch", "ext4"), Mount("/scratch", "fuse.sshfs")]
    monkeypatch.undo()
    monkeypatch.setattr(database.psutil, "disk_partitions", lambda all: mounts)
    found = {place: database._is_local(f"{place}/gradebook.db") for place in ("/srv", "/mntx", "/mnt/ada", "/mnt/fast/x", "/scratch/x")}
    assert found == {"/srv": True, "/mntx": True, "/mnt/ada": False, "/mnt/fast/x": True, "/scratch/x": False}
    monkeypatch.setattr(database.psutil, "disk_partitions", lambda all: [])
    assert not database._is_local("/srv/gradebook.db")


# Which gradebook


def test_the_variable_names_the_gradebook_of_plain_nbgrader_too(ours, tmp_path, monkeypatch):
    monkeypatch.delenv("GRADER_GRADEBOOK", raising=False)
    assert course(ours.root).coursedir.db_url == f"sqlite:///{ours.root}/gradebook.db"
    monkeypatch.setenv("GRADER_GRADEBOOK", f" sqlite:///{tmp_path}/other.db ")
    assert course(ours.root).coursedir.db_url == f"sqlite:///{tmp_path}/other.db"
    monkeypatch.setenv("GRADER_GRADEBOOK", "postgresql+psycopg://ta:pass%25w%40rd@db:5433/course?sslmode=require")
    assert course(ours.root).coursedir.db_url == "postgresql+psycopg://ta@db:5433/course?sslmode=require"
    assert os.environ["PGPASSWORD"] == SECRET and SECRET not in os.environ["GRADER_GRADEBOOK"]
