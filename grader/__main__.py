"""The `grader` command; says what to install where only a student's packages are present."""

import sys


def main() -> None:
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
