"""Train the lessons' models on a machine with a GPU and no network, and grade the receipts here, on the CPU: docs/GPU.md."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
