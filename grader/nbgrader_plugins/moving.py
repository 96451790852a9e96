"""Copy a gradebook, all of it, into an empty database: python -m grader.nbgrader_plugins.moving FROM TO"""

from __future__ import annotations

import argparse
import sys

from nbgrader.api import Base
from sqlalchemy import delete, func, insert, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from .database import Unusable, engine, problem
from .refusals import explained, misplaced, shown

AT_ONCE = 500  # rows


def move(source: str, target: str) -> dict[str, int]:
    """Copy the gradebook at one SQLAlchemy URL to another; the first stays as it is. Returns the rows of each table.

    Everything goes in one transaction: all of it arrives, or nothing. Raises Unusable, in one sentence, if either cannot
    be used, if there is nothing to copy, or if the second holds a student or an assignment already.
    """
    for url in (source, target):
        if wrong := problem(url):
            raise Unusable(wrong)
    if misplaced(make_url(source)) == "":
        raise Unusable(f"There is no gradebook {make_url(source).database}; correct the first URL.")
    tables = Base.metadata.sorted_tables
    old, new = engine(source), engine(target)
    try:
        with old.connect() as reading, new.begin() as writing:
            if old.dialect.name == "sqlite":
                reading.exec_driver_sql("BEGIN")  # one state of it, whoever writes meanwhile
            else:
                reading.execution_options(isolation_level="REPEATABLE READ")
            count = {table.name: reading.scalar(select(func.count()).select_from(table)) for table in tables}
            if not sum(number for name, number in count.items() if name != "course"):
                raise Unusable(f"The gradebook {shown(old.url)} is empty: there is nothing to move.")
            if any(writing.scalar(select(func.count()).select_from(table)) for table in tables if table.name != "course"):
                raise Unusable(f"The gradebook {shown(new.url)} is not empty; name a new one.")
            writing.execute(delete(Base.metadata.tables["course"]))  # which opening it may have made
            for table in tables:
                for rows in reading.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings().partitions():
                    writing.execute(insert(table), [dict(row) for row in rows])
        return count
    except SQLAlchemyError as error:
        raise Unusable(explained(new.url, error)) from None
    finally:
        old.dispose()
        new.dispose()


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m grader.nbgrader_plugins.moving", description="Copy a gradebook into an empty database.")
    words.add_argument("source", metavar="FROM", help="its URL, for example sqlite:///gradebook.db")
    words.add_argument("target", metavar="TO", help="the URL of an empty database, for example postgresql+psycopg://grader@db/course")
    given = words.parse_args()
    try:
        count = move(given.source, given.target)
    except Unusable as error:
        sys.exit(f"error: {error}")
    print(f"Copied {count['student']} students, {count['assignment']} assignments and {count['grade']} grades. The old gradebook is as it was.")


if __name__ == "__main__":
    main()
