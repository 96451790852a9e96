# intent: the receipts folder is a link to a neighbour's, and a receipt a link to the gradebook
# family: receipts
import os


def submit(place):
    os.symlink(place.course / "submitted" / "bob" / place.lesson, place.folder / "receipts")
    os.symlink(place.course / "gradebook.db", place.folder / "sums.npz")
    place.add("import glob\nif glob.glob('receipts/*') or glob.glob('sums.npz'): print('the-attack' + '-worked')", "end")
    place.save()
