#!/usr/bin/env bash
# Write requirements.lock anew: exact versions of what the extras need, on every supported
# Python and system, without a word about where they come from. Keras' other backends, jax and
# torch, are left out: gigabytes that neither grading nor a lesson needs. Needs uv (pip install uv).
set -euo pipefail
cd "$(dirname "$0")/.."
{
  echo "# Exact versions for every extra but Keras' other backends, every Python and system; written by \`make lock\`. Used as pip's constraints."
  uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra gpu \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@" pyproject.toml
} > requirements.lock.new
mv requirements.lock.new requirements.lock
