"""Write down what is asked for, and the constraints it is asked under; then look as if that were installed."""

import json
import os
import shutil
import sys
from pathlib import Path

arguments = sys.argv[1:]
constraints = Path(arguments[arguments.index("--constraint") + 1]).read_text().split()
with open(os.environ["PIP_STAND_IN_LOG"], "a", encoding="utf-8") as log:
    log.write(json.dumps({"arguments": arguments, "constraints": constraints}) + "\n")
if os.environ.get("PIP_STAND_IN_FAILS"):
    sys.exit("WARNING: Retrying\nERROR: No matching distribution found for keras")
for folder in Path(os.environ["PIP_STAND_IN_OLD"]).glob("*.dist-info"):
    shutil.rmtree(folder)  # what it hid, the Keras of this environment, is seen from now on
