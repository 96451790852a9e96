"""A PostgreSQL server of the tests' own: made in a temporary folder, reached by a Unix socket there, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

OWNER = "grader"  # who may do everything in it
SECURED, SECRET = "secured", "pass%w@rd"  # the one database that asks for a password, and that of its owner, ta
HINT = "install Debian's package, without starting its server: tools/install.sh does, or sudo apt-get install postgresql"


def programs() -> Path | None:
    """The folder of the newest server's programs, None if there is none. Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    elsewhere = shutil.which("initdb")
    return found[-1].parent if found else Path(elsewhere).resolve().parent if elsewhere else None


class Server:
    """A context manager. The server refuses to run as root, so root starts it as postgres or nobody."""

    def __init__(self, programs: Path):
        self._programs = programs

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket has at most 107 characters
        self._who = {}
        if os.geteuid() == 0:
            names = {user.pw_name: user for user in pwd.getpwall()}
            user = names.get("postgres") or names["nobody"]
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = self.folder / "data"
        try:
            self._run("initdb", "--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--no-locale", "--no-sync", "--pgdata", data)
            rules = f"local {SECURED} all scram-sha-256\nlocal all all trust\n"
            (data / "pg_hba.conf").write_text(rules)
            with open(data / "postgresql.conf", "a") as settings:
                settings.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nfsync = off\n")
            self.start()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def __exit__(self, *_):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    def start(self):
        self._run("pg_ctl", "start", "--wait", "--timeout=120", "--pgdata", self.folder / "data", "--log", self.folder / "log")

    def stop(self):
        self._run("pg_ctl", "stop", "--wait", "--mode=fast", "--pgdata", self.folder / "data")

    def _run(self, program, *words):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
        with open(self.folder / "said", "w+") as said:  # no pipe: the server would keep it open
            done = subprocess.run([self._programs / program, *words], cwd=self.folder, env=clean, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **self._who)
            said.seek(0)
            assert done.returncode == 0, f"{program}: {said.read()}{self._log()}"

    def _log(self):
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""

    def sql(self, *statements, database="postgres"):
        """Run statements, each on its own; return the rows of the last, if it has any."""
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname=database, autocommit=True) as connection:
            for statement in statements:
                ran = connection.execute(statement)
            return ran.fetchall() if ran.description else None

    def url(self, database, user=OWNER):
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def make(self, database, options=""):
        """Make a database and return its URL."""
        self.sql(f"CREATE DATABASE {database} {options}")
        return self.url(database)

    def drop(self, database):
        """Drop a database, which fails if anyone stays connected to it; who was killed just now is waited for."""
        for patience in reversed(range(12)):  # of five seconds, which the server waits each time
            try:
                return self.sql(f"DROP DATABASE {database}")
            except psycopg.errors.ObjectInUse:
                if not patience:
                    raise


@pytest.fixture(scope="module")
def server():
    found = programs()
    if found is None:
        reason = f"PostgreSQL's server is not installed: {HINT}"
        pytest.fail(reason) if os.environ.get("GRADER_TESTS_NEED_POSTGRESQL") else pytest.skip(reason)
    with Server(found) as running:
        running.sql(f"CREATE DATABASE {SECURED}", f"CREATE ROLE ta LOGIN PASSWORD '{SECRET}'", f"ALTER DATABASE {SECURED} OWNER TO ta")
        yield running
