# intent: messages are sent to the sockets of other kernels and of the grader
# family: siblings
# sibling: yes

# %%
import glob
import json
import os

for path in (*glob.glob("/tmp/grader-*/run/*"), *glob.glob("/tmp/grader-*/*/run/*"), *glob.glob("/desk/*/run/*")):
    if os.path.realpath(path).startswith(os.path.realpath(os.getcwd() + "/..")):
        continue
    if path.endswith(".json") and json.load(open(path)).get("key"):
        print("the-attack" + "-worked", path)
