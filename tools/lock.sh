#!/usr/bin/env bash
# Write requirements.lock anew: exact versions of everything the extras need, on every supported
# Python and system, without a word about where they come from. Needs uv (pip install uv).
set -euo pipefail
cd "$(dirname "$0")/.."
{
  echo "# Exact versions for every extra, Python and system; written by \`make lock\`. Used as pip's constraints."
  uv pip compile --quiet --universal --python-version 3.11 --all-extras \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@" pyproject.toml
} > requirements.lock.new
mv requirements.lock.new requirements.lock
