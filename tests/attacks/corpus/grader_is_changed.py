# intent: the grader's own files and their caches are changed, for every submission that follows
# family: siblings
# danger: yes
# stock: not run: it would change the installed course
# sibling: yes

# %%
import glob
import os

import grader
import numpy

for package in (grader, numpy):
    folder = os.path.dirname(package.__file__)
    for path in (*glob.glob(f"{folder}/*.py"), *glob.glob(f"{folder}/checks/*.py"), *glob.glob(f"{folder}/__pycache__/*.pyc")):
        try:
            os.chmod(path, 0o777)
            with open(path, "ab") as file:
                file.write(b"\n# __MARK__\n")
            print("the-attack" + "-worked", path)
            break
        except OSError:
            pass
    try:
        open(f"{folder}/__MARK__", "w").close()
    except OSError:
        pass
