# intent: a daemon in a session of its own outlives the submission
# family: leftovers
# danger: yes
# stock: not run: the daemon would stay

# %%
import os
import subprocess
import sys

code = "import os, signal, time\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n    except OSError: pass\ntime.sleep(900)"
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 1000)
            os.execve(sys.executable, ["__MARK__", "-c", code], {})
        os._exit(0)
subprocess.Popen(["__MARK__", "900"], executable="/bin/sleep", start_new_session=True, env={})
