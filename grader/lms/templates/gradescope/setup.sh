#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder's image.
set -euo pipefail
cd /autograder/source
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
found=
for name in python3.12 python3.11 python3.13 python3; do
  if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; then found=$name; break; fi
done
if [ -z "$found" ]; then # Ubuntu 22.04 keeps 3.11 beside its own 3.10
  apt-get update -q
  apt-get install -y -q --no-install-recommends python3.11 python3.11-venv
  found=python3.11
fi
PYTHON=$found bash tools/install.sh /opt/course instructor
chmod -R go-rwx course # the solution, with its hidden tests
