"""The `grader` command; says what to install where only a student's packages are present."""

import sys


def main() -> None:
    # jsonschema, by which nbformat checks notebooks, builds a grammar of internationalised addresses from this package when
    # it is imported: two seconds of every command. It does without where the package is missing; no notebook has such a field.
    sys.modules.setdefault("rfc3987_syntax", None)
    try:
        from grader.cli import app
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] == "grader":
            raise
        sys.exit(
            f"The grader command needs {error.name}, which a student's installation leaves out.\n"
            "Install the instructor's packages: pip install 'rnn-course[instructor]'"
        )
    app()


if __name__ == "__main__":
    main()
