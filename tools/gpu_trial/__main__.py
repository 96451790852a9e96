"""Train on a machine with a GPU and no network, grade here: python -m tools.gpu_trial pack FOLDER, python -m tools.gpu_trial grade FILE

    python -m tools.gpu_trial pack build/trial --python 3.12      # here: everything into one folder
    python3 run.py out                                            # there, in that folder: minutes; writes out/trial.zip
    python -m tools.gpu_trial grade trial.zip                     # here: grades it, writes benchmarks/gpu_trial.md
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path


def main() -> None:
    options = arguments()
    from grader.authoring.lesson import LessonError
    from grader.quiet import import_keras

    import_keras()
    try:
        options.do(options)
    except (LessonError, FileExistsError, RuntimeError, ValueError) as problem:
        sys.exit(str(problem))


def do_pack(options) -> None:
    from tools.gpu_trial.pack import pack

    packed = pack(options.folder, options.lessons, options.python)
    size = sum(path.stat().st_size for path in options.folder.rglob("*") if path.is_file()) / 2**20
    print(f"{options.folder}: {', '.join(packed)}, {size:.1f} MiB. There: python3 run.py out. Bring back out/trial.zip.")


def do_grade(options) -> None:
    from grader.engine import Isolation
    from tools.gpu_trial.grade import grade, table, unpack

    trial, receipts = unpack(options.file)
    rows = []
    for row in grade(trial, receipts, Isolation.default()):
        rows.append(row)
        print(f"{row['lesson']} {row['receipt']}: {row['points']:g} of {row['max_points']:g} points{'' if row['restored'] else ', not restored'}")
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    options.out.write_text(table(trial, rows, machine), encoding="utf-8")
    print(f"Table: {options.out}")
    if not rows or any(row["points"] < row["max_points"] or not row["restored"] for row in rows):
        sys.exit("Nothing came back, something was not restored, or lost points: see the table.")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tools.gpu_trial", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    pack = commands.add_parser("pack", help="lay lessons, data, the course's code and Keras into a folder")
    pack.add_argument("folder", type=Path, help="made anew")
    pack.add_argument("--lessons", nargs="*", default=[], help="names or their beginnings, such as 02; all that train if left out")
    pack.add_argument("--python", help="the version of Python there, such as 3.12: fetches wheels of Keras for it; left out where Keras is there")
    pack.set_defaults(do=do_pack)
    grade = commands.add_parser("grade", help="grade the receipts that came back, and write a table")
    grade.add_argument("file", type=Path, help="trial.zip")
    grade.add_argument("--out", type=Path, default=Path("benchmarks/gpu_trial.md"), help="where the table is written")
    grade.set_defaults(do=do_grade)
    return parser.parse_args()


if __name__ == "__main__":
    main()
