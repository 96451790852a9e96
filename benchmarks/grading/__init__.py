"""Graders side by side: stock nbgrader, otter, this one, and the floor below which none can go.

`python -m benchmarks.grading` runs it; benchmarks/README.md says what is measured and how.
"""

from pathlib import Path

import grader  # noqa: F401  # before nbformat: see grader/sooner.py

ROOT = Path(__file__).parents[2]
