"""Import nbformat sooner: what it never needs is made ready when it is first asked for, if ever.

jsonschema, by which nbformat checks notebooks, imports `rfc3987_syntax` where that is installed, as JupyterLab has it. Importing
that package builds a grammar of internationalised addresses, and no notebook has a field of this kind.
"""

import importlib
import importlib.util
import sys
from types import ModuleType

ADDRESSES = "rfc3987_syntax"


class _Later(ModuleType):
    """Stands in for the package; whatever is asked of it comes from the module in which the package keeps it."""

    def is_valid_syntax(self, term: str, value: str) -> bool:
        return self._real.is_valid_syntax(term, value)

    def __getattr__(self, name: str):
        if name.startswith("__"):  # asked of every module by those who look for a file or a path
            raise AttributeError(name)
        return getattr(self._real, name)

    @property
    def _real(self) -> ModuleType:
        return importlib.import_module(f"{ADDRESSES}.syntax_helpers")


def put_off_addresses() -> None:
    """Where the package is installed and not yet imported, have it imported at its first use."""
    if ADDRESSES in sys.modules:
        return
    spec = importlib.util.find_spec(ADDRESSES)
    if spec and spec.submodule_search_locations:
        later = _Later(ADDRESSES)
        later.__spec__, later.__path__ = spec, spec.submodule_search_locations
        sys.modules[ADDRESSES] = later
