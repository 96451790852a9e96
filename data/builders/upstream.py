"""The package that an upstream file comes from, and where the file lies once the package is unpacked."""

from dataclasses import dataclass
from pathlib import Path


class MissingUpstream(FileNotFoundError):
    """An upstream file is not in the folder where the builder looks for it."""


@dataclass(frozen=True)
class Upstream:
    """A published package, and the files of it that one data set is made of.

    registry: "PyPI" or "npm"; form: "wheel", "sdist" or "npm".
    files: paths inside the unpacked package; `*` stands for any name.
    licences: paths inside the same package of the texts that give the right to use the files.
    """

    registry: str
    package: str
    version: str
    form: str
    files: tuple[str, ...]
    licences: tuple[str, ...] = ()

    @property
    def instructions(self) -> str:
        """What tensorflow-datasets tells a user whose manual directory lacks the files."""
        return (
            f"Unpack {self.package} {self.version} from {self.registry} ({self.form}) into the manual directory, "
            f"so that it holds {', '.join(self.files)}. `python data/build.py --download DIR` does it."
        )

    def find(self, folder) -> list[Path]:
        """The upstream files under `folder`, sorted by name; MissingUpstream names the first that is not there."""
        return self._matches(folder, self.files)

    def find_licences(self, folder) -> list[Path]:
        """The licence texts under `folder`; MissingUpstream names the first that is not there."""
        return self._matches(folder, self.licences)

    def _matches(self, folder, patterns):
        found = []
        for pattern in patterns:
            paths = sorted(path for path in Path(folder).glob(pattern) if path.is_file())
            if not paths:
                raise MissingUpstream(f"{pattern} is not in {folder}. {self.instructions}")
            found += paths
        return found
