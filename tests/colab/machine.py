"""A machine as Colab lends one: a home, a working folder, the stand-in for `google.colab`, and a kernel that runs cells there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

HERE = Path(__file__).parent
REPOSITORY = "someone/rnn-course"
URL = f"https://github.com/{REPOSITORY}.git"
KERAS = "3.13.2"  # Colab's, older than the course asks for


class Machine:
    """folder: where all of it lies. source: the repository that stands where GitHub would be. python: its interpreter.

    pretend: whether pip is a stand-in and Keras seems to be Colab's; else both are what they are.
    """

    def __init__(self, folder: Path, source: Path, python: str = sys.executable, pretend: bool = True):
        self.folder, self.python = folder, python
        self.home, self.content, self.drive, self.downloads = (folder / name for name in ("home", "content", "drive", "downloads"))
        self.page, self.log, old = folder / "page.ipynb", folder / "pip.log", folder / "old"
        for place in (self.home, self.content, self.drive, self.downloads, old):
            place.mkdir(parents=True)
        paths = [HERE / "stand_in"]
        if pretend:
            (old / f"keras-{KERAS}.dist-info").mkdir()
            (old / f"keras-{KERAS}.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: keras\nVersion: {KERAS}\n")
            paths += [HERE / "stand_in_pip", old]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("RNN_COURSE_", "JPY_"))},
            "HOME": str(self.home),
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MPLCONFIGDIR": matplotlib.get_cachedir(),  # or its list of fonts is made anew
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # ipykernel's debugger says more at each start than a reader of tests wants
            "COLAB_PAGE": str(self.page),
            "COLAB_DOWNLOADS": str(self.downloads),
            "COLAB_DRIVE": str(self.drive),
            "PIP_STAND_IN_LOG": str(self.log),
            "PIP_STAND_IN_OLD": str(old),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{source}.insteadOf",
            "GIT_CONFIG_VALUE_0": URL,
        }

    def run(self, notebook, go_on: bool = False) -> None:
        """Run a notebook's cells in a fresh kernel, as after a restart; outputs and timings are put into it.

        A failing cell raises, unless go_on: then its error is among its outputs, and the cells after it run.
        """
        self.page.write_text(json.dumps(notebook), encoding="utf-8")
        spec = self.folder / "kernels" / "colab"
        spec.mkdir(parents=True, exist_ok=True)
        start = [self.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        start += ["--IPKernelApp.exec_lines=import google.colab", "--HistoryManager.hist_file=:memory:", "--log-level=ERROR"]
        (spec / "kernel.json").write_text(json.dumps({"argv": start, "display_name": "Colab", "language": "python"}))
        specs = KernelSpecManager(kernel_dirs=[str(spec.parent)], ensure_native_kernel=False)
        manager = AsyncKernelManager(kernel_name="colab", kernel_spec_manager=specs)
        where = {"metadata": {"path": str(self.content)}}
        NotebookClient(notebook, km=manager, timeout=600, allow_errors=go_on, resources=where).execute(env=self.environment)

    def set_up(self, source: str, before: str = "") -> subprocess.CompletedProcess:
        """Run a set-up cell up to where it imports the course's checks, after the code `before`; no kernel, no TensorFlow."""
        (self.folder / "cell.py").write_text(source, encoding="utf-8")
        code = (
            "import sys, types\n"
            "sys.modules['grader.checks'] = types.ModuleType('checks')\n"
            "sys.modules['grader.lab'] = types.SimpleNamespace(start=lambda: print('ready'))\n"
            f"{before}\nexec(open({str(self.folder / 'cell.py')!r}, encoding='utf-8').read())"
        )
        return subprocess.run([self.python, "-c", code], cwd=self.content, env=self.environment, capture_output=True, text=True)

    def lose(self) -> None:
        """Colab takes the machine away and lends another: what was on it is gone, Drive is not."""
        for place in (self.home, self.content):
            shutil.rmtree(place)
            place.mkdir()

    def installed(self) -> list[dict]:
        """What the stand-in for pip was asked for, one dictionary a call."""
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []


def publish(bundle: Path, target: Path) -> Path:
    """Make a folder a repository of its own, as its README's reader would, and push it to a bare one at `target`."""
    me = ["-c", "user.name=An instructor", "-c", "user.email=instructor@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "."], [*me, "commit", "-q", "-m", "The course"]):
        subprocess.run(["git", *words], cwd=bundle, check=True)
    subprocess.run(["git", "clone", "-q", "--bare", str(bundle), str(target)], check=True)
    return target


def answered(notebook, answers: dict[str, str], keep_on_drive: bool = False):
    """The notebook with a student's answers, by the cells' names, and the tick in the set-up cell."""
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
        if name == "setup" and keep_on_drive:
            assert "KEEP_ON_DRIVE = False" in cell.source
            cell.source = cell.source.replace("KEEP_ON_DRIVE = False", "KEEP_ON_DRIVE = True")
    return notebook


def printed(cell) -> str:
    """What a cell printed and showed, as text."""
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", []))
