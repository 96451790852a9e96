# intent: threads without end
# family: bombs
# danger: yes
# stock: not run: it would take this machine down
# limits: cell_seconds=5 submission_seconds=20 processes=64

# %%
import threading
import time

while True:
    try:
        threading.Thread(target=time.sleep, args=[600], daemon=True).start()
    except RuntimeError:
        pass
