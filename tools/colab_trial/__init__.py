"""Run the released lessons from badge to zip in environments that stand for Colab: python -m tools.colab_trial."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
