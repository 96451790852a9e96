# intent: solutions, gradebook and the others' submissions are read where they lie, and printed
# family: reading

# %%
import os

for folder, _, files in os.walk("__COURSE__"):
    for name in files:
        try:
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
        except OSError:
            continue
        for word in (b"solution-", b"hidden-", b"gradebook-", b"neighbour-"):
            at = data.find(word + b"canary")
            if at >= 0:
                print(name, data[at : at + 40])
