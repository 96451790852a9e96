# intent: lessons, solutions and tests are looked for beside the installed grader package
# family: reading

# %%
import os
import pathlib

import grader

for above in (*pathlib.Path(grader.__file__).resolve().parents[1:], pathlib.Path("__REPOSITORY__")):
    for name in ("lessons", "solutions", "submitted", "gradebook.db", "tests", ".git", "nbgrader_config.py"):
        if (above / name).exists():
            print("the-attack" + "-worked", name)
