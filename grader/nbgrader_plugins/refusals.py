"""What keeps a database from being the gradebook, each in one sentence that says what to do and holds no password."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from nbgrader import dbutil
from sqlalchemy import URL, Column, Connection, MetaData, String, Table, inspect, text

VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))

# What libpq or the server says when no connection comes about, and what to do.
_SERVER = [
    (r'database ".*" does not exist', "The server {host} has no database {database}; make it: createdb {database}"),
    (r"(Peer|Ident) authentication", "The server {host} takes {user} only from the system's user of that name; be that user, or add a host name and a password."),
    (r"password", "The server {host} did not accept the password of {user}; put it into ~/.pgpass (mode 600) or PGPASSWORD."),
    (r'role ".*" (does not exist|is not permitted)', "The server {host} does not know {user} as one who may log in; its administrator says: createuser {user}"),
    (r"permission denied for database", "{user} may not connect to {database} on {host}; its owner says: GRANT CONNECT ON DATABASE {database} TO {user};"),
    (r"pg_hba.conf", "The server {host} does not let {user} in from this machine; its administrator adds a line to pg_hba.conf."),
    (r"too many (clients|connections)|connection slots", "The server {host} has no connection free; end other programs, or raise its max_connections."),
    (r"translate host name|failed to resolve", "There is no machine named {host}; correct the gradebook's URL."),
    (r"refused|No such file|[Tt]imeout|unreachable|No route", "No PostgreSQL server answers at {host}; start it, or correct the gradebook's URL."),
]  # fmt: skip
_FILE = [
    (r"not a database|malformed", "{database} is no SQLite database, or a damaged one; correct the gradebook's URL, or put its latest backup in its place."),
    (r"readonly|unable to open", "The gradebook {database} cannot be written; get the right to write to it and to its folder."),
    (r"locked", "Another program keeps the gradebook {database} locked; end it."),
    (r"disk is full", "The disk of the gradebook {database} is full; make room there."),
]


def shown(url: URL) -> str:
    """Return the URL without its password and options, for a person to read."""
    return URL.create(url.drivername, url.username, None, url.host, url.port, url.database).render_as_string()


def in_words(error: Exception) -> str:
    """Return the database's own first line on an error, without SQLAlchemy's statement and the values in it."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".") + "."


def explained(url: URL, error: Exception) -> str:
    """Return what an error of the database at `url` means and what to do; its own words where that is not known."""
    said = str(getattr(error, "orig", None) or error)
    host = url.host or url.query.get("host") or os.environ.get("PGHOST") or "of this machine"
    names = {"host": host, "user": url.username or os.environ.get("PGUSER") or "this user", "database": url.database}
    for pattern, sentence in {"postgresql": _SERVER, "sqlite": _FILE}.get(url.get_backend_name(), ()):
        if re.search(pattern, said):
            return sentence.format(**names)
    return f"The gradebook {shown(url)} cannot be used: {in_words(error)}"


def misplaced(url: URL) -> str | None:
    """Say what is wrong with the place of an SQLite gradebook: "" if it can be made there, None if it has to be opened to know."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        return None
    path = Path(url.database).absolute()
    if path.is_dir():
        return f"{path} is a folder; the gradebook's URL names a file, for example sqlite:///{path}/gradebook.db"
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} for the gradebook; make it, or correct the gradebook's URL."
    if not os.access(path.parent, os.W_OK):
        return f"The gradebook cannot be written to {path.parent}; get the right to write there, or choose another place."
    return None if path.exists() else ""


def unfit(connection: Connection) -> str:
    """Say why this user cannot keep a gradebook in this database, "" if nothing is in the way."""
    url = connection.engine.url
    tables = set(inspect(connection).get_table_names())
    if tables and not {"student", "assignment", "grade"} <= tables:
        return f"{shown(url)} holds something other than a gradebook; give the gradebook a database of its own."
    if url.get_backend_name() == "sqlite":
        if tables:
            connection.exec_driver_sql("DELETE FROM student WHERE 0")  # which fails if it cannot be written
        connection.rollback()
    if url.get_backend_name() == "postgresql" and (missing := _rights(connection, url, tables)):
        return missing
    return _age(connection, url) if tables else ""


def _rights(connection: Connection, url: URL, tables: set[str]) -> str:
    def ask(question: str, **values: Any) -> Any:
        return connection.execute(text(question), values).scalar()

    if ask("SHOW transaction_read_only") == "on":
        return f"{shown(url)} can only be read; name the server that takes changes."
    if ask("SHOW server_encoding") != "UTF8":
        return f"{shown(url)} cannot hold every language; make it anew: createdb --encoding UTF8 --template template0 {url.database}"
    who, database, schema = (ask(f"SELECT quote_ident({name})") for name in ("current_user", "current_database()", "current_schema()"))
    if not schema or (not tables and not ask("SELECT has_schema_privilege(current_schema(), 'CREATE')")):
        return f"{who} may not make tables in {shown(url)}; an administrator says: ALTER DATABASE {database} OWNER TO {who};"
    for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        allowed = "SELECT bool_and(has_table_privilege(format('%I.%I', schemaname, tablename), :right)) FROM pg_tables WHERE schemaname = current_schema()"
        if tables and not ask(allowed, right=right):
            return f"{who} may not change the gradebook {shown(url)}; its owner says: GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {who};"
    return ""


def _age(connection: Connection, url: URL) -> str:
    known = [script.revision for script in ScriptDirectory(dbutil.ALEMBIC_DIR).walk_revisions()]  # the newest first
    version = connection.execute(VERSION.select()).scalar() if inspect(connection).has_table(VERSION.name) else None
    if version == known[0]:
        return ""
    if version and version not in known:
        return f"{shown(url)} was made by a newer nbgrader than this; install that one."
    return f"{shown(url)} was made by an older nbgrader; make a backup of it, then run: nbgrader db upgrade"
