"""Whatever keeps a database from being the gradebook is one sentence that says what to do, without a password."""

import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grader.nbgrader_plugins import database

sys.path.insert(0, str(Path(__file__).parent))
from gradebooks import looked_after  # noqa: E402, F401
from postgres_server import SECRET, SECURED, server  # noqa: E402, F401

NO_SERVER = {
    "": "is no URL of a database; write postgresql+psycopg://USER@HOST/DATABASE",
    "/srv/gradebook.db": "is no URL of a database",
    "postgresql+psycopg://ta:topsecret": "is no URL of a database",
    "postgresql+psycopg://ta:top@secret@db/course": "write an @ of the password as %40",
    "postgres://ta:topsecret@db/course": "no database by the name of postgres",
    "nosuchdriver+x://ta:topsecret@db/course": "no database by the name of nosuchdriver",
    "postgresql+psycopg://ta:topsecret@/course?host=/nowhere": "No PostgreSQL server answers at /nowhere; start it",
    "sqlite:////nowhere/gradebook.db": "There is no folder /nowhere",
    "sqlite:////": "/ is a folder",
}


@pytest.mark.parametrize("url", NO_SERVER)
def test_an_address_that_leads_nowhere(url, monkeypatch):
    said = database.problem(url)
    assert NO_SERVER[url] in said and "\n" not in said and "secret" not in said
    if "folder" not in said:
        monkeypatch.setenv("GRADER_GRADEBOOK", url)
        with pytest.raises(database.Unusable) as raised:  # as nbgrader's own commands would
            Gradebook(database.chosen(), "course")
        assert str(raised.value) == said.replace("postgres://ta:topsecret@", "postgres://ta@")


@pytest.mark.parametrize("driver, todo", [("psycopg", "pip install -e '.[postgresql]'"), ("psycopg2", "write postgresql+psycopg://")])
def test_a_missing_driver(driver, todo, monkeypatch):
    monkeypatch.setitem(sys.modules, driver, None)
    assert todo in database.problem(f"postgresql+{driver}://ta:topsecret@db/course")


def test_a_file_that_is_no_gradebook(tmp_path):
    path = tmp_path / "gradebook.db"
    assert database.problem(f"sqlite:///{path}") == "" and not path.exists()
    path.write_text("Dear diary, " * 100)
    assert "no SQLite database" in database.problem(f"sqlite:///{path}")
    path.unlink()
    with Gradebook(f"sqlite:///{path}", "course"):
        pass
    assert database.problem(f"sqlite:///{path}") == ""
    assert "cannot be written" in database.problem(f"sqlite:///file:{path}?mode=ro&uri=true")
    content = path.read_bytes()
    path.write_bytes(content[:5000])
    assert "damaged" in database.problem(f"sqlite:///{path}")


def test_what_a_server_refuses(server, monkeypatch):
    server.sql("CREATE ROLE guest LOGIN", "CREATE ROLE group_only NOLOGIN")
    url = server.make("closed")
    server.sql("REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
    for user, name, words in [
        ("grader", "nothing", "has no database nothing; make it: createdb nothing"),
        ("nobody_knows", "closed", "does not know nobody_knows as one who may log in; its administrator says: createuser nobody_knows"),
        ("group_only", "closed", "does not know group_only as one who may log in"),
        ("guest", "closed", "guest may not connect to closed"),
        ("ta", SECURED, "did not accept the password of ta; put it into ~/.pgpass"),
        (f"ta:no{SECRET.replace('%', '%25').replace('@', '%40')}", SECURED, "did not accept the password of ta"),
        (f"ta:{SECRET.replace('%', '%25').replace('@', '%40')}", SECURED, ""),
    ]:
        said = database.problem(server.url(name, user))
        assert (words in said if words else said == "") and "\n" not in said and SECRET not in said, said
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert database.problem(server.url(SECURED, "ta")) == ""

    server.sql("GRANT CONNECT ON DATABASE closed TO guest")
    server.sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database="closed")  # PostgreSQL's default since version 15
    guest = server.url("closed", "guest")
    assert "guest may not make tables" in database.problem(guest) and "ALTER DATABASE closed OWNER TO guest" in database.problem(guest)
    with Gradebook(url, "course"):
        pass
    assert "guest may not change the gradebook" in database.problem(guest) and "GRANT ALL ON ALL TABLES IN SCHEMA public" in database.problem(guest)
    server.sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO guest", database="closed")
    assert database.problem(guest) == ""
    server.sql("ALTER ROLE guest SET default_transaction_read_only = on")
    assert "can only be read" in database.problem(guest)
    server.drop("closed")


def test_what_a_database_holds(server):
    url = server.make("narrow", "ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    assert "cannot hold every language" in database.problem(url)
    server.drop("narrow")
    url = server.make("other")
    server.sql("CREATE TABLE users (id int)", database="other")
    assert "something other than a gradebook" in database.problem(url)
    server.drop("other")
    url = server.make("dated")
    with Gradebook(url, "course"):
        pass
    assert database.problem(url) == ""
    for version, words in [("724cde206c17", "nbgrader db upgrade"), ("ffffffffffff", "a newer nbgrader")]:
        server.sql(f"UPDATE alembic_version SET version_num = '{version}'", database="dated")
        assert words in database.problem(url)
    server.drop("dated")


def test_a_server_that_is_started_anew(server):
    with Gradebook(server.make("again"), "course") as gradebook:
        gradebook.add_student("ada")
        gradebook.db.remove()
        server.stop()
        assert "No PostgreSQL server answers" in database.problem(server.url("again"))
        with pytest.raises(database.Unusable, match="No PostgreSQL server answers"):
            gradebook.students  # noqa: B018
        gradebook.db.remove()
        server.start()
        assert [student.id for student in gradebook.students] == ["ada"]
    server.drop("again")
