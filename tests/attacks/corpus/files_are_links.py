# intent: links to the solution, the gradebook, a neighbour and the system lie beside the notebook, to be followed
# family: files
import os


def submit(place):
    os.symlink(place.course / "solutions" / place.lesson / f"{place.lesson}.ipynb", place.folder / "solution.txt")
    os.symlink(place.course / "gradebook.db", place.folder / "book.csv")
    os.symlink(place.course / "submitted" / "bob", place.folder / "bob")
    os.symlink("/etc/passwd", place.folder / "passwd")
    os.symlink(place.course / "solutions", place.folder / "all")
    place.add(
        "import os\n"
        "for folder, _, files in os.walk('.', followlinks=False):\n"
        "    for name in files:\n"
        "        data = open(os.path.join(folder, name), 'rb').read()\n"
        "        for word in (b'solution-', b'gradebook-', b'neighbour-', b'hidden-'):\n"
        "            at = data.find(word + b'canary')\n"
        "            if at >= 0: print(data[at : at + 30])\n"
        "import glob\n"
        "if os.path.islink('all') or glob.glob('bob/*'): print('the-attack' + '-worked')",
        "end",
    )
    place.save()
