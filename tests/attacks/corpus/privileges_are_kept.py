# intent: capabilities, set-uid programs and new namespaces give the process more than it should have
# family: reading

# %%
import os

with open("/proc/self/status") as file:
    status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
if int(status["CapEff"], 16) or int(status["CapPrm"], 16) or int(status["CapBnd"], 16) or status["NoNewPrivs"] == "0":
    print("the-attack" + "-worked", {key: status[key] for key in ("CapEff", "CapPrm", "CapBnd", "NoNewPrivs")})
for path in ("/etc/shadow", "/etc/sudoers"):
    if os.access(path, os.R_OK):
        print("the-attack" + "-worked", path)
