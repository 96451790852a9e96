# intent: files whose names are options, paths, control characters, half a kilobyte or differ in case only
# family: files

def submit(place):
    for name in ("-rf", "..\\..\\x", "new\nline", "\x1b[2J", "a" * 250, "Data.csv", "data.csv", "~", "$(touch x)", "'; DROP TABLE grade;--", "{}"):
        (place.folder / name).write_text(name)
    (place.folder / "data.csv" if not (place.folder / "data.csv").exists() else place.folder / "more").write_text("x")
    place.save()
