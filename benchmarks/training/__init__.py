"""How fast the lessons' models train, beside what circulates, and recurrent layers beside others of their size."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
