# intent: the environment and the arguments of the grader are in the student's own process
# family: reading

# %%
import os
import sys

print(dict(os.environ), sys.argv, sys.orig_argv)
with open("/proc/self/environ") as file:
    print(file.read())
%env
