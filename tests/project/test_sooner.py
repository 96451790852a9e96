"""Whatever imports the grader does not wait for a grammar of addresses, and whoever asks for addresses still gets an answer."""

import subprocess
import sys

import pytest

pytest.importorskip("rfc3987_syntax", reason="it comes with JupyterLab")

GRAMMAR = "rfc3987_syntax.syntax_helpers"


def _said(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("module", ["grader.engine.worker", "grader.nbgrader_plugins", "grader.cli"])
def test_nothing_of_the_grader_builds_the_grammar(module):
    assert _said(f"import {module}, sys; print({GRAMMAR!r} in sys.modules)") == "False"


@pytest.mark.slow
def test_addresses_are_checked():
    check = (
        "from jsonschema import Draft7Validator as D\n"
        "asked = D({'format': 'iri'}, format_checker=D.FORMAT_CHECKER)\n"
        "print([asked.is_valid(address) for address in ('https://exämple.org/ß', 'no address', 5)])"
    )
    assert _said(f"import grader\n{check}") == "[True, False, True]"


@pytest.mark.slow
def test_the_package_itself_is_there_for_whoever_wants_it():
    names = "from rfc3987_syntax import is_valid_syntax_iri, parse\nimport rfc3987_syntax.syntax_helpers as real"
    assert _said(f"import grader\n{names}\nprint(parse is real.parse, is_valid_syntax_iri('a:b'))") == "True True"


def test_without_the_package_nothing_stands_in_for_it():
    assert _said("import sys; sys.modules['rfc3987_syntax'] = None; import grader; print(sys.modules['rfc3987_syntax'])") == "None"
