"""The web book: the course as pages to read before one installs anything, with the experiments' outputs and without answers.

Sphinx with MyST-NB makes it, since their themes come with their packages: `mystmd` and Jupyter Book 2 fetch theirs from a hub
when they build, and a build of this course needs no network.
"""

from .making import BookError, make

__all__ = ["BookError", "make"]
