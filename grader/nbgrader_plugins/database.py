"""Where the gradebook is, SQLite or PostgreSQL, and the engine by which nbgrader's `Gradebook` reaches it.

`GRADER_GRADEBOOK` names a database by its SQLAlchemy URL; without it the gradebook is nbgrader's own, gradebook.db in the
course's folder. `look_after` sees to what nbgrader 0.9 leaves open, in every gradebook that this process opens.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

import psutil
from alembic.script import ScriptDirectory
from nbgrader import api, dbutil
from nbgrader.converters.base import NbGraderException
from sqlalchemy import URL, Engine, create_engine, event, insert, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from .refusals import VERSION, explained, in_words, misplaced, unfit

__all__ = ["VARIABLE", "Unusable", "chosen", "engine", "in_words", "look_after", "problem", "storable"]

VARIABLE = "GRADER_GRADEBOOK"
PATIENCE = 30  # seconds to wait for another program that writes to an SQLite gradebook
GREETING = 10  # seconds that a server has to answer
EXAMPLE = "postgresql+psycopg://USER@HOST/DATABASE, or sqlite:////FOLDER/gradebook.db"

# File systems of this machine alone. SQLite's WAL shares memory between processes, which no network file system does.
LOCAL = {"apfs", "bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "hfs", "jfs", "overlay", "ramfs", "reiserfs", "tmpfs", "xfs", "zfs"}


class Unusable(NbGraderException):
    """A gradebook cannot be used. The message is one sentence that says what to do, and never a password."""


def chosen() -> str:
    """Return the URL that GRADER_GRADEBOOK names, "" if it names none.

    The password in a PostgreSQL URL moves to PGPASSWORD, where libpq looks for it: nbgrader writes the URL into its
    log (`nbgrader db upgrade`) and into a file.
    """
    given = os.environ.get(VARIABLE, "").strip()
    try:
        url = _parsed(given)
    except Unusable:  # for whoever opens it to say: after an error in nbgrader_config.py nbgrader goes on without it
        return given
    if url.password is not None and url.get_backend_name() == "postgresql":
        os.environ["PGPASSWORD"] = str(url.password)
        url = URL.create(url.drivername, url.username, None, url.host, url.port, url.database, url.query)
        os.environ[VARIABLE] = given = url.render_as_string()
    return given


def look_after() -> None:
    """Have nbgrader open its gradebooks by `engine`, and mend formgrader and `nbgrader db upgrade`; again does no harm."""
    api.create_engine = engine  # nbgrader makes the engines of its gradebooks by this name, and no others
    dbutil.write_alembic_ini = _write_alembic_ini
    formgrader = sys.modules.get("nbgrader.server_extensions.formgrader.base")
    if formgrader:
        formgrader.BaseHandler.on_finish = _end_session


def engine(url: str | URL, **settings: Any) -> Engine:
    """Return an engine for the gradebook at `url`, which is made in an empty database: as a whole, or not at all.

    Text that a database cannot hold is written as `storable` says. `settings` are those of SQLAlchemy's create_engine.
    Raises Unusable if it cannot be reached.
    """
    made = _engine(_parsed(url), **settings)
    try:
        with made.connect() as connection:
            empty = not inspect(connection).get_table_names()
        if empty:
            _make(made)
    except BaseException:
        made.dispose()
        raise
    return made


def problem(url: str | URL) -> str:
    """Return "" if the gradebook at `url` can be used, else one sentence that says what to do. Makes nothing."""
    try:
        url = _parsed(url)
        if (place := misplaced(url)) is not None:
            return place
        with _engine(url, poolclass=NullPool).connect() as connection:
            return unfit(connection)
    except Unusable as error:
        return str(error)
    except SQLAlchemyError as error:
        return explained(url, error)


def storable(value: Any) -> Any:
    """Return text, or a statement's parameters with all text in them, as every database can hold it.

    What a student's program says reaches comments. It may hold NUL, which PostgreSQL refuses, or half of a surrogate
    pair, which nothing can encode; they are written \\x00 and \\ud800, so that different names stay different.
    """
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else value.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    if isinstance(value, dict):
        return {name: storable(one) for name, one in value.items()}
    return type(value)(map(storable, value)) if type(value) in (list, tuple) else value


def _parsed(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # whose messages may quote a password
        raise Unusable(f"The gradebook's address is no URL of a database; write {EXAMPLE}.") from None
    if "@" in (parsed.host or ""):
        raise Unusable("In the gradebook's URL write an @ of the password as %40, or better, keep the password in ~/.pgpass.")
    return parsed


def _engine(url: URL, **settings: Any) -> Engine:
    try:
        driver = url.get_dialect().driver
        if url.get_backend_name() != "sqlite":
            settings.setdefault("pool_pre_ping", True)  # a server may have been restarted since a connection was last used
        if driver in ("psycopg", "psycopg2"):
            settings.setdefault("connect_args", _for_libpq(url))
        made = create_engine(url, **settings)
    except NoSuchModuleError:
        raise Unusable(f"SQLAlchemy knows no database by the name of {url.drivername}; write {EXAMPLE}.") from None
    except ImportError:
        todo = "pip install -e '.[postgresql]' in the course's folder" if driver == "psycopg" else "install it, or write postgresql+psycopg://…"
        raise Unusable(f"Python's package {driver}, by which {url.drivername} is reached, is missing: {todo}.") from None
    if url.get_backend_name() == "sqlite":
        event.listen(made, "connect", _settle)
    event.listen(made, "before_cursor_execute", _storable, retval=True)
    event.listen(made, "handle_error", _explain)
    return made


def _for_libpq(url: URL) -> dict[str, Any]:
    """Return what libpq is told besides the URL: not to wait for minutes, and to speak UTF-8 whatever the database is in."""
    wanted = {"connect_timeout": os.environ.get("PGCONNECT_TIMEOUT", GREETING), "client_encoding": "utf8"}
    return {name: value for name, value in wanted.items() if name not in url.query}


def _settle(connection: sqlite3.Connection, _: Any) -> None:
    """Let an SQLite gradebook be read while it is written, and let writers wait for each other.

    In WAL a commit is appended, and with synchronous=FULL synced to the disk: neither a killed process nor a lost power
    supply takes a grade that was committed.
    """
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
    connection.execute("PRAGMA synchronous = FULL")
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    if path:
        try:
            connection.execute(f"PRAGMA journal_mode = {'WAL' if _is_local(path) else 'DELETE'}").fetchone()
        except sqlite3.OperationalError:
            pass  # it is only to be read, or is in use just now: it works in the mode that it has


def _is_local(path: str) -> bool:
    """Whether a file lies on a file system that is known to be this machine's alone."""
    try:
        kinds = {mount.mountpoint: mount.fstype for mount in psutil.disk_partitions(all=True)}  # a later mount covers an earlier one
    except OSError:
        return False
    around = next((str(folder) for folder in Path(os.path.realpath(path)).parents if str(folder) in kinds), "")
    return kinds.get(around, "").lower() in LOCAL


def _make(made: Engine) -> None:
    """Make the gradebook's tables in one transaction; whoever comes at the same time waits, and finds them made."""
    with made.begin() as connection:
        if made.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif made.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('nbgrader'))"))
        if not inspect(connection).get_table_names():
            api.Base.metadata.create_all(connection)
            VERSION.create(connection)
            connection.execute(insert(VERSION).values(version_num=ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head()))


def _storable(connection, cursor, statement, parameters, context, executemany):
    return statement, storable(parameters)


def _explain(context: Any) -> None:
    """Say in one sentence why no connection came about. Errors of statements stay: nbgrader knows how to take them."""
    if context.connection is None and not context.is_pre_ping:
        raise Unusable(explained(context.engine.url, context.original_exception)) from None


def _end_session(handler: Any) -> None:
    """End formgrader's session with each request: nbgrader keeps one for ever.

    That would hold a transaction open between requests, and after one error of the database every page would fail until
    Jupyter is started anew.
    """
    gradebook = handler.settings.get("nbgrader_gradebook")
    if gradebook is not None:
        gradebook.db.remove()


def _write_alembic_ini(alembic_ini: str = "alembic.ini", db_url: str = "sqlite:///gradebook.db") -> None:
    """As nbgrader's own, and for a URL with a percent sign too, which has a meaning in such a file."""
    values = {"alembic_dir": dbutil.ALEMBIC_DIR, "db_url": db_url.replace("%", "%%")}
    Path(alembic_ini).write_text(Path(dbutil.ALEMBIC_INI_TEMPLATE_PATH).read_text().format(**values))
