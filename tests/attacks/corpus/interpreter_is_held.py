# intent: one call into C that runs for hours and lets no other thread in
# family: time
# limits: cell_seconds=2
# stops: ran longer than 2 s

# %%
import re

sum(range(10**13))
re.match("(a+)+$", "a" * 60 + "b")
