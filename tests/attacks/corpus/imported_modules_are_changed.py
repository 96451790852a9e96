# intent: the modules that the warm process shares are changed in memory: numpy, keras, the checks, the kernel
# family: siblings
# sibling: yes
# twice: yes

# %%
import builtins

import grader.checks
import keras
import numpy as np

if hasattr(np, "changed"):
    print("the-attack" + "-worked")
np.changed = True
np.array_equal = np.stack = np.mean = lambda *args, **kwargs: False
for name in grader.checks.__all__:
    setattr(grader.checks, name, None)
keras.Sequential = keras.Model = None
builtins.print = builtins.abs = None
