# intent: a cell that never ends and ignores every signal it can
# family: time
# limits: cell_seconds=2
# stops: ran longer than 2 s

# %%
import signal

for number in range(1, signal.NSIG):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
