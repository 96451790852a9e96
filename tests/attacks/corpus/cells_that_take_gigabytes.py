# intent: code that takes whoever reads it minutes and gigabytes: the grader looks for names in it and compares it line by line
# family: time
# danger: yes
# stock: not run: it would take this machine down
# before: the grader took 3.9 GB, and 33 s to repair it


def submit(place):
    place.add("\n".join(f"def f{n}(): return g{n}" for n in range(250_000)), "end")
    place.add("a\n" * 2_000_000, "end")
    place.add("(" * 100_000, "end")
    place.save()
